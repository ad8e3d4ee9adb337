"""`max_price_deviation_pct`: how far from the market an order may be priced."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Setting, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


REFERENCES = ("last", "mid", "previous_close")


def _reference(value: object) -> str:
    if value not in REFERENCES:
        raise ValueError(f"one of {', '.join(map(repr, REFERENCES))}")
    return str(value)


@risk_rule(
    key="max_price_deviation_pct",
    unit=Unit.PERCENT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    settings=(
        Setting(
            "price_reference", "last", _reference, "The price to compare with: last, mid, previous_close"
        ),
    ),
    asked_by=("SEC 15c3-5(c)(1)(ii)", "RTS 6 Art. 15(1)(a)", "FIA: price tolerance"),
)
def price_collar(book: Book) -> Iterator[Observation]:
    """Distance of each order's price from the reference, in percent of it, to either side.

    Stops the price with a digit too many or too few. The price is the limit, else the order's own; an order
    without either takes the market's and is not measured. A reference that is not known is an unknown
    distance. The collar is as wide outside the session as in it. An exit is measured too: at a wrong price it
    loses money like any other order.
    """
    name = book.setting("price_reference")
    for order in book.orders:
        price = order.own_price if math.isnan(order.limit_price) else order.limit_price
        if math.isnan(price):
            continue
        quote = book.quote(order.symbol)
        reference = math.nan if quote is None else getattr(quote, name)
        if math.isnan(reference) or reference == 0:
            why = f"the {name} price of {order.symbol} is not known"
            yield Observation(math.nan, order.client_order_id, unknown=why)
        else:
            note = f"price={price:g}, {name}={reference:g}"
            yield Observation(100 * abs(price - reference) / abs(reference), order.client_order_id, note=note)
