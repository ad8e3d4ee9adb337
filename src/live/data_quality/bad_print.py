"""A price that was never traded: far away from all around it, and gone at the next bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import WARM_UP, least_score, usual_move
from live.bars.prints import (
    AT_FIRST,
    LONG,
    Found,
    Seen,
    after,
    alone,
    beside,
    credible,
    distances,
    doubted,
    early,
    feeds_after,
    learnt,
    reach,
    speaks,
    spike,
    usual_range,
)
from live.bars.tail import Tail, once_in
from live.bars.values import NOTHING, QUIET, RAISED, REVERTED, WITHDRAWN, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event

TICKS = 3.5
"""What is fewer ticks away is no false price."""
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
    seen, linear = Seen(*own), move.linear
    hole = 1.0 if move.usual > usual_move(past) * LONG**0.5 else 0.0
    if seen.bars == 0.0:
        return after(seen, bar, feeds_after(seen, bar, 0, linear), hole), QUIET
    usual, scale = usual_range(seen, past), credible(seen, past, hole)
    found, doubt = distances(seen, bar, alone(seen), linear, usual), -1.0
    if speaks(seen, bar, linear):
        doubt = reach(distances(seen, bar, beside(seen, bar, linear), linear, usual)) / scale
    said = judged(seen, past, move, found, doubt, scale, limits)
    is_good = 0 if said.what == RAISED else 1
    if seen.doubted == 1.0:
        said = Said(WITHDRAWN, reach(found) / scale, limits[1], seen.ts) if is_good == 1 else QUIET
    feeds = feeds_after(seen, bar, is_good, linear)
    if is_good == 1:
        seen = learnt(seen, found, doubt, scale, usual, linear)
    seen = after(seen, bar, feeds, hole)
    if said.what == NOTHING:
        said = at_once(seen, past, limits, linear)
        if said.what == RAISED:
            seen = doubted(seen)
    return seen, said


def judged(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    seen: Seen,
    past: Past,
    move: Move,
    found: Found,
    doubt: float,
    scale: float,
    limits: tuple[float, ...],
) -> Said:
    """What the bar after it shows the bar before to be; `doubt` is below zero where no other feed speaks."""
    said = QUIET
    if seen.bars >= WARM_UP and past.tick > 0.0 and reach(found) > TICKS * past.tick:
        said = by_tail(seen, found, scale, limits)
    if move.settled == REVERTED:
        said = Said(RAISED, move.was_score, least_score(past), seen.ts)
    if doubt >= 0.0 and seen.told >= WARM_UP:
        said = by_others(seen, doubt, scale, said, limits)
    return said


def at_once(seen: Seen, past: Past, limits: tuple[float, ...], linear: int) -> Said:
    """Whether a price within a bar is so far away that nobody should wait for the next one."""
    distance = spike(seen, linear)
    if seen.bars < WARM_UP or past.tick == 0.0 or distance <= TICKS * past.tick:
        return QUIET
    odds, least = limits
    bound = AT_ONCE * early(seen) * max(least, once_in(Tail(seen.wick, seen.wick_by), odds))
    score = distance / credible(seen, past, 0.0)
    return Said(RAISED, score, bound, seen.ts) if score > bound else QUIET


def by_tail(seen: Seen, found: Found, scale: float, limits: tuple[float, ...]) -> Said:
    """Whether a distance is one that the series itself does not bring."""
    odds, least = limits
    inside = once_in(Tail(seen.body, seen.body_by), 2.0 * odds)
    bounds = (
        early(seen) * max(least, once_in(Tail(seen.wick, seen.wick_by), odds)),
        early(seen) * max(0.88 * least, inside),
        early(seen) * max(0.8 * least, inside),
    )
    for distance, bound in zip(found, bounds):  # noqa: B905 - numba knows no strict
        if distance / scale > bound:
            return Said(RAISED, distance / scale, bound, seen.ts)
    return QUIET


def by_others(seen: Seen, doubt: float, scale: float, said: Said, limits: tuple[float, ...]) -> Said:
    """What is to be said when other feeds have told the bar as well: they confirm, propose or excuse."""
    usually = APART * seen.spread / scale
    bound = early(seen) * max(TWO, once_in(Tail(seen.doubt, seen.doubt_by), 2.0 * limits[0]))
    if doubt > usually and doubt > bound:
        return Said(RAISED, doubt, max(bound, usually), seen.ts)
    return QUIET if usually < 3.0 and doubt < 1.0 else said


class BadPrint(CandleKind):
    """A price that was never traded: far away from all around it, and gone at the next bar."""

    name = "bad_print"
    codes = ("CANDLE_BAD_PRINT",)
    Config: ClassVar[type[BadPrintConfig]] = BadPrintConfig
    config: BadPrintConfig
    sensitivity = ("least_ranges", "odds")
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = tuple(AT_FIRST)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        gone = "that was gone at the next bar; " if event.at > event.ts else "within a bar; "
        return f"a price {event.value:.3g} usual ranges away {gone}{event.bound:.3g} are credible"
