"""Virtual time: a clock that moves only when the drill moves it, and a wall clock that follows it.

The code under test gets the clock by injection. Code that reads the wall clock all the same sees virtual
time too: freezegun is entered once per run, because entering it costs as much as dozens of drills.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

MICROSECONDS = 1_000_000


class WallClock(Protocol):
    """What of freezegun is used: the frozen wall clock can be moved."""

    def move_to(self, target_datetime: datetime) -> None:
        """Set the wall clock; naive UTC."""


class VirtualClock:
    """A clock that stands still until it is moved, forward only and in whole microseconds."""

    def __init__(self, start: datetime, wall: WallClock | None = None) -> None:
        """Stand at `start`, and take the frozen wall clock along when there is one."""
        self.start = start
        self._elapsed_us = 0
        self._aside_us: int | None = None
        self._wall = wall
        self._follow()

    def now(self) -> datetime:
        """The virtual instant, timezone-aware UTC."""
        return self.start + timedelta(microseconds=self._elapsed_us)

    def monotonic(self) -> float:
        """Virtual seconds since the start."""
        return self._elapsed_us / MICROSECONDS

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        passed_us = max(0, round(seconds * MICROSECONDS))
        if self._aside_us is not None:
            self._aside_us += passed_us
            return
        self._elapsed_us += passed_us
        self._follow()

    def aside(self, work: Callable[[], T]) -> tuple[T, float]:
        """Do what takes time while nobody waits for it: what came of it, and the seconds it took."""
        self._aside_us = 0
        try:
            done = work()
            return done, self._aside_us / MICROSECONDS
        finally:
            self._aside_us = None

    def move_to(self, offset: timedelta) -> None:
        """Go on to `offset` after the start; nothing happens when that is past already."""
        due_us = offset // timedelta(microseconds=1)
        if due_us > self._elapsed_us:
            self._elapsed_us = due_us
            self._follow()

    def _follow(self) -> None:
        if self._wall is not None:
            self._wall.move_to(self.now().replace(tzinfo=None))


@contextmanager
def frozen_wall_clock() -> Iterator[WallClock]:
    """Freeze the wall clock for a whole run; asyncio loops and what pytest measures keep real time."""
    from freezegun import freeze_time

    with freeze_time("2000-01-01", real_asyncio=True, ignore=["_pytest.timing"]) as wall:
        yield wall
