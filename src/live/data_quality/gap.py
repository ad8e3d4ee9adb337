"""Bars that were due and never came."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from live.contracts import CandleGuard, Finding
from live.events import AlertLevel
from live.states import moment, numbers, plain, seconds
from live.timetable import timetable_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from live.candles import Candle, Series
    from live.sessions import Missing

CODE = "DATA_GAP"
MEMORY, HOLES = 2_000.0, 50.0
"""So many bars, and so many holes, are remembered."""
HABIT, OFTEN, FEW = 5.0, 0.01, 3.0
"""So many holes among those bars are a habit, and fewer where one bar in a hundred has one before it."""
LONGEST = 5
"""A longer hole says no more about how long they are."""


@dataclass(frozen=True, slots=True)
class GapConfig:
    """`[live_data.gap]`.

    Attributes:
        tolerated_bars: Bars in a row that may be missing without an alarm; above 0 only for markets in which
            a bar without a trade is left out.
        odds: Where bars are missing by nature, as in thin markets, a hole is told when one so long comes
            less often than once in so many bars.
    """

    tolerated_bars: int = 0
    odds: float = 5_000.0

    def __post_init__(self) -> None:
        if not self.odds > 0:
            raise ValueError(f"odds is {self.odds}; it must be above 0")
        if self.tolerated_bars < 0:
            raise ValueError(f"tolerated_bars is {self.tolerated_bars}; 0 or more bars may be missing")


class Nature:
    """How often bars are missing by the nature of a market.

    Attributes:
        begins: How often a hole begins, a share of bars.
        goes_on: How often it goes on for one more bar, a share.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.begins, self.goes_on = 0.0, 0.5
        self._bars, self._holes, self._in_time = 0.0, 0.0, 0

    def of(self, bars: int) -> float:
        """The odds, per bar, of a hole of so many bars or more; none where holes are no habit."""
        self._settle()
        least = FEW if self.begins >= OFTEN else HABIT
        return self.begins * self.goes_on ** (bars - 1) if self.begins * self._bars >= least else 0.0

    def came(self, bars: int = 1) -> None:
        """Bars came in time."""
        self._in_time += bars

    def missed(self, bars: int) -> None:
        """A hole was so long; a very long one is an outage, and no habit."""
        self._settle()
        self._bars = min(self._bars + 1.0, MEMORY)
        self.begins += (1.0 - self.begins) / self._bars
        self._holes = min(self._holes + 1.0, HOLES)
        length = min(bars, LONGEST)
        self.goes_on += ((length - 1.0) / length - self.goes_on) / (self._holes + 1.0)

    def saved(self) -> tuple[float, ...]:
        """All of it."""
        return self.begins, self.goes_on, self._bars, self._holes, float(self._in_time)

    def restore(self, state: tuple[float, ...]) -> None:
        """Go on from what was saved."""
        self.begins, self.goes_on, self._bars, self._holes, in_time = state
        self._in_time = int(in_time)

    def _settle(self) -> None:
        """Let what came in time count, however much it was."""
        young = min(float(self._in_time), MEMORY - self._bars)
        if young > 0.0:
            self.begins *= self._bars / (self._bars + young)
            self._bars += young
        self.begins *= (1.0 - 1.0 / MEMORY) ** (self._in_time - young)
        self._in_time = 0


class Gap(CandleGuard):
    """Raises one alert when the next candle shows that bars are missing; a closed market is not a gap.

    A market with three holes in three hundred bars, or five in two thousand, is taken for thin: from then on
    the odds of a hole count, by how often one begins and how often one goes on.

    Candles that do not move time forward, or that lie in the future, are left to other guards.
    """

    name = "gap"
    codes = (CODE,)
    Config: ClassVar[type[GapConfig]] = GapConfig
    config: GapConfig

    def __init__(self, series: Series, config: GapConfig) -> None:
        """Learn when bars of this series are due."""
        super().__init__(series, config)
        self._times = timetable_of(series)
        self._newest: datetime | None = None
        self._nature = Nature()

    def on_candle(self, candle: Candle, now: datetime) -> Iterable[Finding]:
        """Compare with the candle before."""
        before, ts = self._newest, candle.ts
        if ts > now or (before is not None and ts <= before):
            return ()
        self._newest = ts
        follows = before is None or ts - before == self.series.timeframe
        missing = None if follows or before is None else self._times.missing(before, ts)
        self._times.saw(ts)
        if missing is None:
            self._nature.came()
            return ()
        is_usual = self._is_usual(missing.bars)
        return () if is_usual or missing.bars <= self.config.tolerated_bars else (self._finding(missing),)

    def skip(self, bars: int, newest: datetime) -> None:
        """So many bars have come in time since the newest that was shown; the last of them is this one."""
        self._nature.came(bars)
        self._newest = newest
        if bars:
            self._times.saw(newest, bars)

    def saved(self) -> list[float | str]:
        """See `Lasting`."""
        return plain((seconds(self._newest), *self._nature.saved()))

    def restore(self, state: Any, now: datetime) -> None:  # noqa: ARG002 - a hole is a hole
        """See `Lasting`."""
        newest, *nature = numbers(state, len(self.saved()))
        if not all(map(math.isfinite, nature)):
            raise ValueError(f"has {nature} for how often bars are missing")
        self._newest = moment(newest)
        self._nature.restore(tuple(nature))

    def _is_usual(self, bars: int) -> bool:
        if not self._times.may_be_thin:
            return False
        is_usual = self._nature.of(bars) * self.config.odds > 1.0
        self._nature.missed(bars)
        return is_usual

    def _finding(self, missing: Missing) -> Finding:
        bars = "1 bar" if missing.bars == 1 else f"{missing.bars} bars"
        length = self.series.timeframe.total_seconds()
        text = (
            f"{self.series.symbol}: {bars} of {length:g} s missing, {missing.first:%Y-%m-%dT%H:%M:%SZ} to "
            f"{missing.last:%Y-%m-%dT%H:%M:%SZ}; tolerated {self.config.tolerated_bars}"
        )
        context = {"missing_bars": missing.bars, "first": missing.first, "last": missing.last}
        facts = {"symbol": self.series.symbol, "timeframe_s": length, "calendar": self.series.calendar}
        return Finding(CODE, AlertLevel.WARNING, self.series.symbol, text, {**facts, **context})
