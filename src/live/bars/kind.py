"""What a kind of fault is: a function of one bar and the past, with limits and a few numbers of its own."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from live.bars.values import Bar, Move, Past, Said

    Look = Callable[[Bar, Past, Move, tuple[float, ...], tuple[float, ...]], tuple[tuple[float, ...], Said]]


class Stage(IntEnum):
    """Which bars a kind looks at; one stage after the other."""

    TIME = 0
    """Every bar, in whatever order it comes."""
    NUMBERS = 1
    """What moves time forward."""
    SHAPE = 2
    """What has numbers for prices."""
    PRICES = 3
    """What is sound in itself, compared with the bars before."""


class Kind(NamedTuple):
    """A kind of fault, ready to look.

    Attributes:
        name: What it is called.
        stage: When it looks.
        look: Bar, past, move, limits and own numbers in; own numbers and what there is to say out. It holds
            only what compiles: arithmetic, comparisons, `math`, tuples.
        limits: Numbers of the configuration.
        start: Own numbers before the first bar.
        takes_back: Whether a bar that it calls false afterwards, at the next one, had no price to go on from.
        skips_plain: Whether it is not asked about a bar that is plain (`moves.is_plain`).
    """

    name: str
    stage: Stage
    look: Look
    limits: tuple[float, ...]
    start: tuple[float, ...]
    takes_back: bool = False
    skips_plain: bool = False


def in_turn(kinds: Iterable[Kind]) -> list[Kind]:
    """Kinds in the order in which they look."""
    return sorted(kinds, key=lambda kind: (kind.stage, kind.skips_plain))
