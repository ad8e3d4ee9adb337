"""The rules, looked at one after the other: which is the worst, and what was measured there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from live.contracts import Figure, Sense

if TYPE_CHECKING:
    from live.history.kernel.book import Book, Exposure
    from live.history.kernel.orders import Change, Order

OK, WARNING, BREACH = 0, 1, 2
PLAIN, PER, LEFT = 0, 1, 2
SENSES = (Sense.MAXIMUM, Sense.COUNT, Sense.LOSS, Sense.MINIMUM)
MAXIMUM, COUNT, LOSS, MINIMUM = range(4)
FIGURES = (
    Figure.ACCOUNT,
    Figure.NOTIONAL,
    Figure.QUANTITY,
    Figure.EXPOSURE,
    Figure.TOTAL,
    Figure.LONG,
    Figure.SHORT,
    Figure.NET,
    Figure.POSITIONS,
    Figure.BOUGHT,
)
ACCOUNT, QUANTITY = FIGURES.index(Figure.ACCOUNT), FIGURES.index(Figure.QUANTITY)
NAN = math.nan


RULE = np.dtype(
    [
        ("figure", np.int8),
        ("kind", np.int8),
        ("times", np.float64),
        ("whole", np.float64),
        ("sense", np.int8),
        ("limit", np.float64),
        ("warning", np.float64),
        ("spares_exits", np.bool_),
        ("spares_closing", np.bool_),
        ("standing", np.uint8),
        ("standing_value", np.float64),
    ]
)
"""A rule: what is counted; plain, a share of a whole, or what is left of one; factor of a share, the whole;
on which side of it the limit is broken; the limit, and where a warning begins, NaN without one; whether an
order that only closes passes, or one that closes all; severity and value where every order has the same."""


class Worst(NamedTuple):
    """What the rules say.

    Attributes:
        severity: Of the worst.
        rule: The first that is that bad; -1 when all are OK.
        value: What was measured there.
        turns: Whether a rule spares what turns a holding round: what it opens is judged by itself.
    """

    severity: int
    rule: int
    value: float
    turns: bool


class Measured(NamedTuple):
    """What a rule measures.

    Attributes:
        now: With the order.
        before: Without it; NaN where nobody asks.
        is_skipped: Whether the rule has nothing to say.
    """

    now: float
    before: float
    is_skipped: bool


def worst_of(rules: Any, order: Order, made: Change, book: Book, all_held: Exposure, closes: bool) -> Worst:  # noqa: FBT001, PLR0913, PLR0917 - numba knows no keywords only
    """What the rules say of an order, when all that they count is known."""
    now = _figures_now(order, made, book, all_held)
    before = _figures_before(made, book, all_held)
    worst, found, shown, turns = OK, -1, NAN, False
    flips = made.against > 0 and not made.reduces
    for place in range(len(rules)):
        rule = rules[place]
        figure, exits = rule.figure, rule.spares_exits and made.reduces
        if figure == ACCOUNT:
            severity, value = int(rule.standing), rule.standing_value
            severity = WARNING if severity == BREACH and exits else severity
        elif figure == QUANTITY and rule.spares_closing and closes:
            continue
        else:
            measured = _measured(rule, now[figure], before[figure])
            if measured.is_skipped:
                turns = turns or flips
                continue
            severity, value = _severity(rule, measured, exits), measured.now
            turns = turns or (flips and severity == WARNING and _breaks(rule, value))
        if severity > worst:
            worst, found, shown = severity, place, value
    return Worst(worst, found, shown, turns)


def _figures_now(order: Order, made: Change, book: Book, all_held: Exposure) -> tuple[float, ...]:
    opened = book.positions + made.opens
    return (
        NAN,
        order.notional,
        order.quantity,
        made.value,
        all_held.total,
        all_held.long,
        all_held.short,
        all_held.net,
        opened,
        made.bought,
    )


def _figures_before(made: Change, book: Book, all_held: Exposure) -> tuple[float, ...]:
    return (
        NAN,
        NAN,
        NAN,
        made.before,
        all_held.total_before,
        all_held.long_before,
        all_held.short_before,
        all_held.net_before,
        book.positions,
        NAN,
    )


def _measured(rule: Any, now: float, before: float) -> Measured:
    """A figure as the rule counts it."""
    whole, times = rule.whole, rule.times
    if rule.kind == PLAIN:
        return Measured(now, before, False)  # noqa: FBT003 - a record of numba is written by place
    if rule.kind == LEFT:
        return Measured(whole - now, NAN, False)  # noqa: FBT003 - as above
    if whole > 0:
        return Measured(times * now / whole, times * before / whole, False)  # noqa: FBT003 - as above
    return Measured(NAN, before, not now > before)


def _severity(rule: Any, measured: Measured, exits: bool) -> int:  # noqa: FBT001 - numba knows no keywords only
    if _breaks(rule, measured.now):
        return WARNING if exits or measured.now <= measured.before else BREACH
    warning = rule.warning
    warns = not math.isnan(warning) and _beyond(rule.sense, measured.now, warning)
    return WARNING if warns else OK


def _breaks(rule: Any, value: float) -> bool:
    """Whether a value is beyond the limit; what is no number is."""
    return not abs(value) < math.inf or _beyond(rule.sense, value, rule.limit)


def _beyond(sense: int, value: float, bound: float) -> bool:
    if sense == MAXIMUM:
        return value >= bound
    if sense == COUNT:
        return value > bound
    return -value >= bound if sense == LOSS else value < bound
