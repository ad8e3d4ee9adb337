"""Candles from a Parquet or CSV file.

A file has the columns `ts`, `open`, `high`, `low`, `close` and, where the source knows it, `volume`. `ts` is
when the bar opens: an instant, milliseconds since 1970 UTC, or ISO 8601 text; without a zone it is UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from drills.series_faults import NEEDED, Fault, csv_faults, header_faults, value_faults
from drills.words import printable
from live.candles import Candle
from live.registry import nearest

if TYPE_CHECKING:
    from pathlib import Path

MAX_ROWS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SeriesFileError(ValueError):
    """A file that cannot be played; all that is wrong with it, each with its place."""

    def __init__(self, *faults: Fault) -> None:
        """Hold what is wrong."""
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Cut:
    """Which bars of a file are played; None leaves nothing out.

    Attributes:
        since: Bars that open at this instant or later.
        until: Bars that open before this instant.
        first: Of what is left, only so many from the beginning.
        last: Of what is left, only so many from the end.
    """

    since: datetime | None = None
    until: datetime | None = None
    first: int | None = None
    last: int | None = None

    def of(self, frame: Any) -> Any:
        """The rows that are left of a lazy frame."""
        import polars as pl

        if self.since is not None:
            frame = frame.filter(pl.col("ts") >= self.since)
        if self.until is not None:
            frame = frame.filter(pl.col("ts") < self.until)
        if self.first is not None:
            frame = frame.head(self.first)
        return frame if self.last is None else frame.tail(self.last)


def read_candles(symbol: str, path: Path, cut: Cut) -> list[Candle]:
    """The candles of a file, in the order in which they stand there.

    Args:
        symbol: The instrument that they are candles of.
        path: A `.parquet` or `.csv` file.
        cut: Which of them.

    Raises:
        SeriesFileError: there is no such file, it is of another kind or broken, a column is missing or holds
            something else, nothing is left, or it is more than a million bars.
    """
    frame = cut.of(scan_candles(path))
    rows = _collected(frame.head(MAX_ROWS + 1), path)
    if not rows:
        raise _error(path, "no bar is left; widen from, to, first or last")
    if len(rows) > MAX_ROWS:
        raise _error(path, f"more than {MAX_ROWS} bars; choose some with from, to, first or last")
    return [Candle(symbol, *row) for row in rows]


def scan_candles(path: Path) -> Any:
    """The candles of a file as a lazy Polars frame: `ts`, `open`, `high`, `low`, `close`, `volume`.

    Raises:
        SeriesFileError: there is no such file, it is of another kind or broken, a column is missing or holds
            something else.
    """
    frame = _scan(path)
    if path.suffix.lower() == ".csv" and (faults := csv_faults(path)):
        raise SeriesFileError(*faults)
    return _typed(frame, path)


def _scan(path: Path) -> Any:
    import polars as pl

    readers: dict[str, Any] = {".parquet": pl.scan_parquet, ".csv": pl.scan_csv}
    if path.is_dir():
        raise _error(path, "is a folder; name a file in it")
    if path.suffix.lower() not in readers:
        raise _error(path, "neither .parquet nor .csv; save it as one of them")
    if not path.is_file():
        there = [each.name for each in path.parent.glob("*") if each.suffix.lower() in readers]
        raise _error(path, f"there is no such file; {nearest(path.name, there)}")
    return readers[path.suffix.lower()](path)


def _typed(frame: Any, path: Path) -> Any:
    """The frame with UTC instants and float prices."""
    import polars as pl

    try:
        schema = frame.collect_schema()
    except pl.exceptions.PolarsError as error:
        raise broken(path, error) from None
    faults = header_faults(path, schema)
    if faults:
        raise SeriesFileError(*faults)
    volume = pl.col("volume") if "volume" in schema else pl.lit(float("nan"))
    prices = [pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in NEEDED[1:]]
    return frame.select(
        _instant(schema["ts"], path), *prices, volume.cast(pl.Float64).fill_null(float("nan"))
    )


def _instant(kind: Any, path: Path) -> Any:
    import polars as pl

    ts = pl.col("ts")
    if kind.is_integer():
        return pl.from_epoch(ts, "ms").dt.replace_time_zone("UTC")
    if kind == pl.String:
        return ts.str.to_datetime(time_zone="UTC")
    if kind == pl.Date:
        return ts.cast(pl.Datetime("us", "UTC"))
    if isinstance(kind, pl.Datetime):
        return ts.dt.convert_time_zone("UTC") if kind.time_zone else ts.dt.replace_time_zone("UTC")
    raise _error(path, f"column 'ts' holds {kind}; write instants, or milliseconds since 1970 UTC")


def _collected(frame: Any, path: Path) -> list[tuple[Any, ...]]:
    """The rows, their instants as Python has them; instants that it has not are refused."""
    import polars as pl

    try:
        rows = frame.with_columns(pl.col("ts").dt.cast_time_unit("us").to_physical()).collect().rows()
        if any(row[0] is None for row in rows):
            raise _error(path, "a row has no 'ts'; every bar needs the instant at which it opens")
        return [(_EPOCH + timedelta(microseconds=row[0]), *row[1:]) for row in rows]
    except (pl.exceptions.PolarsError, OverflowError) as error:
        raise broken(path, error) from None


def broken(path: Path, error: Exception) -> SeriesFileError:
    """What is wrong with a file that Polars could not read."""
    reason = printable(str(error).partition("\n")[0])
    cannot = Fault(str(path), f"cannot be read ({reason}); save it again as Parquet or CSV")
    return SeriesFileError(*(value_faults(path) or [cannot]))


def _error(path: Path, text: str) -> SeriesFileError:
    return SeriesFileError(Fault(str(path), text))
