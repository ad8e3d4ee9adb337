"""The same prices in series that have nothing to do with each other: a test feed, or streams that crossed."""

from __future__ import annotations

import math
from collections.abc import Sequence  # noqa: TC003 - the reader of configurations looks at the annotation
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from live.candles import number
from live.contracts import CrossGuard, Finding
from live.events import AlertLevel
from live.same_bars import STILL_BARS, SameBars
from live.states import entries, items

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle, Series
    from live.same_bars import Run

CODE = "DATA_SAME_PRICE"
SUBJECT = "prices"
NAMED = 5
"""So many series are named in the message; the context has all."""
MOST = 700.0
"""Larger logarithms are shown as this one: beyond it are no numbers."""


@dataclass(frozen=True, slots=True)
class SamePriceConfig:
    """`[live_data.same_price]`.

    Attributes:
        odds: The same closes are no chance from odds of one to so many on, times the number of series.
        related: Groups of symbols that may have the same prices: coins that are pegged to one currency, one
            instrument at two venues, classes of one share.
    """

    odds: float = 1e8
    related: Sequence[Sequence[str]] = ()

    def __post_init__(self) -> None:
        if not self.odds > 1:
            raise ValueError(f"odds is {self.odds}; it must be above 1")
        for group in self.related:
            if len(set(group)) < 2 or len(set(group)) < len(group) or not all(group):
                text = f"related has the group {list(group)}; name two symbols or more, each of them once"
                raise ValueError(text)

    def may_be_same(self, symbol: str, other: str) -> bool:
        """Whether two symbols stand in one group."""
        return any(symbol in group and other in group for group in self.related)


class SamePrice(CrossGuard):
    """Raises one alert, with all of them, when series that are not related have the same closes by no chance.

    It counts how many ticks they went together, so that coarse and thin prices may meet; series that have
    hardly moved are told after two bars. Whatever joins is told anew with all. It is over
    when no two of them are the same.
    """

    name = "same_price"
    codes = (CODE,)
    Config: ClassVar[type[SamePriceConfig]] = SamePriceConfig
    config: SamePriceConfig

    def __init__(self, config: SamePriceConfig) -> None:
        """Begin with nothing seen."""
        super().__init__(config)
        self._bars = SameBars(config.may_be_same)
        self._told: tuple[str, ...] = ()

    def on_candle(self, series: Series, candle: Candle, now: datetime) -> Iterable[Finding]:
        """Take note of a bar; one from the future is left to others."""
        if candle.ts <= now:
            prices = tuple(map(number, (candle.open, candle.high, candle.low, candle.close)))
            self._bars.saw(series.symbol, series.timeframe.total_seconds(), candle.ts.timestamp(), prices)
        return ()

    def on_tick(self, now: datetime) -> Iterable[Finding]:  # noqa: ARG002 - what has come by now is known
        """What there is to say, now that the bars of an instant have come."""
        least = math.log(self.config.odds * max(1, self._bars.series))
        pairs = list(self._bars.pairs(least))
        symbols = tuple(sorted({symbol for one, two, _ in pairs for symbol in (one, two)}))
        before, self._told = self._told, tuple(sorted({*self._told, *symbols})) if symbols else ()
        if set(symbols) - set(before):
            yield self._raised(symbols, max((run for *_, run in pairs), key=lambda run: run.surprise), least)
        elif before and not symbols:
            yield _resolved(before)

    def saved(self) -> dict[str, Any]:
        """See `Lasting`."""
        return {"bars": self._bars.saved(), "told": list(self._told)}

    def restore(self, state: Any, now: datetime) -> None:  # noqa: ARG002 - bars have their own instants
        """See `Lasting`."""
        parts = entries(state, "bars", "told")
        self._told = tuple(map(str, items(parts["told"])))
        self._bars.restore(parts["bars"])

    def _raised(self, symbols: Sequence[str], run: Run, least: float) -> Finding:
        newest = max((self._bars.newest(symbol) for symbol in symbols), key=lambda one: one.ts)
        ts, odds, bound = datetime.fromtimestamp(newest.ts, UTC), _odds(run.surprise), _odds(least)
        why = (
            f"{run.still} bars of series that have hardly moved, and stand; {STILL_BARS} are told"
            if run.surprise < least
            else f"by chance once in {odds:.3g}, told from once in {bound:.3g} on"
        )
        text = (
            f"{SUBJECT}: {len(symbols)} series that are not related have the same closes, the bar of "
            f"{ts:%Y-%m-%dT%H:%M:%SZ} at {newest.close:g} ({why}): {_named(symbols)}"
        )
        facts = {"ts": ts, "close": newest.close, "bars": run.bars, "odds": odds, "bound": bound}
        context = {"status": "raised", "count": len(symbols), "symbols": tuple(symbols), **facts}
        return Finding(CODE, AlertLevel.CRITICAL, SUBJECT, text, context)


def _resolved(symbols: Sequence[str]) -> Finding:
    text = f"{SUBJECT}: RESOLVED, {len(symbols)} series differ again: {_named(symbols)}"
    context = {"status": "resolved", "count": len(symbols), "symbols": tuple(symbols)}
    return Finding(CODE, AlertLevel.WARNING, SUBJECT, text, context)


def _odds(surprise: float) -> float:
    return math.exp(min(surprise, MOST))


def _named(symbols: Sequence[str]) -> str:
    more = f" and {len(symbols) - NAMED} more" if len(symbols) > NAMED else ""
    return f"{', '.join(symbols[:NAMED])}{more}"
