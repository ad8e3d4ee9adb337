"""What lets lanes work: the contract that threads, an event loop and virtual time fulfil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher


class Driver(Protocol):
    """Lets every lane work by itself: one that hangs holds no other, and never whoever sends."""

    takes_over: bool
    """Whether it ticks when the timer is woken, so that `send` need not record anything itself."""

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin; the outbox may hold something already."""

    def wake(self, names: Iterable[str]) -> None:
        """Something new waits for these destinations, or for the timer."""

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is on its way, so many seconds at most; whether that is so."""

    def stop(self) -> None:
        """End. What is in flight is not waited for."""
