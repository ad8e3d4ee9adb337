"""What is wrong with a file of candles: all of it at once, each with its line and what to do."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from drills.series_lines import line_faults
from drills.words import printable
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import polars as pl

NEEDED = ("ts", "open", "high", "low", "close")
KNOWN = (*NEEDED, "volume")
_SEPARATORS = (";", "\t", "|")
_SHOWN = 40


class Fault(NamedTuple):
    """One thing that is wrong with a file.

    Attributes:
        place: The file and, where there is one, the line: `btc.csv:8`.
        text: What is wrong; after a semicolon, the remedy.
    """

    place: str
    text: str

    def __str__(self) -> str:
        """Both."""
        return f"{self.place}: {self.text}"


def csv_faults(path: Path) -> list[Fault]:
    """All that is wrong with a CSV file; texts in the place of numbers only where something else is."""
    header = header_faults(path, ())
    if header and len(_header(path)) <= 1:
        return header
    faults = [*header, *(Fault(f"{path}:{line}", text) for line, text in line_faults(path))]
    return [*faults, *value_faults(path)] if faults else []


def header_faults(path: Path, schema: Iterable[str]) -> list[Fault]:
    """Columns that are not there, or there twice, and lines that are cut otherwise than by commas.

    Args:
        path: A CSV or Parquet file.
        schema: The names of its columns, as they were understood.
    """
    is_text = path.suffix.lower() == ".csv"
    names, place = (_header(path), f"{path}:1") if is_text else (list(schema), str(path))
    if is_text and not names:
        return [Fault(place, f"names no columns; write {','.join(KNOWN)} in the first line")]
    if is_text and any(not letter.isprintable() for letter in "".join(names).replace("\t", "")):
        return [Fault(place, "is no text; save it as CSV")]
    if is_text and len(names) == 1 and (cut := [one for one in _SEPARATORS if one in names[0]]):
        return [Fault(place, f"columns are separated by {cut[0]!r}; separate them by commas")]
    shown = [printable(name) for name in names]
    doubled = [name for name, count in Counter(names).items() if count > 1 and name in KNOWN]
    return [
        *(
            Fault(place, f"has no column {name!r}; {nearest(name, shown)}")
            for name in NEEDED
            if name not in names
        ),
        *(
            Fault(place, f"has two columns {name!r}; name the one that is not meant otherwise")
            for name in doubled
        ),
    ]


def value_faults(path: Path) -> list[Fault]:
    """Texts in the place of numbers and instants, of each column the first, where a file is CSV."""
    import polars as pl

    if path.suffix.lower() != ".csv":
        return []
    try:
        table = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True, encoding="utf8-lossy")
    except pl.exceptions.PolarsError:
        return []
    return list(_value_faults(path, table))


def _value_faults(path: Path, table: pl.DataFrame) -> Iterator[Fault]:
    import polars as pl

    for name in (name for name in KNOWN if name in table.columns):
        text = table[name]
        if name == "ts":
            read = [text.cast(pl.Int64, strict=False), text.str.to_datetime(time_zone="UTC", strict=False)]
            wanted = "an instant", "milliseconds since 1970 UTC, or ISO 8601"
        else:
            read = [text.cast(pl.Float64, strict=False)]
            wanted = "a number", "digits and a point, or nothing"
        rows = _unread(text, read)
        if rows:
            more = f", the first of {len(rows):,} such lines" if len(rows) > 1 else ""
            found = f"holds {printable(repr(text[rows[0]][:_SHOWN]))} in the place of {wanted[0]}{more}"
            line = rows[0] + 2  # lines are counted from one, and the first has the names
            yield Fault(f"{path}:{line}", f"column {name!r} {found}; write {wanted[1]}")


def _unread(text: pl.Series, read: Sequence[pl.Series]) -> list[int]:
    """Rows that hold something, and nothing that was understood; of several ways the best one counts."""
    return min(((text.is_not_null() & one.is_null()).arg_true().to_list() for one in read), key=len)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        return next(csv.reader(line.replace("\0", "") for line in file), [])
