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
    early,
    feeds_after,
    learnt,
    reach,
    speaks,
    usual_range,
)
from live.bars.tail import Tail, once_in
from live.bars.values import QUIET, RAISED, REVERTED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event

TICKS = 3.5
"""What is fewer ticks away is no false price."""
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
    found = distances(seen, bar, alone(seen), linear, usual)
    told, doubt = speaks(seen, bar, linear), -1.0
    if told:
        doubt = reach(distances(seen, bar, beside(seen, bar, linear), linear, usual)) / scale
    said = QUIET
    if seen.bars >= WARM_UP and past.tick > 0.0 and reach(found) > TICKS * past.tick:
        said = by_tail(seen, found, scale, limits)
    if move.settled == REVERTED:
        said = Said(RAISED, move.was_score, least_score(past), seen.ts)
    if told and seen.told >= WARM_UP:
        said = by_others(seen, doubt, scale, said, limits)
    is_good = 0 if said.what == RAISED else 1
    feeds = feeds_after(seen, bar, is_good, linear)
    if is_good == 1:
        seen = learnt(seen, found, doubt, scale, usual, linear)
    return after(seen, bar, feeds, hole), said


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
        return (
            f"a price {event.value:.3g} usual ranges away that was gone at the next bar; "
            f"{event.bound:.3g} are credible"
        )
