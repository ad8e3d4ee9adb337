"""The laws of the machine: it never raises, never looks ahead, and is the same by every door."""

from __future__ import annotations

import json
import math
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.bars.compiled import COLUMNS, CompiledMachine
from live.bars.kind import Kind, Stage
from live.bars.machine import Event, Machine
from live.bars.moves import has_numbers, is_plain, is_sound
from live.bars.values import AT_FIRST, QUIET, RAISED, UNMOVED, Bar, Move, Past, Said
from live.bars.watch import kinds_of
from live.candles import Candle, Series
from live.config_errors import ConfigError
from live.contracts import CandleKind
from live.data_quality.not_positive import NotPositiveConfig
from live.history import check_candles
from live.registry import GUARDS

MINUTE_S = 60.0
SERIES = Series("X", timedelta(minutes=1))


def made(not_positive: NotPositiveConfig) -> list[Kind]:
    """Every kind, one of them configured so."""
    configs = {name: GUARDS[name].Config() for name in GUARDS} | {"not_positive": not_positive}
    guards = [GUARDS[name](SERIES, config) for name, config in configs.items()]
    return kinds_of([guard for guard in guards if isinstance(guard, CandleKind)])


MADE = made(NotPositiveConfig())
ANY = st.floats() | st.sampled_from([0.0, -0.0, 5e-324, 1.7e308, math.nan, math.inf, -math.inf])
PLAIN = COLUMNS[:6]
"""Columns of a history: one set in all tests, for each is compiled by itself."""
HOSTILE = st.lists(st.builds(Bar, ANY, ANY, ANY, ANY, ANY, ANY, ANY), max_size=40)


def walk(seed: int, count: int, spoil: float = 0.05) -> list[Bar]:
    """A random walk with heavy tails, thin moments, and every kind of fault strewn in."""
    rng = np.random.default_rng(seed)
    price, bars = 100.0, list[Bar]()
    for number in range(count):
        ts = number * MINUTE_S
        close = price * math.exp(0.001 * rng.standard_t(3)) if rng.random() > 0.2 else price
        high = max(price, close) * math.exp(abs(0.0005 * rng.standard_t(3)))
        low = min(price, close) * math.exp(-abs(0.0005 * rng.standard_t(3)))
        bar = Bar(ts, price, high, low, close, float(rng.lognormal(3, 1)), math.nan)
        if rng.random() < spoil:
            field = str(rng.choice(["ts", "open", "high", "low", "close", "volume"]))
            factor = float(rng.choice([0.0, -1.0, 1.05, 0.9, 10.0, 0.01, 1000.0, math.nan]))
            bar = bar._replace(**{field: getattr(bar, field) * factor})
        bars.append(bar._replace(ts=round(bar.ts, 3)))
        price = close
    return bars


def all_of(machine: Machine | CompiledMachine, bars: list[Bar]) -> list[Event]:
    """Everything that is said of bars that come one by one."""
    return [event for bar in bars for event in machine.push(bar)]


def shown(events: list[Event]) -> str:
    """Events as text: one NaN is as good as another."""
    return repr(events)


def frame(bars: list[Bar]) -> pl.DataFrame:
    """Bars as a frame, without the one field that a history does not know."""
    columns = list(zip(*bars, strict=True))
    names = ["ts", "open", "high", "low", "close", "volume"]
    table = pl.DataFrame({name: list(column) for name, column in zip(names, columns, strict=False)})
    return table.with_columns((pl.col("ts") * 1000).round().cast(pl.Int64))


class Counted(NamedTuple):
    """A field that is called as a function beside it is."""

    high_of: float


def high_of(bar: Bar) -> float:
    """What a field of the same name is set to."""
    return max(bar.high, Counted(0.0).high_of)


def counts(
    bar: Bar,
    _past: Past,
    _move: Move,
    _limits: tuple[float, ...],
    _own: tuple[float, ...],
) -> tuple[tuple[float, ...], Said]:
    """Always something."""
    return (high_of(bar),), Said(RAISED, high_of(bar), 0.0, bar.ts)


def test_a_field_may_be_called_as_a_function_is() -> None:
    """Only what is called is compiled with a kind."""
    kinds = [Kind("counts", Stage.SHAPE, counts, (), (0.0,))]
    (bar,) = walk(1, 1)
    assert CompiledMachine(kinds, MINUTE_S).push(bar) == Machine(kinds, MINUTE_S).push(bar)


@pytest.mark.parametrize("linear", [0, 1])
@given(
    prices=st.lists(st.floats(1e-300, 1e300), min_size=4, max_size=4),
    volume=st.floats(0.0, 1e300) | st.just(math.nan),
)
def test_who_skips_plain_bars_has_nothing_to_say_of_them(
    linear: int, prices: list[float], volume: float
) -> None:
    """And what is plain has numbers, and is sound: nothing is missed by not being asked."""
    low, first, last, high = sorted(price - 7.0 * linear for price in prices)
    bar = Bar(60.0, first, high, low, last, volume, math.nan)
    assert is_plain(bar, linear)
    assert has_numbers(bar, linear)
    assert is_sound(bar)
    for kind in made(NotPositiveConfig(("X",)) if linear else NotPositiveConfig()):
        if kind.skips_plain:
            assert kind.look(bar, AT_FIRST, UNMOVED, kind.limits, kind.start)[1] == QUIET, kind.name


def test_what_fades_does_not_fade_to_numbers_that_processors_are_slow_with() -> None:
    """An empty bar, a bar that comes again, another unit of volume; and then nothing of that for ever."""
    bars = walk(5, 300, 0.0)
    bars[50] = bars[50]._replace(volume=0.0)
    bars[60] = bars[59]._replace(ts=bars[60].ts)
    bars[100:] = [bar._replace(volume=bar.volume * 1e4) for bar in bars[100:]]
    machine = CompiledMachine(MADE, MINUTE_S, columns=PLAIN)
    list(machine.run([np.array([bar[n] for bar in bars]) for n in range(len(PLAIN))]))
    ts = np.arange(300, 200_300) * MINUTE_S
    close = 100.0 + 0.01 * (np.arange(len(ts)) % 7)
    opened = np.roll(close, 1)
    high, low = np.maximum(opened, close) + 0.01, np.minimum(opened, close) - 0.01
    list(machine.run([ts, opened, high, low, close, np.full(len(ts), 3e4)]))
    known = machine._memory  # noqa: SLF001 - nobody else shows it
    assert not np.any((known != 0.0) & (np.abs(known) < sys.float_info.min))


@given(HOSTILE)
def test_no_numbers_make_it_raise(bars: list[Bar]) -> None:
    """Whatever a source sends, there is an answer."""
    for machine in (Machine(MADE, MINUTE_S), Machine(MADE, MINUTE_S, may_be_negative=True)):
        for bar in [*walk(1, 60, 0.0), *bars]:
            machine.push(bar)
            assert machine.failures == []


@given(HOSTILE)
def test_compiled_it_says_the_same_of_hostile_numbers(bars: list[Bar]) -> None:
    """To the last bit, and what it has learnt is the same."""
    one, other = Machine(MADE, MINUTE_S), CompiledMachine(MADE, MINUTE_S, columns=PLAIN)
    assert shown(all_of(one, [*walk(1, 30, 0.0), *bars])) == shown(all_of(other, [*walk(1, 30, 0.0), *bars]))
    assert repr(tuple(map(float, one.past))) == repr(tuple(other.past))


@given(st.integers(0, 10_000), st.integers(0, 400))
@settings(max_examples=25)
def test_no_alarm_needs_the_future(seed: int, cut: int) -> None:
    """What is said of a beginning is the beginning of what is said, by every door."""
    bars = walk(seed, 400)
    whole, part = all_of(Machine(MADE, MINUTE_S), bars), all_of(Machine(MADE, MINUTE_S), bars[:cut])
    assert shown(whole[: len(part)]) == shown(part)
    columns = [np.array(column) for column in zip(*bars, strict=True)][: len(PLAIN)]
    assert shown(list(CompiledMachine(MADE, MINUTE_S, columns=PLAIN).run(columns))) == shown(whole)


@pytest.mark.parametrize("way", ["python", "compiled"])
def test_a_false_volume_takes_no_price_back(way: str) -> None:
    """It is told at the next bar, and the close of its own is where prices go on from."""
    bars = walk(5, 300, 0.0)
    bars[250] = bars[250]._replace(volume=1e6)
    compiled = way == "compiled"
    guarded = CompiledMachine(MADE, MINUTE_S, columns=PLAIN) if compiled else Machine(MADE, MINUTE_S)
    blind = Machine([one for one in MADE if one.name != "volume"], MINUTE_S)
    told = [event.kind for event in all_of(guarded, bars[:252])]
    all_of(blind, bars[:252])
    assert told == ["volume"]
    assert repr(tuple(map(float, guarded.past))) == repr(tuple(map(float, blind.past)))


@given(st.integers(0, 10_000), st.integers(0, 300))
@settings(max_examples=25)
def test_a_state_that_was_saved_goes_on_where_it_was(seed: int, cut: int) -> None:
    """Through JSON, as a process that is started anew."""
    bars = walk(seed, 300)
    first, second = Machine(MADE, MINUTE_S), Machine(MADE, MINUTE_S)
    before = all_of(first, bars[:cut])
    second.restore(json.loads(json.dumps(first.saved(), allow_nan=False)))
    assert shown(before + all_of(second, bars[cut:])) == shown(all_of(Machine(MADE, MINUTE_S), bars))


SAVED = Machine(MADE, MINUTE_S).saved()


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ({}, r"has \[\], not \['before', 'kinds', 'last', 'past', 'settings'\]"),
        ([], "in the place of a table"),
        ({**SAVED, "past": [0.0]}, "has 1 numbers, not "),
        ({**SAVED, "past": [None] * len(SAVED["past"])}, "has None in the place of a number"),
        ({**SAVED, "past": 5}, "has 5 in the place of a list"),
        (
            {**SAVED, "kinds": {**SAVED["kinds"], "jump": [True, 0.0, 0.0]}},
            "has True in the place of a number",
        ),
        ({**SAVED, "kinds": {"jump": [0.0]}}, r"has \['jump'\], not"),
        (Machine(MADE, 5.0).saved(), "is of other settings: timeframe_s was 5.0, and is 60.0"),
        (Machine(MADE[1:], MINUTE_S).saved(), "is of other settings: kinds.[a-z_]+ was 'not there'"),
    ],
)
def test_another_state_is_refused_and_changes_nothing(saved: Any, message: str) -> None:
    """It says what is wrong with it, and where."""
    machine = Machine(MADE, MINUTE_S)
    all_of(machine, walk(3, 50))
    before = machine.saved()
    with pytest.raises(ValueError, match=message):
        machine.restore(saved)
    assert machine.saved() == before


def test_a_state_that_holds_no_finite_numbers_can_be_written_and_read() -> None:
    """A first volume without end is learnt as it came."""
    machine, after = Machine(MADE, MINUTE_S), Machine(MADE, MINUTE_S)
    machine.push(Bar(0.0, 1.0, 1.0, 1.0, 1.0, math.inf, math.nan))
    after.restore(json.loads(json.dumps(machine.saved(), allow_nan=False)))
    assert repr(after.past) == repr(machine.past)
    assert after.past.volume == math.inf


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_a_bar_that_raised_an_alarm_never_enters_what_is_usual(seed: int) -> None:
    """After it the usual move, gap and volume are those before it; of false prices also a bar later."""
    machine, before_it = Machine(MADE, MINUTE_S), dict[float, Past]()
    take_back = {kind.name for kind in MADE if kind.takes_back}
    for bar in walk(seed, 300, 0.1):
        before = machine.past
        events = [event for event in machine.push(bar) if event.what == RAISED]
        raised = {event.ts for event in events}
        if machine.past.newest == before.newest:
            continue
        if before.close_ts in {event.ts for event in events if event.kind in take_back}:
            before = before_it[before.close_ts]
        if machine.past.close_ts == bar.ts:
            before_it.setdefault(bar.ts, before)
        if bar.ts in raised and before.seen:
            assert usual(machine.past) == usual(before)


def usual(past: Past) -> tuple[float, ...]:
    """All that sound bars are averaged into."""
    return past.fast, past.slow, past.gap, past.volume


@given(st.integers(0, 10_000), st.sampled_from([2.0**-20, 2.0**-3, 2.0**7]))
@settings(max_examples=25)
def test_the_unit_of_prices_is_no_matter(seed: int, factor: float) -> None:
    """Cents or euros: the same bars are told, by the same scores."""
    bars = walk(seed, 300)
    scaled = [
        bar._replace(**{name: getattr(bar, name) * factor for name in ("open", "high", "low", "close")})
        for bar in bars
    ]

    def told(events: list[Event]) -> list[tuple[str, int, float]]:
        return [(event.kind, event.what, event.at) for event in events]

    whole = [told(all_of(Machine(MADE, MINUTE_S), one)) for one in (bars, scaled)]
    assert repr(whole[0]) == repr(whole[1])


def test_a_frame_says_what_bars_say() -> None:
    """Both ways, and read in parts."""
    bars = [bar for bar in walk(5, 4_000) if math.isfinite(bar.ts)]
    said = check_candles(frame(bars), SERIES, way="python")
    assert said.equals(check_candles(frame(bars).lazy(), SERIES, way="compiled"))
    kinds = said.filter(pl.col("code") != "DATA_GAP")
    expected = all_of(Machine(MADE, MINUTE_S), bars)
    assert [at.timestamp() for at in kinds["at"].to_list()] == sorted(event.at for event in expected)


def test_a_frame_shows_where_bars_are_missing() -> None:
    """As the guard for gaps says it, with the calendar of the series."""
    bars = walk(5, 2_000, 0.0)
    said = check_candles(frame([*bars[:1000], *bars[1010:1500], *bars[1501:]]), SERIES)
    first, second = said.filter(pl.col("code") == "DATA_GAP").to_dicts()
    assert (first["ts"].timestamp(), first["at"].timestamp()) == (bars[1000].ts, bars[1010].ts)
    assert (first["value"], second["value"]) == (10.0, 1.0)


def test_in_a_thin_market_a_frame_shows_the_holes_that_bars_show() -> None:
    """By the same odds, learnt in the same order."""
    bars = [
        bar
        for number, bar in enumerate(walk(6, 3_000, 0.0))
        if number % 10 != 7 and not 2_000 < number < 2_020
    ]
    guard, shown_by_bars = GUARDS["gap"](SERIES, GUARDS["gap"].Config()), list[int]()
    for bar in bars:
        ts = datetime.fromtimestamp(bar.ts, UTC)
        found = guard.on_candle(Candle("X", ts, 1.0, 1.0, 1.0, 1.0), ts)
        shown_by_bars += [one.context["missing_bars"] for one in found]
    said = check_candles(frame(bars), SERIES).filter(pl.col("code") == "DATA_GAP")
    assert said["value"].to_list() == shown_by_bars == [1, 1, 1, 19]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"ts": [1], "open": [1.0], "high": [1.0], "low": [1.0]}, "close: is no column; did you mean"),
        ({"ts": [1], "open": ["x"], "high": [1.0], "low": [1.0], "close": [1.0]}, "open: holds String"),
        ({"ts": [1.5], "open": [1.0], "high": [1.0], "low": [1.0], "close": [1.0]}, "ts: holds Float64"),
        (
            {"ts": [None, 1], "open": [1.0] * 2, "high": [1.0] * 2, "low": [1.0] * 2, "close": [1.0] * 2},
            "1 rows",
        ),
    ],
)
def test_a_frame_that_cannot_be_judged_is_refused(columns: dict[str, Any], message: str) -> None:
    """With the column and what was expected."""
    with pytest.raises(ConfigError, match=message):
        check_candles(pl.DataFrame(columns), SERIES)
