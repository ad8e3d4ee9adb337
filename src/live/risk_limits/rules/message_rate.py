"""`max_messages_per_second`, `max_messages_per_minute`: how many orders and cancellations may go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule
from live.risk_limits.passed import MINUTE, SECOND

if TYPE_CHECKING:
    from live.risk_limits.book import Book

_ASKED_BY = ("RTS 6 Art. 15(1)(d)", "FIA 3.4 message throttles")


def _asked(book: Book) -> int:
    return len(book.ledger.admitted) + len(book.orders)


@risk_rule(
    key="max_messages_per_second",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    remembers=True,
    asked_by=_ASKED_BY,
)
def max_messages_per_second(book: Book) -> Observation:
    """Orders and cancellations within the last second, the orders under check included. Exits pass."""
    return Observation(_asked(book) + book.journal.passed.messages(SECOND, book.now))


@risk_rule(
    key="max_messages_per_minute",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    spares_exits=True,
    remembers=True,
    asked_by=_ASKED_BY,
)
def max_messages_per_minute(book: Book) -> Observation:
    """Orders and cancellations within the last minute, the orders under check included. Exits pass."""
    return Observation(_asked(book) + book.journal.passed.messages(MINUTE, book.now))
