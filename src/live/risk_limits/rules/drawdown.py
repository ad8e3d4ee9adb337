"""`max_drawdown_abs`, `max_drawdown_pct`: how far the account may fall from its peak."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book

_ASKED_BY = ("practice: drawdown limit",)


@risk_rule(
    key="max_drawdown_abs",
    unit=Unit.MONEY,
    spares_exits=True,
    asked_by=_ASKED_BY,
    formula=Formula(Figure.ACCOUNT),
)
def max_drawdown_abs(book: Book) -> Observation:
    """Highest equity that a snapshot has said, less that of now.

    Entries are refused, exits pass. Equity that is not known is an unknown drawdown. A jump to more than
    twice the peak counts when a second snapshot says so; `starting_peak_equity` is the peak of before the
    start.
    """
    return _fallen(book, in_percent=False)


@risk_rule(
    key="max_drawdown_pct",
    unit=Unit.PERCENT,
    spares_exits=True,
    asked_by=_ASKED_BY,
    formula=Formula(Figure.ACCOUNT),
)
def max_drawdown_pct(book: Book) -> Observation:
    """Highest equity that a snapshot has said, less that of now, in percent of the highest.

    Otherwise as `max_drawdown_abs`.
    """
    return _fallen(book, in_percent=True)


def _fallen(book: Book, *, in_percent: bool) -> Observation:
    peak, equity = book.situation.peak_equity, book.equity
    if peak is None or math.isnan(equity) or not peak > 0:
        return Observation(math.nan, unknown="the equity, or its peak, is not known")
    fall = max(0.0, peak - equity)
    return Observation(100 * fall / peak if in_percent else fall)
