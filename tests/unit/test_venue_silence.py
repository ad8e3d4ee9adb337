"""A venue that falls silent is one alert, whatever the order in which its series do."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from live.candles import Candle
from live.config import LiveConfig
from live.contracts import FeedGuard, FeedState, Finding
from live.events import AlertEvent, AlertLevel
from live.monitor import LiveMonitor
from live.registry import GUARDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START = datetime(2026, 1, 27, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
VENUES = {"A": "kraken", "B": "kraken", "C": "kraken", "H": "kraken", "X": "binance", "Y": ""}


@dataclass
class Bench:
    """Series of one minute (`H` of an hour); each delivers for ever, or in the stretches that it is given."""

    watched: str
    halts: list[Mapping[str, object]] = field(default_factory=list)
    present: datetime = START
    sent: list[AlertEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        instruments = {symbol: {"venue": venue} for symbol, venue in VENUES.items()}
        config = {"live_risk": {"instruments": instruments}, "live_data": {"halts": self.halts}}
        self.monitor = LiveMonitor(LiveConfig.from_mapping(config), self, clock=self)
        for symbol in self.watched:
            self.monitor.watch(symbol, 60 * MINUTE if symbol == "H" else MINUTE)

    def now(self) -> datetime:
        """As a clock: the instant that the test has come to."""
        return self.present

    def monotonic(self) -> float:
        """As a clock: seconds since the start."""
        return (self.present - START).total_seconds()

    def send(self, event: AlertEvent) -> None:
        """As a sink: remember what is not about a hole."""
        if event.code != "DATA_GAP":
            self.sent.append(event)

    def play(self, until: int, **dead: tuple[int, int]) -> list[tuple[int, str, str]]:
        """Bars of each series but those of the minutes in which it is dead: minute, code and subject told."""
        while self.present < START + until * MINUTE:
            minute = int(self.monotonic() // 60)
            self.present += MINUTE
            for symbol in self.watched:
                length = 60 if symbol == "H" else 1
                first, end = dead.get(symbol, (0, 0))
                if (minute + 1) % length == 0 and not first <= minute < end:
                    ts = self.present - length * MINUTE
                    price = 100.0 * ord(symbol) + minute
                    self.monitor.on_candle(Candle(symbol, ts, *[price] * 4))
            self.monitor.tick()
        return [(int((one.ts - START) / MINUTE), one.code, one.context["subject"]) for one in self.sent]


STALE, SILENT = "DATA_STALE", "DATA_VENUE_SILENT"


def test_a_venue_that_falls_silent_is_one_alert_and_one_word_when_it_is_back() -> None:
    """Three series stop at 10 and come back at 20; those of other venues and of none are told as ever."""
    bench = Bench("ABCXY")
    dead = (10, 20)
    told = bench.play(30, A=dead, B=dead, C=dead, X=dead, Y=dead)
    assert told == [(13, STALE, "Y"), (13, SILENT, "kraken"), (13, STALE, "X"), (21, SILENT, "kraken")]
    raised, resolved = (one for one in bench.sent if one.code == SILENT)
    assert (raised.level, raised.source) == (AlertLevel.CRITICAL, "live_data.stale")
    assert raised.message == (
        "kraken: 3 series are silent, newest bar opened 2026-01-27T00:09:00Z, oldest opened "
        "2026-01-27T00:09:00Z: A, B, C"
    )
    facts = {"count": 3, "symbols": ("A", "B", "C"), "venue": "kraken", "status": "raised"}
    assert {name: raised.context[name] for name in facts} == facts
    assert raised.context["oldest"] == raised.context["newest"] == START + 9 * MINUTE
    assert (resolved.level, resolved.context["status"]) == (AlertLevel.WARNING, "resolved")
    assert resolved.message == "kraken: delivers again; 0 series are still silent"


def test_a_single_series_is_stale_while_others_deliver() -> None:
    """And so are two, when the third delivers."""
    assert Bench("ABC").play(30, A=(10, 30)) == [(13, STALE, "A")]
    assert Bench("ABC").play(30, A=(10, 30), B=(10, 30)) == [(13, STALE, "A"), (13, STALE, "B")]
    assert Bench("A").play(30, A=(10, 30)) == [(13, STALE, "A")]


def test_a_series_that_stops_a_bar_later_joins_in_silence() -> None:
    """It is late when the others are stale, so it does not count as one that delivers."""
    told = Bench("ABC").play(30, A=(10, 30), B=(10, 30), C=(11, 30))
    assert told == [(13, SILENT, "kraken")]


def test_series_that_stop_one_after_the_other() -> None:
    """The first is told by itself, because the second still delivers; then the venue is silent."""
    told = Bench("AB").play(30, A=(5, 30), B=(15, 30))
    assert told == [(8, STALE, "A"), (18, SILENT, "kraken")]


def test_a_slow_series_neither_hides_the_silence_nor_breaks_it_too_early() -> None:
    """A bar of an hour that was complete before the silence proves nothing; the next one does."""
    bench = Bench("ABH")
    told = bench.play(121, A=(70, 150), B=(70, 150))
    assert told == [(73, SILENT, "kraken"), (120, SILENT, "kraken"), (121, STALE, "A"), (121, STALE, "B")]
    assert bench.sent[1].message == "kraken: delivers again; 2 series are still silent: A, B"


def test_what_is_still_silent_a_minute_after_the_venue_is_back_is_told_by_itself() -> None:
    """A comes back at 20; B, a minute later, is spared; C is told."""
    told = Bench("ABC").play(40, A=(10, 20), B=(10, 21), C=(10, 40))
    assert told == [(13, SILENT, "kraken"), (21, SILENT, "kraken"), (22, STALE, "C")]


def test_a_venue_can_fall_silent_again() -> None:
    """Each silence is told, also when a series of the first has never come back."""
    bench = Bench("ABC")
    bench.play(30, A=(10, 20), B=(10, 20), C=(10, 99))
    told = bench.play(50, A=(35, 99), B=(35, 99), C=(10, 99))
    assert told == [
        (13, SILENT, "kraken"),
        (21, SILENT, "kraken"),
        (22, STALE, "C"),
        (38, SILENT, "kraken"),
    ]


def test_a_venue_from_which_nothing_ever_came() -> None:
    """It is silent as well; there is no bar to name."""
    bench = Bench("AB")
    assert bench.play(10, A=(0, 5), B=(0, 99)) == [
        (3, SILENT, "kraken"),
        (6, SILENT, "kraken"),
        (7, STALE, "B"),
    ]
    assert "newest bar none since the watch began" in bench.sent[0].message
    assert bench.sent[0].context["newest"] is None


def test_a_feed_that_delivers_old_bars_does_not_break_the_silence() -> None:
    """Bars of an hour ago, sent again or late, are no sign of life."""
    bench = Bench("AB")
    bench.play(15, A=(10, 99), B=(10, 99))
    bench.monitor.on_candle(Candle("A", START + 10 * MINUTE, *[6510.0] * 4))
    bench.monitor.tick()
    assert [one.code for one in bench.sent] == [SILENT]


def test_a_series_that_is_halted_neither_delivers_nor_is_silent() -> None:
    """Two are silent and the third is halted: the venue is silent. With two halted, one is stale."""
    halt = {"from": START + 5 * MINUTE, "until": START + 60 * MINUTE, "reason": "news"}
    dead = {"A": (5, 99), "B": (5, 99), "C": (5, 99)}
    assert Bench("ABC", [{**halt, "symbols": ["C"]}]).play(30, **dead) == [(8, SILENT, "kraken")]
    assert Bench("ABC", [{**halt, "symbols": ["B", "C"]}]).play(30, **dead) == [(8, STALE, "A")]


class Deaf(FeedGuard):
    """A guard of somebody else that finds every feed silent from the tenth minute on."""

    name = "a_deaf_one"
    codes = ("DEAF",)

    @dataclass(frozen=True)
    class Config:
        """No keys."""

    def on_candle(self, _candle: Candle, _now: datetime) -> list[Finding]:
        """Nothing."""
        return []

    def on_tick(self, now: datetime) -> list[Finding]:
        """Once."""
        return [self._finding()] if now == START + 10 * MINUTE else []

    def feed(self, now: datetime) -> FeedState:
        """Silent from then on."""
        return FeedState(
            None, None, is_late=False, stale=self._finding() if now >= START + 10 * MINUTE else None
        )

    def _finding(self) -> Finding:
        return Finding("DEAF", AlertLevel.WARNING, self.series.symbol, "hears nothing")


@pytest.fixture
def deaf() -> Iterator[None]:
    """The foreign guard is registered until the end of the test."""
    names = GUARDS.take_from(sys.modules[__name__])
    yield
    GUARDS.forget(names)


@pytest.mark.usefixtures("deaf")
def test_a_foreign_guard_of_feeds_is_heard_like_our_own() -> None:
    """With its source and its code, as long as somebody delivers; where nobody says the venue, at once."""
    bench = Bench("ABY")
    assert bench.play(12) == [(10, "DEAF", "Y"), (10, "DEAF", "A"), (10, "DEAF", "B")]
    assert {one.source for one in bench.sent} == {"live_data.a_deaf_one"}


@pytest.mark.usefixtures("deaf")
def test_a_foreign_guard_that_fails_hides_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the others have found is told series by series, and the failure as well."""
    monkeypatch.setattr(Deaf, "feed", lambda _self, _now: 1 / 0)
    bench = Bench("AB")
    bench.play(2)
    bench.present = START + 30 * MINUTE
    with pytest.raises(ExceptionGroup):
        bench.monitor.tick()
    assert [(one.code, one.context["subject"]) for one in bench.sent] == [(STALE, "A"), (STALE, "B")]
