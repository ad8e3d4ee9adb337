"""`max_symbol_orders_per_minute`, `max_strategy_orders_per_minute`: how fast each may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule
from live.risk_limits.passed import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book

_ASKED_BY = ("RTS 6 Art. 15(1)(d)", "FIA 3.4 message throttles")


@risk_rule(
    key="max_symbol_orders_per_minute",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="symbol",
    spares_exits=True,
    remembers=True,
    asked_by=_ASKED_BY,
)
def max_symbol_orders_per_minute(book: Book) -> Iterator[Observation]:
    """Orders of each symbol within the last minute, those under check included. Exits pass."""
    for symbol in dict.fromkeys(order.symbol for order in book.orders):
        asked = sum(order.symbol == symbol for order in (*book.ledger.admitted, *book.orders))
        passed = book.journal.passed.orders(MINUTE, book.now, kind="symbol", name=symbol)
        yield Observation(asked + passed, symbol)


@risk_rule(
    key="max_strategy_orders_per_minute",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="strategy",
    spares_exits=True,
    remembers=True,
    asked_by=_ASKED_BY,
)
def max_strategy_orders_per_minute(book: Book) -> Iterator[Observation]:
    """Orders of each strategy within the last minute, those under check included. Exits pass.

    An order that names no strategy is of none.
    """
    for strategy in dict.fromkeys(order.strategy for order in book.orders if order.strategy):
        asked = sum(order.strategy == strategy for order in (*book.ledger.admitted, *book.orders))
        passed = book.journal.passed.orders(MINUTE, book.now, kind="strategy", name=strategy)
        yield Observation(asked + passed, strategy)
