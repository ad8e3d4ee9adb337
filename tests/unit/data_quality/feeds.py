"""Feeds that guards are tried on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from drills.series import SeriesSpec, load_candles
from live.bars.watch import SeriesWatch
from live.candles import Candle, Series
from live.contracts import CandleKind
from live.registry import GUARDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from live.contracts import CandleGuard, Finding

DATA = Path(__file__).parents[3] / "scenarios" / "data"
START = datetime(2026, 1, 27, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EURUSD = Series("EUR/USD", HOUR, "fx_week")
SP500 = Series("S&P 500", DAY, "XNYS")
REAL = {EURUSD: "eurusd_1h_2017.parquet", SP500: "sp500_1d_1999_2018.parquet"}


def guard(name: str, series: Series, **config: float) -> CandleGuard:
    """A guard of that name on a series, with its defaults and what is said otherwise."""
    kind = GUARDS[name]
    return kind(series, kind.Config(**config))


def written(closes: str, timeframe: timedelta = MINUTE) -> list[Candle]:
    """Candles in compact notation, from `START`."""
    spec = SeriesSpec.model_validate({"timeframe": timeframe, "close": closes})
    return load_candles("BTC/EUR", spec, START, DATA)


def real(series: Series) -> list[Candle]:
    """A real series, as it is shipped."""
    spec = SeriesSpec.model_validate({"timeframe": series.timeframe, "file": REAL[series]})
    return load_candles(series.symbol, spec, None, DATA)


def play(
    guards: Iterable[CandleGuard], candles: Sequence[Candle], until: datetime | None = None
) -> list[Finding]:
    """What is found while each candle arrives when its bar is complete, and the clock ticks every bar."""
    guards = list(guards)
    series = guards[0].series
    timeframe = series.timeframe
    watch = SeriesWatch(series, [each for each in guards if isinstance(each, CandleKind)])
    found: list[Finding] = []
    now = candles[0].ts
    for due, candle in [*((each.ts + timeframe, each) for each in candles), (until or now, None)]:
        while now < due:
            now = min(now + timeframe, due)
            found += tick(guards, now) if now < due else []
        if candle is not None:
            found += watch.on_candle(candle, now)
            found += [one for each in guards for one in each.on_candle(candle, now)]
        found += tick(guards, now)
    return found


def tick(guards: Iterable[CandleGuard], now: datetime) -> list[Finding]:
    """What the guards find as time passes."""
    return [finding for each in guards for finding in each.on_tick(now)]
