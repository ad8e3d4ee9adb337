"""What candle guards know outlives the process, or it is told that it does not."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.candles import Candle
from live.config import LiveConfig
from live.contracts import CandleGuard, Finding
from live.events import AlertLevel
from live.monitor import LiveMonitor
from live.registry import CROSS_GUARDS, GUARDS
from live.state_store import FileStateStore, MemoryStateStore, StateUnreadableError, StateUnwritableError
from tests.unit.stage import START, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from live.state_store import StateStore

MINUTE = timedelta(minutes=1)
CODE = "DATA_STATE_FAILED"
BARS = 420
CONFIG: dict[str, Any] = {
    "live_risk": {"instruments": {symbol: {"venue": "kraken"} for symbol in "AB"}},
    "live_data": {"calendars": {"C": "learned"}, "not_positive": {"negative_prices": ["N"]}},
}


@dataclass
class Bench(Stage):
    """Processes one after the other, with one store, one clock and one sink."""

    store: StateStore | None = field(default_factory=MemoryStateStore)
    config: Mapping[str, Any] = field(default_factory=lambda: CONFIG)
    symbols: str = "ABCDN"

    def __post_init__(self) -> None:
        self.restart()

    def restart(self, **live_data: Any) -> None:
        """The next process, perhaps with other settings."""
        tables = {**self.config, "live_data": {**self.config.get("live_data", {}), **live_data}}
        config = LiveConfig.from_mapping(tables)
        self.monitor = LiveMonitor(config, self, clock=self, state_store=self.store)
        for symbol in self.symbols:
            self.monitor.watch(symbol, MINUTE, others=["kraken"] if symbol == "D" else [])

    def play(self, minutes: Iterable[int], stream: Mapping[int, list[Candle]]) -> None:
        """Let minutes pass; what a stream holds for one arrives at its end."""
        for minute in minutes:
            self.present = START + (minute + 1) * MINUTE
            for candle in stream.get(minute, ()):
                for other in beside(candle, minute):
                    self.monitor.on_other_candle("kraken", other)
                self.monitor.on_candle(candle)
            self.monitor.tick()

    def told(self) -> list[tuple[str, str, str]]:
        """What was heard of the state itself."""
        return [
            (one.context["subject"], one.context["status"], one.context["reason"])
            for one in self.sent
            if one.code == CODE
        ]

    def heard(self) -> list[str]:
        """All alerts, in full."""
        return [repr((one.ts, one.level, one.source, one.message, one.context)) for one in self.sent]


def walk(symbol: str, seed: int) -> list[Candle]:
    """A random walk with volumes."""
    rng, price = Random(f"{symbol} {seed}"), 100.0 * ord(symbol)  # noqa: S311 - seeded, not secret
    made = []
    for minute in range(BARS):
        close = round(price * math.exp(rng.gauss(0, 0.0005)), 2)
        high, low = max(price, close) + rng.randrange(5) / 100, min(price, close) - rng.randrange(5) / 100
        volume = round(rng.lognormvariate(3, 0.3), 3)
        made.append(Candle(symbol, START + minute * MINUTE, price, high, low, close, volume))
        price = close
    return made


def closing(candle: Candle, close: float) -> Candle:
    """A candle with another close, high and low drawn out to it."""
    return replace(candle, close=close, high=max(candle.high, close), low=min(candle.low, close))


def scaled(candle: Candle, factor: float) -> Candle:
    """All four prices times a factor."""
    names = ("open", "high", "low", "close")
    return replace(candle, **{name: getattr(candle, name) * factor for name in names})


def beside(candle: Candle, minute: int) -> list[Candle]:
    """What another feed tells of a series that has one: for a while other prices, for a while nothing."""
    if candle.symbol != "D" or 300 <= minute < 320:
        return []
    return [scaled(candle, 1.03)] if 200 <= minute < 230 else [candle]


def troubled(seed: int = 1) -> dict[int, list[Candle]]:
    """Five series in which everything goes wrong that a guard of candles can tell, by their minute."""
    series = {symbol: walk(symbol, seed) for symbol in "ABCDN"}
    a, c = series["A"], series["C"]
    c[60] = closing(c[60], c[60].close * 1.02)  # a bad print, settled by the next bar
    c[80] = replace(c[80], close=math.nan)
    c[90] = replace(c[90], low=-1.0)
    c[100] = replace(c[100], high=c[100].low - 1.0)
    c[110] = replace(c[110], volume=1e9)
    for minute in range(130, 150):
        c[minute] = scaled(c[minute], 100.0)  # another unit, and back
    for minute in range(190, BARS):
        c[minute] = scaled(c[minute], 2.0)  # another level
    for minute in range(230, BARS):
        c[minute] = scaled(c[minute], 1.03)  # a fast market
    c[245:255] = [replace(one, high=c[245].high * 1.05) for one in c[245:255]]  # one price is stuck
    for minute in range(260, 280):
        c[minute] = replace(c[259], ts=c[minute].ts, open=c[259].close)
        c[minute] = replace(c[minute], high=max(c[259].high, c[259].close))
    for minute in range(300, 303):
        series["N"][minute] = replace(a[minute], symbol="N")  # crossed with A
    arriving: dict[int, list[Candle]] = {}
    for symbol, candles in series.items():
        for minute, candle in enumerate(candles):
            is_away = symbol in "AB" and 320 <= minute < 330 + 5 * (symbol == "B")
            if not is_away and not (symbol == "N" and 350 <= minute < 356):
                arriving.setdefault(minute, []).append(candle)
    arriving[160] += [c[160], c[155]]  # again, and out of order
    arriving[165].append(replace(c[165], ts=c[165].ts + timedelta(days=1)))
    for minute in range(380, BARS):
        arriving[minute] = [
            replace(one, ts=one.ts - timedelta(seconds=7)) if one.symbol == "C" else one
            for one in arriving[minute]
        ]
    return arriving


def test_a_process_that_is_restarted_after_every_bar_says_what_one_says_that_never_was() -> None:
    """To the last digit, for every kind of alert that there is about candles."""
    stream, never, ever = troubled(), Bench(store=None), Bench()
    for minute in range(BARS):
        for bench in (never, ever):
            bench.play([minute], stream)
        ever.monitor.save()
        ever.restart()
    assert ever.heard() == never.heard()
    leaves: list[Any] = [*GUARDS.values(), *CROSS_GUARDS.values()]
    assert {one.code for one in never.sent} == {code for leaf in leaves for code in leaf.codes}


@given(st.integers(0, 1_000), st.lists(st.integers(0, BARS), max_size=4))
@settings(max_examples=6)
def test_restarts_at_any_time_change_nothing(seed: int, cuts: list[int]) -> None:
    """However often, through the text of a store."""
    stream, never, ever = troubled(seed), Bench(store=None), Bench()
    never.play(range(BARS), stream)
    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), BARS], strict=True):
        ever.play(range(begin, end), stream)
        ever.monitor.save()
        ever.restart()
    assert ever.heard() == never.heard()


def test_without_a_store_the_guards_begin_anew() -> None:
    """It is what the others are compared with: the same restarts, and other alerts."""
    stream, never, ever = troubled(), Bench(store=None), Bench(store=None)
    for bench, cut in ((never, BARS), (ever, 140)):
        bench.play(range(cut), stream)
        if bench is ever:
            bench.restart()
        bench.play(range(cut, BARS), stream)
    assert ever.heard() != never.heard()


def test_a_halt_by_word_outlives_the_process() -> None:
    """Nothing is due before a bar comes; where other halts are configured by now, only those hold."""
    for halts, codes in (([], []), ([{"symbols": ["Z"], "from": "2026-01-27T05:00:00Z"}], ["DATA_STALE"])):
        bench = Bench(symbols="C", config={})
        bench.play(range(30), {minute: [walk("C", 1)[minute]] for minute in range(30)})
        bench.monitor.halt("C", reason="news")
        bench.monitor.save()
        until = {"until": "2026-01-27T06:00:00Z", "reason": "upgrade"}
        bench.restart(halts=[{**one, **until, "symbols": ["C"]} for one in halts])
        bench.play(range(30, 60), {})
        assert [one.code for one in bench.sent] == codes


def test_what_was_missed_while_no_process_ran_is_a_gap_and_no_silence() -> None:
    """The feed has as long to begin as ever; what it does not bring is told by the first bar."""
    bench = Bench(symbols="C", config={})
    bars = walk("C", 1)
    bench.play(range(30), {minute: [bars[minute]] for minute in range(30)})
    bench.monitor.save()
    bench.present = START + 60 * MINUTE
    bench.restart()
    assert bench.sent == []
    bench.play([61], {61: [bars[61]]})
    assert [(one.code, one.context["missing_bars"]) for one in bench.sent] == [("DATA_GAP", 31)]
    bench.play(range(62, 70), {})
    assert [one.code for one in bench.sent] == ["DATA_GAP", "DATA_STALE"]


def test_a_feed_that_stays_silent_after_a_restart_is_told_as_late_as_a_new_one() -> None:
    """And not twice, when it was told before."""
    for last, minutes in ((30, [63]), (10, [13])):
        bench = Bench(symbols="C", config={})
        bench.play(range(last), {minute: [walk("C", 1)[minute]] for minute in range(last)})
        bench.play(range(last, last + (last == 10) * 5), {})
        bench.monitor.save()
        bench.present = START + 60 * MINUTE
        bench.restart()
        bench.play(range(60, 80), {})
        assert [(one.code, (one.ts - START) // MINUTE) for one in bench.sent] == [("DATA_STALE", minutes[0])]


def test_it_is_kept_once_a_minute_while_the_clock_ticks() -> None:
    """A process that is killed loses a minute at most."""
    writes = list[datetime]()

    class Counted(MemoryStateStore):
        def write(self, state: Any) -> None:
            writes.append(bench.present)
            super().write(state)

    bench = Bench(store=None, symbols="")
    bench.store = Counted()
    bench.symbols = "C"
    bench.restart()
    for second in range(0, 150, 10):
        bench.present = START + timedelta(seconds=second)
        bench.monitor.tick()
    assert writes == [START, START + MINUTE, START + 2 * MINUTE]


def test_what_nobody_watches_yet_is_kept_for_whoever_does() -> None:
    """A process that ends between two calls of `watch` loses nothing."""
    stream, never, ever = troubled(), Bench(store=None), Bench()
    for bench in (never, ever):
        bench.play(range(200), stream)
    ever.monitor.save()
    ever.symbols = "A"
    ever.restart()
    ever.monitor.save()
    ever.symbols = "ABCDN"
    ever.restart()
    for bench in (never, ever):
        bench.play(range(200, BARS), stream)
    assert ever.heard() == never.heard()


def test_what_was_kept_is_not_overwritten_before_it_was_read() -> None:
    """A process that watches nothing, and ends in order, changes nothing."""
    bench = Bench(symbols="A")
    bench.monitor.save()
    assert bench.store is not None
    kept = bench.store.read()
    bench.symbols = ""
    bench.restart()
    bench.monitor.tick()
    bench.monitor.save()
    assert bench.store.read() == kept


def test_a_store_of_somebody_else_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it raises; the guards stand all the same."""
    bench = Bench(symbols="A")
    monkeypatch.setattr(bench.store, "read", lambda: 1 / 0)
    bench.restart()
    assert bench.told() == [("state", "raised", "ZeroDivisionError('division by zero')")]


def test_a_symbol_that_is_new_is_no_fault() -> None:
    """Nothing was known of it."""
    bench = Bench(symbols="A")
    bench.symbols = "AB"
    bench.restart()
    assert bench.told() == []


@pytest.mark.parametrize(
    ("live_data", "told"),
    [
        (
            {"stuck": {"at_least_bars": 4.0}},
            "kinds.stuck was [100000000.0, 3.0, 2.0], and is [100000000.0, 4.0, 2.0]",
        ),
        (
            {"unit_error": {"tolerance_pct": 5.0}},
            "kinds.level_shift was [20.0, 8.0, 10.0], and is [20.0, 8.0, 5.0]",
        ),
        ({"calendar": "fx_week"}, "calendar was '24x7', and is 'fx_week'"),
        ({"not_positive": {"negative_prices": ["A"]}}, "kinds.not_positive was [0.0], and is [1.0]"),
        (
            {"stale": {"after_bars": 5}},
            "stale was 'StaleConfig(after_bars=3)', and is 'StaleConfig(after_bars=5)'",
        ),
    ],
)
def test_a_state_of_other_settings_is_refused_with_the_setting(live_data: dict[str, Any], told: str) -> None:
    """The series begins anew, and somebody hears of it."""
    bench = Bench(symbols="A", config={})
    bench.play(range(50), {minute: [walk("A", 1)[minute]] for minute in range(50)})
    bench.monitor.save()
    bench.restart(**live_data)
    assert bench.told() == [("A", "raised", f"is of other settings: {told}")]
    (event,) = bench.sent
    assert (event.level, event.source) == (AlertLevel.WARNING, "live_data.state")
    assert event.message.endswith("the guards begin anew, and know what is usual after 200 bars")
    assert bench.monitor._kinds["A"].machine.past.seen == 0.0  # noqa: SLF001 - nothing of it was taken up


def test_settings_of_one_series_cost_the_others_nothing() -> None:
    """Each is taken up or refused by itself, and so is what is known of all together."""
    bench = Bench(config={}, symbols="AB")
    bench.play(range(50), {minute: [walk(one, 1)[minute] for one in "AB"] for minute in range(50)})
    bench.monitor.save()
    bench.restart(calendars={"A": "learned"}, same_price={"odds": 1e9})
    assert [subject for subject, *_ in bench.told()] == ["same_price", "A"]
    assert bench.monitor._kinds["B"].machine.past.seen == 50.0  # noqa: SLF001 - taken up


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (None, "is not there: .*; a first start, or it was lost"),
        (lambda text: text[:-20], "is not JSON: "),
        (lambda _text: "", "is not JSON: "),
        (lambda _text: "[" * 100_000, "is not JSON: "),
        (lambda _text: "5", "is damaged, or no state: "),
        (lambda text: text.replace('"seen"', '"been"', 1), "is damaged, or no state: "),
        (lambda text: text.replace("{", '{"a": NaN, ', 1), "is not JSON: .*NaN is no number of JSON"),
    ],
)
def test_a_file_that_cannot_be_believed_is_refused_with_a_reason(
    tmp_path: Path, spoil: Any, told: str
) -> None:
    """Nothing of it is taken up, whatever it is; the next one is whole again."""
    path = tmp_path / "state.json"
    bench = Bench(store=FileStateStore(path), symbols="A", config={})
    bench.sent.clear()
    bench.play(range(50), {minute: [walk("A", 1)[minute]] for minute in range(50)})
    bench.monitor.save()
    if spoil is None:
        path.unlink()
    else:
        path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(StateUnreadableError, match=told):
        FileStateStore(path).read()
    bench.restart()
    ((subject, status, _),) = bench.told()
    assert (subject, status) == ("state", "raised")
    assert bench.sent[-1].level is AlertLevel.WARNING  # a lost file too: no sink leaves it out by default
    bench.restart()
    assert len(bench.told()) == 1


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"version": 0, "parts": {}}, "is of version 0, and this is version 1"),
        ({"parts": {}}, "is of version None"),
        ([], r"has \[\] in the place of a table"),
        ({"version": 1}, r"has \['version'\], not \['parts', 'version'\]"),
        ({"version": 1, "parts": {"A": 5}}, "has 5 in the place of a table"),
        ({"version": 1, "parts": {"all series: venues": [1]}}, r"has \[1\] in the place of a table"),
        ({"version": 1, "parts": {"all series: venues": {"k": []}}}, "has 0 numbers, not 2"),
        ({"version": 1, "parts": {"all series: same_price": {}}}, r"has \[\], not \['settings', 'state'\]"),
    ],
)
def test_a_state_of_another_form_is_refused_with_a_reason(state: Any, told: str) -> None:
    """Of an older version, or of somebody else."""
    bench = Bench(symbols="A", config={})
    assert bench.store is not None
    bench.store.write(state)
    bench.sent.clear()
    bench.restart()
    ((_, status, reason),) = bench.told()
    assert status == "raised"
    with pytest.raises(ValueError, match=told):
        raise ValueError(reason)


def test_a_state_that_cannot_be_kept_is_told_once_and_when_it_is_kept_again(tmp_path: Path) -> None:
    """Guards go on all the while, and the file is as it was."""
    folder = tmp_path / "there"
    bench = Bench(store=FileStateStore(folder / "state.json"), symbols="A", config={})
    assert [status for _, status, _ in bench.told()] == ["raised", "raised"]
    bench.sent.clear()
    bench.play(range(5), {minute: [walk("A", 1)[minute]] for minute in range(5)})
    assert bench.sent == []
    folder.mkdir()
    bench.play([5], {5: [walk("A", 1)[5]]})
    assert bench.told() == [("state", "resolved", "")]
    bench.restart()
    assert len(bench.told()) == 1


def test_the_file_is_named_by_the_configuration(tmp_path: Path) -> None:
    """And `save` writes it, for whoever ends in order."""
    path = tmp_path / "state.json"
    bench = Bench(store=None, symbols="A", config={"live_data": {"state_file": str(path)}})
    bench.monitor.save()
    assert set(FileStateStore(path).read()["parts"]) == {"A", "all series: same_price", "all series: venues"}
    json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_what_is_no_json_is_not_written(tmp_path: Path) -> None:
    """What was kept before stays."""
    for store in (MemoryStateStore(), FileStateStore(tmp_path / "state.json")):
        store.write({"a": 1})
        for state in (math.nan, {1, 2}):
            with pytest.raises(StateUnwritableError, match="is not JSON"):
                store.write(state)
        assert store.read() == {"a": 1}


class Counting(CandleGuard):
    """A guard of somebody else that knows how many candles there were, and says so at the tenth."""

    name = "a_counting_one"
    codes = ("TENTH",)

    @dataclass(frozen=True)
    class Config:
        """No keys."""

    count = 0

    def on_candle(self, candle: Candle, _now: datetime) -> list[Finding]:
        """One more."""
        self.count += 1
        tenth = Finding("TENTH", AlertLevel.WARNING, candle.symbol, "the tenth")
        return [tenth] if self.count == 10 else []

    def saved(self) -> int:
        """How many."""
        return self.count

    def restore(self, state: Any, _now: datetime) -> None:
        """Go on."""
        self.count = state + 0


@pytest.fixture
def counting() -> Iterator[None]:
    """The foreign guard is registered until the end of the test."""
    names = GUARDS.take_from(sys.modules[__name__])
    yield
    GUARDS.forget(names)


@pytest.mark.usefixtures("counting")
def test_a_foreign_guard_is_kept_like_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that fails costs its series the state, and nobody the process."""
    stream = {minute: [walk("A", 1)[minute]] for minute in range(20)}
    bench = Bench(symbols="A", config={})
    bench.play(range(6), stream)
    bench.restart()
    bench.play(range(6, 12), stream)
    assert [one.code for one in bench.sent] == ["TENTH"]
    monkeypatch.setattr(Counting, "restore", lambda *_: 1 / 0)
    bench.restart()
    assert bench.told() == [("A", "raised", "ZeroDivisionError('division by zero')")]
    monkeypatch.setattr(Counting, "saved", lambda _: {1})
    bench.play(range(12, 15), stream)
    assert [reason for *_, reason in bench.told()][1:] == [
        "is not JSON: Object of type set is not JSON serializable"
    ]
