"""What one row asks for, and what its symbol comes to with it."""

from __future__ import annotations

import math
from typing import NamedTuple

from live.risk_limits.fills import SAME


class Order(NamedTuple):
    """A row.

    Attributes:
        is_plain: Whether it can be judged here.
        sign: 1 to buy, -1 to sell.
        quantity: Units.
        price: What a unit is last known to cost.
        notional: What it comes to in the base currency.
    """

    is_plain: bool
    sign: float
    quantity: float
    price: float
    notional: float


class Holding(NamedTuple):
    """A symbol before the order.

    Attributes:
        size: Units held, below zero when short.
        net: Their value, of the same sign.
    """

    size: float
    net: float


class Change(NamedTuple):
    """What the symbol comes to, before the order is filled and after.

    Attributes:
        reduces: Whether the order only closes what is held.
        against: Units held on the other side.
        lowest: The smaller of its two values, short ones below zero.
        highest: The larger one.
        before: Size of its value before.
        value: Size of the larger of both.
        opens: 1 when it is held only then, -1 when only before, 0 otherwise.
        bought: What the order buys, beyond what it closes.
    """

    reduces: bool
    against: float
    lowest: float
    highest: float
    before: float
    value: float
    opens: int
    bought: float


NOT_PLAIN = Order(False, 0.0, 0.0, 0.0, 0.0)  # noqa: FBT003 - a record of numba is written by place


def read(  # noqa: PLR0913, PLR0917 - the cells of a row
    sign: float, quantity: float, price: float, declared: float, limit: float, mark: float, scale: float
) -> Order:
    """A row, of which NaN is a cell that is not there.

    Args:
        sign: 1 to buy, -1 to sell, 0 for what is none.
        quantity: Units.
        price: Price that it came with.
        declared: Notional that it declares.
        limit: Its limit price.
        mark: Last price of the symbol.
        scale: Base currency per unit and price; NaN for a symbol that is not plain.
    """
    worth = price
    if not math.isnan(limit):
        if not 0.0 < limit < math.inf:
            return NOT_PLAIN
        if math.isnan(price):
            price, worth = limit, max(limit, mark)
        elif limit > worth:
            worth = limit
    notional = quantity * (worth * scale)
    if not math.isnan(declared):
        if not 0.0 < declared < math.inf:
            return NOT_PLAIN
        notional = max(notional, declared)
    is_plain = 0.0 < quantity < math.inf and 0.0 < price < math.inf and 0.0 < notional < math.inf
    return Order(is_plain and sign != 0.0, sign, quantity, price, notional)


def change(order: Order, held: Holding) -> Change:
    """What an order makes of its symbol at most."""
    reduces = order.quantity <= -order.sign * held.size * (1 + SAME)
    against, worth_held = -order.sign * held.size, -order.sign * held.net  # what is held on the other side
    worth_here = order.notional * (against / order.quantity)
    covered = worth_here if against > 0 and worth_here < worth_held * (1 - SAME) else worth_held
    moved = held.net if reduces else order.sign * (order.notional - covered)
    lowest, highest = min(held.net, moved), max(held.net, moved)
    before, value = abs(held.net), max(abs(highest), abs(lowest))
    opens = (value != 0) - (before != 0)
    bought = 0.0 if reduces or order.sign < 0 else order.notional
    return Change(reduces, against, lowest, highest, before, value, opens, bought)


def closes(order: Order, held: Holding) -> bool:
    """Whether an order closes all that is held of its symbol, and no more."""
    other = abs(held.size)
    alike = abs(order.quantity - other) <= SAME * max(order.quantity, other)
    return order.sign * held.size < 0 and alike


def filled(order: Order, held: Holding, made: Change) -> Holding:
    """The symbol when the order is filled: what is closed leaves at the value at which it is held."""
    signed, worth = order.sign * order.quantity, order.sign * order.notional
    left = held.size + signed
    flips = order.quantity > made.against
    # all three are worked out: which one it is, no processor can guess
    closed = (worth if flips else held.net) * (left / (signed if flips else held.size))
    closed = 0.0 if abs(left) <= SAME * made.against else closed
    after = closed if made.against > 0 else held.net + worth
    return Holding(0.0 if after == 0 else left, after)
