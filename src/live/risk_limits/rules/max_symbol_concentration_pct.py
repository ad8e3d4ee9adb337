"""`max_symbol_concentration_pct`: which share of the equity one instrument may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_symbol_concentration_pct",
    unit=Unit.PERCENT,
    subject="symbol",
    per_subject="symbol_concentration",
    asked_by=("practice: concentration limits",),
    formula=Formula(Figure.EXPOSURE, times=100, per="equity"),
)
def max_symbol_concentration_pct(book: Book) -> Iterator[Observation]:
    """Value of each symbol in percent of the equity, with every order filled that makes it larger.

    Equity that is not known, or not above zero, is an unknown share.
    """
    equity = book.equity
    for symbol, value, before in ((one.symbol, one.value, one.before) for one in book.judged):
        if equity > 0:
            yield Observation(100 * value / equity, symbol, before=100 * before / equity)
        elif book.adds(value, before):
            yield Observation(math.nan, symbol, unknown="the equity is not known or not above zero")
