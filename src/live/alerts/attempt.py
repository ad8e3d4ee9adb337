"""One attempt at one destination, and telling of it. Whatever goes wrong is the reason of a delivery."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from live.alerts.lines import one_line
from live.alerts.redact import redact_text
from live.alerts.serialise import clean_text
from live.contracts import Delivery, DeliveryState, Outcome, TransportError

if TYPE_CHECKING:
    from live.contracts import DeliveryObserver, Destination, Wiring
    from live.events import AlertEvent

LONGEST = 200
"""Characters of a reason."""


def attempt(
    destination: Destination, event: AlertEvent, wiring: Wiring, *, fallback: bool = False
) -> Delivery:
    """Try a destination once; an exception is a reason: a transport error's kind, else `raised_<type>`."""
    began = wiring.clock.monotonic()
    reason = outcome_of(destination, event).reason
    held_s = wiring.clock.monotonic() - began
    state = DeliveryState.DEAD if reason else DeliveryState.DELIVERED
    return Delivery(event, destination.name, state, reason, held_s, fallback, destination.remote)


def tell(observer: DeliveryObserver, delivery: Delivery) -> Delivery:
    """Tell the observer, whose own failure is logged and stops nothing."""
    try:
        observer(delivery)
    except Exception as error:  # noqa: BLE001 - who watches deliveries must not break them
        _complain(type(error).__name__)
    return delivery


def outcome_of(destination: Destination, event: AlertEvent) -> Outcome:
    """Try once; whatever goes wrong is the reason of the outcome, as far as it may be shown."""
    try:
        said = destination.attempt(event)
        if not said.reason:
            return said
        return replace(said, reason=_shown(said.reason), retry_after=str(said.retry_after))
    except TransportError as error:
        return Outcome(_shown(error.kind))
    except Exception as error:  # noqa: BLE001 - a sink never raises into the order path
        return Outcome(f"raised_{type(error).__name__}")


def _shown(reason: object) -> str:
    """A reason on one line and without addresses: a sink may be foreign code, and say what it was told."""
    return one_line(clean_text(redact_text(str(reason)), LONGEST))


def _complain(error: str) -> None:
    with suppress(Exception):  # a log handler can be broken too
        logging.getLogger("live.alerts").error("alert.observer_failed error=%s", error)
