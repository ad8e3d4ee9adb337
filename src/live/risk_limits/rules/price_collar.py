"""`max_price_deviation_pct`: how far from the market an order may be priced."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.amounts import finite
from live.contracts import Observation, Scope, Setting, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.batch import Order
    from live.risk_limits.book import Book

REFERENCES = ("last", "mid", "previous_close")
_AGELESS = "previous_close"
_SKEW_S = 5.0


def _reference(value: object) -> str:
    if value not in REFERENCES:
        raise ValueError(f"one of {', '.join(map(repr, REFERENCES))}")
    return str(value)


def _seconds(value: object) -> float:
    number = finite(value)
    if not number > 0:
        raise ValueError("a number of seconds above zero, such as 300.0")
    return number


@risk_rule(
    key="max_price_deviation_pct",
    unit=Unit.PERCENT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    settings=(
        Setting(
            "price_reference", "last", _reference, "The price to compare with: last, mid, previous_close"
        ),
        Setting("price_reference_max_age_s", 300.0, _seconds, "How old last and mid may be, in seconds"),
    ),
    asked_by=("SEC 15c3-5(c)(1)(ii)", "RTS 6 Art. 15(1)(a)", "FIA 1.3 price tolerance"),
)
def price_collar(book: Book) -> Iterator[Observation]:
    """Distance of each order's price from the reference, in percent of it, to either side.

    Stops the price with a digit too many or too few. The price is the limit, else the order's own; a market
    order without either takes the market's and is not measured, a limit order without one is at an unknown
    distance. So is every order when the reference is not known or too old. The collar is as wide outside the
    session as in it. An exit at a wrong price is refused like any other order, but never for a reference that
    is missing.
    """
    for order in book.orders:
        price = order.own_price if math.isnan(order.limit_price) else order.limit_price
        if not math.isnan(price) or "LIMIT" in order.order_type:
            yield from _measured(book, order, price)


def _measured(book: Book, order: Order, price: float) -> Iterator[Observation]:
    reference, why = _known(book, order.symbol)
    if why and book.reduces(order.symbol):
        return
    if math.isnan(price):
        why = f"the order names no price, and is of the type {order.order_type}"
    if why:
        yield Observation(math.nan, order.client_order_id, unknown=why)
        return
    note = f"price={price:g}, {book.setting('price_reference')}={reference:g}"
    deviation = 100 * abs(price - reference) / abs(reference)
    yield Observation(deviation, order.client_order_id, note=note)


def _known(book: Book, symbol: str) -> tuple[float, str]:
    """The reference, and why it cannot be used; the reason is empty when it can."""
    name, quote = book.setting("price_reference"), book.quote(symbol)
    reference = math.nan if quote is None else float(getattr(quote, name))
    if quote is None or math.isnan(reference) or reference == 0:
        return math.nan, f"the {name} price of {symbol} is not known"
    if name == _AGELESS:
        return reference, ""
    age_s = math.nan if quote.at is None else (book.now - quote.at).total_seconds()
    if -_SKEW_S <= age_s <= book.setting("price_reference_max_age_s"):
        return reference, ""
    return reference, f"the {name} price of {symbol} is {age_s:.0f} s old"
