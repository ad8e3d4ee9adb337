"""What a replay of candles came to, for a person: how often the guards spoke, and what to look at first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from drills.replay.tables import instant, side_by_side
from drills.words import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

PER = 10_000.0
SURE = 1.959963984540054
"""Quantile of the normal distribution: two sides, 95 %."""
_HEADINGS = ("code", "alarms", "per 10,000 bars", "95 % interval", "first", "last")
_LISTED = ("bar", "told at", "code", "message")


def interval(count: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies with 95 %, when `count` were seen of so many.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA, 1927.
    """
    if of == 0:
        return 0.0, 1.0
    share, square = count / of, SURE * SURE
    middle = share + square / (2 * of)
    half = SURE * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    below, above = (middle - half) / (1 + square / of), (middle + half) / (1 + square / of)
    return max(0.0, below) if count else 0.0, min(1.0, above)


def raised_of(said: pl.DataFrame) -> pl.DataFrame:
    """Alarms, out of all that `check_candles` gave."""
    import polars as pl

    return said.filter(pl.col("status") == "raised")


def heading(path: Path, bars: int, alarms: int) -> str:
    """How many alarms a file has, and between which rates the true one lies."""
    low, high = interval(alarms, bars)
    rate = PER * alarms / bars if bars else 0.0
    spoken = counted(alarms, "alarm")
    counts = f"{bars:,} bars, {spoken}: {rate:.1f} per 10,000 bars"
    return f"{path}: {counts} (95 %: {PER * low:.1f} to {PER * high:.1f})"


def candle_summary(path: Path, bars: int, raised: pl.DataFrame, most: int) -> str:
    """How often each guard spoke of a file, and the alarms that lie farthest beyond their bound.

    Args:
        path: The file.
        bars: How many bars it has.
        raised: Alarms, the farthest beyond their bound first.
        most: How many alarms are listed.
    """
    parts = [heading(path, bars, raised.height)]
    if raised.height:
        parts.append(side_by_side(_HEADINGS, _by_code(raised, bars)))
    if raised.height and most:
        left = raised.height - min(most, raised.height)
        parts.append(side_by_side(_LISTED, _top(raised, most)) + (f"\nand {left:,} more" if left else ""))
    return "\n\n".join(parts)


def _by_code(raised: pl.DataFrame, bars: int) -> Iterator[Sequence[str]]:
    import polars as pl

    one = raised.group_by("code").agg(
        pl.len(), pl.col("at").min().alias("first"), pl.col("at").max().alias("last")
    )
    for row in one.sort("len", "code", descending=[True, False]).to_dicts():
        low, high = interval(row["len"], bars)
        yield (
            row["code"],
            f"{row['len']:,}",
            f"{PER * row['len'] / bars:.1f}",
            f"{PER * low:.1f} to {PER * high:.1f}",
            instant(row["first"]),
            instant(row["last"]),
        )


def farthest_first(raised: pl.DataFrame) -> pl.DataFrame:
    """First what lies farthest beyond its bound: those are to be looked at, and called true or false."""
    rows = raised.to_dicts()
    order = sorted(range(len(rows)), key=lambda place: (-_excess(rows[place]), rows[place]["at"]))
    return raised[order]


def _top(raised: pl.DataFrame, most: int) -> list[Sequence[Any]]:
    return [
        (instant(row["ts"]), instant(row["at"]), row["code"], printable(row["message"]))
        for row in raised.head(most).to_dicts()
    ]


def _excess(row: dict[str, Any]) -> float:
    value, bound = row["value"], row["bound"]
    if not (math.isfinite(value) and bound > 0):
        return math.inf
    return float(max(value / bound, bound / value)) if value > 0 else math.inf
