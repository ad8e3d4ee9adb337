"""Lanes as threads: the driver of a program that has no event loop."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from live.alerts.dispatch.driver import POLL_S, done, work_of
from live.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher
    from live.alerts.dispatch.driver import Work

_JOIN_S = 0.2


class Threads:
    """One thread a lane, one for the inbox, one for what time brings out. They end with the process."""

    takes_over = True

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._woken: dict[str, SimpleQueue[None]] = {}
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin."""
        self._dispatcher = dispatcher
        work = work_of(dispatcher)
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

    def _repeat(self, name: str, work: Work) -> None:
        """Work whenever it is woken, and after so many seconds as the work itself says."""
        woken = self._woken[name]
        while not self._stopping.is_set():
            while not woken.empty():
                woken.get()
            wait_s = done(self._dispatcher, work)
            if wait_s:
                with suppress(Empty):
                    woken.get(timeout=wait_s)
