"""Other feeds of a series: what they tell of a bar is heard with the next one, by every door alike."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.bars.compiled import COLUMNS, CompiledMachine
from live.bars.machine import Machine
from live.bars.other_feeds import KEPT, OtherFeeds
from live.bars.values import Bar
from live.bars.watch import SeriesWatch, kinds_of
from live.candles import Candle, Series
from live.config_errors import ConfigError
from live.contracts import CandleKind
from live.history import check_candles
from live.registry import GUARDS
from tests.unit.data_quality.feeds import MINUTE, written

SERIES = Series("BTC/EUR", MINUTE)
KINDS = kinds_of(
    [GUARDS[name](SERIES, GUARDS[name].Config()) for name in GUARDS if issubclass(GUARDS[name], CandleKind)]  # type: ignore[misc]  # they are
)
FIELDS = ("ts", "open", "high", "low", "close", "volume")
TOLD = ("open", "high", "low", "close")
QUIET = written("30000+10x60 30600-10x60 30000+10x60")


def bar(number: int, price: float) -> Bar:
    """A bar of one price."""
    return Bar(60.0 * number, price, price, price, price, 1.0, math.nan)


def walk(count: int) -> list[Bar]:
    """Bars that go up and down, and another feed that says the same."""
    prices = [100.0 + number % 5 for number in range(count)]
    return [
        bar(number, price)._replace(
            high=price + 1.0, other_open=price, other_high=price + 1.0, other_low=price, other_close=price
        )
        for number, price in enumerate(prices)
    ]


def frame(candles: list[Candle]) -> pl.DataFrame:
    """Candles as a frame."""
    return pl.DataFrame({name: [getattr(one, name) for one in candles] for name in FIELDS})


def off(candle: Candle, part: float) -> Candle:
    """All its prices higher by a part."""
    return replace(candle, **{name: getattr(candle, name) * (1.0 + part) for name in TOLD})


def feed(seed: int, lost: float = 0.1, wrong: float = 0.05) -> list[Candle]:
    """Another feed of the quiet series: a little off, with bars that are lost, come twice, or are wrong."""
    rng, out = Random(seed), list[Candle]()  # noqa: S311 - seeded, not secret
    for candle in QUIET:
        told = off(candle, rng.gauss(0.0002, 0.0001))
        if rng.random() < wrong:
            told = rng.choice([off(told, 0.02), replace(told, close=math.nan), replace(told, high=0.0)])
        out += [told] * rng.choice([1, 1, 2]) if rng.random() > lost else []
    return out


def streamed(candles: list[Candle], feeds: dict[str, list[Candle]]) -> list[tuple[str, str, float, float]]:
    """What is found of bars that come one by one, each after all that the feeds tell of its instant."""
    kinds = [GUARDS[name](SERIES, GUARDS[name].Config()) for name in GUARDS]
    watch = SeriesWatch(SERIES, [kind for kind in kinds if isinstance(kind, CandleKind)], others=tuple(feeds))
    found = []
    for candle in candles:
        for name, told in feeds.items():
            for one in told:
                if one.ts == candle.ts:
                    watch.on_other(name, one)
        found += list(watch.on_candle(candle, candle.ts + MINUTE))
    return [(one.code, one.context["status"], one.context["value"], one.context["bound"]) for one in found]


def of_frame(candles: list[Candle], feeds: dict[str, list[Candle]], way: str) -> list[tuple[object, ...]]:
    """The same of a frame."""
    others = [frame(told) for told in feeds.values()]
    said = check_candles(frame(candles), SERIES, others=others, way=way)  # type: ignore[arg-type]  # a literal
    return said.filter(pl.col("code") != "DATA_GAP").select("code", "status", "value", "bound").rows()


@given(st.integers(0, 10_000), st.integers(1, 3))
@settings(max_examples=15)
def test_a_frame_says_what_bars_say_with_other_feeds_too(seed: int, count: int) -> None:
    """In Python and compiled, to the last bit, whatever feeds lose, repeat or get wrong, or comes late."""
    rng = Random(seed)  # noqa: S311 - seeded, not secret
    candles = [off(one, 0.01) if rng.random() < 0.03 else one for one in QUIET]
    for number in sorted(rng.sample(range(20, len(candles)), 5), reverse=True):
        candles[number:number] = candles[number - rng.randint(1, 9) : number]
    feeds = {f"feed {number}": feed(seed + number) for number in range(count)}
    frames = of_frame(candles, feeds, "python")
    assert frames == of_frame(candles, feeds, "compiled")
    said = streamed(candles, feeds)  # in the order in which they came, not sorted by instants
    assert sorted(map(repr, frames)) == sorted(map(repr, said))


@pytest.mark.parametrize(
    "other",
    [
        QUIET[:50],
        QUIET[50:],
        QUIET[1:-1],
        [replace(one, ts=one.ts + 50 * MINUTE) for one in QUIET],
        [off(one, wrong) for one in QUIET for wrong in (0.01, 0.0)],
        QUIET[::-1],
    ],
    ids=["ends early", "begins late", "lacks both ends", "goes on", "of two the last", "backwards"],
)
def test_at_the_edges_a_frame_says_what_bars_say_too(other: list[Candle]) -> None:
    """Where the other feed begins, ends, or tells an instant twice; a price is false at both ends."""
    candles = [off(one, 0.002) if number in {1, 45, 118} else one for number, one in enumerate(QUIET)]
    said = streamed(candles, {"a": other})
    assert len(said) > 0
    assert of_frame(candles, {"a": other}, "python") == of_frame(candles, {"a": other}, "compiled") == said


ANY = st.floats() | st.sampled_from([0.0, -0.0, 5e-324, 1.7e308, math.nan, math.inf, -math.inf])
SIZES = (5e-324, 1e-300, 1e-9, 1.0, 100.0, 101.0, 1e9, 1e300, 1.7e308)
HOSTILE = st.lists(st.tuples(ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY), min_size=1, max_size=40)


@given(rows=HOSTILE, linear=st.booleans())
def test_no_numbers_of_other_feeds_make_the_machines_differ(
    *, rows: list[tuple[float, ...]], linear: bool
) -> None:
    """Whatever they tell: nothing is raised, and compiled it is the same to the last bit."""
    usual = [one._replace(others=1.0, other_ts=one.ts - 60.0) for one in walk(30)]
    hostile = [
        Bar._make([60.0 * (30 + number), *row[:5], math.nan, 1.0, 60.0 * (29 + number), *row[5:]])
        for number, row in enumerate(rows)
    ]
    one = Machine(KINDS, 60.0, may_be_negative=linear)
    other = CompiledMachine(KINDS, 60.0, may_be_negative=linear, columns=COLUMNS[:6])
    for bar in [*usual, *hostile, *walk(60)[31 + len(rows) :]]:
        events = one.push(bar)
        assert one.failures == []
        assert repr(events) == repr(other.push(bar))


@pytest.mark.parametrize("linear", [False, True])
def test_prices_of_all_sizes_beside_each_other_make_no_difference_either(*, linear: bool) -> None:
    """Where quotients overflow and logarithms end; hostile lists seldom get past the first twenty bars."""
    for seed in range(60):
        rng = Random(seed)  # noqa: S311 - seeded, not secret
        one = Machine(KINDS, 60.0, may_be_negative=linear)
        other = CompiledMachine(KINDS, 60.0, may_be_negative=linear, columns=COLUMNS[:6])
        for number, quiet in enumerate(walk(45)):
            low, opened, close, high = sorted(rng.choice(SIZES) for _ in range(4))
            wild = Bar(quiet.ts, opened, high, low, close, rng.choice(SIZES), math.nan)
            told = sorted(rng.choice(SIZES) for _ in range(4)) if rng.random() < 0.5 else [100.0] * 4
            pushed = (quiet if number < 22 and rng.random() < 0.7 else wild)._replace(
                others=1.0,
                other_ts=quiet.ts - 60.0,
                other_open=told[1],
                other_high=told[3],
                other_low=told[0],
                other_close=told[2],
            )
            events = one.push(pushed)
            assert one.failures == []
            assert repr(events) == repr(other.push(pushed))


def test_of_several_feeds_the_median_counts() -> None:
    """One that is wrong is outvoted; a price that is no number is not counted."""
    feeds = OtherFeeds(["a", "b", "c"])
    assert math.isnan(feeds.beside(bar(0, 1.0), math.nan).others)
    for name, price in (("a", 1.0), ("b", 9.0), ("c", 2.0)):
        feeds.told(name, bar(0, price))
    heard = feeds.beside(bar(1, 1.0), 0.0)
    assert (heard.others, heard.other_ts, heard.other_close) == (3.0, 0.0, 2.0)
    feeds.told("a", bar(1, math.nan))
    feeds.told("b", bar(1, 4.0))
    assert feeds.beside(bar(2, 1.0), 60.0)[7:] == (1.0, 60.0, 4.0, 4.0, 4.0, 4.0)


def test_a_feed_that_corrects_itself_is_heard_as_corrected() -> None:
    """Until the next bar has come; what comes later is too late."""
    feeds = OtherFeeds(["a"])
    feeds.told("a", bar(0, 5.0))
    feeds.told("a", bar(0, 1.0))
    assert feeds.beside(bar(1, 1.0), 0.0).other_close == 1.0
    assert feeds.beside(bar(2, 1.0), 60.0).others == 0.0


def test_a_feed_far_ahead_is_remembered_for_so_many_bars_only() -> None:
    """A process that runs for a year keeps no year."""
    feeds = OtherFeeds(["a"])
    for number in range(10 * KEPT):
        feeds.told("a", bar(number, 1.0))
    assert feeds.beside(bar(1, 1.0), 0.0).others == 0.0


def test_a_feed_whose_clock_was_ahead_mutes_nobody_and_is_heard_again() -> None:
    """Bars of next week that it told, however many, are no reason to forget those of today."""
    feeds = OtherFeeds(["ahead", "b"])
    feeds.told("b", bar(0, 2.0))
    for number in range(2 * KEPT):
        feeds.told("ahead", bar(10_000 + number, 1.0))
    assert feeds.beside(bar(1, 1.0), 0.0).other_close == 2.0
    feeds.told("ahead", bar(1, 4.0))
    feeds.told("b", bar(1, 4.0))
    assert feeds.beside(bar(2, 1.0), 60.0).others == 2.0


def test_a_feed_that_nobody_named_is_refused_with_the_nearest_name() -> None:
    """A feed that is not heard must not look like one that is."""
    with pytest.raises(KeyError, match=r"no feed 'krakn' is named; did you mean 'kraken'\?"):
        OtherFeeds(["kraken", "lmax"]).told("krakn", bar(0, 1.0))


def test_a_frame_that_lacks_a_column_is_refused_as_that_of_another_feed() -> None:
    """With the number of the feed."""
    with pytest.raises(ConfigError, match=r"others\.1\.close: is no column"):
        check_candles(frame(QUIET), SERIES, others=[frame(QUIET), frame(QUIET).drop("close")])


def codes(candles: list[Candle], feeds: dict[str, list[Candle]]) -> list[tuple[str, str]]:
    """Codes and how they stand."""
    return [(code, status) for code, status, *_ in streamed(candles, feeds)]


def test_feeds_that_agree_raise_nothing() -> None:
    """A hundredth of a percent apart, as they always are, and each of them now and then."""
    rng = Random(3)  # noqa: S311 - seeded, not secret
    assert codes(QUIET, {"a": [off(one, rng.gauss(0.0001, 0.00005)) for one in QUIET]}) == []


def test_feeds_that_part_are_told_after_three_bars_and_when_they_meet_again() -> None:
    """While they are apart nothing is learnt of what is usual between them."""
    other = [off(one, 0.01 if 80 <= number < 90 else 0.0001) for number, one in enumerate(QUIET)]
    assert codes(QUIET, {"a": other}) == [("DATA_DIVERGENCE", "raised"), ("DATA_DIVERGENCE", "resolved")]


def test_a_feed_that_always_stands_a_fifth_higher_is_told_when_it_parts_by_a_hundredth() -> None:
    """Where it stands at first is no measure of how much that varies."""
    other = [off(off(one, 0.2), 0.01 if 80 <= number < 90 else 0.0) for number, one in enumerate(QUIET)]
    assert codes(QUIET, {"a": other}) == [("DATA_DIVERGENCE", "raised"), ("DATA_DIVERGENCE", "resolved")]


def test_a_feed_that_has_parted_and_grown_wild_is_no_nearer_to_the_other() -> None:
    """What is usual grows with its own bars; together is what was together when they parted."""
    quiet = written("30000+10x60 30600-10x60 " * 3)
    wild = [replace(off(one, 0.004), low=one.low * 0.996) for one in quiet[80:]]
    said = codes([*quiet[:80], *wild], {"a": quiet})
    assert [one for one in said if one[0] == "DATA_DIVERGENCE"] == [("DATA_DIVERGENCE", "raised")]


def test_feeds_that_only_cross_stay_parted() -> None:
    """A price that stands still is met by the market now and then; that is told once, not every time."""
    other = [
        off(one, 0.0001 if number < 80 or number % 5 in {0, 1} else 0.01) for number, one in enumerate(QUIET)
    ]
    assert codes(QUIET, {"a": other}) == [("DATA_DIVERGENCE", "raised")]


def test_a_feed_that_parts_and_tells_every_other_bar_only_is_told_too() -> None:
    """Bars of which it says nothing are no bars in which it agrees."""
    other = [off(one, 0.0001 if number < 80 else 0.01) for number, one in enumerate(QUIET) if number % 2]
    assert codes(QUIET, {"a": other}) == [("DATA_DIVERGENCE", "raised")]


def test_a_feed_that_tells_a_bar_now_and_then_is_told_once() -> None:
    """Two in five are no quorum that could be relied on."""
    other = [one for number, one in enumerate(QUIET) if number < 80 or number % 5 in {0, 1}]
    assert codes(QUIET, {"a": other}) == [("DATA_QUORUM", "raised")]


def test_a_suspicion_that_another_feed_has_settled_is_withdrawn() -> None:
    """Prices are back, and the other feed has been there too: such a price was traded."""
    there = replace(QUIET[100], close=QUIET[100].close * 0.9, low=QUIET[100].close * 0.9)
    candles = [*QUIET[:100], there, *QUIET[101:]]
    first = [("CANDLE_SUSPECT", "raised")]
    for other in (candles, [off(one, 0.2) for one in candles]):
        assert codes(candles, {"a": other}) == [*first, ("CANDLE_SUSPECT", "withdrawn")]
    assert codes(candles, {"a": QUIET}) == [*first, ("CANDLE_BAD_PRINT", "raised")]


def test_a_suspicion_that_another_feed_shares_in_part_only_is_not_withdrawn() -> None:
    """It went half of the way: one price was not traded, and nothing says the contrary."""
    there, half = (replace(QUIET[100], close=QUIET[100].close * part) for part in (0.9, 0.94))
    candles = [*QUIET[:100], replace(there, low=there.close), *QUIET[101:]]
    other = [*QUIET[:100], replace(half, low=half.close), *QUIET[101:]]
    assert codes(candles, {"a": other}) == [("CANDLE_SUSPECT", "raised"), ("CANDLE_BAD_PRINT", "raised")]


def test_a_feed_that_leaves_bars_out_by_nature_is_told_when_it_falls_silent_for_longer() -> None:
    """As feeds of thin markets do; how often is learnt, and one that never speaks is told after three."""
    rng = Random(1)  # noqa: S311 - seeded, not secret
    long = written("30000+10x60 30600-10x60 " * 5)
    thin = [one for one in long if rng.random() < 0.4]
    begun = [one for one in thin if one.ts < long[500].ts]
    assert [status for _, status in codes(long[:500], {"a": begun})] in ([], ["raised", "resolved"])
    assert codes(long, {"a": begun})[-1] == ("DATA_QUORUM", "raised")
    assert codes(long[:4], {"a": []}) == [("DATA_QUORUM", "raised")]


@pytest.mark.parametrize(("lost", "raised"), [(2, 0), (3, 1), (10, 1)])
def test_too_few_feeds_are_told_after_three_bars_and_when_there_are_enough(lost: int, raised: int) -> None:
    """Two bars that are late are no reason."""
    other = [one for number, one in enumerate(QUIET) if not 80 <= number < 80 + lost]
    expected = [("DATA_QUORUM", "raised"), ("DATA_QUORUM", "resolved")] * raised
    assert codes(QUIET, {"a": other}) == expected


def test_a_price_that_the_other_feed_does_not_have_is_false_at_a_smaller_distance() -> None:
    """One usual range would pass by itself."""
    close = QUIET[100].close * 1.001
    candles = [*QUIET[:100], replace(QUIET[100], close=close, high=close), *QUIET[101:]]
    assert codes(candles, {}) == []
    assert codes(candles, {"a": QUIET}) == [("CANDLE_BAD_PRINT", "raised")]


def test_the_nearer_two_feeds_are_to_each_other_the_nearer_is_a_price_that_only_one_of_them_has() -> None:
    """Seven tenths of a usual range, from feeds that agree and from such as seldom do."""
    rng = Random(5)  # noqa: S311 - seeded, not secret
    long = written("30000+10x60 30600-10x60 " * 6)
    high = max(one.high for one in long[600:603]) + 0.7 * 10
    candles = [*long[:601], replace(long[601], high=high), *long[602:]]
    for apart, expected in ((0.00001, [("CANDLE_BAD_PRINT", "raised")]), (0.0001, [])):
        assert codes(candles, {"a": [off(one, rng.gauss(0.0, apart)) for one in long]}) == expected


def test_a_price_that_the_other_feed_has_too_was_traded() -> None:
    """However far it lies from the bars around."""
    candles = [*QUIET[:100], replace(QUIET[100], low=QUIET[100].low * 0.997), *QUIET[101:]]
    assert codes(candles, {}) == [("CANDLE_BAD_PRINT", "raised")]
    assert codes(candles, {"a": candles}) == []


@pytest.mark.parametrize("way", ["streamed", "python", "compiled"])
def test_bars_that_are_sent_again_cost_the_next_bar_no_witness(way: str) -> None:
    """A connection that is made again repeats bars of before; what is told of the newest counts."""
    wrong = replace(QUIET[100], close=QUIET[100].close * 1.001, high=QUIET[100].close * 1.001)
    candles = [*QUIET[:100], wrong, *QUIET[90:96], *QUIET[101:]]
    feeds = {"a": QUIET}
    said = streamed(candles, feeds) if way == "streamed" else of_frame(candles, feeds, way)
    assert [one[0] for one in said if one[0] != "CANDLE_OUT_OF_ORDER"] == ["CANDLE_BAD_PRINT"]


def test_a_feed_that_stands_still_confirms_and_excuses_nothing() -> None:
    """A frozen feed is no witness."""
    candles = [*QUIET[:100], replace(QUIET[100], low=QUIET[100].low * 0.997), *QUIET[101:]]
    still = [replace(candles[100], ts=one.ts) if number >= 90 else one for number, one in enumerate(candles)]
    assert ("CANDLE_BAD_PRINT", "raised") in codes(candles, {"a": still})


@pytest.mark.parametrize(("field", "wrong"), [("high", 1.003), ("low", 0.997)])
def test_a_high_or_low_that_stands_still_excuses_nothing(field: str, wrong: float) -> None:
    """One field of the other feed is stuck, far out; the rest of its bars goes on."""
    candles = [*QUIET[:100], replace(QUIET[100], **{field: getattr(QUIET[100], field) * wrong}), *QUIET[101:]]
    stuck = getattr(QUIET[100], field) * wrong
    other = [replace(one, **{field: stuck}) if number >= 90 else one for number, one in enumerate(QUIET)]
    assert codes(candles, {"a": other}) == [("CANDLE_BAD_PRINT", "raised")]


def test_a_price_ten_times_too_far_is_told_at_once_and_withdrawn_when_the_next_bar_has_it() -> None:
    """A crash and its return within two bars; the alert says what it knew."""
    low = QUIET[100].low * 0.9
    candles = [*QUIET[:100], replace(QUIET[100], low=low), replace(QUIET[101], low=low), *QUIET[102:]]
    said = [one for one in codes(candles, {}) if one[0] == "CANDLE_BAD_PRINT"]
    assert said[:2] == [("CANDLE_BAD_PRINT", "raised"), ("CANDLE_BAD_PRINT", "withdrawn")]
    gone = [*QUIET[:100], replace(QUIET[100], low=low), *QUIET[101:]]
    assert codes(gone, {}) == [("CANDLE_BAD_PRINT", "raised")]
