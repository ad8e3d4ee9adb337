"""What volumes have been: the usual one, the last ones, how far single ones lie from both, and on which side.

No logarithm is taken of a quiet bar: the usual volume and the tails are followed by steps (`live.bars.tail`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from live.bars.moves import WARM_UP
from live.bars.tail import Tail, grown
from live.bars.values import FAINT, NAN, Bar, Move
from live.compiling.seldom import seldom, unlikely

QUICK = 8.0
"""The quick memory holds so many bars, and one counts in it for so many times what it holds at most."""
QUICK_PART = 1.0 / QUICK
SETTLED = 50.0
"""The level moves by the reciprocal of so many bars at each, and by that of their number at first."""
UP, DOWN = 1.0 + 1.0 / SETTLED, 1.0 / (1.0 + 1.0 / SETTLED)
FADES, AGAIN = 0.9999, 2.0
"""Another level is remembered as so many times farther, and a little less at each bar."""
EMPTY_PART = 1.0 / 200.0
"""So much a bar counts in the share of empty ones."""
ASLEEP, AWAKE = 500.0, 3000.0
"""A bar with neither move nor volume is unusual after so many bars without one: at first, and later."""


class Usual(NamedTuple):
    """What is usual.

    Attributes:
        bars: How many bars have told.
        level: The volume that half of them exceed.
        quick: Mean volume of the last few.
        high: Quantile of how many times a volume is what is around it (`Tail`).
        high_by: Heaviness of that tail.
        shift: How far it went to another level, twofold: a nearer one is no news. `known_shift` lets it fade.
    """

    bars: float
    level: float
    quick: float
    high: float
    high_by: float
    shift: float


class Held(NamedTuple):
    """The newest bar, which the next one judges.

    Attributes:
        volume: 0 before the first.
        ts: Its instant.
        moved: How many times its move is the usual one; 1 at the least.
    """

    volume: float
    ts: float
    moved: float


class Empty(NamedTuple):
    """Bars without volume.

    Attributes:
        share: Share of bars that moved and had none.
        wakes: In how many bars one that did not move either would be unusual.
    """

    share: float
    wakes: float


class Run(NamedTuple):
    """Bars that lie on one side of the level.

    Attributes:
        length: How many more than not; below zero on the lower side.
        ts: Instant of the first.
        mean: Mean volume since.
        bars: How many came since.
    """

    length: float
    ts: float
    mean: float
    bars: float


NO_RUN = Run(0.0, NAN, 0.0, 0.0)
AT_FIRST = (
    *Usual(0.0, 0.0, 0.0, 3.0, 0.3, 0.0),
    *Held(0.0, NAN, 1.0),
    *Empty(0.0, ASLEEP),
    *NO_RUN,
)


def parted(own: tuple[float, ...]) -> tuple[Usual, Held, Empty, Run]:
    """The parts of what a kind remembers."""
    return (
        Usual(own[0], own[1], own[2], own[3], own[4], own[5]),
        Held(own[6], own[7], own[8]),
        Empty(own[9], own[10]),
        Run(own[11], own[12], own[13], own[14]),
    )


def joined(usual: Usual, held: Held, empty: Empty, run: Run) -> tuple[float, ...]:
    """The same parts as plain numbers."""
    return (
        usual.bars, usual.level, usual.quick, usual.high, usual.high_by, usual.shift,
        held.volume, held.ts, held.moved, empty.share, empty.wakes, run.length, run.ts, run.mean, run.bars,
    )  # fmt: skip


def holding(bar: Bar, move: Move) -> Held:
    """The newest bar, with the size of its move."""
    size = max(move.distance, move.range)
    return Held(bar.volume, bar.ts, size / move.usual if size > move.usual else 1.0)


def learnt(usual: Usual, volume: float, score: float) -> Usual:
    """What is usual after a volume that was credible, and so many times what is around it."""
    bars = usual.bars + 1.0
    if unlikely(bars < SETTLED):
        return learnt_early(usual, volume, score, bars)
    return followed(usual, volume, score, bars, QUICK_PART, UP, DOWN)


@seldom
def learnt_early(usual: Usual, volume: float, score: float, bars: float) -> Usual:
    """The same while few bars have told."""
    if bars == 1.0:
        return Usual(bars, volume, volume, usual.high, usual.high_by, usual.shift)
    part = QUICK_PART if bars >= QUICK else 1.0 / bars
    return followed(usual, volume, score, bars, part, 1.0 + 1.0 / bars, bars / (bars + 1.0))


def followed(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    usual: Usual, volume: float, score: float, bars: float, part: float, up: float, down: float
) -> Usual:
    """The same, where the level moves by such factors, and the quick memory by such a part."""
    level = usual.level * (up if volume > usual.level else down)
    quick = usual.quick + (min(volume, QUICK * usual.quick) - usual.quick) * part
    high = grown(Tail(usual.high, usual.high_by), score, bars)
    return Usual(bars, level, quick, high.quantile, high.heaviness, usual.shift)


def anew(usual: Usual, volume: float) -> Usual:
    """The same series at another level: how single volumes stand out does not change."""
    far = volume / usual.level if volume > usual.level else usual.level / volume
    return Usual(WARM_UP, volume, volume, usual.high, usual.high_by, max(known_shift(usual), AGAIN * far))


def known_shift(usual: Usual) -> float:
    """How far another level may be and is nothing new, so many bars after the last one."""
    return usual.shift * math.pow(FADES, max(0.0, usual.bars - WARM_UP))


def emptied(empty: Empty, ranges: int) -> Empty:
    """After a bar without volume, that moved or not."""
    if ranges == 1:
        return Empty(empty.share + (1.0 - empty.share) * EMPTY_PART, empty.wakes)
    return Empty(empty.share, AWAKE)


def filled(empty: Empty) -> Empty:
    """After a bar with volume."""
    return Empty(max(FAINT, empty.share - empty.share * EMPTY_PART), empty.wakes - 1.0)


def side_of(volume: float, level: float, unit: float) -> float:
    """1 for a volume of more than so many times the level, -1 for less than such a part of it, 0 between."""
    return 1.0 if volume > unit * level else (-1.0 if unit * volume < level else 0.0)


def counted(run: Run, bar: Bar, level: float, unit: float) -> Run:
    """The run after a bar above, below or between so many times the level; the other side begins another."""
    side = side_of(bar.volume, level, unit)
    if side != 0.0 and side * run.length <= 0.0:
        return Run(side, bar.ts, bar.volume, 1.0)
    bars = run.bars + 1.0
    back = 1.0 if run.length > 0.0 else -1.0
    length = run.length + (side if side != 0.0 else -back)
    return Run(length, run.ts, run.mean + (bar.volume - run.mean) / bars, bars)
