"""One door in: candles, orders, snapshots, samples and ticks go in, alerts come out of the sink."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from live.breaker import create_store
from live.candles import Candle
from live.config import LiveConfig
from live.contracts import CandleGuard, Finding
from live.events import AlertEvent, AlertLevel
from live.monitor import LiveMonitor
from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.registry import GUARDS, RegistryError
from live.watchers.exchange_api import ApiCall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = datetime(2026, 1, 27, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Bench:
    """A monitor with a clock that the test moves and a sink that the test reads."""

    config: dict[str, object] = field(default_factory=dict)
    present: datetime = START
    sent: list[AlertEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monitor = LiveMonitor(LiveConfig.from_mapping(self.config), self, clock=self)

    def now(self) -> datetime:
        """As a clock: the instant that the test set."""
        return self.present

    def monotonic(self) -> float:
        """As a clock: seconds since the start."""
        return (self.present - START).total_seconds()

    def send(self, event: AlertEvent) -> None:
        """As a sink: remember."""
        self.sent.append(event)

    def candle(self, minutes: int, close: float = 100.0) -> None:
        """A bar of one minute that opened `minutes` after the start, complete now."""
        self.present = START + minutes * MINUTE + MINUTE
        self.monitor.on_candle(Candle("BTC/EUR", START + minutes * MINUTE, *[close] * 4))


def test_orders_come_out_as_an_alert() -> None:
    """A batch in breach is refused, and the sink is told at the present instant."""
    bench = Bench({"live_risk": {"max_order_notional": 500.0}})
    result = bench.monitor.check_orders([LiveOrderRequest("a", "BTC/EUR", "BUY", notional=2000.0)])
    assert not result.allowed
    assert [(event.code, event.ts) for event in bench.sent] == [("RISK_LIMIT_VIOLATION_ORDERS", START)]


def test_a_portfolio_comes_out_as_an_alert() -> None:
    """So is a snapshot in breach."""
    bench = Bench({"live_risk": {"max_total_exposure_notional": 500.0}})
    held = LivePositionSnapshot("BTC/EUR", size=1.0, mark_price=600.0, entry_price=600.0)
    bench.monitor.evaluate_portfolio(LivePortfolioSnapshot(as_of=START, positions=[held], cash=1000.0))
    assert [event.code for event in bench.sent] == ["RISK_LIMIT_VIOLATION_PORTFOLIO"]


def test_portfolio_checks_feed_the_breaker_and_it_refuses_orders(tmp_path: Path) -> None:
    """Two breaches latch it; the alert comes out of the same sink, and a restart changes nothing."""
    create_store(str(tmp_path / "breaker.sqlite"))
    config = {
        "live_risk": {"max_total_exposure_notional": 500.0},
        "live_breaker": {"enabled": True, "path": str(tmp_path / "breaker.sqlite")},
    }
    bench = Bench(config)
    held = LivePositionSnapshot("BTC/EUR", size=1.0, mark_price=600.0, entry_price=600.0)
    for _ in range(2):
        bench.monitor.evaluate_portfolio(LivePortfolioSnapshot(as_of=START, positions=[held], cash=1000.0))
    assert [event.code for event in bench.sent][-1] == "BREAKER_REDUCE_ONLY"
    after = Bench(config)
    result = after.monitor.check_orders([LiveOrderRequest("a", "BTC/EUR", "BUY", notional=10.0)])
    assert [detail.limit_name for detail in result.limit_details if detail.severity] == ["breaker"]
    assert result.reasons[0].startswith(
        "breaker_reduce_only(scope='account', since=2026-01-27T00:00:00+00:00"
    )
    assert after.sent[0].message.startswith("Live risk limit violation: breaker_reduce_only(")


def test_without_configuration_there_is_no_breaker() -> None:
    """And no file."""
    assert Bench().monitor.breaker is None


def test_every_guard_sees_every_candle_of_its_series() -> None:
    """One candle that is missing and wrong raises both alerts, each from its guard, with its subject."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    bench.candle(0)
    bench.candle(3, close=-1.0)
    assert [(event.source, event.code) for event in bench.sent] == [
        ("live_data.not_positive", "CANDLE_NOT_POSITIVE"),
        ("live_data.gap", "DATA_GAP"),
    ]
    assert {event.context["subject"] for event in bench.sent} == {"BTC/EUR"}


def test_a_feed_that_never_starts_is_found_by_the_clock() -> None:
    """Nothing has to come in for something to be found missing."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    bench.present = START + timedelta(hours=1)
    bench.monitor.tick()
    assert [event.code for event in bench.sent] == ["DATA_STALE"]


def test_watching_again_does_not_make_a_silent_feed_young() -> None:
    """A caller that reconnects every minute hears of it all the same."""
    bench = Bench()
    for minutes in range(10):
        bench.present = START + minutes * MINUTE
        bench.monitor.watch("BTC/EUR", MINUTE)
    assert [event.code for event in bench.sent] == ["DATA_STALE"]


def test_a_candle_that_nobody_watches_is_an_error() -> None:
    """An unguarded feed must not look like a sound one."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    with pytest.raises(KeyError, match="no series 'BTC/EUX' is watched; did you mean 'BTC/EUR'"):
        bench.monitor.on_candle(Candle("BTC/EUX", START, *[1.0] * 4))


def test_a_watcher_is_fed_by_its_name() -> None:
    """What it finds carries its source."""
    bench = Bench({"live_watchers": {"exchange_api": {"max_consecutive_failures": 2}}})
    for _ in range(2):
        bench.monitor.observe("exchange_api", ApiCall("kraken", ok=False, error="timeout"))
    assert [(event.source, event.level) for event in bench.sent] == [
        ("live_watch.exchange_api", AlertLevel.CRITICAL)
    ]


def test_a_misspelt_watcher_is_an_error() -> None:
    """A sample never goes nowhere."""
    with pytest.raises(RegistryError, match="unknown watcher 'exchange_apy'; did you mean 'exchange_api'"):
        Bench().monitor.observe("exchange_apy", ApiCall("kraken", ok=True))


def test_without_a_sink_the_verdict_is_the_same() -> None:
    """Nobody has to listen for a limit to hold."""
    monitor = LiveMonitor(LiveConfig.from_mapping({"live_risk": {"max_order_notional": 500.0}}))
    assert not monitor.check_orders([LiveOrderRequest("a", "BTC/EUR", "BUY", notional=2000.0)]).allowed


def test_a_naive_instant_of_a_candle_is_utc() -> None:
    """As everywhere else."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    bench.present = START + MINUTE
    bench.monitor.on_candle(Candle("BTC/EUR", START.replace(tzinfo=None), *[100.0] * 4))
    assert bench.sent == []


def test_a_sink_that_raises_stops_no_guard(caplog: pytest.LogCaptureFixture) -> None:
    """Two feeds fall silent, and both are told of; the failure is reported by its type alone."""

    class Broken(Bench):
        def send(self, event: AlertEvent) -> None:
            super().send(event)
            raise RuntimeError("https://secret.invalid/token")

    bench = Broken()
    bench.monitor.watch("BTC/EUR", MINUTE)
    bench.monitor.watch("ETH/EUR", MINUTE)
    bench.present = START + timedelta(hours=1)
    bench.monitor.tick()
    assert [event.context["subject"] for event in bench.sent] == ["BTC/EUR", "ETH/EUR"]
    assert "alert sink Broken raised RuntimeError; DATA_STALE was not delivered" in caplog.text
    assert "secret" not in caplog.text


class Shaky(CandleGuard):
    """A guard that fails whatever it is asked."""

    name = "a_shaky_one"
    codes = ()

    @dataclass(frozen=True)
    class Config:
        """No keys."""

    def on_candle(self, _candle: Candle, _now: datetime) -> list[Finding]:
        """Fail."""
        raise ZeroDivisionError

    def on_tick(self, _now: datetime) -> list[Finding]:
        """Fail as well."""
        raise ZeroDivisionError


@pytest.fixture
def shaky() -> Iterator[None]:
    """The guard that fails is registered until the end of the test."""
    names = GUARDS.take_from(sys.modules[__name__])
    yield
    GUARDS.forget(names)


@pytest.mark.usefixtures("shaky")
def test_a_guard_that_fails_is_an_error_and_stops_no_other_one() -> None:
    """The others see the candle and the clock; whose failure it is stands beside the error."""
    bench = Bench()
    with pytest.raises(ExceptionGroup):
        bench.monitor.watch("BTC/EUR", MINUTE)
    bench.present = START + timedelta(hours=1)
    with pytest.raises(ExceptionGroup) as failed:
        bench.monitor.on_candle(Candle("BTC/EUR", START, 1.0, 1.0, 1.0, -1.0))
    assert failed.value.exceptions[0].__notes__ == ["raised by live_data.a_shaky_one"]
    with pytest.raises(ExceptionGroup):
        bench.monitor.tick()
    assert [event.code for event in bench.sent] == ["CANDLE_NOT_POSITIVE", "DATA_STALE"]


@pytest.mark.parametrize("ts", [None, "2026-01-27", datetime.max.replace(tzinfo=timezone(-MINUTE))])
def test_a_candle_of_no_known_instant_is_an_error(ts: Any) -> None:
    """No guard may remember an instant that nothing can be compared with."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    with pytest.raises(ValueError, match=r"BTC/EUR: ts of a candle is .*; expected an instant"):
        bench.monitor.on_candle(Candle("BTC/EUR", ts, *[100.0] * 4))


def test_a_halt_by_word_silences_gap_and_stale_until_it_ends() -> None:
    """Nothing is due while it holds; three bars after its end are overdue like any others."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    bench.candle(0)
    bench.monitor.halt("BTC/EUR", until=START + 31 * MINUTE, reason="news")
    for minutes in (30, 33, 34):
        bench.present = START + minutes * MINUTE
        bench.monitor.tick()
        assert [event.code for event in bench.sent] == (["DATA_STALE"] if minutes == 34 else [])
    bench.candle(34)
    assert bench.sent[-1].context["missing_bars"] == 3


@pytest.mark.parametrize("by_a_bar", [True, False])
def test_a_halt_without_an_end_ends_when_a_bar_comes_or_somebody_says_so(*, by_a_bar: bool) -> None:
    """From then on silence is told again, and the hole of the halt is none."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    bench.candle(0)
    bench.monitor.halt("BTC/EUR", reason="news")
    bench.present = START + 100 * MINUTE
    bench.monitor.tick()
    if by_a_bar:
        bench.candle(99)
    else:
        bench.monitor.resume("BTC/EUR")
    assert bench.sent == []
    bench.present = START + 104 * MINUTE
    bench.monitor.tick()
    assert [event.code for event in bench.sent] == ["DATA_STALE"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"reason": " "}, "BTC/EUR: reason of a halt is ' '; say why"),
        ({"reason": "news", "until": START}, "BTC/EUR: until of a halt is .*; expected an instant after now"),
        ({"reason": "news", "until": 5}, "BTC/EUR: until of a halt is 5"),
    ],
)
def test_a_halt_that_is_malformed_halts_nothing(asked: dict[str, Any], message: str) -> None:
    """It is an error, and what is due stays due."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    with pytest.raises(ValueError, match=message):
        bench.monitor.halt("BTC/EUR", **asked)
    with pytest.raises(KeyError, match="no series 'BTC' is watched"):
        bench.monitor.halt("BTC", reason="news")
    bench.present = START + 10 * MINUTE
    bench.monitor.tick()
    assert [event.code for event in bench.sent] == ["DATA_STALE"]


def test_configured_halts_hold_for_their_symbols_and_calendars() -> None:
    """Of two series one is halted."""
    halt = {"symbols": ["BTC/EUR"], "from": START, "until": START + 60 * MINUTE, "reason": "upgrade"}
    bench = Bench({"live_data": {"halts": [halt]}})
    bench.monitor.watch("BTC/EUR", MINUTE)
    bench.monitor.watch("ETH/EUR", MINUTE)
    bench.present = START + 30 * MINUTE
    bench.monitor.tick()
    assert [event.context["subject"] for event in bench.sent] == ["ETH/EUR"]


def test_one_name_in_the_place_of_a_list_of_feeds_is_refused() -> None:
    """Else each letter were a feed that never speaks."""
    bench = Bench()
    with pytest.raises(ValueError, match=r"BTC/EUR: others is 'kraken'; write \['kraken'\]"):
        bench.monitor.watch("BTC/EUR", MINUTE, others="kraken")
    assert bench.monitor.watched == ()


def test_what_another_feed_tells_is_heard_with_the_next_bar() -> None:
    """A feed that stops is told, and one that nobody named is an error."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE, others=["kraken"])
    for minute in range(4):
        bench.candle(minute)
        if minute == 0:
            bench.monitor.on_other_candle("kraken", Candle("BTC/EUR", START, *[100.0] * 4))
    assert [event.code for event in bench.sent] == []
    bench.candle(4)
    assert [(event.code, event.level) for event in bench.sent] == [("DATA_QUORUM", AlertLevel.WARNING)]
    candle = Candle("BTC/EUR", START, *[100.0] * 4)
    with pytest.raises(KeyError, match="no feed 'kraken2' is named; did you mean 'kraken'"):
        bench.monitor.on_other_candle("kraken2", candle)
    with pytest.raises(KeyError, match="no series 'BTC/EUX' is watched; did you mean 'BTC/EUR'"):
        bench.monitor.on_other_candle("kraken", replace(candle, symbol="BTC/EUX"))
    with pytest.raises(ValueError, match="expected an instant"):
        bench.monitor.on_other_candle("kraken", replace(candle, ts="soon"))  # type: ignore[arg-type]  # of the source


def test_a_feed_that_is_added_later_begins_anew() -> None:
    """What was usual between other feeds says nothing of this one; saying it again changes nothing."""
    bench = Bench()
    bench.monitor.watch("BTC/EUR", MINUTE)
    with pytest.raises(KeyError, match="no feed 'kraken' is named"):
        bench.monitor.on_other_candle("kraken", Candle("BTC/EUR", START, *[100.0] * 4))
    bench.monitor.watch("BTC/EUR", MINUTE, others=["kraken"])
    bench.monitor.watch("BTC/EUR", MINUTE, others=["kraken"])
    bench.monitor.on_other_candle("kraken", Candle("BTC/EUR", START, *[100.0] * 4))
