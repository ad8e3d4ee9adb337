"""Lanes as tasks in the caller's own event loop; every attempt waits in a thread of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from live.alerts.dispatch.driver import LOOK_S, POLL_S, wait_s

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher
    from live.alerts.dispatch.lane import Lane

_SHORTEST_S = 0.005


class InLoop:
    """One task a lane. Made within a running loop; `send` may be called from any thread."""

    takes_over = False

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin."""
        self._dispatcher = dispatcher
        self._pool = ThreadPoolExecutor(len(dispatcher.lanes) + 1, "alerts")
        self._woken = {name: asyncio.Event() for name in dispatcher.lanes}
        self._tasks = [self._loop.create_task(self._serve(lane)) for lane in dispatcher.lanes.values()]
        self._tasks.append(self._loop.create_task(self._time()))

    def wake(self, names: Iterable[str]) -> None:
        """Let the lanes look."""
        with suppress(RuntimeError):  # the loop is closed: what is recorded waits for the next process
            self._loop.call_soon_threadsafe(self._set, list(names))

    def drain(self, seconds: float) -> bool:  # noqa: ARG002 - the contract of a driver
        """Whether nothing is on its way: within the loop nobody may wait here, `drained` does."""
        return self._dispatcher.idle()

    async def drained(self, seconds: float) -> bool:
        """Wait until nothing is on its way, so many seconds at most; whether that is so."""
        until = self._loop.time() + seconds
        while not self._dispatcher.idle():
            if self._loop.time() >= until:
                return False
            await asyncio.sleep(POLL_S)
        return True

    def stop(self) -> None:
        """End every task."""
        with suppress(RuntimeError):  # the loop is closed, and with it every task
            for task in self._tasks:
                self._loop.call_soon_threadsafe(task.cancel)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _set(self, names: list[str]) -> None:
        for name in names:
            self._woken[name].set()

    async def _serve(self, lane: Lane) -> None:
        dispatcher, woken = self._dispatcher, self._woken[lane.name]
        while True:
            woken.clear()
            try:
                wait_s = await self._serve_one(lane)
            except Exception as error:  # noqa: BLE001 - a lane that ended would be silence
                dispatcher.failed(error)
                wait_s = LOOK_S
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), wait_s)

    async def _serve_one(self, lane: Lane) -> float:
        """Try what is due; how long to wait then, in seconds."""
        taken = self._dispatcher.begin(lane)
        if taken is None:
            return wait_s(self._dispatcher.next_due(lane), self._dispatcher.now())
        began = self._loop.time()
        outcome = await self._loop.run_in_executor(self._pool, lane.attempt, taken[1])
        self._dispatcher.end(lane, *taken, outcome, self._loop.time() - began)
        return 0.0

    async def _time(self) -> None:
        while True:
            try:
                due = self._dispatcher.tick()
                await self._loop.run_in_executor(self._pool, self._dispatcher.rest)
            except Exception as error:  # noqa: BLE001 - as above
                self._dispatcher.failed(error)
                due = None
            await asyncio.sleep(wait_s(due, self._dispatcher.now(), _SHORTEST_S))
