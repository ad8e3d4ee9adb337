"""`live_trade_min_size`: how small an order may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="live_trade_min_size",
    unit=Unit.QUANTITY,
    sense=Sense.MINIMUM,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    formula=Formula(Figure.QUANTITY, spares_closing=True),
)
def live_trade_min_size(book: Book) -> Iterator[Observation]:
    """Quantity of each single order in base units.

    Stops dust that fees eat up, and quantities that lost their decimal places. An order that closes exactly
    what is held is not measured: no larger one could close it.
    """
    for order in book.orders:
        if not book.closes(order):
            why = "no quantity, no current_price" if math.isnan(order.quantity) else ""
            yield Observation(order.quantity, order.client_order_id, unknown=why)
