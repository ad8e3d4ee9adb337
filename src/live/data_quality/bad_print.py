"""A price that was never traded: far away for one bar, or a spike within one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import WARM_UP, WEAK, apart, least_distance, least_score, usual_move
from live.bars.values import QUIET, RAISED, REVERTED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


@dataclass(frozen=True, slots=True)
class BadPrintConfig(PositiveKeys):
    """`[live_data.bad_print]`.

    Attributes:
        spike_moves: A spike within a bar is false from so many usual moves on.
        open_moves: So is an open that the bar comes back from, where opens lie at the close before; up to two
            more where they do not.
    """

    spike_moves: float = 4.5
    open_moves: float = 4.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether the bar before was far away and this one is back, or this one went and came back itself.

    Within a bar a spike is measured against what else moved: a market that really goes so far moves its other
    prices too, and trades more, by the square of the distance (P. K. Clark, "A subordinated stochastic
    process model", Econometrica, 1973).
    """
    spike, opens = limits
    if move.settled == REVERTED:
        return own, Said(RAISED, move.was_score, least_score(past), move.was_ts)
    if past.seen < WARM_UP or past.tick == 0.0:
        return own, QUIET
    linear = move.linear
    top = max(bar.open, bar.close, move.reference)
    bottom = min(bar.open, bar.close, move.reference)
    above, below = apart(max(bar.high, top), top, linear), apart(bottom, min(bar.low, bottom), linear)
    rest = apart(top, bottom, linear) + min(above, below)
    busy = bar.volume / past.volume if bar.volume > past.volume > 0.0 else 1.0
    away, credible = max(above, below), move.usual * move.usual * busy + rest * rest
    if away * away >= spike * spike * credible:
        return own, Said(RAISED, away / math.sqrt(credible), spike, bar.ts)
    opened = apart(bar.open, move.reference, linear)
    least = least_distance(past, move.usual, opens)
    if move.usual > usual_move(past):
        least *= WEAK  # bars between are missing, so it may have come from far
    if opened >= least and apart(bar.close, move.reference, linear) < 0.5 * opened:
        return own, Said(RAISED, opened / move.usual, least / move.usual, bar.ts)
    return own, QUIET


class BadPrint(CandleKind):
    """A price that was never traded: far away for one bar, or a spike within one."""

    name = "bad_print"
    codes = ("CANDLE_BAD_PRINT",)
    Config: ClassVar[type[BadPrintConfig]] = BadPrintConfig
    config: BadPrintConfig
    sensitivity = ("spike_moves", "open_moves")
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"a price {event.value:.3g} usual moves away that came back; {event.bound:.3g} are credible"
