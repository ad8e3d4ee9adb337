"""`max_out_of_hours_orders`: orders while the market is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_out_of_hours_orders",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("practice: no orders while the venue is closed",),
)
def out_of_hours_orders(book: Book) -> Iterator[Observation]:
    """Orders in instruments whose `calendar` is closed at the instant of the check. Set it to 0.

    An order that only reduces a holding passes. An instrument without a calendar is not measured; a calendar
    that does not know the day is an unknown one.
    """
    for order in book.orders:
        calendar = book.instrument(order.symbol).calendar
        if calendar and not book.reduces(order.symbol):
            yield _observed(order.client_order_id, calendar, book)


def _observed(name: str, calendar: str, book: Book) -> Observation:
    from live.calendars import is_open

    try:
        closed = not is_open(calendar, book.now)
    except ValueError as error:
        return Observation(float("nan"), name, unknown=str(error))
    return Observation(int(closed), name, note=f"calendar={calendar}")
