"""One clock for waits, ages and due instants: near the wall clock, but never going back."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.contracts import Clock


class SteadyClock:
    """The wall clock at the start, plus what has passed since.

    A wall clock that is set forward takes it along. One that is set back does not: what waits would wait for
    the hours that come again.
    """

    def __init__(self, clock: Clock) -> None:
        """Go by `clock`: its wall clock, and its monotonic one."""
        self._clock = clock
        self._lock = RLock()
        self._offset_us = self._apart_us()[0]

    def now(self) -> float:
        """The present instant, in seconds since 1970 on the grid of microseconds."""
        with self._lock:
            offset_us, passed_us = self._apart_us()
            self._offset_us = max(self._offset_us, offset_us)
            return (self._offset_us + passed_us) / 1e6

    def _apart_us(self) -> tuple[int, int]:
        """How far the wall clock is before the monotonic one, and the latter.

        The wall clock is read first: a pause between the two then looks like a step back, which is ignored.
        """
        wall_us = round(self._clock.now().timestamp() * 1e6)
        passed_us = round(self._clock.monotonic() * 1e6)
        return wall_us - passed_us, passed_us
