"""What lets lanes work: the contract that threads, an event loop and virtual time fulfil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher


INBOX, TIMER = "(inbox)", "(timer)"
"""What takes over what was handed over, and what time brings out; drivers know them as they know lanes."""
LOOK_S = 1.0
"""So often the outbox is looked at unasked: other processes write to it too."""
POLL_S = 0.02


def wait_s(due: float | None, now: float, at_least: float = 0.0) -> float:
    """How long to wait for what is due at an instant, in seconds; other processes may bring it forward."""
    return LOOK_S if due is None else min(LOOK_S, max(at_least, due - now))


class Driver(Protocol):
    """Lets every lane work by itself: one that hangs holds no other, and never whoever sends."""

    takes_over: bool
    """Whether it takes over when the inbox is woken, so that `send` need not record anything itself."""

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin; the outbox may hold something already."""

    def wake(self, names: Iterable[str]) -> None:
        """Something new waits for these destinations, or was handed over."""

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is on its way, so many seconds at most; whether that is so."""

    def stop(self) -> None:
        """End. What is in flight is not waited for."""
