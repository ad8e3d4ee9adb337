"""Bars that were due and never came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.contracts import CandleGuard, Finding
from live.events import AlertLevel
from live.sessions import grid_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from live.candles import Candle, Series
    from live.sessions import Missing

CODE = "DATA_GAP"


@dataclass(frozen=True, slots=True)
class GapConfig:
    """`[live_data.gap]`.

    Attributes:
        tolerated_bars: Bars in a row that may be missing without an alarm; above 0 only for markets in which
            a bar without a trade is left out.
    """

    tolerated_bars: int = 0

    def __post_init__(self) -> None:
        if self.tolerated_bars < 0:
            raise ValueError(f"tolerated_bars is {self.tolerated_bars}; 0 or more bars may be missing")


class Gap(CandleGuard):
    """Raises one alert when the next candle shows that bars are missing; a closed market is not a gap.

    Candles that do not move time forward, or that lie in the future, are left to other guards.
    """

    name = "gap"
    codes = (CODE,)
    Config: ClassVar[type[GapConfig]] = GapConfig
    config: GapConfig

    def __init__(self, series: Series, config: GapConfig) -> None:
        """Learn when bars of this series are due."""
        super().__init__(series, config)
        self._grid = grid_of(series.calendar, series.timeframe)
        self._newest: datetime | None = None

    def on_candle(self, candle: Candle, now: datetime) -> Iterable[Finding]:
        """Compare with the candle before."""
        before, ts = self._newest, candle.ts
        if ts > now or (before is not None and ts <= before):
            return ()
        self._newest = ts
        if before is None or ts - before == self.series.timeframe:
            return ()
        missing = self._grid.missing(before, ts)
        if missing is None or missing.bars <= self.config.tolerated_bars:
            return ()
        return (self._finding(missing),)

    def _finding(self, missing: Missing) -> Finding:
        bars = "1 bar" if missing.bars == 1 else f"{missing.bars} bars"
        seconds = self.series.timeframe.total_seconds()
        text = (
            f"{self.series.symbol}: {bars} of {seconds:g} s missing, {missing.first:%Y-%m-%dT%H:%M:%SZ} to "
            f"{missing.last:%Y-%m-%dT%H:%M:%SZ}; tolerated {self.config.tolerated_bars}"
        )
        context = {"missing_bars": missing.bars, "first": missing.first, "last": missing.last}
        facts = {"symbol": self.series.symbol, "timeframe_s": seconds, "calendar": self.series.calendar}
        return Finding(CODE, AlertLevel.WARNING, self.series.symbol, text, {**facts, **context})
