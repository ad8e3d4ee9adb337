"""`max_self_trades`: orders that would trade with our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.batch import Order
    from live.risk_limits.book import Book


@risk_rule(
    key="max_self_trades",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("FINRA Rule 5210.02", "MAR Art. 12(1)(a)", "FIA 3.5 self-match prevention"),
)
def max_self_trades(book: Book) -> Iterator[Observation]:
    """Of each order: how many of our own resting orders of the other side it would trade with.

    Set it to 0. An order without a limit trades at any price. Of several orders in one batch, those before it
    that are admitted count as resting.
    """
    for place, order in enumerate(book.orders):
        others = [
            *book.journal.resting_orders(order.symbol),
            *(one for one in book.ledger.admitted if one.symbol == order.symbol),
        ]
        others += [one for one in book.orders[:place] if one.symbol == order.symbol]
        hits = [one.client_order_id for one in others if _meets(order, one)]
        note = f"resting={', '.join(hits[:3])}" if hits else ""
        yield Observation(len(hits), order.client_order_id, note=note)


def _meets(order: Order, resting: Order) -> bool:
    if order.buys == resting.buys or order.client_order_id == resting.client_order_id:
        return False
    buy, sell = (order, resting) if order.buys else (resting, order)
    return not buy.limit_price < sell.limit_price  # NaN, an order without a limit, meets every price
