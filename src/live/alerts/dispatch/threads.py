"""Lanes as threads: the driver of a program that has no event loop."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from live.alerts.dispatch.driver import LOOK_S, POLL_S, TIMER, wait_s
from live.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher
    from live.alerts.dispatch.lane import Lane

_JOIN_S = 0.2
_SHORTEST_S = 0.005


class Threads:
    """One thread a lane, and one for what time brings out. They end with the process."""

    takes_over = True

    def __init__(self) -> None:
        self._clock = SystemClock()  # threads wait in real time, whatever clock the alerts are on
        self._woken: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin."""
        self._dispatcher = dispatcher
        self._woken = {name: threading.Event() for name in (*dispatcher.lanes, TIMER)}
        work: list[tuple[str, Any, tuple[Any, ...]]]
        work = [(f"alerts {name}", self._serve, (lane,)) for name, lane in dispatcher.lanes.items()]
        for name, target, args in [*work, ("alerts timer", self._time, ())]:
            thread = threading.Thread(target=target, args=args, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def wake(self, names: Iterable[str]) -> None:
        """Let the lanes look."""
        for name in names:
            self._woken[name].set()

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is on its way."""
        until = self._clock.monotonic() + seconds
        self.wake(self._woken)
        while not self._dispatcher.idle():
            if self._clock.monotonic() >= until:
                return False
            time.sleep(POLL_S)
        return True

    def stop(self) -> None:
        """Let every thread end as soon as it can."""
        self._stopping.set()
        self.wake(self._woken)
        until = self._clock.monotonic() + _JOIN_S
        for thread in self._threads:
            thread.join(max(0.0, until - self._clock.monotonic()))

    def _serve(self, lane: Lane) -> None:
        dispatcher, woken = self._dispatcher, self._woken[lane.name]
        while not self._stopping.is_set():
            woken.clear()
            try:
                wait_s = self._serve_one(lane)
            except Exception as error:  # noqa: BLE001 - a lane that ended would be silence
                dispatcher.failed(error)
                wait_s = LOOK_S
            if wait_s:
                woken.wait(wait_s)

    def _serve_one(self, lane: Lane) -> float:
        """Try what is due; how long to wait then, in seconds."""
        taken = self._dispatcher.begin(lane)
        if taken is None:
            return wait_s(self._dispatcher.next_due(lane), self._dispatcher.now())
        began = self._clock.monotonic()
        outcome = lane.attempt(taken[1])
        self._dispatcher.end(lane, *taken, outcome, self._clock.monotonic() - began)
        return 0.0

    def _time(self) -> None:
        dispatcher, woken = self._dispatcher, self._woken[TIMER]
        while not self._stopping.is_set():
            woken.clear()
            try:
                due = dispatcher.tick()
                dispatcher.rest()
            except Exception as error:  # noqa: BLE001 - as above
                dispatcher.failed(error)
                due = None
            woken.wait(wait_s(due, dispatcher.now(), _SHORTEST_S))
