"""`max_order_notional`: how large one order may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Scope, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_order_notional",
    unit=Unit.MONEY,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("SEC 15c3-5(c)(1)(ii)", "RTS 6 Art. 15(1)(b)"),
    formula=Formula(Figure.NOTIONAL),
)
def max_order_notional(book: Book) -> Iterator[Observation]:
    """Value of each single order.

    Stops the order with a zero too many. SEC Rule 15c3-5(c)(1)(ii) asks for size parameters order by order;
    RTS 6 (Delegated Regulation (EU) 2017/589), Article 15(1)(b), calls it the maximum order value.
    """
    for order in book.orders:
        yield Observation(order.notional, order.client_order_id)
