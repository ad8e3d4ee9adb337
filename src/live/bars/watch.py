"""A series under guard: candles go in, findings of all kinds come out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from live.bars.kind import Kind
from live.bars.machine import Machine
from live.bars.other_feeds import OtherFeeds
from live.bars.values import RAISED, RESOLVED, WITHDRAWN, Bar
from live.candles import number
from live.contracts import Finding
from live.events import AlertLevel
from live.registry import GUARDS
from live.states import entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from live.bars.machine import Event
    from live.candles import Candle, Series
    from live.contracts import CandleKind

STATUS = {RAISED: "raised", WITHDRAWN: "withdrawn", RESOLVED: "resolved"}


def kinds_of(guards: Sequence[CandleKind]) -> list[Kind]:
    """What a machine asks, of guards with their configuration.

    Raises:
        RegistryError: one reads a setting of a kind that there is not.
    """
    configs = {guard.name: guard.config for guard in guards}
    return [
        Kind(
            guard.name,
            guard.stage,
            guard.look,
            (*guard.limits(), *_read(guard, configs)),
            guard.start,
            guard.takes_back,
            guard.skips_plain,
        )
        for guard in guards
    ]


def _read(guard: CandleKind, configs: Mapping[str, Any]) -> Iterator[float]:
    """Settings of other kinds; the default of one that is not among them."""
    for kind, _, key in (place.partition(".") for place in guard.reads):
        yield float(getattr(configs[kind] if kind in configs else GUARDS[kind].Config(), key))


def level_of(guard: CandleKind, event: Event) -> AlertLevel:
    """How urgent it is; what is over is told to whoever heard of it."""
    return guard.level if event.what == RAISED else AlertLevel.WARNING


def words_of(guard: CandleKind, event: Event) -> str:
    """What is wrong, or that it is over."""
    return guard.words(event) if event.what == RAISED else STATUS[event.what].upper()


class SeriesWatch:
    """The kinds of fault on one series, and the machine that asks them."""

    def __init__(
        self,
        series: Series,
        guards: Sequence[CandleKind],
        *,
        may_be_negative: bool = False,
        others: Sequence[str] = (),
    ) -> None:
        """Begin with nothing seen.

        Args:
            series: What is watched.
            guards: A guard for each kind.
            may_be_negative: Whether prices may be zero or below.
            others: Names of other feeds of the same market.
        """
        self._series = series
        self._others = OtherFeeds(others)
        self._guards = {guard.name: guard for guard in guards}
        seconds = series.timeframe.total_seconds()
        self.machine = Machine(kinds_of(guards), seconds, may_be_negative=may_be_negative)

    def on_candle(self, candle: Candle, now: datetime) -> Iterator[Finding]:
        """What a completed candle that arrived at `now` gives rise to; its `ts` is an instant.

        Raises:
            ExceptionGroup: what kinds have raised, after all that the others have found.
        """
        bar = self._others.beside(_bar(candle, now), self.machine.past.newest)
        for event in self.machine.push(bar):
            yield self._finding(event, candle)
        if self.machine.failures:
            raise ExceptionGroup("kinds that failed; the others were asked", self.machine.failures)

    def saved(self) -> dict[str, Any]:
        """All that it knows, as values of strict JSON."""
        return {"machine": self.machine.saved(), "others": self._others.saved()}

    def restore(self, state: Any) -> None:
        """Go on from what was saved.

        Raises:
            ValueError: it is no such state, or of other settings; it is not to be used after that.
        """
        parts = entries(state, "machine", "others")
        self.machine.restore(parts["machine"])
        self._others.restore(parts["others"])

    def on_other(self, feed: str, candle: Candle) -> None:
        """Take note of what another feed says of a bar; it counts when the bar after that one has come.

        Raises:
            KeyError: nobody said that there is such a feed.
        """
        self._others.told(feed, _bar(candle, candle.ts))

    def _finding(self, event: Event, candle: Candle) -> Finding:
        guard, symbol = self._guards[event.kind], self._series.symbol
        ts, status = datetime.fromtimestamp(event.ts, UTC), STATUS[event.what]
        about = f"{symbol}: candle of {ts:%Y-%m-%dT%H:%M:%SZ}"
        context = {"symbol": symbol, "ts": ts, "status": status, "value": event.value, "bound": event.bound}
        if event.what == RAISED and event.ts == event.at:
            context |= {name: getattr(candle, name) for name in ("open", "high", "low", "close", "volume")}
        text = f"{about}: {words_of(guard, event)}"
        return Finding(guard.codes[0], level_of(guard, event), symbol, text, context, by=guard.name)


def _bar(candle: Candle, now: datetime) -> Bar:
    return Bar(
        candle.ts.timestamp(),
        number(candle.open),
        number(candle.high),
        number(candle.low),
        number(candle.close),
        number(candle.volume),
        now.timestamp(),
    )
