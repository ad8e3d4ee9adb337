"""Orders and snapshots from files that an operator hands in: JSON, or CSV for orders.

Keys are checked here, all at once; values are left as they are, because judging them is the risk limits'
work.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import MISSING, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from live.config_errors import ConfigError, Problem, collect, in_file
from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

T = TypeVar("T")

_NUMBERS = ("quantity", "notional", "limit_price")
_FLAGS = {"true": True, "false": False}


def read_orders(path: Path) -> list[LiveOrderRequest]:
    """A batch of orders from a JSON list of objects, or from a CSV file with a header (`.csv`).

    Raises:
        ConfigError: the file cannot be read or parsed, or holds keys that an order does not have.
    """
    with in_file(path):
        text = _text(path)
        rows = _csv_rows(text) if path.suffix.lower() == ".csv" else _json(text)
        return _each(rows, "orders", lambda row: _record(LiveOrderRequest, row))


def read_portfolio(path: Path) -> LivePortfolioSnapshot:
    """A snapshot from a JSON object; `positions` is a list of objects, `as_of` ISO 8601.

    Raises:
        ConfigError: the file cannot be read or parsed, or holds keys that a snapshot does not have.
    """
    with in_file(path):
        return _portfolio(_json(_text(path)))


def _portfolio(values: object) -> LivePortfolioSnapshot:
    if not isinstance(values, dict):
        raise _refused(f"holds {type(values).__name__}; expected an object with as_of and positions")
    problems: list[Problem] = []
    positions = []
    with collect(problems, "positions"):
        held = values.get("positions", [])
        positions = _each(held, "positions", lambda row: _record(LivePositionSnapshot, row))
    with collect(problems):
        snapshot = _record(
            LivePortfolioSnapshot, {**values, "as_of": _instant(values), "positions": positions}
        )
    if problems:
        raise ConfigError(problems)
    return snapshot


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _refused(f"cannot be read ({error.strerror}); nothing was checked") from None
    except UnicodeDecodeError as error:
        raise _refused(f"is not UTF-8 text (byte {error.start}); nothing was checked") from None


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        raise _refused(f"line {error.lineno}, column {error.colno}: is not JSON: {error.msg}") from None
    except ValueError as error:
        raise _refused(str(error)) from None
    except RecursionError:
        raise _refused("is nested too deeply; nothing was checked") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        text = f"key {twice[0]!r} stands twice in one object; keep one of them"
        raise ValueError(text)
    return dict(pairs)


def _csv_rows(text: str) -> list[dict[str, Any]]:
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = [{key: _value(key, cell) for key, cell in row.items() if cell != ""} for row in table]
    except csv.Error as error:
        raise _refused(f"is not CSV ({error}); nothing was checked") from None
    header = table.fieldnames or ()
    twice = [column for column in header if header.count(column) > 1]
    if twice or not header:
        why = f"column {twice[0]!r} stands twice" if twice else "is empty; its first line must name columns"
        raise _refused(f"{why}; nothing was checked")
    return rows


def _value(column: str, text: str | None) -> float | str | bool | None:
    """A number or a flag where the column holds such and the text reads like one, else the text."""
    if column == "short_sale" and text is not None:
        return _FLAGS.get(text.lower(), text)
    if column not in _NUMBERS or text is None:
        return text
    try:
        return float(text)
    except ValueError:
        return text


def _each(rows: object, what: str, read: Callable[[Any], T]) -> list[T]:
    if not isinstance(rows, list):
        raise _refused(f"holds {type(rows).__name__}; expected a list of {what}")
    problems: list[Problem] = []
    made = []
    for number, row in enumerate(rows):
        with collect(problems, number):
            made.append(read(row))
    if problems:
        raise ConfigError(problems)
    return made


def _record(cls: type[T], row: object) -> T:
    """An instance of a dataclass from an object; every unknown and every missing key is a problem."""
    if not isinstance(row, dict):
        raise ConfigError([Problem((), f"got {row!r}; expected an object")])
    known = {field.name: field for field in fields(cls) if field.init}  # type: ignore[arg-type]  # T is a dataclass
    problems = [
        Problem((), f"unknown key {key!r}; {nearest(str(key), known)}") for key in row if key not in known
    ]
    needed = [
        name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING
    ]
    problems += [Problem((), f"key {name!r} is missing") for name in needed if name not in row]
    if problems:
        raise ConfigError(problems)
    return cls(**row)


def _instant(values: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(values["as_of"])
    except KeyError:
        raise ConfigError(
            [Problem(("as_of",), "is missing; say when the snapshot was taken, ISO 8601")]
        ) from None
    except (TypeError, ValueError):
        raise ConfigError([Problem(("as_of",), f"got {values['as_of']!r}; expected ISO 8601")]) from None


def _refused(why: str) -> ConfigError:
    return ConfigError([Problem((), why)])
