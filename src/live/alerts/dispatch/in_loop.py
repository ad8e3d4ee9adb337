"""The driver inside the caller's own event loop: tasks that wait in it, and work in threads of their own.

Nothing is done in the loop itself: a request may hang, and another process may be writing to the outbox.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from live.alerts.dispatch.driver import POLL_S, done, work_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.alerts.dispatch.dispatcher import AlertDispatcher
    from live.alerts.dispatch.driver import Work


class InLoop:
    """One task for each work. Made within a running loop; `send` may be called from any thread."""

    takes_over = True

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Begin."""
        self._dispatcher = dispatcher
        work = work_of(dispatcher)
        self._pool = ThreadPoolExecutor(len(work), "alerts")
        self._woken = {name: asyncio.Event() for name in work}
        self._tasks = [self._loop.create_task(self._repeat(name, one)) for name, one in work.items()]

    def wake(self, names: Iterable[str]) -> None:
        """Let them look."""
        with suppress(RuntimeError):  # the loop is closed: what was handed over waits for `close`
            self._loop.call_soon_threadsafe(self._set, list(names))

    def drain(self, seconds: float) -> bool:  # noqa: ARG002 - the contract of a driver
        """Whether nothing is on its way: within the loop nobody may wait here, `drained` does."""
        return self._dispatcher.idle()

    async def drained(self, seconds: float) -> bool:
        """Wait until nothing is on its way, so many seconds at most; whether that is so."""
        until = self._loop.time() + seconds
        while not await asyncio.to_thread(self._dispatcher.idle):
            if self._loop.time() >= until:
                return False
            await asyncio.sleep(POLL_S)
        return True

    def stop(self) -> None:
        """End every task, and then the threads, which a task that goes on would ask for."""
        try:
            self._loop.call_soon_threadsafe(self._end)
        except RuntimeError:  # the loop is closed, and with it every task
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _set(self, names: list[str]) -> None:
        for name in names:
            self._woken[name].set()

    async def _repeat(self, name: str, work: Work) -> None:
        """Work whenever it is woken, and after so many seconds as the work itself says."""
        woken = self._woken[name]
        while True:
            woken.clear()
            wait_s = await self._loop.run_in_executor(self._pool, done, self._dispatcher, work)
            if wait_s:
                with suppress(TimeoutError):  # `wait_for` would lose an end that comes as it is woken
                    async with asyncio.timeout(wait_s):
                        await woken.wait()
