"""The bar before, held until the next has come: how far its prices lie from everything around them."""

from __future__ import annotations

from typing import NamedTuple

from live.bars.feeds import Feeds, brought_here, compared, difference, has_spoken
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
LONG = 5.0
"""After a hole of more bars prices may come from twice as far."""


class Seen(NamedTuple):
    """What the kind holds between two bars.

    Attributes:
        bars: How many good bars there were.
        usual: Usual range of a bar, of the close before it too; a part of the price.
        high: Highest price of the last good bar before the one under judgement.
        low: Its lowest.
        close: Its last.
        ts: Instant of the bar under judgement.
        open_: Its first price.
        highest: Its highest.
        lowest: Its lowest.
        last: Its last.
        volume: Its volume.
        after_hole: 1 when bars before it are missing.
        doubted: 1 when it was told at once.
        wick: Quantile of spikes within bars.
        wick_by: Heaviness of their tail.
        body: Quantile of false opens and closes.
        body_by: Heaviness of theirs.
        doubt: Quantile of what other feeds do not have either.
        doubt_by: Heaviness of its tail.
        told: How many bars other feeds have told as well; see `Feeds`.
        basis: How far they usually lie away.
        spread: How far from that.
        other_high: The last highest price they told; one that is told again, to the last digit, is of
            a feed that stands still.
        other_low: The last lowest one.
    """

    bars: float
    usual: float
    high: float
    low: float
    close: float
    ts: float
    open_: float
    highest: float
    lowest: float
    last: float
    volume: float
    after_hole: float
    doubted: float
    wick: float
    wick_by: float
    body: float
    body_by: float
    doubt: float
    doubt_by: float
    told: float
    basis: float
    spread: float
    other_high: float
    other_low: float


AT_FIRST = Seen(
    0.0, 0.0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0.0, 0.0,
    0.8, 0.3, 0.4, 0.3, 0.4, 0.3, 0.0, 0.0, 0.0, NAN, NAN,
)  # fmt: skip


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


def early(seen: Seen) -> float:
    """How much farther a price may be while little is known."""
    return 1.0 + 45.0 / seen.bars


def reach(found: Found) -> float:
    """The farthest of the three."""
    return max(found.wick, found.body, found.whole)


def usual_range(seen: Seen, past: Past) -> float:
    """The usual range of a bar, a part of the price."""
    return max(seen.usual, past.tick, SMALLEST)


def credible(seen: Seen, past: Past, hole: float) -> float:
    """How far the prices of the bar before may well go: more after a hole, in a wild hour, or traded more."""
    scale = usual_range(seen, past) * (2.0 if hole + seen.after_hole > 0.0 else 1.0)
    if past.fast > past.slow > 0.0:
        scale *= (past.fast / past.slow) ** WILD
    return scale * (seen.volume / past.volume) ** BUSY if seen.volume > past.volume > 0.0 else scale


def alone(seen: Seen) -> Near:
    """Where no other feed speaks: what is near to them anyway."""
    return Near(seen.close, seen.high, seen.low, seen.close)


def beside(seen: Seen, bar: Bar, linear: int) -> Near:
    """What other feeds told of the bar before, brought to the level of this one."""
    feeds = Feeds(seen.told, seen.basis, seen.spread)
    return Near(
        brought_here(bar.other_open, feeds, linear),
        brought_here(bar.other_high, feeds, linear),
        brought_here(bar.other_low, feeds, linear),
        brought_here(bar.other_close, feeds, linear),
    )


def speaks(seen: Seen, bar: Bar, linear: int) -> bool:
    """Whether other feeds have told the bar before, and do not stand still."""
    still = bar.other_high == seen.other_high and bar.other_low == seen.other_low
    return has_spoken(bar, seen.ts, linear) and not still


def distances(seen: Seen, bar: Bar, near: Near, linear: int, usual: float) -> Found:
    """How far the prices of the bar before lie outside those around it."""
    return Found(
        wick(seen, bar, near, linear), body(seen, bar, near, linear, usual), whole(seen, bar, near, linear)
    )


def above(price: float, other: float, linear: int) -> float:
    """How far one price lies above another; 0 when it does not."""
    return apart(price, other, linear) if price > other else 0.0


def wick(seen: Seen, bar: Bar, near: Near, linear: int) -> float:
    """How far a high or a low lies outside everything around it."""
    top = max(seen.open_, seen.last, seen.high, bar.high, near.high)
    bottom = min(seen.open_, seen.last, seen.low, bar.low, near.low)
    return max(above(seen.highest, top, linear), above(bottom, seen.lowest, linear))


def body(seen: Seen, bar: Bar, near: Near, linear: int, usual: float) -> float:
    """How far an open or a close lies outside everything around it, where the bars around it agree."""
    low, high = min(seen.close, bar.open), max(seen.close, bar.open)
    most = max(
        above(seen.last, max(seen.open_, high, near.close), linear),
        above(min(seen.open_, low, near.close), seen.last, linear),
        above(seen.open_, max(seen.last, high, near.open), linear),
        above(min(seen.last, low, near.open), seen.open_, linear),
    )
    return most if apart(low, high, linear) <= 0.5 * most + usual else 0.0


def whole(seen: Seen, bar: Bar, near: Near, linear: int) -> float:
    """How far all of a bar lies outside what is around it."""
    low, high = min(seen.close, bar.open), max(seen.close, bar.open)
    return max(
        above(min(seen.open_, seen.last), max(high, near.open, near.close), linear),
        above(min(low, near.open, near.close), max(seen.open_, seen.last), linear),
    )


def spike(seen: Seen, linear: int) -> float:
    """How far a price within the bar under judgement lies outside its close and the bar before."""
    top, bottom = max(seen.last, seen.high), min(seen.last, seen.low)
    return max(above(seen.highest, top, linear), above(bottom, seen.lowest, linear))


def learnt(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    seen: Seen, found: Found, doubt: float, scale: float, usual: float, linear: int
) -> Seen:
    """What is usual after a bar that was good, and now stands before the next."""
    size = apart(max(seen.highest, seen.close), min(seen.lowest, seen.close), linear)
    if seen.bars > WARM_UP / 2.0:
        size = min(size, CLIP * usual)
    bars = seen.bars + 1.0
    wicks = grown(Tail(seen.wick, seen.wick_by), found.wick / scale, bars)
    bodies = grown(Tail(seen.body, seen.body_by), max(found.body, found.whole) / scale, bars)
    doubts = Tail(seen.doubt, seen.doubt_by)
    if seen.told >= WARM_UP and doubt >= 0.0:
        doubts = grown(doubts, doubt, seen.told)
    return Seen(
        bars, seen.usual + (size - seen.usual) * part_of(bars, BARS), seen.highest, seen.lowest, seen.last,
        seen.ts, seen.open_, seen.highest, seen.lowest, seen.last, seen.volume, seen.after_hole, seen.doubted,
        wicks.quantile, wicks.heaviness, bodies.quantile, bodies.heaviness,
        doubts.quantile, doubts.heaviness,
        seen.told, seen.basis, seen.spread, seen.other_high, seen.other_low,
    )  # fmt: skip


def after(seen: Seen, bar: Bar, feeds: Feeds, hole: float) -> Seen:
    """The next bar under judgement; where there was none yet it is good."""
    first = seen.bars == 0.0
    return Seen(
        1.0 if first else seen.bars, seen.usual,
        bar.high if first else seen.high, bar.low if first else seen.low, bar.close if first else seen.close,
        bar.ts, bar.open, bar.high, bar.low, bar.close, bar.volume, hole, 0.0,
        seen.wick, seen.wick_by, seen.body, seen.body_by, seen.doubt, seen.doubt_by,
        feeds.told, feeds.basis, feeds.spread, bar.other_high, bar.other_low,
    )  # fmt: skip


def doubted(seen: Seen) -> Seen:
    """The same bar, told at once."""
    return Seen(
        seen.bars, seen.usual, seen.high, seen.low, seen.close,
        seen.ts, seen.open_, seen.highest, seen.lowest, seen.last, seen.volume, seen.after_hole, 1.0,
        seen.wick, seen.wick_by, seen.body, seen.body_by, seen.doubt, seen.doubt_by,
        seen.told, seen.basis, seen.spread, seen.other_high, seen.other_low,
    )  # fmt: skip


def feeds_after(seen: Seen, bar: Bar, is_good: int, linear: int) -> Feeds:
    """How the feeds stand to each other after the bar before, when it was good and both told it."""
    feeds = Feeds(seen.told, seen.basis, seen.spread)
    if is_good == 0 or not speaks(seen, bar, linear):
        return feeds
    return compared(feeds, difference(seen.last, bar.other_close, feeds, linear))
