"""What the delivery itself has to say: a destination fails, works again, refuses; the outbox is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from live.codes import (
    ALERT_DELIVERY_FAILED,
    ALERT_DELIVERY_RECOVERED,
    ALERT_OUTBOX_FAILED,
    ALERT_SINK_REFUSES,
    HEARTBEAT,
)
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from datetime import datetime

SOURCE = "live_alerts.delivery"
UNACKNOWLEDGED = "unacknowledged_s"


def failed(destination: str, reason: str, waiting: int, lasted_s: float, now: datetime) -> AlertEvent:
    """A destination has taken nothing for a while; once an outage."""
    text = f"{destination} has taken no alert for {lasted_s:.0f} s ({reason}); {_waiting(waiting)}"
    context = {"subject": destination, "reason": reason, "lasted_s": lasted_s, "waiting": waiting}
    return AlertEvent(now, AlertLevel.CRITICAL, SOURCE, ALERT_DELIVERY_FAILED, text, context)


def recovered(destination: str, waiting: int, lasted_s: float, now: datetime) -> AlertEvent:
    """It takes alerts again."""
    text = f"{destination} takes alerts again after {lasted_s:.0f} s; {_waiting(waiting)}"
    context = {"subject": destination, "lasted_s": lasted_s, "waiting": waiting}
    return AlertEvent(now, AlertLevel.WARNING, SOURCE, ALERT_DELIVERY_RECOVERED, text, context)


def escalated(event: AlertEvent, after_s: float) -> AlertEvent:
    """Nobody has taken an alert on; for those who are called then."""
    return replace(event, context={UNACKNOWLEDGED: after_s, **event.context})


def acknowledged(event: AlertEvent) -> AlertEvent:
    """Somebody has taken an alert on; for destinations that keep incidents."""
    facts = {name: fact for name, fact in event.context.items() if name != UNACKNOWLEDGED}
    context = {**facts, "status": "acknowledged"}
    level = AlertLevel.INFO  # it is no call for anybody
    return replace(event, key="", level=level, message=f"ACKNOWLEDGED: {event.message}", context=context)


def refuses(destination: str, reason: str, now: datetime) -> AlertEvent:
    """A destination refuses for good: somebody has to look at its configuration."""
    text = f"{destination} refuses alerts ({reason}); look at its configuration: what died stays dead"
    context = {"subject": destination, "reason": reason}
    return AlertEvent(now, AlertLevel.CRITICAL, SOURCE, ALERT_SINK_REFUSES, text, context)


def outbox_failed(reason: str, now: datetime) -> AlertEvent:
    """Alerts are kept in memory from now on."""
    text = (
        f"The outbox cannot be used ({reason}); alerts are kept in memory, and are lost when the process ends"
    )
    context = {"subject": "outbox", "reason": reason}
    return AlertEvent(now, AlertLevel.CRITICAL, SOURCE, ALERT_OUTBOX_FAILED, text, context)


def inbox_unread(reason: str, now: datetime) -> AlertEvent:
    """What was handed over to a process that is gone waits for somebody to look after it."""
    where = f"An inbox that a process that is gone has left cannot be read ({reason})"
    context = {"subject": "inbox", "reason": reason}
    text = f"{where}; nobody hears of what is in it"
    return AlertEvent(now, AlertLevel.CRITICAL, SOURCE, ALERT_OUTBOX_FAILED, text, context)


def heartbeat(now: datetime) -> AlertEvent:
    """A sign of life, for somebody outside who notices when it stops."""
    return AlertEvent(
        now, AlertLevel.INFO, SOURCE, HEARTBEAT, "The alert delivery is alive", {"subject": "heartbeat"}
    )


def _waiting(count: int) -> str:
    return "1 alert waits" if count == 1 else f"{count} alerts wait"
