"""What other feeds say of the bar before, and how far they usually lie from this one."""

from __future__ import annotations

from typing import NamedTuple

from live.bars.moves import CLIP, SLOW_BARS, WARM_UP, has_numbers
from live.bars.tail import part_of
from live.bars.values import Bar

TINY, FAR = 1e-300, 1e9
"""Beyond these no prices are compared: what overflows says nothing more."""


class Feeds(NamedTuple):
    """How two feeds stand to each other.

    Attributes:
        told: How many bars both have told.
        basis: Usual difference of their closes, a part of the other price, signed; a difference where prices
            may be below zero.
        spread: Usual distance from that.
    """

    told: float
    basis: float
    spread: float


TOGETHER = Feeds(0.0, 0.0, 0.0)


def has_spoken(bar: Bar, ts: float, linear: int) -> bool:
    """Whether other feeds have told sound prices of the bar of that instant."""
    if bar.other_ts != ts:
        return False
    other = Bar(ts, bar.other_open, bar.other_high, bar.other_low, bar.other_close, 0.0, ts)
    return has_numbers(other, linear)


def brought_here(price: float, feeds: Feeds, linear: int) -> float:
    """What a price of the other feeds would be on this one."""
    return price + feeds.basis if linear == 1 else max(price * (1.0 + feeds.basis), TINY)


def difference(price: float, other: float, feeds: Feeds, linear: int) -> float:
    """How far this feed lies above the others, beyond what is usual between them; signed."""
    above = price - other if linear == 1 else price / other - 1.0
    return min(max(above, -FAR), FAR) - feeds.basis


def compared(feeds: Feeds, beyond: float) -> Feeds:
    """How they stand after one more bar, with a difference beyond the usual one: the first is the usual."""
    if feeds.told == 0.0:
        return Feeds(1.0, feeds.basis + beyond, 0.0)
    told = feeds.told + 1.0
    if told > WARM_UP / 2.0 and feeds.spread > 0.0:
        beyond = min(max(beyond, -CLIP * feeds.spread), CLIP * feeds.spread)
    basis = feeds.basis + beyond * part_of(told, SLOW_BARS)
    spread = feeds.spread + (abs(beyond) - feeds.spread) * part_of(told - 1.0, SLOW_BARS)
    return Feeds(told, basis, spread)
