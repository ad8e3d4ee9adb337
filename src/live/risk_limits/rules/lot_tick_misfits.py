"""`max_lot_tick_misfits`: orders that no venue would take, because they miss its steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


_SAME = 1e-6  # of a step: a multiple that was worked out in floats is one


@risk_rule(
    key="max_lot_tick_misfits",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="client_order_id",
    asked_by=("practice: no order that its venue would refuse",),
)
def lot_tick_misfits(book: Book) -> Iterator[Observation]:
    """Of each order: how many of quantity and limit price are no multiple of the instrument's lot and tick.

    Set it to 0. An order that closes exactly what is held is not measured against the lot, because no other
    one could close it. What an instrument does not say is not measured.
    """
    for order in book.orders:
        instrument = book.instrument(order.symbol)
        wrong = []
        if not book.closes(order) and _misses(order.quantity, instrument.lot):
            wrong.append(f"quantity={order.quantity:g} of lot={instrument.lot:g}")
        if not math.isnan(order.limit_price) and _misses(order.limit_price, instrument.tick):
            wrong.append(f"limit_price={order.limit_price:g} of tick={instrument.tick:g}")
        yield Observation(len(wrong), order.client_order_id, note=", ".join(wrong))


def _misses(value: float, step: float | None) -> bool:
    """Whether a value is no multiple of a step; one that is not known is none."""
    if step is None:
        return False
    steps = value / step
    if not math.isfinite(steps) or (value != 0 and round(steps) == 0):
        return True
    return abs(steps - round(steps)) > _SAME
