"""`max_order_quantity`: how many units one order may ask for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Scope, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_order_quantity",
    unit=Unit.QUANTITY,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("SEC 15c3-5(c)(1)(ii)", "RTS 6 Art. 15(1)(c)", "FIA 1.1 maximum order size"),
    formula=Formula(Figure.QUANTITY),
)
def max_order_quantity(book: Book) -> Iterator[Observation]:
    """Quantity of each single order in base units.

    Stops an amount of money that was typed into the field for the quantity, whatever the price says.
    """
    for order in book.orders:
        why = "no quantity, no price" if math.isnan(order.quantity) else ""
        yield Observation(order.quantity, order.client_order_id, unknown=why)
