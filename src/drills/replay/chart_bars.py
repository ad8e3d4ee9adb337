"""Few enough bars to draw: all that stand near an alarm, and of the rest the range of many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

WHOLE = 3_000
"""So many bars are drawn as they are."""
STRETCHES = 1_500
"""Of longer histories the range is drawn, in so many stretches."""
NEAR = 40
"""Bars on each side of an alarm that are drawn as candles, or fewer where alarms are many."""
MOST_CANDLES = 12_000


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn of a history.

    Attributes:
        candles: Bars that are drawn as they are, with a column `row`.
        stretches: `ts`, `high` and `low` of stretches of bars; None when every bar is drawn.
        note: What was joined, in words.
    """

    candles: pl.DataFrame
    stretches: pl.DataFrame | None
    note: str


def drawn_bars(history: pl.DataFrame, alarms: pl.Series) -> Bars:
    """Bars as they are where that is few enough, else those near alarms, above the range of all.

    Args:
        history: `ts`, `open`, `high`, `low`, `close`; prices that are no numbers are null.
        alarms: Rows of the history that an alarm is about.
    """
    rows = history.with_row_index("row")
    if history.height <= WHOLE:
        return Bars(rows, None, f"{history.height:,} bars")
    size = -(-history.height // STRETCHES)
    near = _near(alarms, history.height)
    candles = rows.filter(near) if near is not None else rows.clear()
    note = f"{history.height:,} bars; the band is the range of {size:,} bars at once"
    near_them = f", the {candles.height:,} bars near alarms are drawn as candles" if candles.height else ""
    return Bars(candles, _stretches(rows, size), note + near_them)


def _stretches(rows: pl.DataFrame, size: int) -> pl.DataFrame:
    import polars as pl

    joined = rows.group_by(pl.col("row") // size, maintain_order=True)
    return joined.agg(pl.col("ts").first(), pl.col("high").max(), pl.col("low").min()).drop("row")


def _near(alarms: pl.Series, height: int) -> pl.Series | None:
    """Which rows lie near an alarm; None when there is no alarm."""
    import polars as pl

    if alarms.is_empty():
        return None
    at = alarms.unique()
    reach = max(1, min(NEAR, MOST_CANDLES // (2 * at.len())))
    begins = at.clip(lower_bound=reach) - reach
    marks = pl.DataFrame({"row": pl.concat([begins, at + reach + 1]), "by": [1] * at.len() + [-1] * at.len()})
    steps = marks.group_by("row").agg(pl.col("by").sum()).with_columns(pl.col("row").cast(pl.UInt32))
    every = pl.DataFrame({"row": pl.int_range(height, dtype=pl.UInt32, eager=True)})
    inside = every.join(steps, on="row", how="left", maintain_order="left")["by"].fill_null(0).cum_sum()
    return inside > 0
