"""Candles that cannot be true."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from live.candles import Series
from live.events import AlertLevel
from tests.unit.data_quality.feeds import DAY, HOUR, MINUTE, guard, play, written

if TYPE_CHECKING:
    from live.contracts import Finding

BTC = Series("BTC/EUR", MINUTE)
QUIET = written("30000+10x40 30400-10x40")


def with_changed(number: int, **values: Any) -> list[Finding]:
    """What is found when one candle of a quiet series has other values."""
    changed = [*QUIET[:number], replace(QUIET[number], **values), *QUIET[number + 1 :]]
    return play([guard("corrupt", BTC)], changed)


def test_a_quiet_series_raises_nothing() -> None:
    """Steps of 10 up and down again."""
    assert play([guard("corrupt", BTC)], QUIET) == []


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        ({"close": math.nan}, "non_finite", "close is nan"),
        ({"high": math.inf}, "non_finite", "high is inf"),
        ({"open": None}, "non_finite", "open is None"),
        ({"close": "30500"}, "non_finite", "close is '30500'"),
        ({"close": 10**400}, "non_finite", "close is 1000"),
        ({"low": 0.0}, "non_positive", "low 0 is not above 0"),
        ({"close": -30500.0}, "non_positive", "close -30500 is not above 0"),
        ({"high": 30250.0}, "ohlc", "high 30250 below low 30290"),
        ({"low": 30305.0}, "ohlc", "high 30300 below low 30305"),
        ({"close": 30310.0}, "ohlc", "close 30310 above high 30300"),
        ({"open": 30280.0}, "ohlc", "open 30280 below low 30290"),
        ({"volume": -1.0}, "volume", "volume -1.0 is no quantity"),
        ({"volume": math.inf}, "volume", "volume inf is no quantity"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else None,
)
def test_impossible_values_are_one_alert_each(values: dict[str, Any], kind: str, text: str) -> None:
    """A candle that contradicts arithmetic or itself is CRITICAL, and says which value does."""
    (found,) = with_changed(30, **values)
    assert (found.code, found.level, found.context["kind"]) == ("CANDLE_CORRUPT", AlertLevel.CRITICAL, kind)
    assert found.message.startswith(f"BTC/EUR: corrupt candle of 2026-01-27T00:30:00Z, {kind}: {text}")


@pytest.mark.parametrize("volume", [math.nan, None, 0.0, 12.5])
def test_a_volume_may_be_missing(volume: float | None) -> None:
    """Many sources know none."""
    assert with_changed(30, volume=volume) == []


def test_a_close_times_ten_is_a_jump() -> None:
    """The message names the price, the level before and what would have been credible."""
    (found,) = with_changed(30, close=302_900.0)
    assert found.message == (
        "BTC/EUR: corrupt candle of 2026-01-27T00:30:00Z, jump: close 302900 is 10 times the last sound "
        "close 30290, at most 1.01 times in a bar is credible"
    )
    assert found.context["reference"] == 30290.0


@pytest.mark.parametrize("factor", [10, 0.1, 100, 0.01, 1.05, 0.95])
def test_a_whole_candle_off_by_a_factor_is_one_jump(factor: float) -> None:
    """The candle agrees with itself: only its distance from the others gives it away. The next is fine."""
    candle = QUIET[30]
    prices = {name: getattr(candle, name) * factor for name in ("open", "high", "low", "close")}
    assert [one.context["kind"] for one in with_changed(30, **prices)] == ["jump"]


@pytest.mark.parametrize("values", [{"high": 33000.0}, {"low": 27000.0}, {"high": 1e300}, {"low": 1e-300}])
def test_a_wick_that_is_too_long_is_a_jump(values: dict[str, float]) -> None:
    """A candle may be consistent, its close ordinary, and its high or low impossible."""
    (found,) = with_changed(30, **values)
    assert (found.context["kind"], found.context["field"]) == ("jump", *values)


def test_the_second_candle_is_judged_already() -> None:
    """Before the usual move is known, half as much again is a jump, and a tenth is not."""
    (found,) = play([guard("corrupt", BTC)], written("30000 300000"))
    assert found.context["kind"] == "jump"
    assert play([guard("corrupt", BTC)], written("30000 33000 30000")) == []


def test_a_new_level_is_one_alert() -> None:
    """A split or a true crash: the bar after it stays there, and is accepted."""
    assert len(play([guard("corrupt", BTC)], written("30000+10x40 3030+1x40"))) == 1


def test_a_jump_back_is_not_a_second_alert() -> None:
    """The level before the bad print still counts."""
    assert len(play([guard("corrupt", BTC)], written("30000+10x40 3030 30400+10x40"))) == 2
    flat = [*QUIET[:30], *(replace(QUIET[30], open=3.0, high=3.0, low=3.0, close=3.0),), *QUIET[31:]]
    assert len(play([guard("corrupt", BTC)], flat)) == 1


def test_every_bad_print_is_found_although_many_came_before() -> None:
    """What raised an alarm never becomes usual: the twentieth print is as conspicuous as the first."""
    bad = {30 + 2 * number for number in range(20)}
    candles = [
        replace(candle, open=31500.0, high=31500.0, low=31500.0, close=31500.0) if number in bad else candle
        for number, candle in enumerate(QUIET)
    ]
    assert len(play([guard("corrupt", BTC)], candles)) == 20


def test_a_wild_market_is_measured_by_its_own_usual_move() -> None:
    """Two percent a bar is a jump in a quiet series, and nothing in one that always moves like that."""
    wild = " ".join(["30000 30600"] * 30)
    assert play([guard("corrupt", BTC)], written(wild)) == []
    assert len(play([guard("corrupt", BTC)], written("30000x40 30600x40"))) == 1


def test_a_pause_allows_a_wider_move() -> None:
    """After 400 missing bars a move of 5 % is no longer surprising; right away it is."""
    assert play([guard("corrupt", BTC)], written("30000x40 _x400 31500x2")) == []
    assert len(play([guard("corrupt", BTC)], written("30000x40 31500x2"))) == 1


def test_time_that_stands_still_or_goes_back_is_corrupt() -> None:
    """The same bar twice, and an old bar, are alerts; the bar after them is not."""
    candles = [*QUIET[:20], QUIET[19], QUIET[5], *QUIET[20:]]
    found = play([guard("corrupt", BTC)], candles)
    assert [one.context["kind"] for one in found] == ["repeated", "reversed"]
    assert [one.context["back_s"] for one in found] == [0.0, 14 * 60.0]


def test_a_candle_that_opens_in_the_future_is_corrupt_and_forgotten() -> None:
    """One wrong date must not make every later candle look old."""
    corrupt = guard("corrupt", BTC)
    play([corrupt], QUIET[:20])
    (found,) = corrupt.on_candle(replace(QUIET[20], ts=QUIET[20].ts + DAY), QUIET[20].ts + MINUTE)
    assert (found.context["kind"], found.context["ahead_s"]) == ("future", DAY / MINUTE * 60 - 60)
    assert play([corrupt], QUIET[21:]) == []


def test_thresholds_are_configurable() -> None:
    """A lower factor finds smaller prints."""
    candles = [*QUIET[:30], replace(QUIET[30], high=30301.0 * 1.004), *QUIET[31:]]
    assert play([guard("corrupt", BTC)], candles) == []
    assert len(play([guard("corrupt", BTC, min_jump_pct=0.1, jump_factor=8.0)], candles)) == 1


def test_an_impossible_threshold_is_refused() -> None:
    """A factor of 0 would make every bar a jump."""
    with pytest.raises(ValueError, match="jump_factor is 0; it must be above 0"):
        guard("corrupt", Series("X", HOUR), jump_factor=0)
