"""The bar before, held until the next has come: how far its prices lie from everything around them."""

from __future__ import annotations

import math
from typing import NamedTuple

from live.bars.feeds import Feeds, brought_here, has_spoken
from live.bars.moves import SMALLEST, WARM_UP, apart
from live.bars.tail import Tail, grown, part_of
from live.bars.values import NAN, Bar, Past
from live.compiling.seldom import seldom

BARS = 200.0
"""The usual range is one over so many bars."""
HUGE = 1e300
"""Nothing is larger: what overflows must leave no number that is none."""
CLIP = 6.0
"""A range counts for so many usual ones at most in what is usual."""
HOLE = 5.0**0.5
"""After a hole of five bars, by the square root of the time, prices may come from twice as far."""
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
        doubt: Quantile of what other feeds do not have either, in usual distances of the feeds.
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
    """What is known of the bar under judgement, beside its prices.

    Attributes:
        longer: How many times the usual its move may be, as bars before it are missing; 1 where none is.
        doubted: 1 when it was told at once.
    """

    longer: float
    doubted: float


class Good(NamedTuple):
    """The last good bar before it."""

    high: float
    low: float
    close: float


NOTHING_KNOWN = Known(0.0, 0.0, 0.8, 0.3, 0.4, 0.3, 3.0, 0.3)
NOTHING_HELD = Held(1.0, 0.0)
NO_GOOD_ONE = Good(NAN, NAN, NAN)


class Prices(NamedTuple):
    """Prices of a bar, or what they ought to be near to beside those of the bars around it."""

    open: float
    high: float
    low: float
    close: float


class Found(NamedTuple):
    """How far the bar before lies away from everything near it.

    Attributes:
        wick: Its high or low.
        body: Its open or close, where the bars around it agree.
        whole: All of it.
    """

    wick: float
    body: float
    whole: float


NOWHERE = Found(0.0, 0.0, 0.0)


def early(known: Known) -> float:
    """How much farther a price may be while little is known."""
    return 1.0 + 45.0 / known.bars


def reach(found: Found) -> float:
    """The farthest of the three."""
    return max(found.wick, found.body, found.whole)


def usual_range(known: Known, past: Past) -> float:
    """The usual range of a bar, a part of the price."""
    return max(known.range, past.tick, SMALLEST)


@seldom
def credible(usual: float, volume: float, past: Past, longer: float) -> float:
    """How far prices may well go: more after a hole, in a wild hour, or where more was traded."""
    scale = usual * (2.0 if longer > HOLE else 1.0)
    if past.fast > past.slow > 0.0:
        scale *= (past.fast / past.slow) ** WILD
    if volume > past.volume > 0.0:
        scale *= (volume / past.volume) ** BUSY
    return min(scale, HUGE)


def near_by(held: Bar, good: Good, bar: Bar, feeds: Feeds, linear: int) -> Prices:
    """What other feeds told of the bar before, brought to the level of this one.

    A high or low that they tell again, to the last digit, is no news: what was true of it, the bar before it
    has. What they told of that one came with the bar under judgement.
    """
    high = good.high if bar.other_high == held.other_high else brought_here(bar.other_high, feeds, linear)
    low = good.low if bar.other_low == held.other_low else brought_here(bar.other_low, feeds, linear)
    return Prices(
        brought_here(bar.other_open, feeds, linear),
        high,
        low,
        brought_here(bar.other_close, feeds, linear),
    )


def speaks(held: Bar, bar: Bar, linear: int) -> bool:
    """Whether other feeds have told the bar before, and do not stand still."""
    still = bar.other_high == held.other_high and bar.other_low == held.other_low
    return has_spoken(bar, held.ts, linear) and not still


def lowest(held: Bar, good: Good, bar: Bar, linear: int) -> float:
    """No difference is a larger part of a price than of this one; 1 where prices may be below zero."""
    return 1.0 if linear == 1 else min(held.low, good.low, bar.low)


def parts(found: Found, of: float) -> Found:
    """Distances in units of another one."""
    return Found(found.wick / of, found.body / of, found.whole / of)


def of_bar(bar: Bar) -> Prices:
    """Those of a bar."""
    return Prices(bar.open, bar.high, bar.low, bar.close)


def in_logs(prices: Prices) -> Prices:
    """Their logarithms."""
    return Prices(math.log(prices.open), math.log(prices.high), math.log(prices.low), math.log(prices.close))


class Around(NamedTuple):
    """What lies around the bar under judgement: so far its prices may go.

    Attributes:
        low: The lower one of the close before and the open after it.
        high: The higher one.
        bottom: The lowest price near it.
        top: The highest one.
        open_low: The lowest price that its open may have.
        open_high: The highest one.
        close_low: The lowest price that its close may have.
        close_high: The highest one.
    """

    low: float
    high: float
    bottom: float
    top: float
    open_low: float
    open_high: float
    close_low: float
    close_high: float


def alone(good: Good, bar: Prices) -> Around:
    """What is around it where no other feed speaks: the good bar before and the one after."""
    low, high = min(good.close, bar.open), max(good.close, bar.open)
    return Around(low, high, min(good.low, bar.low), max(good.high, bar.high), low, high, low, high)


def beside(around: Around, near: Prices) -> Around:
    """The same with what other feeds told."""
    return Around(
        around.low,
        around.high,
        min(around.bottom, near.low),
        max(around.top, near.high),
        min(around.open_low, near.open),
        max(around.open_high, near.open),
        min(around.close_low, near.close),
        max(around.close_high, near.close),
    )


@seldom
def distances(held: Bar, good: Good, bar: Bar, linear: int, usual: float) -> Found:
    """How far the prices of the bar before lie outside those around it: by their logarithms.

    Where prices may be below zero, by the prices themselves.
    """
    if linear == 1:
        return differences(of_bar(held), alone(good, of_bar(bar)), usual)
    return differences(in_logs(of_bar(held)), alone(logs_of(good), in_logs(of_bar(bar))), usual)


@seldom
def distances_beside(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    held: Bar, good: Good, bar: Bar, near: Prices, linear: int, usual: float
) -> Found:
    """The same where other feeds have told the bar as well."""
    if linear == 1:
        return differences(of_bar(held), beside(alone(good, of_bar(bar)), near), usual)
    around = beside(alone(logs_of(good), in_logs(of_bar(bar))), in_logs(near))
    return differences(in_logs(of_bar(held)), around, usual)


def logs_of(good: Good) -> Good:
    """The logarithms of the good bar."""
    return Good(math.log(good.high), math.log(good.low), math.log(good.close))


def differences(held: Prices, around: Around, usual: float) -> Found:
    """How far numbers lie outside those around them; by `usual` the bars around may disagree at any rate."""
    inside = body(held, around)
    agree = around.high - around.low <= 0.5 * inside + usual
    return Found(wick(held, around), inside if agree else 0.0, whole(held, around))


def wick(held: Prices, around: Around) -> float:
    """How far a high or a low lies outside everything around it."""
    top = max(held.open, held.close, around.top)
    bottom = min(held.open, held.close, around.bottom)
    return max(held.high - top, bottom - held.low, 0.0)


def body(held: Prices, around: Around) -> float:
    """How far an open or a close lies outside everything around it."""
    return max(
        held.close - max(held.open, around.close_high),
        min(held.open, around.close_low) - held.close,
        held.open - max(held.close, around.open_high),
        min(held.close, around.open_low) - held.open,
        0.0,
    )


def whole(held: Prices, around: Around) -> float:
    """How far all of a bar lies outside what is around it."""
    return max(
        min(held.open, held.close) - max(around.open_high, around.close_high),
        min(around.open_low, around.close_low) - max(held.open, held.close),
        0.0,
    )


@seldom
def spike(bar: Bar, good: Good, linear: int) -> float:
    """How far a price within a bar lies outside its close and the bar before."""
    top, bottom = max(bar.close, good.high), min(bar.close, good.low)
    if linear == 1:
        return max(bar.high - top, bottom - bar.low, 0.0)
    return max(math.log(bar.high) - math.log(top), math.log(bottom) - math.log(bar.low), 0.0)


def learnt(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    known: Known,
    held: Bar,
    good: Good,
    score: Found,
    doubt: float,
    told: float,
    usual: float,
    linear: int,
) -> Known:
    """What is known after a bar that was good.

    Args:
        known: What was known before it.
        held: The bar.
        good: The good one before that.
        score: How far its prices lay outside, in usual ranges.
        doubt: How far with other feeds beside, in usual distances of these; below zero where none has spoken.
        told: How many bars other feeds have told as well.
        usual: The usual range, a part of the price.
        linear: 1 where prices may be below zero.
    """
    size = apart(max(held.high, good.close), min(held.low, good.close), linear)
    size = min(max(size, SMALLEST), HUGE)
    if known.bars > WARM_UP / 2.0:
        size = min(size, CLIP * usual)
    bars = known.bars + 1.0
    wicks = grown(Tail(known.wick, known.wick_by), score.wick, bars)
    bodies = grown(Tail(known.body, known.body_by), max(score.body, score.whole), bars)
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
