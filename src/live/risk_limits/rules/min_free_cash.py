"""`min_free_cash`: what must be left when every purchase is paid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.amounts import total
from live.contracts import Figure, Formula, Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="min_free_cash",
    unit=Unit.MONEY,
    sense=Sense.MINIMUM,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    asked_by=("SEC 15c3-5(c)(1)(i)", "practice: buying power"),
    formula=Formula(Figure.BOUGHT, left_of="cash"),
)
def min_free_cash(book: Book) -> Observation:
    """Free cash less the value of all purchases under check and at rest that open or raise a long holding.

    Sales that have not filled pay for nothing. Cash that is not known is an unknown rest.
    """
    cash = book.account.cash
    if cash is None or math.isnan(cash):
        return Observation(math.nan, unknown="the free cash is not known")
    return Observation(total((cash, -book.sides.bought)))
