"""`max_unsound_shorts`: short sales that are not marked, or not allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_unsound_shorts",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("SEC Reg SHO Rule 200(g)", "SEC 15c3-5(c)(2)(i)"),
)
def unsound_shorts(book: Book) -> Iterator[Observation]:
    """Sales beyond what is held that are not marked as short, or whose instrument may not be sold short.

    Set it to 0. Resting sales and those before it in the batch count as sold already. A sale that is marked
    as short though everything sold is held is wrong as well.
    """
    taken = book.ledger.fork()
    for order in book.orders:
        if order.buys:
            continue
        short = not taken.with_orders(order.symbol, (order,)).only_reduces
        taken.reserve(order)
        if short and not book.instrument(order.symbol).shortable:
            yield Observation(1, order.client_order_id, note=f"{order.symbol!r} may not be sold short")
        else:
            mark = f"short_sale={order.short_sale}, sells {'more than is held' if short else 'what is held'}"
            wrong = order.short_sale is not None and order.short_sale != short
            yield Observation(
                int(wrong or (short and order.short_sale is None)), order.client_order_id, note=mark
            )
