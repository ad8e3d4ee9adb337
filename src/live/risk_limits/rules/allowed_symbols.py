"""`allowed_symbols`: what may be traded, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="allowed_symbols",
    unit=Unit.NAMES,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("SEC 15c3-5(c)(2)(ii)", "RTS 6 Art. 15(5)"),
)
def allowed_symbols(book: Book) -> Iterator[Observation]:
    """Orders in instruments that are not on the list; an order that only reduces a holding is none of them.

    An empty list allows nothing.
    """
    listed = book.setting("allowed_symbols")
    for order in book.orders:
        hit = order.symbol not in listed and not book.reduces(order.symbol)
        yield Observation(int(hit), order.client_order_id, note=f"symbol={order.symbol!r}")
