"""Where bars are missing in candles of the past, as the guard for gaps says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from live.candles import Candle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.data_quality.gap import Gap

NEVER = float("-inf")


class Holes:
    """The guard for gaps, shown only the bars that do not follow each other directly, for its calendar."""

    def __init__(self, gap: Gap) -> None:
        """Begin with no bar."""
        self._gap, self._newest = gap, NEVER
        self._seconds = gap.series.timeframe.total_seconds()

    def of(self, ts: Any) -> list[dict[str, Any]]:
        """One row for each hole that bars leave between them or after those before.

        Args:
            ts: Opening instants, seconds since 1970: an array of float64.
        """
        return list(self._found(ts)) if len(ts) else []

    def _found(self, ts: Any) -> Iterator[dict[str, Any]]:
        step = np.diff(ts, prepend=self._newest)
        in_time = step == self._seconds
        if in_time.all():  # as nearly always
            self._newest = float(ts[-1])
            self._gap.skip(len(ts), instant(self._newest))
            return
        newest = np.concatenate(([self._newest], ts[:-1]))
        if not (step > 0.0).all():
            newest = np.maximum.accumulate(newest)
            step = ts - newest
            in_time = step == self._seconds
        wide = np.flatnonzero((step > 0.0) & ~in_time)
        came = np.cumsum(in_time)
        told = 0
        for at, last, count in zip(
            ts[wide].tolist(), newest[wide].tolist(), came[wide].tolist(), strict=True
        ):
            if last != NEVER:
                self._gap.skip(count - told, instant(last))
            told, opened = count, instant(at)
            candle = Candle(self._gap.series.symbol, opened, 0.0, 0.0, 0.0, 0.0)
            yield from (_row(found, opened) for found in self._gap.on_candle(candle, opened))
        self._newest = max(float(newest[-1]), float(ts[-1]))
        self._gap.skip(int(came[-1]) - told, instant(self._newest))


def _row(found: Any, at: datetime) -> dict[str, Any]:
    missing = float(found.context["missing_bars"])
    return {
        "ts": found.context["first"],
        "at": at,
        "code": found.code,
        "level": found.level.name,
        "status": "raised",
        "value": missing,
        "bound": 0.0,
        "message": found.message,
    }


def instant(seconds: float) -> datetime:
    """The instant so many seconds after 1970 began."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
