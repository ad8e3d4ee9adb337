"""Two feeds of one market that tell different prices, and stay apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.feeds import TOGETHER, Feeds, compared, difference, has_spoken
from live.bars.kind import Stage
from live.bars.moves import WARM_UP, usual_move
from live.bars.values import QUIET, RAISED, RESOLVED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event

BARS = 3.0
"""So many bars in a row: one alone is a false price, which is told as that, or two prices that cross."""


@dataclass(frozen=True, slots=True)
class DivergenceConfig(PositiveKeys):
    """`[live_data.divergence]`.

    Attributes:
        spreads: Feeds have parted when they are so many times farther apart than they usually are.
        moves: They have not when they are fewer usual moves of a bar apart.
    """

    spreads: float = 8.0
    moves: float = 2.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether other feeds have closed somewhere else for three bars in a row, and are together for three.

    While they are apart nothing is learnt of what is usual between them, and together is what was so when
    they parted. A bar of which they tell nothing is neither.
    """
    spreads, moves = limits
    told, basis, spread, ts, close, run, kept = own
    feeds, linear = Feeds(told, basis, spread), move.linear
    if not has_spoken(bar, ts, linear):
        return (told, basis, spread, bar.ts, bar.close, run, kept), QUIET
    beyond = difference(close, bar.other_close, feeds, linear)
    raised, bound = 1.0 if kept > 0.0 else 0.0, max(spreads * spread, moves * usual_move(past))
    if raised == 1.0:
        bound = min(bound, kept)  # what is usual grows with a feed that is wrong
    parted = 1.0 if told >= WARM_UP and abs(beyond) > bound else 0.0
    if parted == 0.0:
        feeds = compared(feeds, beyond)
    run = run + 1.0 if parted != raised else 0.0
    said = QUIET
    if run >= BARS:
        what = RAISED if parted == 1.0 else RESOLVED
        said, run, kept = Said(what, 100.0 * abs(beyond), 100.0 * bound, ts), 0.0, parted * bound
    return (feeds.told, feeds.basis, feeds.spread, bar.ts, bar.close, run, kept), said


class Divergence(CandleKind):
    """Two feeds of one market that tell different prices, and stay apart."""

    name = "divergence"
    codes = ("DATA_DIVERGENCE",)
    Config: ClassVar[type[DivergenceConfig]] = DivergenceConfig
    config: DivergenceConfig
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = (*TOGETHER, float("nan"), float("nan"), 0.0, 0.0)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers; where prices may be below zero they are hundredths of the quote currency."""
        return (
            f"closes lie {event.value:.3g} % beyond their usual distance from other feeds for 3 bars; "
            f"{event.bound:.3g} % are credible, and one of them is wrong"
        )
