"""`max_drawdown_pct`: how far the account may fall from its peak."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Observation, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="max_drawdown_pct",
    unit=Unit.PERCENT,
    spares_exits=True,
    asked_by=("FIA: intraday loss and drawdown limits",),
)
def max_drawdown_pct(book: Book) -> Observation:
    """Highest equity that a snapshot has said, less that of now, in percent of the highest.

    Entries are refused, exits pass. Equity that is not known is an unknown drawdown. A jump to more than
    twice the peak counts when a second snapshot says so; `starting_peak_equity` is the peak of before the
    start.
    """
    peak, equity = book.situation.peak_equity, book.equity
    if peak is None or math.isnan(equity) or not peak > 0:
        return Observation(math.nan, unknown="the equity, or its peak, is not known")
    return Observation(max(0.0, 100 * (peak - equity) / peak))
