"""A feed that has fallen silent, or never began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from live.codes import DATA_VENUE_SILENT
from live.contracts import FeedGuard, FeedState, Finding
from live.events import AlertLevel
from live.states import moment, numbers, plain, seconds
from live.timetable import timetable_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from live.candles import Candle, Series

CODE = "DATA_STALE"
_LATE = 2


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


class Stale(FeedGuard):
    """Raises one alert when the data has grown too old by the clock, and is ready again once it is fresh.

    Age counts from the newest bar, not from its arrival: a feed that delivers old bars is as stale as one
    that delivers none. Time in which the market is closed or the series is halted does not count.

    When two or more series of a venue (`venue` of `[live_risk.instruments]`) are stale and none delivers, the
    venue is told instead, once, and again when it is back; what is silent a minute later is told by itself.
    """

    name = "stale"
    codes = (CODE, DATA_VENUE_SILENT)
    Config: ClassVar[type[StaleConfig]] = StaleConfig
    config: StaleConfig

    def __init__(self, series: Series, config: StaleConfig) -> None:
        """Learn when bars of this series are due."""
        super().__init__(series, config)
        self._times = timetable_of(series)
        self._version = self._times.version
        self._watched_since: datetime | None = None
        self._back_since: datetime | None = None
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
        self._deadline = self._deadline or self._overdue(self._watched_since, self.config.after_bars)
        was_stale, self._stale = self._stale, now >= self._deadline
        return (self._finding(now),) if self._stale and not was_stale else ()

    def feed(self, now: datetime) -> FeedState:
        """See `FeedGuard`."""
        since, timeframe = self._watched_since or now, self.series.timeframe
        is_late = now >= self._overdue(since, min(_LATE, self.config.after_bars))
        complete = None if self._newest is None else self._newest + timeframe
        return FeedState(self._newest, complete, is_late, self._finding(now) if self._stale else None)

    def saved(self) -> list[float | str]:
        """See `Lasting`."""
        return plain((seconds(self._watched_since), seconds(self._newest), float(self._stale)))

    def restore(self, state: Any, now: datetime) -> None:
        """See `Lasting`; a feed that has become too old only while the process was away begins anew."""
        since, newest, stale = numbers(state, len(self.saved()))
        self._watched_since, self._newest, self._stale = moment(since), moment(newest), stale == 1.0
        if not self._stale and now >= self._overdue(self._watched_since or now, self.config.after_bars):
            self._back_since = now

    def _overdue(self, since: datetime, bars: int) -> datetime:
        """When so many bars in a row were due, and the last of them is complete."""
        timeframe = self.series.timeframe
        newest = since - timeframe if self._newest is None else self._newest
        if self._back_since is not None:
            newest = max(newest, self._back_since - timeframe)
        return self._times.due(newest, bars) + timeframe

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
