"""`max_open_orders`, `max_symbol_open_orders`: how many orders may rest at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_open_orders",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    asked_by=("practice: maximum open orders",),
)
def max_open_orders(book: Book) -> Observation:
    """Orders that rest, and those under check."""
    return Observation(len(book.journal.working) + len(book.ledger.admitted) + len(book.orders))


@risk_rule(
    key="max_symbol_open_orders",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    asked_by=("practice: maximum open orders",),
)
def max_symbol_open_orders(book: Book) -> Iterator[Observation]:
    """Orders of one symbol that rest, and those under check."""
    for exposure in book.judged:
        asked = sum(one.symbol == exposure.symbol for one in (*book.ledger.admitted, *book.orders))
        yield Observation(book.journal.resting(exposure.symbol) + asked, exposure.symbol)
