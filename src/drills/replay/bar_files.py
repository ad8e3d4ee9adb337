"""Files of candles as a replay reads them: looked through once, before the guards see a bar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from drills.series_faults import Fault
from drills.series_files import SeriesFileError, broken, scan_candles

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

STEPS = 1_000
"""So many bars show how long they are."""
FEW = 100
"""Fewer bars do not show that they are longer than was said: markets have pauses."""


class BarFile(NamedTuple):
    """Bars of a file.

    Attributes:
        path: Where they stand.
        lazy: They themselves, not yet read.
        bars: How many there are.
    """

    path: Path
    lazy: pl.LazyFrame
    bars: int


def opened(path: Path, timeframe: timedelta | None) -> BarFile:
    """A file that every bar of can be read, and whose bars are as long as was said.

    Args:
        path: A CSV or Parquet file.
        timeframe: Length of a bar; None where nobody knows.

    Raises:
        SeriesFileError: it cannot be read, holds no bar or bars of another length, or rows have no instant.
    """
    import polars as pl

    lazy = scan_candles(path)
    try:
        counts = lazy.select(pl.len(), *(pl.col(name).null_count() for name in lazy.collect_schema()))
        bars, undated, *_ = counts.collect(engine="streaming").row(0)
        if undated:
            raise SeriesFileError(_undated(path, lazy))
        if not bars:
            raise SeriesFileError(Fault(str(path), "holds no bar; write one a line"))
        if timeframe is not None:
            _check_step(path, lazy, timeframe)
    except pl.exceptions.PolarsError as error:
        raise broken(path, error) from None
    return BarFile(path, lazy, bars)


def _undated(path: Path, lazy: pl.LazyFrame) -> Fault:
    import polars as pl

    row = lazy.select("ts").with_row_index().filter(pl.col("ts").is_null()).head(1).collect().item(0, 0)
    place = f"{path}:{row + 2}" if path.suffix.lower() == ".csv" else f"{path}: row {row}"
    return Fault(place, "has no 'ts'; every bar needs the instant at which it opens")


def _check_step(path: Path, lazy: Any, timeframe: timedelta) -> None:
    """Refuse bars that follow each other faster than bars of that length can, or never so fast.

    Raises:
        SeriesFileError: the length is another, or instants are seconds.
    """
    ts = lazy.select("ts").head(STEPS).collect()["ts"].unique().sort()
    step, least = ts.diff().median(), ts.diff().min()
    remedy, its = "give the length of its bars", f"and --timeframe says {timeframe.total_seconds():g} s"
    if isinstance(step, timedelta) and step < timeframe / 2:
        also = ", and instants in milliseconds since 1970" if step < timedelta(seconds=1) else ""
        text = f"bars open {step.total_seconds():g} s apart, {its}; {remedy}{also}"
        raise SeriesFileError(Fault(str(path), text))
    if isinstance(least, timedelta) and len(ts) >= FEW and least >= 2 * timeframe:
        found = f"no two of {len(ts):,} bars open less than {least.total_seconds():g} s apart"
        raise SeriesFileError(Fault(str(path), f"{found}, {its}; {remedy}"))
