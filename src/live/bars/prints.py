"""The bar before, held until the next has come: how far its prices lie from everything around them."""

from __future__ import annotations

from typing import NamedTuple

from live.bars.feeds import Feeds, brought_here, has_spoken
from live.bars.moves import SMALLEST, WARM_UP, apart
from live.bars.tail import Tail, grown, part_of
from live.bars.values import NAN, Bar, Past

BARS = 200.0
"""The usual range is one over so many bars."""
CLIP = 6.0
"""A range counts for so many usual ones at most in what is usual."""
BUSY = 0.4
"""A bar of many times the usual volume may go farther, by this power of it (P. K. Clark, "A subordinated
stochastic process model", Econometrica, 1973: half in a random walk, less where volume itself is noisy)."""
WILD = 0.25
"""Where the last twenty bars moved more than the last two hundred, by this power of how much more: the usual
range lags behind, and the tail that was learnt in quieter hours knows half of it already."""


class Known(NamedTuple):
    """What good bars have taught.

    Attributes:
        bars: How many there were.
        range: Usual range of a bar, of the close before it too; a part of the price.
        wick: Quantile of spikes within bars.
        wick_by: Heaviness of their tail.
        body: Quantile of false opens and closes.
        body_by: Heaviness of theirs.
        doubt: Quantile of what other feeds do not have either.
        doubt_by: Heaviness of its tail.
    """

    bars: float
    range: float
    wick: float
    wick_by: float
    body: float
    body_by: float
    doubt: float
    doubt_by: float


class Held(NamedTuple):
    """The bar under judgement.

    Attributes:
        ts: Its instant.
        open: Its first price.
        high: Its highest.
        low: Its lowest.
        close: Its last.
        volume: Its volume.
        after_hole: 1 when bars before it are missing.
        doubted: 1 when it was told at once.
        other_high: The highest price that other feeds told with it, of the bar before; a feed that tells
            the same again, to the last digit, stands still.
        other_low: The lowest one.
    """

    ts: float
    open: float
    high: float
    low: float
    close: float
    volume: float
    after_hole: float
    doubted: float
    other_high: float
    other_low: float


class Good(NamedTuple):
    """The last good bar before it."""

    high: float
    low: float
    close: float


NOTHING_KNOWN = Known(0.0, 0.0, 0.8, 0.3, 0.4, 0.3, 0.4, 0.3)
NOTHING_HELD = Held(NAN, NAN, NAN, NAN, NAN, NAN, 0.0, 0.0, NAN, NAN)
NO_GOOD_ONE = Good(NAN, NAN, NAN)


class Near(NamedTuple):
    """Prices that a bar's own ought to be near to, beside those of the bars around it."""

    open: float
    high: float
    low: float
    close: float


class Found(NamedTuple):
    """How far the bar before lies away from everything near it, a part of the price.

    Attributes:
        wick: Its high or low.
        body: Its open or close, where the bars around it agree.
        whole: All of it.
    """

    wick: float
    body: float
    whole: float


def held_of(bar: Bar, hole: float, doubted: float) -> Held:
    """A bar that is to be judged when the next one has come."""
    prices = bar.open, bar.high, bar.low, bar.close
    return Held(bar.ts, *prices, bar.volume, hole, doubted, bar.other_high, bar.other_low)


def early(known: Known) -> float:
    """How much farther a price may be while little is known."""
    return 1.0 + 45.0 / known.bars


def reach(found: Found) -> float:
    """The farthest of the three."""
    return max(found.wick, found.body, found.whole)


def usual_range(known: Known, past: Past) -> float:
    """The usual range of a bar, a part of the price."""
    return max(known.range, past.tick, SMALLEST)


def credible(usual: float, volume: float, past: Past, holes: float) -> float:
    """How far prices may well go: more after a hole, in a wild hour, or where more was traded."""
    scale = usual * (2.0 if holes > 0.0 else 1.0)
    if past.fast > past.slow > 0.0:
        scale *= (past.fast / past.slow) ** WILD
    return scale * (volume / past.volume) ** BUSY if volume > past.volume > 0.0 else scale


def alone(good: Good) -> Near:
    """Where no other feed speaks: what is near to them anyway."""
    return Near(good.close, good.high, good.low, good.close)


def beside(bar: Bar, feeds: Feeds, linear: int) -> Near:
    """What other feeds told of the bar before, brought to the level of this one."""
    return Near(
        brought_here(bar.other_open, feeds, linear),
        brought_here(bar.other_high, feeds, linear),
        brought_here(bar.other_low, feeds, linear),
        brought_here(bar.other_close, feeds, linear),
    )


def speaks(held: Held, bar: Bar, linear: int) -> bool:
    """Whether other feeds have told the bar before, and do not stand still."""
    still = bar.other_high == held.other_high and bar.other_low == held.other_low
    return has_spoken(bar, held.ts, linear) and not still


def distances(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    held: Held, good: Good, bar: Bar, near: Near, linear: int, usual: float
) -> Found:
    """How far the prices of the bar before lie outside those around it."""
    low, high = min(good.close, bar.open), max(good.close, bar.open)
    agree = apart(low, high, linear) - usual
    inside = body(held, near, low, high, linear)
    return Found(
        wick(held, good, bar, near, linear),
        inside if agree <= 0.5 * inside else 0.0,
        whole(held, near, low, high, linear),
    )


def above(price: float, other: float, linear: int) -> float:
    """How far one price lies above another; 0 when it does not."""
    return apart(price, other, linear) if price > other else 0.0


def wick(held: Held, good: Good, bar: Bar, near: Near, linear: int) -> float:
    """How far a high or a low lies outside everything around it."""
    top = max(held.open, held.close, good.high, bar.high, near.high)
    bottom = min(held.open, held.close, good.low, bar.low, near.low)
    return max(above(held.high, top, linear), above(bottom, held.low, linear))


def body(held: Held, near: Near, low: float, high: float, linear: int) -> float:
    """How far an open or a close lies outside everything around it."""
    return max(
        above(held.close, max(held.open, high, near.close), linear),
        above(min(held.open, low, near.close), held.close, linear),
        above(held.open, max(held.close, high, near.open), linear),
        above(min(held.close, low, near.open), held.open, linear),
    )


def whole(held: Held, near: Near, low: float, high: float, linear: int) -> float:
    """How far all of a bar lies outside what is around it."""
    return max(
        above(min(held.open, held.close), max(high, near.open, near.close), linear),
        above(min(low, near.open, near.close), max(held.open, held.close), linear),
    )


def spike(bar: Bar, good: Good, linear: int) -> float:
    """How far a price within a bar lies outside its close and the bar before."""
    top, bottom = max(bar.close, good.high), min(bar.close, good.low)
    return max(above(bar.high, top, linear), above(bottom, bar.low, linear))


def learnt(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    known: Known,
    held: Held,
    good: Good,
    found: Found,
    doubt: float,
    scale: float,
    told: float,
    usual: float,
    linear: int,
) -> Known:
    """What is known after a bar that was good.

    Args:
        known: What was known before it.
        held: The bar.
        good: The good one before that.
        found: How far its prices lay outside.
        doubt: How far with other feeds beside, in usual ranges; below zero where none has spoken.
        scale: How far they might well lie, a part of the price.
        told: How many bars other feeds have told as well.
        usual: The usual range, a part of the price.
        linear: 1 where prices may be below zero.
    """
    size = apart(max(held.high, good.close), min(held.low, good.close), linear)
    if known.bars > WARM_UP / 2.0:
        size = min(size, CLIP * usual)
    bars = known.bars + 1.0
    wicks = grown(Tail(known.wick, known.wick_by), found.wick / scale, bars)
    bodies = grown(Tail(known.body, known.body_by), max(found.body, found.whole) / scale, bars)
    doubts = Tail(known.doubt, known.doubt_by)
    if told >= WARM_UP and doubt >= 0.0:
        doubts = grown(doubts, doubt, told)
    return Known(
        bars,
        known.range + (size - known.range) * part_of(bars, BARS),
        wicks.quantile,
        wicks.heaviness,
        bodies.quantile,
        bodies.heaviness,
        doubts.quantile,
        doubts.heaviness,
    )
