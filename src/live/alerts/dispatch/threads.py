"""Lanes as threads: the driver of a program that has no event loop."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from live.alerts.dispatch.driver import INBOX, LOOK_S, POLL_S, TIMER, wait_s
from live.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher
    from live.alerts.dispatch.lane import Lane

_JOIN_S = 0.2
_SHORTEST_S = 0.005


class Threads:
    """One thread a lane, one for the inbox, one for what time brings out. They end with the process."""

    takes_over = True

    def __init__(self) -> None:
        self._clock = SystemClock()  # threads wait in real time, whatever clock the alerts are on
        self._woken: dict[str, SimpleQueue[None]] = {}
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin."""
        self._dispatcher = dispatcher
        work: dict[str, Callable[[], float]]
        work = {name: partial(self._serve, lane) for name, lane in dispatcher.lanes.items()}
        work |= {INBOX: self._take_over, TIMER: self._time}
        self._woken = {name: SimpleQueue() for name in work}
        for name, one in work.items():
            thread = threading.Thread(
                target=self._repeat, args=(name, one), name=f"alerts {name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def wake(self, names: Iterable[str]) -> None:
        """Let the lanes look; the handler of a signal may do so too, which an event would not survive."""
        for name in names:
            if self._woken[name].empty():
                self._woken[name].put(None)

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

    def _repeat(self, name: str, work: Callable[[], float]) -> None:
        """Work whenever it is woken, and after so many seconds as the work itself says."""
        woken = self._woken[name]
        while not self._stopping.is_set():
            while not woken.empty():
                woken.get()
            try:
                wait_s = work()
            except Exception as error:  # noqa: BLE001 - a lane that ended would be silence
                self._dispatcher.failed(error)
                wait_s = LOOK_S
            if wait_s:
                with suppress(Empty):
                    woken.get(timeout=wait_s)

    def _serve(self, lane: Lane) -> float:
        """Try what is due; how long to wait then, in seconds."""
        taken = self._dispatcher.begin(lane)
        if taken is None:
            return wait_s(self._dispatcher.next_due(lane), self._dispatcher.now())
        began = self._clock.monotonic()
        outcome = lane.attempt(taken[1])
        self._dispatcher.end(lane, *taken, outcome, self._clock.monotonic() - began)
        return 0.0

    def _take_over(self) -> float:
        self._dispatcher.take_over()
        return LOOK_S

    def _time(self) -> float:
        due = self._dispatcher.tick()
        self._dispatcher.rest()
        return wait_s(due, self._dispatcher.now(), _SHORTEST_S)
