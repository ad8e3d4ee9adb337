"""The world of one drill: the unmodified `live` code, with fakes where it would touch anything outside.

Everything that happens in it is written to the history, and nowhere else.
"""

from __future__ import annotations

import io
import logging
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

from drills.breaker_store import DrilledStore
from drills.contracts import EndpointFault
from drills.drilled_outbox import DrilledOutbox
from drills.receiver import Receiver
from drills.state_store import DrilledStateStore
from drills.virtual_lanes import VirtualLanes
from live.alerts import build_alert_sink_from_config
from live.alerts.dispatch.dispatcher import AlertDispatcher
from live.alerts.serialise import to_jsonable
from live.contracts import Delivery, DeliveryState
from live.monitor import LiveMonitor
from live.risk_limits import RiskCheckSeverity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta

    from drills.contracts import SeriesFault
    from drills.given import PortfolioSpec
    from drills.history import History
    from drills.state_store import StateMood
    from drills.virtual_time import VirtualClock
    from live.candles import Candle
    from live.config import LiveConfig
    from live.contracts import AlertSink
    from live.events import AlertEvent
    from live.orders import LiveOrderRequest
    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits import LiveRiskCheckResult

NOBODYS = 0
"""Number of an alert that was delivered but never raised, for example a copy that a sink has made."""

NO_DISPATCHER = "the drill has no dispatcher; write live_alerts: {dispatch: {}} under config"


class World:
    """What steps act on: the monitor, the receiver, the candle streams and the present portfolio."""

    def __init__(self, config: LiveConfig, clock: VirtualClock, history: History, *, seed: int = 0) -> None:
        """Put `live` together on virtual time.

        Args:
            config: What limits, guards and sinks are set to.
            clock: The virtual clock.
            history: Where everything is written down.
            seed: Seed of all chance in this drill.
        """
        self.clock = clock
        self.history = history
        self.seed = seed
        self.given_portfolio: PortfolioSpec | None = None
        self.portfolio: LivePortfolioSnapshot | None = None
        self.receiver = Receiver(clock, self._record_http)
        self._series_faults: dict[str, list[SeriesFault]] = {}
        self._markets: dict[str, str] = {}
        self._recorder = _AlertRecorder(self)
        self._lanes = VirtualLanes(clock)
        self._outbox: DrilledOutbox | None = None
        self._recorder.sink = self._sink(config)
        self.breaker_store, self.state_store = DrilledStore(), DrilledStateStore()
        self._config = config
        self.monitor = self._started()

    def pass_time(self, until: timedelta) -> None:
        """Let an instant come; what the alert delivery does up to then is done in the order of time."""
        if self.dispatcher is not None:
            self._lanes.pass_time(until)
        self.clock.move_to(until)

    @property
    def dispatcher(self) -> AlertDispatcher | None:
        """What delivers alerts behind the caller's back; None where a sink delivers them at once."""
        return self._recorder.sink if isinstance(self._recorder.sink, AlertDispatcher) else None

    @property
    def needed_dispatcher(self) -> AlertDispatcher:
        """The dispatcher.

        Raises:
            LookupError: the drill has none.
        """
        if self.dispatcher is None:
            raise LookupError(NO_DISPATCHER)
        return self.dispatcher

    @property
    def needed_outbox(self) -> DrilledOutbox:
        """The outbox of the dispatcher.

        Raises:
            LookupError: the drill has none.
        """
        if self._outbox is None:
            raise LookupError(NO_DISPATCHER)
        return self._outbox

    def raise_alert(self, event: AlertEvent) -> None:
        """Hand an alert to the delivery."""
        self._recorder.send(event)

    def key_of(self, number: int) -> str:
        """The key of the alert of that number; empty when the dispatcher has taken none."""
        return self._recorder.key_of(number)

    def record_undelivered(self) -> None:
        """Write down what is still on its way at the end, and the sums."""
        if self.dispatcher is None:
            return
        for destination, event in self.dispatcher.pending():
            self._recorder.delivered(Delivery(event, destination, DeliveryState.PENDING))
        self.record("sums", destinations=[str(one) for one in self.dispatcher.health().destinations])

    def close(self) -> None:
        """Let go of what the drill has opened."""
        if self.dispatcher is not None:
            self.dispatcher.abandon()

    def restart(self, state: StateMood = "sound") -> None:
        """Put the monitor together anew, as after a crash: only what breaker and guards have stored is left.

        Args:
            state: Whether what the guards have stored can be read.
        """
        self.state_store.mood = state
        watched = self.monitor.watched
        self.monitor = self._started()
        for series in watched:
            self.watch(series.symbol, series.timeframe)

    def add_feed(self, name: str, symbol: str) -> None:
        """Know another feed of a series, before that is watched."""
        self._markets[name] = symbol

    def watch(self, symbol: str, timeframe: timedelta) -> None:
        """Set guards on a series, and let them hear what its other feeds tell."""
        others = [name for name, market in self._markets.items() if market == symbol]
        self.monitor.watch(symbol, timeframe, others=others)

    def record(self, kind: str, **data: Any) -> None:
        """Write down what happened at the present virtual instant; `data` are JSON values."""
        self.history.add(self.clock.monotonic(), kind, **data)

    def rng(self, name: str) -> Random:
        """A stream of chance of its own for one named use, the same in every run of the same seed."""
        return Random(f"{self.seed}:{name}")  # noqa: S311 - drills are reproducible, not secret

    def hold(self, spec: PortfolioSpec) -> LivePortfolioSnapshot:
        """Let the account hold this from now on, as of the present virtual instant."""
        self.given_portfolio = spec
        self.portfolio = spec.build(self.clock.now())
        return self.portfolio

    def check_orders(self, orders: Sequence[LiveOrderRequest]) -> LiveRiskCheckResult:
        """Have a batch judged on top of the present portfolio, and write the result down."""
        began = self.clock.monotonic()
        result = self.monitor.check_orders(orders, self.portfolio)
        self._record_check("orders", result, began)
        return result

    def evaluate_portfolio(self, spec: PortfolioSpec) -> LiveRiskCheckResult:
        """Hold this from now on, have it judged, and write the result down."""
        held = self.hold(spec)
        began = self.clock.monotonic()
        result = self.monitor.evaluate_portfolio(held)
        self._record_check("portfolio", result, began)
        return result

    def candle_arrives(self, candle: Candle) -> None:
        """Let a candle through the faults that stand on its series, and show what is left to the monitor."""
        arriving = [candle]
        for fault in self._series_faults.get(candle.symbol, ()):
            came = to_jsonable(arriving)
            arriving = [out for each in arriving for out in fault.arrive(each)]
            left = to_jsonable(arriving)
            if left != came:  # as JSON, because a NaN volume is not equal to itself
                self.record(
                    "candle", symbol=candle.symbol, ts=to_jsonable(candle.ts), fault=fault.name, candle=left
                )
        for each in arriving:
            self._show(each)

    def _show(self, candle: Candle) -> None:
        feed, market = candle.symbol, self._markets.get(candle.symbol)
        if market is None:
            self.monitor.on_candle(candle)
        else:
            self.monitor.on_other_candle(feed, replace(candle, symbol=market))

    def begin_fault(self, target: str, fault: EndpointFault | SeriesFault) -> None:
        """Let a fault stand on a destination or on a series."""
        if isinstance(fault, EndpointFault):
            self.receiver.begin(target, fault)
        else:
            self._series_faults.setdefault(target, []).append(fault)

    def heal_fault(self, target: str, fault: EndpointFault | SeriesFault) -> None:
        """Take a fault away again."""
        if isinstance(fault, EndpointFault):
            self.receiver.heal(target, fault)
        else:
            self._series_faults[target].remove(fault)

    def steady_state(self) -> None:
        """Judge the portfolio before anything is staged: a drill that begins in breach proves nothing."""
        if self.portfolio is None:
            self.record("steady_state", steady=True, reason="no portfolio given")
            return
        with self._recorder.muted():
            result = self.monitor.evaluate_portfolio(self.portfolio)
        steady = result.severity is RiskCheckSeverity.OK
        self.record("steady_state", steady=steady, reason="; ".join(result.reasons) or result.severity.name)

    @contextmanager
    def recorded_logs(self) -> Iterator[None]:
        """Write down every log line while the drill runs, even where the application has logging disabled."""
        handler, root = _RecordedLogs(self), logging.getLogger()
        before, disabled = root.level, root.manager.disable
        logging.disable(logging.NOTSET)
        root.addHandler(handler)
        root.setLevel(min(before, logging.INFO) or logging.INFO)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(before)
            logging.disable(disabled)

    def _started(self) -> LiveMonitor:
        return LiveMonitor(
            self._config,
            self._recorder,
            clock=self.clock,
            breaker_store=self.breaker_store,
            state_store=self.state_store if self._config.data.state_file else None,
        )

    def _sink(self, config: LiveConfig) -> AlertSink | None:
        """What the configuration asks for: with `[live_alerts.dispatch]` a dispatcher, else sinks."""
        wired: dict[str, Any] = {
            "transport": self.receiver,
            "mail": self.receiver,
            "notices": self.receiver,
            "clock": self.clock,
            "observer": self._recorder.delivered,
            "stderr": _RecordedStderr(self),
            "logger": _recordable_logger(config),
        }
        if config.alerts.dispatch is None:
            return build_alert_sink_from_config(config.alerts, **wired)
        self._outbox = DrilledOutbox()
        return AlertDispatcher.from_config(
            config.alerts,
            driver=self._lanes,
            outbox=self._outbox,
            keys=self._recorder.next_key,
            rng=self.rng("alert delivery"),
            raised=self._recorder.raised,
            recorded=self._recorder.taken,
            **wired,
        )

    def _record_http(self, **data: Any) -> None:
        self.record("http", **data)

    def _record_check(self, check: str, result: LiveRiskCheckResult, began: float) -> None:
        details = [
            {
                "limit_name": detail.limit_name,
                "severity": detail.severity.name,
                "value": detail.current_value,
                "limit": detail.limit_value,
                "message": detail.message,
            }
            for detail in result.limit_details
        ]
        self.record(
            "check",
            check=check,
            allowed=result.allowed,
            severity=result.severity.name,
            reasons=list(result.reasons),
            details=to_jsonable(details),
            held_s=self.clock.monotonic() - began,
        )


def _recordable_logger(config: LiveConfig) -> logging.Logger:
    """The configured logger, of the standard library, however the application has set structlog up."""
    settings = config.alerts.settings.get("log")
    return logging.getLogger(getattr(settings, "log_logger_name", None))


class _AlertRecorder:
    """Stands before the real sink: numbers every alert, and knows which one a delivery belongs to."""

    def __init__(self, world: World) -> None:
        self.sink: AlertSink | None = None
        self._world = world
        self._numbers: dict[int, tuple[int, AlertEvent]] = {}
        self._keys: dict[str, int] = {}
        self._made = 0
        self._sending = NOBODYS
        self._muted = False

    def send(self, event: AlertEvent) -> None:
        if self._muted:
            return
        self._sending = self._write_down(event)
        if self.sink is not None:
            self.sink.send(event)
        self._sending = NOBODYS

    def next_key(self) -> str:
        """A key for an alert that the dispatcher takes, or makes."""
        self._made += 1
        key = f"alert-{self._made}"
        if self._sending:
            self._keys[key], self._sending = self._sending, NOBODYS
        return key

    def raised(self, event: AlertEvent) -> None:
        """An alert that the dispatcher has made."""
        self._keys[event.key] = self._write_down(event, made=True)

    def key_of(self, number: int) -> str:
        """The key of the alert of that number; empty when there is none."""
        return next((key for key, one in self._keys.items() if one == number), "")

    def taken(self, event: AlertEvent, destinations: Sequence[str]) -> None:
        """An alert that the dispatcher has recorded for these destinations."""
        number = self._keys.get(event.key, NOBODYS)
        self._world.record("taken", alert=number, key=event.key, destinations=list(destinations))

    def _write_down(self, event: AlertEvent, **more: Any) -> int:
        number = len(self._numbers) + 1
        self._numbers[id(event)] = number, event
        self._world.record(
            "alert",
            alert=number,
            level=event.level.name,
            source=event.source,
            code=event.code,
            message=event.message,
            context=to_jsonable(event.context),
            runbook=event.runbook,
            **more,
        )
        return number

    def delivered(self, delivery: Delivery) -> None:
        number = (
            self._keys.get(delivery.event.key) or self._numbers.get(id(delivery.event), (NOBODYS, None))[0]
        )
        self._world.record(
            "delivery",
            alert=number,
            destination=delivery.destination,
            state=delivery.state,
            reason=delivery.reason,
            held_s=delivery.held_s,
            fallback=delivery.fallback,
        )

    @contextmanager
    def muted(self) -> Iterator[None]:
        self._muted = True
        try:
            yield
        finally:
            self._muted = False


class _RecordedStderr(io.StringIO):
    """What the code under test writes to stderr, in the history."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def write(self, text: str) -> int:
        if text.strip():
            self._world.record("stderr", text=text.rstrip("\n"))
        return len(text)


class _RecordedLogs(logging.Handler):
    """What the code under test logs, in the history."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def emit(self, line: logging.LogRecord) -> None:
        self._world.record("log", logger=line.name, level=line.levelname, event=line.getMessage())
