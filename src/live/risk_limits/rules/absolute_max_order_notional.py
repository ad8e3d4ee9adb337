"""`absolute_max_order_notional`: the ceiling that no approval lifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Scope, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="absolute_max_order_notional",
    unit=Unit.MONEY,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("SEC 15c3-5(c)(1)(ii)", "RTS 6 Art. 15(1)(b)", "practice: a ceiling that no approval lifts"),
    formula=Formula(Figure.NOTIONAL),
    absolute=True,
)
def absolute_max_order_notional(book: Book) -> Iterator[Observation]:
    """Value of each single order, judged also while `enabled` is false.

    In April 2024 a bank credited 81 trillion instead of 280: two people had approved it.
    """
    for order in book.orders:
        yield Observation(order.notional, order.client_order_id)
