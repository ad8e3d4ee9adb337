"""A price that was never traded: far away from all around it, and gone at the next bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.feeds import TOGETHER, Feeds, compared, difference
from live.bars.kind import Stage
from live.bars.moves import SMALLEST, WARM_UP, least_score
from live.bars.prints import (
    NO_GOOD_ONE,
    NOTHING_HELD,
    NOTHING_KNOWN,
    NOWHERE,
    Found,
    Good,
    Held,
    Known,
    alone,
    credible,
    differences,
    distances,
    distances_beside,
    early,
    learnt,
    lowest,
    near_by,
    of_bar,
    parts,
    reach,
    speaks,
    spike,
    usual_range,
)
from live.bars.tail import Tail, once_in
from live.bars.values import NOTHING, QUIET, RAISED, REVERTED, WITHDRAWN, Bar, Move, Past, Said
from live.compiling.seldom import seldom, unlikely
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event

TICKS = 3.5
"""What is fewer ticks away is no false price."""
NEVER = 0.8
"""What is fewer than that many of `least_ranges` away is never false."""
AT_ONCE = 10.0
"""What is so many times farther away than is credible is told before the next bar has come."""
TWO = 0.6
"""What another feed does not have either is false at such a part of a usual range, at the least."""
APART = 6.0
"""Nor is a price false when it is fewer times farther from the other feed than the feeds usually are."""


@dataclass(frozen=True, slots=True)
class BadPrintConfig(PositiveKeys):
    """`[live_data.bad_print]`.

    Attributes:
        odds: A price is false when the series' own tail brings one so far away less often than once in so
            many bars.
        least_ranges: It is never false when it is fewer usual ranges of a bar away.
    """

    odds: float = 3_000.0
    least_ranges: float = 2.5


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether the bar before had a price that nothing around it comes near, and this bar has none of it.

    Distances are in usual ranges, and how far is too far is told by the series' own tail. What another feed
    has traded as well is true; what it has not is false at a smaller distance.
    """
    known, state, good, feeds = Known(*own[:8]), Held(own[8], own[9]), Good(*own[10:13]), Feeds(*own[13:])
    held, linear = move.last, move.linear
    if unlikely(known.bars == 0.0):
        known, good = learnt_first(known), Good(bar.high, bar.low, bar.close)
        return known[:] + Held(move.longer, 0.0)[:] + good[:] + feeds[:], QUIET
    usual, told, score, doubt, noise, said = (
        usual_range(known, past),
        speaks(held, bar, linear),
        NOWHERE,
        -1.0,
        1.0,
        QUIET,
    )
    unit = usual * lowest(held, good, bar, linear)
    least = unit * min(known.wick, known.body, NEVER * limits[1])
    far = reach(differences(of_bar(held), alone(good, of_bar(bar)), unit))
    if unlikely(told or move.settled == REVERTED or far > least):  # less is a smaller part, and quiet
        scale = credible(usual, held.volume, past, max(move.longer, state.longer))
        found = distances(held, good, bar, linear, usual)
        score = parts(found, scale)
        if told:
            near = near_by(held, good, bar, feeds, linear)
            doubt = reach(distances_beside(held, good, bar, near, linear, usual)) / scale
            noise = max(feeds.spread, SMALLEST) / usual
        coarse = 0 if past.tick > 0.0 and reach(found) > TICKS * past.tick else 1
        said = judged(known, held, feeds, past, move, score, doubt, noise, coarse, limits)
    is_good = said.what != RAISED
    if unlikely(state.doubted == 1.0):
        said = Said(WITHDRAWN, reach(score), limits[1], held.ts) if is_good else QUIET
    if is_good:
        known = learnt(known, held, good, score, doubt / noise, feeds.told, usual, linear)
        good = Good(held.high, held.low, held.close)
        if told:
            feeds = compared(feeds, difference(held.close, bar.other_close, feeds, linear))
    if said.what == NOTHING:
        said = at_once(known, good, bar, past, limits, linear, move.longer)
    return known[:] + Held(move.longer, doubted(said, bar))[:] + good[:] + feeds[:], said


@seldom
def learnt_first(known: Known) -> Known:
    """What is known after the first bar: that there was one."""
    return Known(
        1.0, known.range, known.wick, known.wick_by, known.body, known.body_by, known.doubt, known.doubt_by
    )  # fmt: skip


def doubted(said: Said, bar: Bar) -> float:
    """1 when a bar is told as it comes."""
    return 1.0 if said.what == RAISED and said.ts == bar.ts else 0.0


@seldom
def judged(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    known: Known,
    held: Bar,
    feeds: Feeds,
    past: Past,
    move: Move,
    score: Found,
    doubt: float,
    noise: float,
    coarse: int,
    limits: tuple[float, ...],
) -> Said:
    """What the bar after it shows the bar before to be; `doubt` is below zero where no other feed speaks."""
    said = by_tail(known, held.ts, score, limits) if known.bars >= WARM_UP and coarse == 0 else QUIET
    if move.settled == REVERTED and came_far(known, move, score, limits):
        said = Said(RAISED, move.was_score, least_score(past), held.ts)
    if doubt >= 0.0 and feeds.told >= WARM_UP:
        said = by_others(known, held.ts, noise, doubt, said, limits)
    return said


def came_far(known: Known, move: Move, score: Found, limits: tuple[float, ...]) -> bool:
    """Whether one bar in a hundred comes back from so far at the most; what was told at once is settled."""
    unusual = max(score.body, score.whole) > known.body
    return unusual or known.bars < WARM_UP or move.was_score >= limits[2]


def at_once(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    known: Known, good: Good, bar: Bar, past: Past, limits: tuple[float, ...], linear: int, longer: float
) -> Said:
    """Whether a price within a bar is so far away that nobody should wait for the next one."""
    if known.bars < WARM_UP or past.tick == 0.0:
        return QUIET
    usual = usual_range(known, past)
    if bar.high - bar.low <= AT_ONCE * limits[1] * usual * (1.0 if linear == 1 else bar.low):
        return QUIET  # by the least bound that there is
    return far_within(known, good, bar, past, limits, linear, longer)


@seldom
def far_within(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    known: Known, good: Good, bar: Bar, past: Past, limits: tuple[float, ...], linear: int, longer: float
) -> Said:
    """The same of a bar whose high and low are far apart."""
    odds, least, usual = limits[0], limits[1], usual_range(known, past)
    distance = spike(bar, good, linear)
    if distance <= TICKS * past.tick:
        return QUIET
    bound = AT_ONCE * early(known) * max(least, once_in(Tail(known.wick, known.wick_by), odds))
    score = distance / credible(usual, bar.volume, past, longer)
    return Said(RAISED, score, bound, bar.ts) if score > bound else QUIET


def by_tail(known: Known, ts: float, score: Found, limits: tuple[float, ...]) -> Said:
    """Whether a distance is one that the series itself does not bring."""
    odds, least = limits[0], limits[1]
    if reach(score) <= NEVER * least:
        return QUIET
    inside = once_in(Tail(known.body, known.body_by), 2.0 * odds)
    bounds = (
        early(known) * max(least, once_in(Tail(known.wick, known.wick_by), odds)),
        early(known) * max(0.88 * least, inside),
        early(known) * max(NEVER * least, inside),
    )
    for one, bound in zip(score, bounds):  # noqa: B905 - numba knows no strict
        if one > bound:
            return Said(RAISED, one, bound, ts)
    return QUIET


def by_others(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    known: Known,
    ts: float,
    noise: float,
    doubt: float,
    said: Said,
    limits: tuple[float, ...],
) -> Said:
    """What is to be said when other feeds have told the bar as well: they confirm, propose or excuse.

    How far from them is too far is told by how far they usually are, `noise`, and by the tail of that.
    """
    tail = early(known) * once_in(Tail(known.doubt, known.doubt_by), 2.0 * limits[0])
    bound = max(TWO, noise * max(APART, tail))
    if doubt > bound:
        return Said(RAISED, doubt, bound, ts)
    return QUIET if APART * noise < 3.0 and doubt < 1.0 else said


class BadPrint(CandleKind):
    """A price that was never traded: far away from all around it, and gone at the next bar."""

    name = "bad_print"
    codes = ("CANDLE_BAD_PRINT",)
    Config: ClassVar[type[BadPrintConfig]] = BadPrintConfig
    config: BadPrintConfig
    reads = ("jump.at_once_moves",)
    sensitivity = ("least_ranges", "odds")
    stage = Stage.PRICES
    takes_back = True
    level = AlertLevel.CRITICAL
    start = (*NOTHING_KNOWN, *NOTHING_HELD, *NO_GOOD_ONE, *TOGETHER)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers, as parts of what is usual: ranges of a bar or, where prices went back, moves."""
        gone = "that was gone at the next bar" if event.at > event.ts else "within a bar"
        far = f"a price {event.value:.3g} times as far away as usual {gone}"
        return f"{far}; {event.bound:.3g} times is credible"
