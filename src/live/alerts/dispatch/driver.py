"""What lets lanes work: the contract of threads, an event loop and virtual time, and what there is to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from live.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher
    from live.alerts.dispatch.lane import Lane

Work = Callable[[], float]
"""Does what is to be done now, and says how long to wait then, in seconds."""

INBOX, TIMER = "(inbox)", "(timer)"
"""What takes over what was handed over, and what time brings out; drivers know them as they know lanes."""
LOOK_S = 1.0
"""So often the outbox is looked at unasked: other processes write to it too."""
POLL_S = 0.02
_SHORTEST_S = 0.005
_CLOCK = SystemClock()  # drivers wait in real time, whatever clock the alerts are on


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


def work_of(dispatcher: AlertDispatcher) -> dict[str, Work]:
    """All that there is to do, by the name under which it is woken."""
    lanes: dict[str, Work] = {
        name: partial(_serve, dispatcher, lane) for name, lane in dispatcher.lanes.items()
    }
    return {**lanes, INBOX: partial(_take_over, dispatcher), TIMER: partial(_time, dispatcher)}


def done(dispatcher: AlertDispatcher, work: Work) -> float:
    """Do it, whatever goes wrong: a lane that ended would be silence. How long to wait then, in seconds."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - as said
        dispatcher.failed(error)
        return LOOK_S


def _serve(dispatcher: AlertDispatcher, lane: Lane) -> float:
    """Try what is due."""
    taken = dispatcher.begin(lane)
    if taken is None:
        return wait_s(dispatcher.next_due(lane), dispatcher.now())
    began = _CLOCK.monotonic()
    outcome = lane.attempt(taken[1])
    dispatcher.end(lane, *taken, outcome, _CLOCK.monotonic() - began)
    return 0.0


def _take_over(dispatcher: AlertDispatcher) -> float:
    dispatcher.take_over()
    return LOOK_S


def _time(dispatcher: AlertDispatcher) -> float:
    due = dispatcher.tick()
    dispatcher.rest()
    return wait_s(due, dispatcher.now(), _SHORTEST_S)
