"""What an alert is: its level, its identity and the facts that it carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

RUNBOOKS = "docs/RUNBOOKS_AND_INCIDENT_HANDLING.md"


class AlertLevel(IntEnum):
    """How loud an alert is. The numbers leave room between the levels and sort by urgency."""

    INFO = 10
    WARNING = 20
    CRITICAL = 30


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One alert, from the check that raised it to every sink.

    Attributes:
        ts: Instant at which it was raised, timezone-aware UTC.
        level: Its urgency.
        source: Who raised it, dotted: `live_risk.orders`, `live_data.gap`.
        code: What happened, one of the registered codes: `RISK_LIMIT_VIOLATION_ORDERS`.
        message: One line for a person, with both numbers and their units.
        context: Facts for a machine, any values; sinks make them serialisable.
        key: Idempotency key, the same in every attempt; empty until a dispatcher has taken the alert.
    """

    ts: datetime
    level: AlertLevel
    source: str
    code: str
    message: str
    context: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def runbook(self) -> str:
        """The section of the runbooks that says what to do about this code."""
        return runbook_anchor(self.code)


def with_key(event: AlertEvent, key: str) -> AlertEvent:
    """The same alert with an idempotency key; `dataclasses.replace` takes ten times as long."""
    context = event.context
    facts = dict(context) if type(context) is dict else context  # whoever sent it may change it meanwhile
    return AlertEvent(event.ts, event.level, event.source, event.code, event.message, facts, key)


def runbook_anchor(code: str) -> str:
    """The runbook section of an alert code: the file and the anchor of its heading."""
    return f"{RUNBOOKS}#{code.lower()}"
