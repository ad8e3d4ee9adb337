"""The rows of a registry: the day and the amount of each, from a CSV or a Parquet file."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from live.amounts import finite
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from live.risk_limits.pnl.session_day import SessionDay

TS, AMOUNT = "ts", "realized_pnl_net"
_DATE_LENGTH = len("2026-01-27")


class UnreadableError(Exception):
    """What is wrong with a registry, with file and row."""


def read_rows(path: str, session: SessionDay) -> Iterator[tuple[date, float]]:
    """The session day and the amount of every row; a file that ends in `.parquet` is one, any other is CSV.

    Raises:
        UnreadableError: it is no such file, a column is missing, or a value is none.
        OSError: it cannot be opened.
    """
    rows = _parquet(path) if path.lower().endswith(".parquet") else _csv(path)
    for place, at, amount in rows:
        yield _day(place, at, session), _amount(place, amount)


def _csv(path: str) -> Iterator[tuple[str, object, object]]:
    """Place, instant and amount of every row, as they are written."""
    import csv

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - pathlib is slow to import
            rows = csv.DictReader(file)
            _check_columns(f"{path}:1", rows.fieldnames, "the header must name")
            for row in rows:
                yield f"{path}:{rows.line_num}", row[TS], _number(row)
    except UnicodeDecodeError:
        raise UnreadableError(f"{path}: is not UTF-8 text") from None
    except csv.Error as error:
        raise UnreadableError(f"{path}: is not CSV ({error})") from None


def _parquet(path: str) -> Iterator[tuple[str, object, object]]:
    """Place, instant and amount of every row, in the types of the columns."""
    import polars as pl

    with open(path, "rb"):  # noqa: PTH123 - a file that is not there is told as with CSV
        pass
    try:
        found = pl.read_parquet_schema(path)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in there, it is no Parquet
        raise UnreadableError(f"{path}: is not Parquet ({_first_line(error)})") from None
    _check_columns(path, found, "the file must have")
    try:
        frame = pl.read_parquet(path, columns=[TS, AMOUNT])
    except Exception as error:  # noqa: BLE001 - as above
        raise UnreadableError(f"{path}: is not Parquet ({_first_line(error)})") from None
    for number, (at, amount) in enumerate(frame.select(TS, AMOUNT).iter_rows(), start=1):
        yield f"{path}: row {number}", at, amount


def _check_columns(place: str, found: Iterable[str] | None, must: str) -> None:
    missing = [column for column in (TS, AMOUNT) if column not in (found or ())]
    if missing:
        raise UnreadableError(f"{place}: column {missing[0]!r} is missing; {must} {TS} and {AMOUNT}")


def _day(place: str, at: object, session: SessionDay) -> date:
    """The session day of an instant; a date without a time is that day itself."""
    try:
        if isinstance(at, str):
            at = date.fromisoformat(at) if len(at) == _DATE_LENGTH else datetime.fromisoformat(at)
        if isinstance(at, datetime):
            return session.of(at)
        if isinstance(at, date):
            return at
    except (ValueError, OverflowError):
        pass
    raise UnreadableError(f"{place}: {TS} is {shown(at)}, not an ISO 8601 instant")


def _amount(place: str, amount: object) -> float:
    number = finite(amount)
    if math.isnan(number):
        raise UnreadableError(f"{place}: {AMOUNT} is {shown(amount)}, not a number such as -12.50")
    return number


def _number(row: Mapping[str, Any]) -> object:
    """The amount of a CSV row as a number; the text itself when it is none."""
    text = row[AMOUNT]
    try:
        number = float(text or "")
    except ValueError:
        return text
    return text if math.isnan(finite(number)) else number


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
