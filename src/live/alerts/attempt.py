"""One attempt at one destination, and telling of it. Whatever goes wrong is the reason of a delivery."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from live.contracts import Delivery, DeliveryState, TransportError

if TYPE_CHECKING:
    from live.contracts import DeliveryObserver, Destination, Wiring
    from live.events import AlertEvent


def attempt(
    destination: Destination, event: AlertEvent, wiring: Wiring, *, fallback: bool = False
) -> Delivery:
    """Try a destination once; an exception is a reason: a transport error's kind, else `raised_<type>`."""
    began = wiring.clock.monotonic()
    reason = _reason_of(destination, event)
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


def _reason_of(destination: Destination, event: AlertEvent) -> str:
    try:
        return destination.attempt(event).reason
    except TransportError as error:
        return error.kind
    except Exception as error:  # noqa: BLE001 - a sink never raises into the order path
        return f"raised_{type(error).__name__}"


def _complain(error: str) -> None:
    with suppress(Exception):  # a log handler can be broken too
        logging.getLogger("live.alerts").error("alert.observer_failed error=%s", error)
