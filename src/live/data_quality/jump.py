"""A price so far away that nobody should act on it before the next bar has told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.feeds import Feeds, brought_here, has_spoken
from live.bars.kind import Stage
from live.bars.moves import WARM_UP, apart, score_of
from live.bars.values import NAN, QUIET, RAISED, REVERTED, STAYED, WITHDRAWN, Bar, Move, Past, Said
from live.compiling.seldom import seldom
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event

SHORT = 0.1
"""Another feed has gone there too when it falls short by no more than this part of the way."""


@dataclass(frozen=True, slots=True)
class JumpConfig(PositiveKeys):
    """`[live_data.jump]`.

    Attributes:
        at_once_moves: A bar so many usual moves away is told before the next one settles it.
    """

    at_once_moves: float = 25.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether this bar is too far away to wait; and what the next one makes of it."""
    (moves,) = limits
    told, heard, other = own
    if told == 1.0 and (move.settled == STAYED or is_confirmed(bar, past, move, heard, other)):
        told, said = 0.0, Said(WITHDRAWN, move.was_score, moves, move.was_ts)
    elif move.is_suspect == 1 and score_of(move) >= moves:
        told, said = 1.0, Said(RAISED, score_of(move), moves, bar.ts)
    else:
        told, said = 0.0, QUIET
    if has_spoken(bar, bar.other_ts, move.linear):
        heard, other = heard + 1.0, bar.other_close
    return (told, heard, other), said


@seldom
def is_confirmed(bar: Bar, past: Past, move: Move, heard: float, other: float) -> bool:
    """Whether other feeds have moved there as well, though prices are back: such a price was traded."""
    if move.settled != REVERTED or heard < WARM_UP or not has_spoken(bar, move.was_ts, move.linear):
        return False
    basis = past.close - other if move.linear == 1 else past.close / other - 1.0
    there = brought_here(bar.other_close, Feeds(heard, basis, 0.0), move.linear)
    short = apart(there, past.suspect, move.linear)
    return short <= SHORT * apart(past.suspect, past.close, move.linear)


class Jump(CandleKind):
    """A price so far away that nobody should act on it before the next bar has told."""

    name = "jump"
    codes = ("CANDLE_SUSPECT",)
    Config: ClassVar[type[JumpConfig]] = JumpConfig
    config: JumpConfig
    sensitivity = ("at_once_moves",)
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = (0.0, 0.0, NAN)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return (
            f"{event.value:.3g} usual moves away from the bar before; {event.bound:.3g} are credible at once"
        )
