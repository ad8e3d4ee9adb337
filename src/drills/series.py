"""Price series of a scenario: written out, taken from a file, or made up.

    BTC/EUR: {timeframe: 1m, close: "30000+10x60 _x3 30600x20"}
    EUR/USD: {timeframe: 1h, file: ../data/eurusd_1h.parquet, from: 2017-04-21T00:00:00Z, first: 48}
    ABC:     {timeframe: 1h, synthetic: {model: gbm, bars: 500, seed: 7, start_price: 100, volatility: 0.002}}
    kraken:  {timeframe: 1m, close: "30001+10x60 _x3 30601x20", feed_of: BTC/EUR}

One with `feed_of` is another feed of a series: it is not watched by itself, and faults aim at it by its name.
Written and made-up series begin at the start of the drill; those of a file keep their own instants.
"""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from drills.durations import Duration
from drills.instants import Instant
from drills.notation import MAX_BARS, NotationError, parse_closes
from drills.refusal import refusal
from drills.series_files import Cut, SeriesFileError, read_candles
from live.candles import Candle
from live.clock import as_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta
    from pathlib import Path

SOURCES = ("close", "file", "synthetic")


class SeriesError(ValueError):
    """A series that cannot be played; the message is `what; remedy`."""


def _readable(text: str) -> str:
    try:
        parse_closes(text)
    except NotationError as error:
        raise refusal("BAD_SERIES", str(error)) from None
    return text


def _above_zero(span: timedelta) -> timedelta:
    if not span:
        raise refusal("BAD_SERIES", "a bar of no length; write 1m, 1h or 1d")
    return span


class SyntheticSpec(BaseModel):
    """A made-up series: geometric Brownian motion without drift."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    model: Literal["gbm"] = Field("gbm", description="Geometric Brownian motion")
    bars: int = Field(500, gt=0, le=MAX_BARS, description="How many bars")
    seed: int = Field(0, ge=0, description="Seed of its chance")
    start_price: float = Field(100.0, gt=0, description="Open of the first bar")
    volatility: float = Field(0.001, ge=0, le=1, description="Standard deviation of a bar's log return")


class SeriesSpec(BaseModel):
    """A price series: exactly one of `close`, `file` and `synthetic`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    timeframe: Annotated[Duration, AfterValidator(_above_zero)] = Field(description="Length of a bar")
    close: Annotated[str, AfterValidator(_readable)] | None = Field(
        None, description="Closing prices, such as 30000+10x60 _x3 30600x20; open is the close before"
    )
    file: str | None = Field(None, min_length=1, description="Parquet or CSV file, relative to the scenario")
    since: Instant | None = Field(None, alias="from", description="First instant of the file that is played")
    until: Instant | None = Field(
        None, alias="to", description="Instant before which the file's bars are played"
    )
    first: int | None = Field(None, gt=0, description="Play only so many bars from the beginning")
    last: int | None = Field(None, gt=0, description="Play only so many bars from the end")
    synthetic: SyntheticSpec | None = Field(None, description="Make the series up")
    feed_of: str | None = Field(None, min_length=1, description="Series that this is another feed of")

    @model_validator(mode="after")
    def _one_source(self) -> SeriesSpec:
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise refusal(
                "BAD_SERIES", f"a series has one source, got {found}; write one of {', '.join(SOURCES)}"
            )
        cut = [name for name in ("since", "until", "first", "last") if getattr(self, name) is not None]
        if cut and self.file is None:
            raise refusal("BAD_SERIES", "from, to, first and last choose bars of a file; leave them out")
        return self


def load_candles(symbol: str, spec: SeriesSpec, start: datetime | None, base_dir: Path) -> list[Candle]:
    """The candles of one series, in the order in which they arrive.

    Args:
        symbol: The instrument.
        spec: Where they come from.
        start: Opening instant of the first bar of a written or made-up series; a file needs none.
        base_dir: Folder that file names are relative to.

    Raises:
        SeriesError: the file cannot be played, or the series has no start.
    """
    if spec.file is not None:
        return _from_file(symbol, spec, base_dir)
    if start is None:
        raise SeriesError(f"{symbol}: the series has no instants of its own; give the drill a start")
    if spec.synthetic is not None:
        return list(_made_up(symbol, spec.synthetic, spec.timeframe, as_utc(start)))
    return list(_written(symbol, spec.close or "", spec.timeframe, as_utc(start)))


def _from_file(symbol: str, spec: SeriesSpec, base_dir: Path) -> list[Candle]:
    cut = Cut(spec.since, spec.until, spec.first, spec.last)
    try:
        return read_candles(symbol, base_dir / str(spec.file), cut)
    except SeriesFileError as error:
        raise SeriesError(f"{symbol}: {error}") from None


def _written(symbol: str, text: str, timeframe: timedelta, start: datetime) -> Iterable[Candle]:
    before: float | None = None
    for number, close in enumerate(parse_closes(text)):
        if close is not None:
            first = close if before is None else before
            yield Candle(
                symbol, start + number * timeframe, first, max(first, close), min(first, close), close
            )
            before = close


def _made_up(symbol: str, spec: SyntheticSpec, timeframe: timedelta, start: datetime) -> Iterable[Candle]:
    """A bar is a walk of four steps, so that high and low lie beyond open and close."""
    rng, price = Random(spec.seed), spec.start_price  # noqa: S311 - drills are reproducible, not secret
    step = spec.volatility / 2
    for number in range(spec.bars):
        path = [price]
        for _ in range(4):
            path.append(path[-1] * math.exp(rng.gauss(-step * step / 2, step)))
        price = path[-1]
        yield Candle(symbol, start + number * timeframe, path[0], max(path), min(path), price)
