"""How well another feed covers a history: whoever names one wants to know whether it was heard at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from drills.replay.bar_files import BarFile


def coverage(path: Path, second: pl.DataFrame, file: BarFile) -> tuple[int, str]:
    """How many bars of a history the other feed tells as well; and a line that says how near it is.

    Args:
        path: The file of the other feed.
        second: Its bars, whole.
        file: The history.
    """
    import polars as pl

    other = second.select("ts", other="close").unique("ts", keep="last")
    apart = 100.0 * (pl.col("close") / pl.col("other") - 1.0).abs()
    both = file.lazy.select("ts", "close").join(other.lazy(), on="ts")
    told, usual = both.select(pl.len(), apart.median()).collect().row(0)
    line = f"second feed {path}: tells {told:,} of {file.bars:,} bars"
    if usual is not None and math.isfinite(usual):
        line += f"; closes usually lie {usual:.2g} % apart"
    return told, line
