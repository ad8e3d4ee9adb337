"""What a second feed would tell of the same market: the same bars, a little beside, and some of them not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from random import Random

NOISE, ABSENT = 0.1, 0.02
"""Each price has a normal error of a tenth of the usual range of a bar, and one bar in fifty is absent."""
PRICES = ("open", "high", "low", "close")


def second_feed(frame: pl.DataFrame, rng: Random) -> pl.DataFrame:
    """Bars of another feed, by seeded chance."""
    ranges = (frame["high"] / frame["low"]).log()
    usual = float(ranges.median())  # type: ignore[arg-type]  # of numbers it is one
    noisy = frame.with_columns(
        pl.col(name) * pl.Series([rng.gauss(0.0, NOISE * usual) for _ in range(frame.height)]).exp()
        for name in PRICES
    )
    sound = noisy.with_columns(high=pl.max_horizontal(PRICES), low=pl.min_horizontal(PRICES))
    return sound.filter(pl.Series([rng.random() >= ABSENT for _ in range(frame.height)]))
