"""Which series have the same closes, and how unlikely that is to be chance.

How likely is it that another series makes the same move? One of `d` ticks is made with a chance of
`1 / (2d + 1)` at most, whatever the market, as long as a small move is likelier than a large one and up is as
likely as down: the `2d + 1` moves that are not larger are each at least as likely, and together they cannot
exceed one. So is a high `d` ticks above open and close with a chance of `1 / (d + 1)`. One of `k` usual moves
is made with a chance of `(4 / k)²` at most, which heavy tails keep within. These chances, of all that two
bars have in common and of bars in a row, are multiplied. A bar that has not moved says nothing, and neither
does a level that two series have come to by small steps: coarse prices meet by chance, and prices in
thousands of ticks do not.

The tick is the smallest step that was seen, of two series the coarser one. Where neither has moved three
times nothing is known of that, and two bars in which neither moves are told: rather a false alarm than
silence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from live.states import entries, items, numbers, plain, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOVES, STILL_BARS = 3, 2
"""So often a series must have moved to show its tick; where none does, so many bars that stand are told."""
FAR = 4.0
"""From so many usual moves on, the size of a move counts as well."""
MEMORY = 200
"""So many moves make the usual one."""
NOISE = 1e-9
"""A step is none that is a smaller part of the price: binary numbers are not exact."""


class Newest(NamedTuple):
    """What is known of one series.

    Attributes:
        timeframe_s: Length of a bar, seconds.
        ts: Opening instant of its newest bar, seconds since 1970.
        open: First price of that bar.
        high: Highest price.
        low: Lowest price.
        close: Last price.
        before: Close of the bar before; the open where there was none.
        tick: Smallest step that was seen, in this bar or before; infinite before the first.
        moves: How many bars have moved.
        usual: Usual size of a move from close to close, without this one; 0 before the first.
    """

    timeframe_s: float
    ts: float
    open: float
    high: float
    low: float
    close: float
    before: float
    tick: float
    moves: int
    usual: float

    @property
    def place(self) -> tuple[float, ...]:
        """What series have in common whose closes are the same."""
        return self.timeframe_s, self.ts, self.close

    @property
    def stands(self) -> bool:
        """Whether it has not moved since the bar before, or within this one."""
        return self.before == self.open == self.high == self.low == self.close

    def surprise(self, tick: float, *, whole: bool) -> float:
        """How unlikely its prices are, or its close alone: the logarithm of one over their chance, at least.

        Args:
            tick: Smallest step of the prices.
            whole: Whether all four prices are asked about.
        """
        if not whole:
            return self._surprise_of(self.close - self.before, tick)
        top, bottom = max(self.open, self.close), min(self.open, self.close)
        beyond = math.log1p(abs(self.high - top) / tick) + math.log1p(abs(bottom - self.low) / tick)
        opened, closed = self.open - self.before, self.close - self.open
        return self._surprise_of(opened, tick) + self._surprise_of(closed, tick) + beyond

    def _surprise_of(self, move: float, tick: float) -> float:
        size, far = abs(move), FAR * self.usual
        rare = 2.0 * math.log(size / far) if size > far > 0.0 else 0.0
        return math.log1p(2.0 * size / tick) + rare


@dataclass(slots=True)
class Run:
    """Bars in a row in which two series have the same close.

    Attributes:
        bars: How many.
        surprise: How unlikely they are: the logarithm of one over the chance of all.
        still: In how many of them neither moved, and neither had moved often enough to show its tick.
    """

    bars: int = 0
    surprise: float = 0.0
    still: int = 0

    def is_chance(self, least: float) -> bool:
        """Whether it may be chance, where a surprise from `least` on is none."""
        return self.surprise < least and self.still < STILL_BARS


class SameBars:
    """All series, and the pairs among them that have the same closes."""

    def __init__(self, related: Callable[[str, str], bool]) -> None:
        """Begin with nothing seen; two symbols that are `related` may have the same closes."""
        self._related = related
        self._newest: dict[str, Newest] = {}
        self._having: dict[tuple[float, ...], list[str]] = {}
        self._runs: dict[str, dict[str, Run]] = {}

    @property
    def series(self) -> int:
        """How many series have had a bar."""
        return len(self._newest)

    def saw(self, symbol: str, timeframe_s: float, ts: float, prices: tuple[float, ...]) -> None:
        """Take note of a bar; one that does not move time forward, or whose prices are none, is left out.

        Args:
            symbol: Its series.
            timeframe_s: Length of a bar, seconds.
            ts: Its opening instant, seconds since 1970.
            prices: Open, high, low and close.
        """
        last = self._newest.get(symbol)
        if (last is not None and ts <= last.ts) or not all(map(math.isfinite, prices)):
            return
        if last is not None:
            self._leave(symbol, last.place)
        now = self._newest[symbol] = _after(last, timeframe_s, ts, prices)
        self._end_runs(symbol, now)
        others = self._having.setdefault(now.place, [])
        for other in others:
            if not self._related(symbol, other):
                self._go_on(symbol, other)
        others.append(symbol)

    def pairs(self, least: float) -> Iterator[tuple[str, str, Run]]:
        """Pairs that have the same closes by no chance: whose surprise is `least` or more."""
        for symbol, runs in self._runs.items():
            for other, run in runs.items():
                if symbol < other and not run.is_chance(least):
                    yield symbol, other, run

    def newest(self, symbol: str) -> Newest:
        """What is known of a series that has had a bar."""
        return self._newest[symbol]

    def saved(self) -> dict[str, Any]:
        """All that it knows, as JSON values."""
        runs = [
            [one, two, run.bars, *plain([run.surprise]), run.still]
            for one, others in self._runs.items()
            for two, run in others.items()
            if one < two
        ]
        return {"newest": {symbol: plain(one) for symbol, one in self._newest.items()}, "runs": runs}

    def restore(self, state: object) -> None:
        """Go on from what was saved.

        Raises:
            ValueError: it is no such state.
        """
        parts = entries(state, "newest", "runs")
        for symbol, values in table(parts["newest"]).items():
            known = numbers(values, len(Newest._fields))
            now = self._newest[symbol] = Newest._make((*known[:8], _count(known[8]), known[9]))
            self._having.setdefault(now.place, []).append(symbol)
        for one in items(parts["runs"]):
            symbol, other, *values = items(one)
            bars, surprise, still = numbers(values, 3)
            if symbol not in self._newest or other not in self._newest:
                raise ValueError(f"has {one!r} for bars of two series")
            run = Run(_count(bars), surprise, _count(still))
            self._runs.setdefault(symbol, {})[other] = self._runs.setdefault(other, {})[symbol] = run

    def _go_on(self, symbol: str, other: str) -> None:
        one, two = self._newest[symbol], self._newest[other]
        run = self._runs.setdefault(symbol, {}).get(other)
        if run is None:
            run = self._runs[symbol][other] = self._runs.setdefault(other, {})[symbol] = Run()
        ticks = [each.tick for each in (one, two) if each.moves >= MOVES]
        run.bars += 1
        if not ticks:
            run.still += one.stands and two.stands
        else:
            whole, tick = one[2:6] == two[2:6], max(ticks)
            run.surprise += max(one.surprise(tick, whole=whole), two.surprise(tick, whole=whole))

    def _end_runs(self, symbol: str, now: Newest) -> None:
        """Runs end with those that have another close at this instant."""
        runs = self._runs.get(symbol, {})
        for other in [one for one in runs if self._newest[one].ts >= now.ts]:
            if self._newest[other].place != now.place:
                del runs[other], self._runs[other][symbol]

    def _leave(self, symbol: str, place: tuple[float, ...]) -> None:
        self._having[place].remove(symbol)
        if not self._having[place]:
            del self._having[place]


def _count(value: float) -> int:
    """A whole number that is not below zero.

    Raises:
        ValueError: it is none.
    """
    if not (value >= 0.0 and value.is_integer()):
        raise ValueError(f"has {value} in the place of a count")
    return int(value)


def _after(last: Newest | None, timeframe_s: float, ts: float, prices: tuple[float, ...]) -> Newest:
    """What is known of a series after a bar."""
    open_, high, low, close = prices
    if last is None:
        last = Newest(timeframe_s, ts, open_, open_, open_, open_, open_, math.inf, 0, 0.0)
    least = NOISE * abs(close)
    differences = (
        open_ - last.close,
        close - last.close,
        close - open_,
        high - open_,
        low - open_,
        high - low,
    )
    steps = [size for size in map(abs, differences) if size > least]
    moves, tick = last.moves + bool(steps), min([last.tick, *steps])
    return Newest(timeframe_s, ts, open_, high, low, close, last.close, tick, moves, _usual(last))


def _usual(last: Newest) -> float:
    """The usual size of a move, the last one among them; a large one counts for four usual ones."""
    size, usual = abs(last.close - last.before), last.usual
    if size <= NOISE * abs(last.close):
        return usual
    return size if usual == 0.0 else usual + (min(size, FAR * usual) - usual) / min(last.moves, MEMORY)
