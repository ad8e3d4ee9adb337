"""What other feeds say of each bar, beside the bar after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

PRICES = ("open", "high", "low", "close")
OTHERS = ("others", "other_ts", *(f"other_{name}" for name in PRICES))
"""What is put beside each bar, in the order of the fields of `Bar`."""


def with_others(bars: pl.LazyFrame, feeds: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """The same bars, each with what other feeds told of the newest before: of several the median.

    Args:
        bars: `ts` in seconds since 1970 and prices, in the order in which they came.
        feeds: The same of each other feed; of bars of one instant the last one counts. They are held whole.
    """
    told = pl.concat([_sound(feed) for feed in feeds]).group_by("ts")
    middles = told.agg(
        pl.len().cast(pl.Float64).alias("others"),
        *(_median(pl.col(name)).alias(f"other_{name}") for name in PRICES),
    ).with_columns(other_ts="ts")
    before = bars.with_columns(before=pl.col("ts").cum_max().shift(1))
    joined = before.join(middles, left_on="before", right_on="ts", how="left", maintain_order="left")
    nan = pl.lit(float("nan"))
    count = pl.when(pl.col("before").is_null()).then(nan).otherwise(pl.col("others").fill_null(0.0))
    return joined.with_columns(
        count.alias("others"),
        *(pl.col(name).fill_null(nan) for name in ("other_ts", *(f"other_{name}" for name in PRICES))),
    )


def _sound(feed: pl.LazyFrame) -> pl.LazyFrame:
    last = feed.select("ts", *PRICES).unique("ts", keep="last", maintain_order=True)
    return last.filter(pl.all_horizontal(pl.col(name).is_finite() for name in PRICES))


def _median(column: pl.Expr) -> pl.Expr:
    """Half the sum of the two in the middle, as `statistics.median` has it, to the last bit."""
    return (column.quantile(0.5, "lower") + column.quantile(0.5, "higher")) / 2.0
