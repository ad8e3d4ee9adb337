"""The lanes of an alert dispatcher on virtual time: a request takes time, and nobody else waits for it."""

from __future__ import annotations

from datetime import timedelta
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from live.alerts.dispatch.driver import TIMER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from drills.virtual_time import VirtualClock
    from live.alerts.dispatch.dispatcher import AlertDispatcher
    from live.alerts.dispatch.lane import Lane
    from live.alerts.dispatch.rows import Row
    from live.contracts import Outcome
    from live.events import AlertEvent

TICK = timedelta(microseconds=1)


class VirtualLanes:
    """A driver that does what is due when the drill lets time pass, in the order of time."""

    takes_over = False

    def __init__(self, clock: VirtualClock) -> None:
        """Work on `clock`."""
        self._clock = clock
        self._agenda: list[tuple[timedelta, int, str, Callable[[], None]]] = []
        self._planned: dict[str, timedelta] = {}
        self._numbers = 0
        self._busy: set[str] = set()

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin."""
        self._dispatcher = dispatcher
        self.wake(dispatcher.lanes)

    def wake(self, names: Iterable[str]) -> None:
        """Let the lanes look at this instant."""
        for name in names:
            self._plan(name, self._now(), self._look_of(self._dispatcher.lanes[name]))

    def drain(self, seconds: float) -> bool:
        """Let time pass until nothing is on its way, so many seconds at most; whether that is so."""
        until = self._now() + timedelta(seconds=seconds)
        while not self._dispatcher.idle() and self._agenda and self._agenda[0][0] <= until:
            self._next()
        return self._dispatcher.idle()

    def stop(self) -> None:
        """Do nothing any more."""
        self._agenda.clear()
        self._planned.clear()

    def pass_time(self, until: timedelta) -> None:
        """Do everything that is due up to an instant; the clock stands at the last of it."""
        due = self._dispatcher.due()
        if due is not None:
            self._plan(TIMER, max(self._now(), self._offset(due)), self._tick)
        while self._agenda and self._agenda[0][0] <= until:
            self._next()

    def _next(self) -> None:
        at, _, name, act = heappop(self._agenda)
        if self._planned.get(name) != at:
            return  # it was planned for an earlier instant since, and is done
        del self._planned[name]
        self._clock.move_to(at)
        act()

    def _now(self) -> timedelta:
        return self._clock.now() - self._clock.start

    def _plan(self, name: str, at: timedelta, act: Callable[[], None]) -> None:
        """Act at an instant, unless the same is planned for an earlier one."""
        known = self._planned.get(name)
        if known is None or at < known:
            self._numbers += 1
            self._planned[name] = at
            heappush(self._agenda, (at, self._numbers, name, act))

    def _offset(self, due: float) -> timedelta:
        """An instant in seconds since 1970 on our clock."""
        return timedelta(microseconds=round((due - self._clock.start.timestamp()) * 1e6))

    def _plan_later(self, name: str, due: float | None, act: Callable[[], None]) -> None:
        """Act at an instant after this one, or the same would be asked for ever."""
        if due is not None:
            self._plan(name, max(self._now() + TICK, self._offset(due)), act)

    def _tick(self) -> None:
        self._plan_later(TIMER, self._dispatcher.tick(), self._tick)

    def _look_of(self, lane: Lane) -> Callable[[], None]:
        return lambda: self._look(lane)

    def _look(self, lane: Lane) -> None:
        if lane.name in self._busy:
            return
        taken = self._dispatcher.begin(lane)
        if taken is None:
            self._plan_later(lane.name, self._dispatcher.next_due(lane), self._look_of(lane))
            return
        row, event = taken
        outcome, took_s = self._clock.aside(lambda: lane.attempt(event))
        self._busy.add(lane.name)
        ends = self._now() + timedelta(seconds=took_s)
        self._plan(f"{lane.name} (end)", ends, lambda: self._end(lane, row, event, outcome, took_s))

    def _end(self, lane: Lane, row: Row, event: AlertEvent, outcome: Outcome, took_s: float) -> None:
        self._busy.discard(lane.name)
        self._dispatcher.end(lane, row, event, outcome, took_s)
        self._plan_later(TIMER, self._dispatcher.due(), self._tick)
        self.wake([lane.name])
