"""A feed that has fallen silent, or never began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.contracts import CandleGuard, Finding
from live.events import AlertLevel
from live.timetable import timetable_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from live.candles import Candle, Series

CODE = "DATA_STALE"


@dataclass(frozen=True, slots=True)
class StaleConfig:
    """`[live_data.stale]`.

    Attributes:
        after_bars: The feed is stale when this many bars in a row were due, the last of them is complete, and
            none has come.
    """

    after_bars: int = 3

    def __post_init__(self) -> None:
        if self.after_bars < 1:
            raise ValueError(f"after_bars is {self.after_bars}; a feed is stale after 1 bar at the earliest")


class Stale(CandleGuard):
    """Raises one alert when the data has grown too old by the clock, and is ready again once it is fresh.

    Age counts from the newest bar, not from its arrival: a feed that delivers old bars is as stale as one
    that delivers none. Time in which the market is closed does not count.
    """

    name = "stale"
    codes = (CODE,)
    Config: ClassVar[type[StaleConfig]] = StaleConfig
    config: StaleConfig

    def __init__(self, series: Series, config: StaleConfig) -> None:
        """Learn when bars of this series are due."""
        super().__init__(series, config)
        self._times = timetable_of(series)
        self._version = self._times.version
        self._watched_since: datetime | None = None
        self._newest: datetime | None = None
        self._deadline: datetime | None = None
        self._stale = False

    def on_candle(self, candle: Candle, now: datetime) -> Iterable[Finding]:
        """Take note of a newer bar; one from the future does not make the feed fresh."""
        if candle.ts <= now and (self._newest is None or candle.ts > self._newest):
            self._newest, self._deadline = candle.ts, None
            self._times.saw(candle.ts)
        return ()

    def on_tick(self, now: datetime) -> Iterable[Finding]:
        """Compare the age of the newest bar with the clock."""
        self._watched_since = self._watched_since or now
        if self._version != self._times.version:
            self._version, self._deadline = self._times.version, None
        self._deadline = self._deadline or self._next_deadline(self._watched_since)
        was_stale, self._stale = self._stale, now >= self._deadline
        return (self._finding(now),) if self._stale and not was_stale else ()

    def _next_deadline(self, since: datetime) -> datetime:
        timeframe = self.series.timeframe
        newest = since - timeframe if self._newest is None else self._newest
        return self._times.due(newest, self.config.after_bars) + timeframe

    def _finding(self, now: datetime) -> Finding:
        timeframe, newest = self.series.timeframe, self._newest
        since = self._watched_since if newest is None else newest + timeframe
        age = (now - (since or now)).total_seconds()
        what = (
            "no bar since the watch began"
            if newest is None
            else f"newest bar opened {newest:%Y-%m-%dT%H:%M:%SZ}"
        )
        text = (
            f"{self.series.symbol}: {what}, data is {age:g} s old; stale after "
            f"{self.config.after_bars} bars of {timeframe.total_seconds():g} s"
        )
        context = {
            "symbol": self.series.symbol,
            "newest": newest,
            "age_s": age,
            "after_bars": self.config.after_bars,
            "timeframe_s": timeframe.total_seconds(),
            "calendar": self.series.calendar,
        }
        return Finding(CODE, AlertLevel.CRITICAL, self.series.symbol, text, context)
