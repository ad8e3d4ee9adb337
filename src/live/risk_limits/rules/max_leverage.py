"""`max_leverage`: how many times its equity the account may hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="max_leverage",
    unit=Unit.RATIO,
    asked_by=("SEC 15c3-5(c)(1)(i)", "practice: leverage"),
    formula=Formula(Figure.TOTAL, per="equity"),
)
def max_leverage(book: Book) -> Observation:
    """Value of all holdings, with every order filled that makes it larger, as a multiple of the equity.

    Equity that is not known, or not above zero, is an unknown leverage.
    """
    equity, value, before = book.equity, book.total_exposure, book.total_exposure_before
    if equity > 0:
        return Observation(value / equity, before=before / equity)
    if not book.adds(value, before):
        return Observation(0.0)
    return Observation(math.nan, unknown="the equity is not known or not above zero")
