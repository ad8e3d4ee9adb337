"""The one door in: candles, orders, snapshots, samples and clock ticks go in, alerts come out of the sink."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from live.bars.watch import SeriesWatch
from live.breaker import SqliteStore, TradingBreaker
from live.candles import Series
from live.clock import SystemClock, instant
from live.contracts import CandleKind
from live.data_state import SHARED, Configured, DataState, Guarded
from live.events import AlertEvent
from live.halts import end_of_halt
from live.registry import CROSS_GUARDS, GUARDS, WATCHERS, nearest
from live.risk_limits import LiveRiskLimits
from live.state_store import FileStateStore
from live.telling import Telling
from live.timetable import timetable_of, with_timetable
from live.venue_silence import VenueSilence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime, timedelta

    from live.breaker import BreakerStore
    from live.candles import Candle
    from live.config import LiveConfig
    from live.contracts import AlertSink, CandleGuard, Clock, CrossGuard, Finding
    from live.data_state import Lasts
    from live.orders import LiveOrderRequest
    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits import LiveRiskCheckResult
    from live.state_store import StateStore


class LiveMonitor:
    """Risk limits, candle guards and watchers behind one door, and one sink for what they have to say.

    Attributes:
        limits: The risk limits, which also take prices and what becomes of orders.
        breaker: What halts trading; None when the configuration has it switched off.
    """

    def __init__(
        self,
        config: LiveConfig,
        sink: AlertSink | None = None,
        *,
        clock: Clock | None = None,
        breaker_store: BreakerStore | None = None,
        state_store: StateStore | None = None,
    ) -> None:
        """Set the guards up.

        Args:
            config: Limits, thresholds and calendars.
            sink: Where alerts go; None when nobody is to be told.
            clock: Where the time comes from; the machine's clock when not given.
            breaker_store: Where the breaker keeps its state; the configured file when not given.
            state_store: Where candle guards keep what they know; the configured file when not given.
        """
        self._config = config
        self._tell = Telling(sink, "live.monitor")
        self._clock = clock or SystemClock()
        self.breaker = self._breaker(breaker_store)
        self.limits = LiveRiskLimits(config.risk, alert_sink=sink, clock=self._clock, breaker=self.breaker)
        self._watched: dict[str, Series] = {}
        self._guards: dict[str, list[CandleGuard]] = {}
        self._others: dict[str, tuple[str, ...]] = {}
        self._kinds: dict[str, SeriesWatch] = {}
        self._across: dict[str, CrossGuard] = {}
        for name in CROSS_GUARDS:
            self._guard_across(name)
        self._silence = VenueSilence(self._venue_of)
        path = config.data.state_file
        self._state = DataState(state_store or (FileStateStore(path) if path else None))
        self._watchers = {name: WATCHERS[name](config.watchers[name]) for name in WATCHERS}

    @property
    def watched(self) -> tuple[Series, ...]:
        """The series that candle guards are set on."""
        return tuple(self._watched.values())

    def watch(self, symbol: str, timeframe: timedelta, *, others: Sequence[str] = ()) -> None:
        """Set every candle guard on a series from now on; a feed that never starts is stale as well.

        Guards of a series that is watched already stay: who watches again at each reconnection must not make
        a silent feed young.

        Args:
            symbol: The instrument.
            timeframe: Length of a bar.
            others: Names of other feeds of the same market, whose candles come by `on_other_candle`.

        Raises:
            ValueError: `others` is one name, and no list; nothing is watched.
        """
        if isinstance(others, str):
            raise ValueError(f"{symbol}: others is {others!r}; write {[others]!r}")  # noqa: TRY004 - a text is a sequence too
        series = Series(symbol, timeframe, self._config.data.calendar_of(symbol))
        if self._watched.get(symbol) != series or self._others.get(symbol) != tuple(others):
            self._take_up_shared()
            self._take_up(symbol, partial(self._guard, series, tuple(others)))
        self.tick()

    def halt(self, symbol: str, *, reason: str, until: datetime | None = None) -> None:
        """Expect no bar of a series from now on, for neither gap nor stale.

        It is forgotten when the process ends and no state is kept; what then comes too late is told.

        Args:
            symbol: A series that is watched.
            reason: Why, in a few words.
            until: When bars are due again; without it at `resume`, or when a bar comes that opened later.

        Raises:
            KeyError: the symbol is not watched.
            ValueError: there is no reason, or `until` is no instant after now; nothing is halted.
        """
        now, times = self._clock.now(), timetable_of(self._series(symbol))
        times.halt(now, end_of_halt(symbol, reason, until, now))

    def resume(self, symbol: str) -> None:
        """Expect bars of a series from now on, whatever halt holds; without one nothing happens.

        Raises:
            KeyError: the symbol is not watched.
        """
        timetable_of(self._series(symbol)).resume(self._clock.now())

    def save(self) -> None:
        """Keep what the guards of candles know, for the next process; `tick` does so once a minute."""
        self._raise("live_data.state", self._state.keep(self._known(), self._clock.now()))

    def on_candle(self, candle: Candle) -> None:
        """Show a completed candle to the guards of its series; a naive `ts` is taken as UTC.

        Raises:
            KeyError: nobody said `watch` for this symbol; an unguarded feed must not look like a sound one.
            ValueError: `ts` is no instant; no guard has seen the candle.
            ExceptionGroup: what guards raised; every other guard has seen the candle.
        """
        series = self._series(candle.symbol)
        dated, now = replace(candle, ts=_instant(candle)), self._clock.now()
        self._ask(
            [
                ("live_data", partial(self._kinds[candle.symbol].on_candle, dated, now)),
                *(
                    (f"live_data.{guard.name}", partial(guard.on_candle, dated, now))
                    for guard in self._guards[candle.symbol]
                ),
                *(
                    (f"live_data.{guard.name}", partial(guard.on_candle, series, dated, now))
                    for guard in self._across.values()
                ),
            ]
        )

    def on_other_candle(self, feed: str, candle: Candle) -> None:
        """Show what another feed says of a bar; the guards hear of it with the next bar of the series itself.

        Raises:
            KeyError: nobody said `watch` for this symbol, or named this feed.
            ValueError: `ts` is no instant.
        """
        if candle.symbol not in self._kinds:
            hint = nearest(candle.symbol, self._kinds)
            raise KeyError(f"no series {candle.symbol!r} is watched; {hint}; call watch() first")
        self._kinds[candle.symbol].on_other(feed, replace(candle, ts=_instant(candle)))

    def check_orders(
        self, orders: Sequence[LiveOrderRequest], portfolio: LivePortfolioSnapshot | None = None
    ) -> LiveRiskCheckResult:
        """Judge a batch of orders, on top of what the account holds when that is known."""
        return self.limits.check_orders(orders, portfolio=portfolio)

    def evaluate_portfolio(self, snapshot: LivePortfolioSnapshot) -> LiveRiskCheckResult:
        """Judge what the account holds, and let the breaker take note of how that came out."""
        result = self.limits.evaluate_portfolio(snapshot)
        if self.breaker is not None:
            self.breaker.observe(result.severity)
        return result

    def observe(self, watcher: str, sample: Any) -> None:
        """Feed a watcher with a sample of its own type.

        Raises:
            RegistryError: there is no watcher of that name.
        """
        name = WATCHERS[watcher].name
        self._raise(f"live_watch.{name}", self._watchers[name].on_sample(sample, self._clock.now()))

    def tick(self) -> None:
        """Let time pass: what has not come in by now is found missing.

        Raises:
            ExceptionGroup: what guards and watchers raised; every other one has been asked.
        """
        now = self._clock.now()
        guards = [guard for guards in self._guards.values() for guard in guards]
        self._ask(
            [
                *(
                    (f"live_data.{guard.name}", partial(self._silence.on_tick, guard, now))
                    for guard in guards
                ),
                ("live_data", partial(self._silence.findings, now)),
                *(
                    (f"live_data.{guard.name}", partial(guard.on_tick, now))
                    for guard in self._across.values()
                ),
                *((f"live_watch.{name}", partial(one.on_tick, now)) for name, one in self._watchers.items()),
                ("live_data.state", partial(self._state.on_tick, self._known, now)),
            ]
        )

    def _guard(self, series: Series, others: tuple[str, ...]) -> Guarded:
        """Set guards on a series that know nothing."""
        data, symbol = self._config.data, series.symbol
        series = with_timetable(series, data.halts)
        guards = [GUARDS[name](series, data.guards[name]) for name in GUARDS]
        kinds = [guard for guard in guards if isinstance(guard, CandleKind)]
        negative = data.may_be_negative(symbol)
        self._kinds[symbol] = SeriesWatch(series, kinds, may_be_negative=negative, others=others)
        self._others[symbol] = others
        self._guards[symbol] = [guard for guard in guards if not isinstance(guard, CandleKind)]
        self._watched[symbol] = series
        return self._guarded(symbol)

    def _guard_across(self, name: str) -> Configured:
        """Set a guard on all series that knows nothing."""
        self._across[name] = CROSS_GUARDS[name](self._config.data.across[name])
        return Configured(self._across[name])

    def _watch_venues(self) -> VenueSilence:
        """Know of no venue that is silent."""
        self._silence = VenueSilence(self._venue_of)
        return self._silence

    def _take_up_shared(self) -> None:
        """What was kept of all series together, once a process."""
        if self._watched:
            return
        self._raise("live_data.state", self._state.read())
        self._take_up(f"{SHARED}venues", self._watch_venues)
        for name in CROSS_GUARDS:
            self._take_up(f"{SHARED}{name}", partial(self._guard_across, name))

    def _take_up(self, name: str, make: Callable[[], Lasts]) -> None:
        self._raise("live_data.state", self._state.take_up(name, make, self._clock.now()))

    def _guarded(self, symbol: str) -> Guarded:
        return Guarded(self._watched[symbol], self._kinds[symbol], self._guards[symbol])

    def _known(self) -> dict[str, Lasts]:
        """Everything that is kept for the next process."""
        return {
            **{symbol: self._guarded(symbol) for symbol in self._watched},
            f"{SHARED}venues": self._silence,
            **{f"{SHARED}{name}": Configured(guard) for name, guard in self._across.items()},
        }

    def _series(self, symbol: str) -> Series:
        if symbol not in self._watched:
            hint = nearest(symbol, self._watched)
            raise KeyError(f"no series {symbol!r} is watched; {hint}; call watch() first")
        return self._watched[symbol]

    def _venue_of(self, symbol: str) -> str:
        instrument = self.limits.config.instruments.get(symbol)
        return "" if instrument is None else instrument.venue

    def _breaker(self, store: BreakerStore | None) -> TradingBreaker | None:
        config = self._config.breaker
        if not config.enabled:
            return None
        return TradingBreaker(config, store or SqliteStore(config.path), self._tell, clock=self._clock)

    def _ask(self, asked: Iterable[tuple[str, Callable[[], Iterable[Finding]]]]) -> None:
        """Let everybody have a say before the failure of one of them is told."""
        failures = []
        for source, question in asked:
            try:
                self._raise(source, question())
            except Exception as error:  # noqa: BLE001 - a guard may be foreign code
                error.add_note(f"raised by {source}")
                failures.append(error)
        if failures:
            raise ExceptionGroup("guards that failed; the others were asked", failures)

    def _raise(self, source: str, findings: Iterable[Finding]) -> None:
        for finding in findings:
            event = AlertEvent(
                ts=self._clock.now(),
                level=finding.level,
                source=f"{source}.{finding.by}" if finding.by else source,
                code=finding.code,
                message=finding.message,
                context={"subject": finding.subject, **finding.context},
            )
            self._tell(event)


def _instant(candle: Candle) -> datetime:
    found = instant(candle.ts)
    if found is None:
        raise ValueError(f"{candle.symbol}: ts of a candle is {candle.ts!r}; expected an instant")
    return found
