"""What the account holds, and what it comes to with one more order: quickly on the safe side, or exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from live.history.kernel.sums import Sum, amount, plus

if TYPE_CHECKING:
    from live.history.kernel.orders import Change, Holding, Order

_SLACK = 1e-14  # relative: more than a sum of a few floats can lose


class Book(NamedTuple):
    """All that is held.

    Attributes:
        long: Value of all that is long.
        short: Value of all that is short.
        positions: How many symbols are held.
    """

    long: Sum
    short: Sum
    positions: float


class Most(NamedTuple):
    """What figures must stay below for no rule to be looked at, in the order of `FIGURES`."""

    least_quantity: float
    notional: float
    quantity: float
    exposure: float
    total: float
    long: float
    short: float
    net: float
    positions: float
    bought: float


class Exposure(NamedTuple):
    """What the account comes to, and what it came to before the order.

    Attributes:
        is_exact: Whether nothing was lost.
    """

    is_exact: bool
    total: float
    total_before: float
    long: float
    long_before: float
    short: float
    short_before: float
    net: float
    net_before: float


def is_clear(order: Order, made: Change, held: Holding, book: Book, most: Most) -> bool:
    """Whether all figures stay below every limit and warning, whatever a sum of floats loses."""
    long, short = book.long.high, book.short.high
    gross, rest = long + short, long - short - held.net
    slack = _SLACK * (gross + made.before + made.value)
    return (
        order.notional < most.notional
        and most.least_quantity <= order.quantity < most.quantity
        and made.value < most.exposure
        and gross - made.before + made.value + slack < most.total
        and long - max(0.0, held.net) + max(0.0, made.highest) + slack < most.long
        and short - max(0.0, -held.net) + max(0.0, -made.lowest) + slack < most.short
        and max(abs(rest + made.lowest), abs(rest + made.highest)) + slack < most.net
        and book.positions + made.opens < most.positions
        and made.bought < most.bought
    )


def exposure(made: Change, held: Holding, book: Book) -> Exposure:
    """The same exactly."""
    before = plus(plus(book.long, book.short.high), book.short.low)
    total = plus(plus(before, -made.before), made.value)
    net = plus(plus(book.long, -book.short.high), -book.short.low)
    others = plus(net, -held.net)
    low, high = plus(others, made.lowest), plus(others, made.highest)
    long = plus(plus(book.long, -max(0.0, held.net)), max(0.0, made.highest))
    short = plus(plus(book.short, -max(0.0, -held.net)), max(0.0, -made.lowest))
    is_exact = total.is_exact and low.is_exact and high.is_exact and long.is_exact and short.is_exact
    return Exposure(
        is_exact,
        amount(total),
        amount(before),
        amount(long),
        amount(book.long),
        amount(short),
        amount(book.short),
        max(abs(amount(low)), abs(amount(high))),
        abs(amount(net)),
    )


def moved(book: Book, held: Holding, now: Holding) -> Book:
    """The book when one symbol has changed."""
    long, short = book.long, book.short
    if held.net > 0 or now.net > 0:
        long = plus(plus(long, -max(0.0, held.net)), max(0.0, now.net))
    if held.net < 0 or now.net < 0:
        short = plus(plus(short, -max(0.0, -held.net)), max(0.0, -now.net))
    return Book(long, short, book.positions + int(now.net != 0) - int(held.net != 0))
