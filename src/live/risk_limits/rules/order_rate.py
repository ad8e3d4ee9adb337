"""`max_orders_per_second`, `_per_minute`, `_per_day`: how many orders may go out within a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule
from live.risk_limits.passed import DAY, MINUTE, SECOND

if TYPE_CHECKING:
    from live.risk_limits.book import Book

_ASKED_BY = ("RTS 6 Art. 15(1)(d)", "FIA 3.4 message throttles")


def _asked(book: Book) -> int:
    return len(book.ledger.admitted) + len(book.orders)


@risk_rule(
    key="max_orders_per_second",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    remembers=True,
    asked_by=_ASKED_BY,
)
def max_orders_per_second(book: Book) -> Observation:
    """Orders within the last second, those under check included.

    An order counts from the check that lets it through, so that a hundred batches that each look small are
    not: in August 2012 a router sent four million orders in 45 minutes. Exits pass.
    """
    return Observation(_asked(book) + book.journal.passed.orders(SECOND, book.now))


@risk_rule(
    key="max_orders_per_minute",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    remembers=True,
    asked_by=_ASKED_BY,
)
def max_orders_per_minute(book: Book) -> Observation:
    """Orders within the last minute, those under check included. Exits pass."""
    return Observation(_asked(book) + book.journal.passed.orders(MINUTE, book.now))


@risk_rule(
    key="max_orders_per_day",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    remembers=True,
    asked_by=_ASKED_BY,
)
def max_orders_per_day(book: Book) -> Observation:
    """Orders within the last 24 hours, those under check included. Exits pass."""
    return Observation(_asked(book) + book.journal.passed.orders(DAY, book.now))
