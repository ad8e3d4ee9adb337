"""The upper tail of a series of scores, as it has been so far: how large one comes how often.

Scores above a running quantile are taken to fall off as a power of their size, as those of heavy-tailed
markets do (B. M. Hill, "A simple general approach to inference about the tail of a distribution", Annals of
Statistics, 1975), and the quantile is followed bar by bar, without a memory of bars (H. Robbins and
S. Monro, "A stochastic approximation method", Annals of Mathematical Statistics, 1951).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from live.compiling.seldom import seldom, unlikely

SHARE = 0.01
"""Which share of scores lies above the quantile that is followed."""
ODDS = SHARE / (1.0 - SHARE)
"""So many lie above it for each that lies below."""
HEAVIEST = 0.38
"""No tail is taken to be heavier: the power law would excuse any price."""
SETTLED = 4_900.0
"""After so many bars the quantile moves by no more than a hundredth of itself."""
FARTHEST = 10.0
"""No score counts for more in the heaviness: one that is a number by accident must not say it all."""
LEAST = 0.4
"""The quantile never falls below: where nothing happens, the smallest thing is no outlier."""


def part_of(seen: float, bars: float) -> float:
    """How much a bar counts in a memory of so many bars, when it is one of so many that were seen."""
    return 1.0 / bars if seen >= bars else 1.0 / seen


class Tail(NamedTuple):
    """What is known of a tail.

    Attributes:
        quantile: A score above which one in a hundred lies.
        heaviness: Mean logarithm of how many times larger those are; the reciprocal of the power.
    """

    quantile: float
    heaviness: float


def once_in(tail: Tail, bars: float) -> float:
    """The score that one in so many bars exceeds."""
    return tail.quantile * math.pow(SHARE * bars, min(tail.heaviness, HEAVIEST))


def grown(tail: Tail, score: float, seen: float) -> Tail:
    """The tail after one more score, when it has been followed for so many bars."""
    step = 0.01 if seen >= SETTLED else 0.5 / (1.0 + seen * SHARE)
    if unlikely(not score <= tail.quantile):
        return above(tail, score, seen, step)
    return Tail(max(LEAST, tail.quantile * (1.0 - step * ODDS)), tail.heaviness)


@seldom
def above(tail: Tail, score: float, seen: float, step: float) -> Tail:
    """The same after a score above the quantile, which moves by such a part of itself."""
    part = max(0.02, 1.0 / (20.0 + seen * SHARE))
    times = min(math.log(score) - math.log(tail.quantile), FARTHEST)
    heaviness = tail.heaviness + part * (times - tail.heaviness)
    return Tail(tail.quantile * (1.0 + step), heaviness)
