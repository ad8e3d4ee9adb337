"""Volumes: what stands alone, is missing or comes in another unit is told; what the market did is not."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from live.candles import Series
from tests.unit.data_quality.feeds import MINUTE, guard, play, written

if TYPE_CHECKING:
    from live.candles import Candle

BTC = Series("BTC/EUR", MINUTE)


def series(count: int, changed: dict[int, float]) -> list[Candle]:
    """Bars that move by ten and trade ten to twelve, but for some."""
    candles = written(" ".join(["30000+10x120 31200-10x120"] * (1 + count // 240)))[:count]
    return [
        replace(candle, volume=changed.get(number, 10.0 + number % 3))
        for number, candle in enumerate(candles)
    ]


def still(candle: Candle) -> Candle:
    """The bar of a minute without a trade."""
    return replace(candle, high=candle.open, low=candle.open, close=candle.open, volume=0.0)


def told(candles: list[Candle]) -> list[int]:
    """Numbers of the bars that are told."""
    at = {candle.ts: number for number, candle in enumerate(candles)}
    return [at[one.context["ts"]] for one in play([guard("volume", BTC)], candles)]


def test_a_volume_that_nothing_around_it_comes_near_is_told() -> None:
    """By the bar after it, and with both numbers."""
    candles = series(240, {200: 1000.0})
    assert told(candles) == [200]
    assert told(candles[:201]) == []
    (found,) = play([guard("volume", BTC)], candles)
    assert "91.6 times the volume that such a bar usually has; 12.25 is credible" in found.message


def test_what_was_told_is_not_what_is_usual() -> None:
    """The second of two is told by the same bound, and as far beyond it as if it were the first."""
    spikes = {200: 1000.0, 203: 1000.0}
    first, second = play([guard("volume", BTC)], series(240, spikes))
    (alone,) = play([guard("volume", BTC)], series(240, {203: 1000.0}))
    assert (
        first.context["bound"] >= second.context["bound"] == pytest.approx(alone.context["bound"], rel=0.01)
    )
    assert second.context["value"] == pytest.approx(alone.context["value"], rel=0.01)


@pytest.mark.parametrize("factor", [2.0**-20, 2.0**30])
def test_the_unit_of_the_whole_series_is_no_matter(factor: float) -> None:
    """Coins or thousands of lots: the same bars are told."""
    changed = {200: 1000.0, 300: 0.0, **dict.fromkeys(range(400, 480), 5e4)}
    bars = series(480, changed)
    assert told(bars) == told([replace(one, volume=one.volume * factor) for one in bars]) == [200, 300, 400]


def test_a_burst_that_ebbs_away_is_true() -> None:
    """When the bars after it trade more as well, somebody did."""
    assert told(series(240, {200: 300.0, 201: 150.0, 202: 70.0, 203: 30.0})) == []


def test_a_volume_that_a_move_explains_is_true() -> None:
    """Prices went forty times as far."""
    candles = series(240, {200: 300.0})
    wild = replace(candles[200], high=candles[200].high + 400)
    assert told(candles) == [200]
    assert told([*candles[:200], wild, *candles[201:]]) == []


def test_where_volumes_leap_a_leap_is_usual() -> None:
    """What a calm series never does, a wild one does every day."""
    rng = Random(5)  # noqa: S311 - a series, no secret
    wild = {number: 10.0 * math.exp(rng.gauss(0.0, 1.7)) for number in range(1_000)}
    assert told(series(1_000, {900: 300.0})) == [900]
    assert told(series(1_000, wild | {900: 300.0})) == []
    assert told(series(1_000, wild | {900: 100_000.0})) == [900]


def test_prices_that_moved_without_volume_are_told() -> None:
    """At once."""
    candles = series(240, {200: 0.0})
    assert told(candles) == told(candles[:201]) == [200]


def test_where_bars_often_move_without_volume_none_of_them_is_told() -> None:
    """Some sources count trades and quotes apart."""
    assert told(series(400, dict.fromkeys(range(0, 400, 7), 0.0))) == []


def test_the_first_minute_without_a_trade_is_told_once() -> None:
    """In a series that always traded it is no calm; where it has happened, it is."""
    candles = series(1_000, {})
    calm = [still(one) if number in (700, 750, 900) else one for number, one in enumerate(candles)]
    assert told(calm) == [700]
    early = [still(one) if number in (300, 750, 900) else one for number, one in enumerate(candles)]
    assert told(early) == []


@pytest.mark.parametrize("factor", [1e3, 1e2, 1e-2, 1e-3])
def test_another_unit_is_one_alert(factor: float) -> None:
    """It is about the first bar in it, and the new level is accepted."""
    assert told(series(480, dict.fromkeys(range(200, 480), 10.0 * factor))) == [200]


def test_a_unit_is_measured_against_what_the_series_does_itself() -> None:
    """A market that trades a fiftieth at night does not change its unit every evening."""
    nights = {number: 0.2 for number in range(4_800) if number % 240 < 100}
    assert len(told(series(4_800, nights))) == 1


def test_a_source_without_volume_raises_nothing() -> None:
    """Nothing is known, so nothing is wrong."""
    assert told(series(240, dict.fromkeys(range(240), math.nan))) == []
