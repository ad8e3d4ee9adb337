"""The columns of a frame of orders: which there are, what they must be, and how a row becomes an order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from live.config_errors import ConfigError, Problem
from live.orders import LiveOrderRequest
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED = ("symbol", "side")
NUMBERS = ("quantity", "notional", "current_price", "limit_price", "last_price")
TEXTS = ("client_order_id", "order_type", "strategy_key")
KNOWN = (*NEEDED, *NUMBERS, *TEXTS, "short_sale", "at")
WRITTEN = ("allowed", "severity", "limit", "value", "limit_value")
_MOST_LIKE = 0.8


def sound(orders: pl.DataFrame) -> pl.DataFrame:
    """The frame, its numbers as floats; a text in the place of a number is no number.

    Columns that no order has are left alone, unless they read like one that is misspelt.

    Raises:
        ConfigError: a column is missing, misspelt or would be overwritten, or instants are missing or out of
            order; all of it at once.
    """
    problems = [*_columns(orders.columns), *_instants(orders)]
    if problems:
        raise ConfigError(problems)
    casts = [_number(name, orders.schema[name]) for name in NUMBERS if name in orders.columns]
    texts = [
        pl.col(name).cast(pl.String)
        for name in (*NEEDED, *TEXTS)
        if name in orders.columns and orders.schema[name] == pl.Null
    ]
    return orders.with_columns(*casts, *texts) if casts or texts else orders


def requests(frame: pl.DataFrame, first_row: int = 0) -> Iterator[tuple[LiveOrderRequest, dict[str, Any]]]:
    """Each row as an order, with the row itself; a row without an id is called by its number."""
    known = [name for name in KNOWN if name in frame.columns]
    for number, row in enumerate(frame.select(known).iter_rows(named=True), start=first_row):
        fields = {name: row[name] for name in known if name not in ("at", "current_price", "last_price")}
        if fields.get("order_type") is None:
            fields["order_type"] = "MARKET"
        fields.setdefault("client_order_id", f"row-{number}")
        price = row.get("current_price")
        extra = {} if price is None else {"current_price": price}
        yield LiveOrderRequest(**fields, extra=extra), row


def _columns(columns: list[str]) -> Iterator[Problem]:
    from difflib import get_close_matches

    for name in NEEDED:
        if name not in columns:
            yield Problem((name,), f"the column is missing; {nearest(name, columns)}")
    if not {"quantity", "notional"} & set(columns):
        known = f"known: {', '.join(sorted(columns)) or 'none'}"
        yield Problem(
            (), f"neither 'quantity' nor 'notional' is a column; an order needs one of them; {known}"
        )
    for name in columns:
        if name in WRITTEN:
            yield Problem((name,), "the column would be overwritten by the verdict; rename it")
        elif name not in KNOWN:
            near = get_close_matches(name, KNOWN, n=1, cutoff=_MOST_LIKE)
            if near:
                yield Problem((name,), f"unknown column; did you mean {near[0]!r}? If not, rename it")


def _instants(orders: pl.DataFrame) -> Iterator[Problem]:
    if "at" not in orders.columns:
        return
    at = orders["at"]
    if not isinstance(at.dtype, pl.Datetime):
        yield Problem(("at",), f"got {at.dtype}; expected Datetime, naive for UTC")
    elif missing := at.null_count():
        more = f", and {missing - 1} more have none" if missing > 1 else ""
        row = at.is_null().arg_true()[0]
        yield Problem(("at",), f"row {row} has no instant that can be read{more}; write 2026-01-27T00:00:00Z")
    elif not at.is_sorted():
        row = (at.diff() < timedelta()).arg_true()[0]
        yield Problem(("at",), f"row {row} is earlier than the one before; sort the frame by 'at'")


def _number(name: str, dtype: pl.DataType) -> pl.Expr:
    """The column as floats; null stays null, and what is no number is NaN."""
    column = pl.col(name)
    if dtype.is_numeric() or dtype == pl.Null:
        return column.cast(pl.Float64)
    return pl.when(column.is_not_null()).then(float("nan")).alias(name)
