"""`max_duplicate_orders`: how many orders of the same content may go out within a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.amounts import finite
from live.contracts import Observation, Scope, Sense, Setting, Unit, risk_rule
from live.risk_limits.passed import LONGEST_DUPLICATE_S, MOST_EQUALS, content_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


def _window(value: object) -> float:
    number = finite(value)
    if not 0 < number <= LONGEST_DUPLICATE_S:
        raise ValueError(f"a number of seconds above zero and up to {LONGEST_DUPLICATE_S:g}, such as 5.0")
    return number


@risk_rule(
    key="max_duplicate_orders",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    settings=(
        Setting("duplicate_order_window_s", 5.0, _window, "How long an order is remembered, in seconds"),
    ),
    remembers=True,
    asked_by=("SEC 15c3-5(c)(1)(ii)",),
)
def duplicate_orders(book: Book) -> Iterator[Observation]:
    """Of each order: how many others of the same content were let through within the window.

    The content is symbol, side, quantity (the notional where that is not known), limit price and strategy.
    The same id asked for again is the same order, not another one. Set it to 0 and nothing goes out twice;
    exits are held back as well, because an exit that is sent twice opens a position.
    """
    window_s = book.setting("duplicate_order_window_s")
    for place, order in enumerate(book.orders):
        content = content_of(order)
        earlier = (*book.ledger.admitted, *book.orders[:place])
        equals = [one.client_order_id for one in earlier if content_of(one) == content]
        equals += book.journal.passed.equals(order, window_s, book.now)
        note = f"same={', '.join(equals[:3])}" if equals else ""
        why = f"{MOST_EQUALS} equal orders or more" if len(equals) >= MOST_EQUALS - 1 else ""
        yield Observation(len(equals), order.client_order_id, unknown=why, note=note)
