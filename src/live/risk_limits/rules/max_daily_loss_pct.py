"""`max_daily_loss_pct`: how much a day may lose, of what the account had before it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_daily_loss_pct",
    unit=Unit.PERCENT,
    sense=Sense.LOSS,
    spares_exits=True,
    formula=Formula(Figure.ACCOUNT),
)
def max_daily_loss_pct(book: Book) -> Iterator[Observation]:
    """Result of the session day in percent of the starting cash, else of the equity before that result.

    A loss of an unknown whole, or of a whole that is not positive, is an unknown loss. No loss never is.
    """
    pnl, base = book.pnl.amount, book.equity_before_pnl
    if book.pnl.unknown:
        yield Observation(math.nan, unknown=book.pnl.unknown)
    elif base is not None and base > 0:
        yield Observation(100 * pnl / base)
    elif pnl >= 0:
        yield Observation(0.0)
    else:
        yield Observation(math.nan, unknown=_base_unknown(pnl, base))


def _base_unknown(pnl: float, base: float | None) -> str:
    found = "no starting_cash, no equity" if base is None else f"{base:.2f} is not above zero"
    return f"base unknown: {found}; loss {-pnl:.2f}"
