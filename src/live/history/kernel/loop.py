"""The loop over rows: it stops at the first that is not plain, and where a sum would not be exact."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from live.history.kernel.book import Book, Most, exposure, is_clear, moved
from live.history.kernel.orders import Holding, change, closes, filled, read
from live.history.kernel.rules import BREACH, OK, worst_of
from live.history.kernel.sums import Sum


class Columns(NamedTuple):
    """The rows.

    Attributes:
        symbols: Number of the symbol.
        sides: Number of the side, as it is spelt.
        signs: By number of a side: 1 to buy, -1 to sell, 0 for what is none.
        plain: Whether each row is plain in all that is not looked at here; empty where all are.
        quantities: Units.
        prices: Price that each row came with; NaN without one.
        declared: Notional that each row declares; NaN without one; empty where none does.
        limits: Limit price; NaN without one; empty where none has one.
    """

    symbols: Any
    sides: Any
    signs: Any
    plain: Any
    quantities: Any
    prices: Any
    declared: Any
    limits: Any


LINE = np.dtype([("scale", np.float64), ("size", np.float64), ("net", np.float64), ("mark", np.float64)])
"""A symbol: base currency per unit and price, NaN for one that is not plain; units held; their signed value;
the last price, NaN where none is known."""
FOUND = np.dtype([("row", np.uint32), ("severity", np.uint8), ("rule", np.int16), ("value", np.float64)])
"""A row that is not OK: its number, how bad it is, the first rule that is that bad, and the value there."""


def judge(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    begin: int, hits: int, columns: Columns, lines: Any, sums: Any, most: Most, rules: Any, found: Any
) -> tuple[int, int]:
    """Judge rows from `begin` on, and take what is admitted as filled.

    Args:
        begin: The first row.
        hits: How many rows so far are not OK.
        columns: The rows.
        lines: What is held, a `LINE` a symbol; changed.
        sums: Value of all that is long, and of all that is short, two floats each, then the number of symbols
            held; changed.
        most: What figures must stay below for no rule to be looked at.
        rules: The limits, a `RULE` each.
        found: The rows that are not OK, a `FOUND` each; written.

    Returns:
        The first row that was not judged, the number of rows when all were; and how many are not OK.
    """
    count = len(columns.symbols)
    book = Book(Sum(sums[0], sums[1], True), Sum(sums[2], sums[3], True), sums[4])  # noqa: FBT003 - a record of numba is written by place
    limited, said = len(columns.limits) == count, len(columns.declared) == count
    partly, done = len(columns.plain) == count, count
    for row in range(begin, count):
        line = lines[columns.symbols[row]]
        sign = columns.signs[columns.sides[row]]
        limit = columns.limits[row] if limited else math.nan
        declared = columns.declared[row] if said else math.nan
        order = read(
            sign, columns.quantities[row], columns.prices[row], declared, limit, line.mark, line.scale
        )
        held = Holding(line.size, line.net)
        made = change(order, held)
        if not (order.is_plain and made.value < math.inf) or (partly and not columns.plain[row]):
            done = row
            break
        if not is_clear(order, made, held, book, most):
            all_held = exposure(made, held, book)
            worst = worst_of(rules, order, made, book, all_held, closes(order, held))
            if worst.turns or not all_held.is_exact:  # one row at a time
                done = row
                break
            if worst.severity != OK:
                hit = found[hits]
                hit.row, hit.severity, hit.rule, hit.value = row, worst.severity, worst.rule, worst.value
                hits += 1
            if worst.severity == BREACH:
                continue
        now = filled(order, held, made)
        book = moved(book, held, now)
        line.size, line.net, line.mark = now.size, now.net, order.price
        if not (book.long.is_exact and book.short.is_exact):  # what comes after needs sums that are made anew
            done = row + 1
            break
    sums[0], sums[1], sums[2], sums[3] = book.long.high, book.long.low, book.short.high, book.short.low
    sums[4] = book.positions
    return done, hits
