"""How far a price usually moves in one bar, learnt from the past only, in constant time and memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from live.candles import Candle

_CLIP = 4.0


class Level(NamedTuple):
    """A close that later prices are compared with."""

    ts: datetime
    price: float


class UsualMove:
    """Running mean of the size of a bar's move, each clipped at four times the mean so far.

    The move of a bar is the logarithm of the ratio between its farthest price and the close before, divided
    by the square root of the time between them in bars: prices are taken as a random walk.
    """

    def __init__(self, timeframe: timedelta, memory_bars: int, smallest: float) -> None:
        """Begin with nothing seen.

        Args:
            timeframe: Length of a bar.
            memory_bars: Weight of the past: after so many bars a change of pace has counted for two thirds.
            smallest: The mean never counts as less than this, a logarithm.
        """
        self._timeframe = timeframe
        self._memory = memory_bars
        self._smallest = smallest
        self._mean = 0.0
        self.seen = 0

    @property
    def size(self) -> float:
        """The usual move of one bar, a logarithm."""
        return max(self._mean, self._smallest)

    def of(self, candle: Candle, level: Level) -> float:
        """The move of a candle, all of whose prices are positive, from a level."""
        highest = max(candle.open, candle.high, candle.low, candle.close)
        lowest = min(candle.open, candle.high, candle.low, candle.close)
        farthest = math.log(max(highest / level.price, level.price / lowest))
        return farthest / math.sqrt(max(1.0, (candle.ts - level.ts) / self._timeframe))

    def learn(self, move: float) -> None:
        """Let the move of a sound candle count."""
        self.seen += 1
        self._mean += (min(move, _CLIP * self.size) - self._mean) / min(self.seen, self._memory)
