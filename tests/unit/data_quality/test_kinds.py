"""Kinds of fault in candles: each is told once, by its own name, and what is true is not."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from live.bars.watch import SeriesWatch
from live.candles import Candle, Series
from live.contracts import CandleKind
from live.events import AlertLevel
from live.registry import GUARDS
from tests.unit.data_quality.feeds import MINUTE, guard, play, written

if TYPE_CHECKING:
    from live.contracts import Finding

BTC = Series("BTC/EUR", MINUTE)
KINDS = [name for name in GUARDS if issubclass(GUARDS[name], CandleKind)]
QUIET = written("30000+10x40 30400-10x40")


def found_in(candles: list[Candle]) -> list[Finding]:
    """What all kinds find."""
    return play([guard(name, BTC) for name in KINDS], candles)


def told(candles: list[Candle]) -> list[tuple[str, str]]:
    """Codes and how they stand."""
    return [(one.code, one.context["status"]) for one in found_in(candles)]


def with_changed(number: int, **values: Any) -> list[Candle]:
    """A quiet series, one candle of which has other values."""
    return [*QUIET[:number], replace(QUIET[number], **values), *QUIET[number + 1 :]]


def test_a_quiet_series_raises_nothing() -> None:
    """Steps of 10 up and down again."""
    assert told(QUIET) == []


@pytest.mark.parametrize(
    ("values", "code", "text"),
    [
        ({"close": math.nan}, "CANDLE_NOT_FINITE", "a price or the volume is nan"),
        ({"high": math.inf}, "CANDLE_NOT_FINITE", "a price or the volume is inf"),
        ({"open": None}, "CANDLE_NOT_FINITE", "a price or the volume is nan"),
        ({"close": "30500"}, "CANDLE_NOT_FINITE", "a price or the volume is nan"),
        ({"high": 10**400}, "CANDLE_NOT_FINITE", "a price or the volume is inf"),
        ({"volume": math.inf}, "CANDLE_NOT_FINITE", "a price or the volume is inf"),
        ({"low": 0.0}, "CANDLE_NOT_POSITIVE", "is 0; the least that may be is 0"),
        ({"close": -30500.0}, "CANDLE_NOT_POSITIVE", "is -30500; the least that may be is 0"),
        ({"volume": -1.0}, "CANDLE_NOT_POSITIVE", "is -1; the least that may be is 0"),
        ({"high": 30250.0}, "CANDLE_INCONSISTENT", "a price of 30250 below its low of 30290"),
        ({"close": 30310.0}, "CANDLE_INCONSISTENT", "a price of 30310 above its high of 30300"),
        ({"open": 30280.0}, "CANDLE_INCONSISTENT", "a price of 30280 below its low of 30290"),
    ],
)
def test_impossible_values_are_one_alert_each(values: dict[str, Any], code: str, text: str) -> None:
    """A candle that contradicts arithmetic or itself is CRITICAL, and says both numbers."""
    (found,) = found_in(with_changed(30, **values))
    assert (found.code, found.level) == (code, AlertLevel.CRITICAL)
    assert found.message.startswith("BTC/EUR: candle of 2026-01-27T00:30:00Z: ")
    assert text in found.message


@pytest.mark.parametrize("volume", [math.nan, None, 0.0, 12.5])
def test_a_volume_may_be_missing(volume: float | None) -> None:
    """Many sources have none."""
    assert told(with_changed(30, volume=volume)) == []


def test_what_repeats_or_goes_back_is_told_and_not_used() -> None:
    """The bars after it are compared with those before it."""
    again = [*QUIET[:30], replace(QUIET[29], close=1.0, low=1.0), *QUIET[30:]]
    assert told(again) == [("CANDLE_REPEATED", "raised")]
    back = [*QUIET[:30], replace(QUIET[20], close=1.0, low=1.0), *QUIET[30:]]
    assert told(back) == [("CANDLE_OUT_OF_ORDER", "raised")]


def test_a_far_close_is_doubted_at_once_and_told_when_the_next_bar_is_back() -> None:
    """The alert names the bar that was wrong, and not the one that told."""
    high = 2 * QUIET[30].close
    first, second = found_in(with_changed(30, close=high, high=high))
    assert (first.code, second.code) == ("CANDLE_SUSPECT", "CANDLE_BAD_PRINT")
    assert first.context["ts"] == second.context["ts"] == QUIET[30].ts


def test_a_nearer_close_is_only_told_when_the_next_bar_is_back() -> None:
    """Ten usual moves are no reason to stop everything, and no credible price either."""
    high = QUIET[30].close + 150
    (found,) = found_in(with_changed(30, close=high, high=high))
    assert (found.code, found.context["ts"]) == ("CANDLE_BAD_PRINT", QUIET[30].ts)


@pytest.mark.parametrize("values", [{"high": 30800.0}, {"low": 29800.0}])
def test_a_spike_within_a_bar_is_told_with_it(values: dict[str, float]) -> None:
    """Nothing else moved, and nothing more was traded."""
    (found,) = found_in(with_changed(30, **values))
    assert (found.code, found.context["value"] > 4.5) == ("CANDLE_BAD_PRINT", True)


def test_a_spike_on_which_much_was_traded_is_true() -> None:
    """A market that really goes so far trades more, by the square of the distance."""
    candles = [replace(candle, volume=10.0) for candle in QUIET]
    spike = replace(candles[30], high=30450.0)
    assert told([*candles[:30], spike, *candles[31:]]) == [("CANDLE_BAD_PRINT", "raised")]
    assert told([*candles[:30], replace(spike, volume=180.0), *candles[31:]]) == []


@pytest.mark.parametrize(
    ("away", "volume", "codes"),
    [
        (80.0, 10.0, ["CANDLE_BAD_PRINT"]),
        (80.0, 30_000.0, []),
        (300.0, 3_000_000.0, ["CANDLE_SUSPECT", "CANDLE_BAD_PRINT"]),
    ],
)
def test_a_close_that_comes_back_is_true_where_so_much_was_traded(
    away: float, volume: float, codes: list[str]
) -> None:
    """By the same measure as a spike; what was doubted at once is settled all the same."""
    candles = [replace(candle, volume=10.0) for candle in QUIET]
    far = candles[30].close + away
    candles[30] = replace(candles[30], close=far, high=far, volume=volume)
    assert [code for code, _ in told(candles) if code != "CANDLE_VOLUME"] == codes


@pytest.mark.parametrize(
    ("closes", "code"),
    [
        ("30000+10x30 303+0.1x20", "CANDLE_UNIT_ERROR"),
        ("30000+10x30 30300000+10000x20", "CANDLE_UNIT_ERROR"),
        ("30000+10x30 15150+5x20", "CANDLE_LEVEL_SHIFT"),
        ("30000+10x30 60600+20x20", "CANDLE_LEVEL_SHIFT"),
        ("30000+10x30 33300+10x20", "MARKET_FAST"),
    ],
)
def test_what_stays_is_withdrawn_and_told_by_its_own_name(closes: str, code: str) -> None:
    """Another unit, another level, or a fast market; never for each bar at the new level."""
    expected = [("CANDLE_SUSPECT", "raised"), ("CANDLE_SUSPECT", "withdrawn"), (code, "raised")]
    over = [("MARKET_FAST", "resolved")] if code == "MARKET_FAST" else []
    assert sorted(told(written(closes))) == sorted([*expected, *over])


def test_a_unit_that_is_put_right_again_is_resolved() -> None:
    """The step back is no second fault."""
    steps = told(written("30000+10x30 300x20 30300+10x20"))
    assert [one for one in steps if one[0] == "CANDLE_UNIT_ERROR"] == [
        ("CANDLE_UNIT_ERROR", "raised"),
        ("CANDLE_UNIT_ERROR", "resolved"),
    ]


def test_a_bar_that_comes_again_to_the_last_digit_is_no_chance() -> None:
    """With a range it takes three; the first that moves resolves it."""
    same = [replace(QUIET[29], ts=candle.ts) for candle in QUIET[30:36]]
    assert told([*QUIET[:30], *same, *QUIET[36:]]) == [
        ("CANDLE_FROZEN", "raised"),
        ("CANDLE_FROZEN", "resolved"),
    ]


def coarse(count: int) -> list[Candle]:
    """A market whose tick is larger than its usual move: bars come again by chance."""
    rng, price, candles = Random(1), 1000.0, list[Candle]()  # noqa: S311 - seeded, not secret
    for number in range(count):
        path = [price]
        for _ in range(8):
            path.append(path[-1] + rng.gauss(0.0, 0.2))
        price, ticks = path[-1], [round(one) / 100 for one in path]
        ts = QUIET[0].ts + number * MINUTE
        candles.append(Candle("BTC/EUR", ts, ticks[0], max(ticks), min(ticks), ticks[-1], 1.0))
    return candles


def test_bars_that_come_again_by_chance_are_not_frozen() -> None:
    """Where prices are coarse; a feed that really stands still is told there as well, only later."""
    candles = coarse(3_000)
    assert told(candles) == []
    still = [replace(candles[-1], ts=candles[-1].ts + number * MINUTE) for number in range(1, 200)]
    assert told([*candles, *still]) == [("CANDLE_FROZEN", "raised")]


def test_a_volume_that_comes_again_with_the_price_makes_a_feed_frozen_the_sooner() -> None:
    """Where prices stand for many bars by nature, and each of them trades another volume."""
    rng = Random(2)  # noqa: S311 - seeded, not secret
    candles = [replace(one, volume=rng.uniform(1.0, 9.0)) for one in coarse(3_000)]
    assert told(candles) == []
    last = candles[-1]
    still = [replace(last, ts=last.ts + number * MINUTE) for number in range(1, 10)]
    traded = [replace(one, volume=rng.uniform(1.0, 9.0)) for one in still]
    assert told([*candles, *still]) == [("CANDLE_FROZEN", "raised")]
    assert told([*candles, *traded]) == []


def test_a_feed_that_stands_still_without_a_trade_is_frozen_the_sooner_where_each_bar_was_traded() -> None:
    """Prices stand for many bars by nature; where those are bars without a trade, ten more say nothing."""
    rng = Random(2)  # noqa: S311 - seeded, not secret
    traded = [replace(one, volume=rng.uniform(1.0, 9.0)) for one in coarse(3_000)]
    thin = [replace(two, volume=0.0) if stands(one, two) else two for one, two in pairwise(traded)]
    for candles, expected in ((traded, ["CANDLE_FROZEN"]), (thin, [])):
        last = candles[-1]
        still = [replace(last, ts=last.ts + number * MINUTE, volume=0.0) for number in range(1, 11)]
        found = [code for code, _ in told([*candles, *still])]
        assert [code for code in found if code == "CANDLE_FROZEN"] == expected


def stands(one: Candle, two: Candle) -> bool:
    """Whether a bar has all prices of the one before."""
    return (one.open, one.high, one.low, one.close) == (two.open, two.high, two.low, two.close)


def test_it_is_said_how_many_bars_may_equal_the_one_before() -> None:
    """Fewer than there were."""
    same = [replace(QUIET[29], ts=candle.ts) for candle in QUIET[30:36]]
    assert found_in([*QUIET[:30], *same, *QUIET[36:]])[0].message.endswith("equal the one before; 2 may")


def test_a_clock_that_moves_is_told_once() -> None:
    """From then on bars begin at another second."""
    moved = [*QUIET[:30], *(replace(candle, ts=candle.ts + MINUTE / 10) for candle in QUIET[30:])]
    assert told(moved) == [("CANDLE_CLOCK_SHIFT", "raised")]


@pytest.mark.parametrize("ranges", [0.0, -1.0, math.nan])
def test_a_threshold_that_is_not_above_zero_is_refused(ranges: float) -> None:
    """With it everything would be told, or nothing."""
    with pytest.raises(ValueError, match=f"least_ranges is {ranges}; it must be above 0"):
        guard("bad_print", BTC, least_ranges=ranges)


def test_nothing_is_doubted_before_anything_is_usual() -> None:
    """Only a move by half is, until twenty bars have come."""
    assert told(written("30000 33000 30000")) == []
    assert told(written("30000 300000 30000"))[0] == ("CANDLE_SUSPECT", "raised")


@pytest.mark.parametrize(("tolerance", "code"), [(1.0, "CANDLE_LEVEL_SHIFT"), (30.0, "CANDLE_UNIT_ERROR")])
def test_one_setting_tells_another_unit_from_another_level(tolerance: float, code: str) -> None:
    """A step by 12 is told by one of both names, whatever the tolerance, and never by both or neither."""
    guards = [
        guard(name, BTC, **({"tolerance_pct": tolerance} if name == "unit_error" else {})) for name in KINDS
    ]
    found = play(guards, written("30000+10x30 363600+100x20"))
    assert [one.code for one in found if one.code != "CANDLE_SUSPECT"] == [code]


def usual_after(at_once_moves: float) -> float:
    """The usual move after a step by twenty usual moves that stays."""
    jump = GUARDS["jump"](BTC, GUARDS["jump"].Config(at_once_moves=at_once_moves))
    assert isinstance(jump, CandleKind)
    watch = SeriesWatch(BTC, [jump])
    for candle in written("30000+10x40 30590+10x5"):
        list(watch.on_candle(candle, candle.ts + MINUTE))
    return watch.machine.past.slow


def test_a_step_that_was_told_at_once_is_not_learnt_from_whatever_that_threshold_is() -> None:
    """One that nobody doubted is a large move like others, and makes the usual one larger."""
    assert usual_after(15.0) < usual_after(25.0)
