"""How well another feed covers a history: whoever names one wants to know whether it was heard at all."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from drills.replay.bar_files import BarFile

BARS = 5_000
"""So many of the newest bars show whether the clock of a feed is off."""
LEAST_BARS = 100
HALF_HOURS = 28
"""Clocks are off by zones; or by one bar, where a bar is called by its end."""
NEARER = 3.0
"""So many times nearer must closes lie before a clock is doubted."""


def coverage(path: Path, second: pl.DataFrame, file: BarFile, timeframe: timedelta) -> tuple[int, str]:
    """How many bars of a history the other feed tells as well; and a line that says how near it is.

    Args:
        path: The file of the other feed.
        second: Its bars, whole.
        file: The history.
        timeframe: Length of a bar.
    """
    told, usual = _apart(file.lazy, second)
    line = f"second feed {path}: tells {told:,} of {file.bars:,} bars"
    if math.isfinite(usual):
        line += f"; closes usually lie {usual:.2g} % apart"
    return told, line + _clock(second, file, timeframe)


def _apart(history: pl.LazyFrame, second: pl.DataFrame) -> tuple[int, float]:
    """How many bars both tell, and how far their closes usually lie apart, in percent; NaN when unknown."""
    import polars as pl

    other = second.select("ts", other="close").unique("ts", keep="last")
    apart = 100.0 * (pl.col("close") / pl.col("other") - 1.0).abs()
    both = history.select("ts", "close").join(other.lazy(), on="ts")
    told, usual = both.select(pl.len(), apart.median()).collect().row(0)
    return told, math.nan if usual is None else usual


def _clock(second: pl.DataFrame, file: BarFile, timeframe: timedelta) -> str:
    """That closes lie far nearer when the other feed's instants are moved; nothing when they do not."""
    import polars as pl

    newest = file.lazy.select("ts", "close").tail(BARS).collect().lazy()
    unit = max(timeframe, timedelta(minutes=30))
    first, last = newest.select(first=pl.col("ts").min(), last=pl.col("ts").max()).collect().row(0)
    farthest = HALF_HOURS * unit
    second = second.filter(pl.col("ts").is_between(first - farthest, last + farthest))
    now, usual = _apart(newest, second)
    moves = [timeframe, *(count * unit for count in range(1, HALF_HOURS + 1))]
    found = []
    for move in (sign * one for one in moves for sign in (1, -1)):
        told, apart = _apart(newest, second.with_columns(pl.col("ts") + move))
        if told >= max(LEAST_BARS, now / 2) and apart * NEARER < usual:
            found.append((apart, abs(move), move))
    if not found:
        return ""
    apart, size, move = min(found)
    when, off = ("later", "early") if move > timedelta(0) else ("earlier", "late")
    said = f"{size.total_seconds():g} s {when} they would lie {apart:.2g} % apart"
    return f"; {said}: its instants seem to be {off}"
