"""Fewer feeds than agreed upon tell the bars of a series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.values import QUIET, RAISED, RESOLVED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


@dataclass(frozen=True, slots=True)
class QuorumConfig(PositiveKeys):
    """`[live_data.quorum]`; where a series has one feed only it says nothing.

    Attributes:
        feeds: So many feeds have to tell a bar, this one included.
        bars: When fewer tell so many bars in a row, that is told.
    """

    feeds: int = 2
    bars: int = 3


def look(
    bar: Bar,
    past: Past,
    move: Move,
    limits: tuple[float, ...],
    own: tuple[float, ...],
) -> tuple[tuple[float, ...], Said]:
    """Whether too few feeds have told the bars before, for so long; and enough again."""
    feeds, bars = limits
    run, raised = own
    if not bar.others >= 0.0:
        return own, QUIET
    count = 1.0 + bar.others
    if count >= feeds:
        return (0.0, 0.0), Said(RESOLVED, count, feeds, past.newest) if raised == 1.0 else QUIET
    run += 1.0
    low = run >= bars and raised == 0.0
    said = Said(RAISED, count, feeds, past.newest) if low else QUIET
    return (run, 1.0 if low else raised), said


class Quorum(CandleKind):
    """Fewer feeds than agreed upon tell the bars of a series."""

    name = "quorum"
    codes = ("DATA_QUORUM",)
    Config: ClassVar[type[QuorumConfig]] = QuorumConfig
    config: QuorumConfig
    stage = Stage.NUMBERS
    level = AlertLevel.WARNING
    start = (0.0, 0.0)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"{event.value:.0f} feed tells it, and {event.bound:.0f} have to; nobody can contradict it"
