"""A file of closed results, read once and watched."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from live.amounts import total
from live.clock import SystemClock
from live.risk_limits.pnl.day import DayPnl
from live.risk_limits.pnl.rows import UnreadableError, read_rows
from live.risk_limits.pnl.session_day import SessionDay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from os import stat_result

    from live.contracts import Clock


class PnlRegistry:
    """The results of a registry, by session day.

    A check never reads the file by itself: whether it is another one is looked up when `poll_s` seconds have
    passed on the clock since the last look, and only then it is read again.
    """

    def __init__(
        self,
        path: str,
        *,
        session: SessionDay | None = None,
        clock: Clock | None = None,
        poll_s: float = 1.0,
    ) -> None:
        """Know the file; it is not opened before the first question."""
        self._path = path
        self._session = session or SessionDay()
        self._clock = clock or SystemClock()
        self._poll_s = poll_s
        self._looked: float | None = None
        self._seen: tuple[int, int, int] | None = None
        self._days: Mapping[date, float] = {}
        self._unknown = ""
        self._version = 0

    @property
    def version(self) -> int:
        """Grows whenever the file turns out to be another one."""
        self._look_when_due()
        return self._version

    def of(self, day: date) -> DayPnl:
        """The sum of the day's rows; unknown when the file cannot be read or understood."""
        if self._looked is None:
            self._look_when_due()
        if self._unknown:
            return DayPnl.not_known("registry", self._unknown)
        amount = self._days.get(day, 0.0)
        return DayPnl(amount, amount, "registry")

    def _look_when_due(self) -> None:
        now = self._clock.monotonic()
        if self._looked is None or not 0 <= now - self._looked < self._poll_s:
            self._looked = now
            self._look()

    def _look(self) -> None:
        try:
            version = _version(os.stat(self._path))  # noqa: PTH116 - pathlib takes a sixth of the import time
        except (OSError, ValueError) as error:
            self._keep(None, {}, self._cannot_be_read(error))
            return
        if version != self._seen:
            self._read(version)

    def _read(self, version: tuple[int, int, int]) -> None:
        try:
            self._keep(version, self._sums(), "")
        except UnreadableError as error:
            self._keep(version, {}, str(error))
        except (OSError, ValueError) as error:
            self._keep(None, {}, self._cannot_be_read(error))

    def _sums(self) -> dict[date, float]:
        days: dict[date, list[float]] = {}
        for day, amount in read_rows(self._path, self._session):
            days.setdefault(day, []).append(amount)
        return {day: total(amounts) for day, amounts in days.items()}

    def _keep(self, seen: tuple[int, int, int] | None, days: Mapping[date, float], unknown: str) -> None:
        self._seen, self._days, self._unknown = seen, days, unknown
        self._version += 1

    def _cannot_be_read(self, error: Exception) -> str:
        return f"{self._path}: cannot be read ({getattr(error, 'strerror', None) or error})"


def _version(stat: stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
