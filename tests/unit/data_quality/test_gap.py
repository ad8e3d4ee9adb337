"""Bars that were due and never came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from live.candles import Series
from live.events import AlertLevel
from tests.unit.data_quality.feeds import HOUR, MINUTE, START, guard, play, written

if TYPE_CHECKING:
    from live.candles import Candle

BTC = Series("BTC/EUR", MINUTE)


def test_a_series_without_holes_raises_nothing() -> None:
    """Every bar is there."""
    assert play([guard("gap", BTC)], written("30000+10x60")) == []


def test_a_hole_is_one_alert_with_its_size_and_its_ends() -> None:
    """Three bars after the sixtieth are missing: one alert, when the next candle shows it."""
    (found,) = play([guard("gap", BTC)], written("30000+10x60 _x3 30600x20"))
    assert (found.code, found.level, found.subject) == ("DATA_GAP", AlertLevel.WARNING, "BTC/EUR")
    assert found.message == (
        "BTC/EUR: 3 bars of 60 s missing, 2026-01-27T01:00:00Z to 2026-01-27T01:02:00Z; tolerated 0"
    )
    assert found.context == {
        "symbol": "BTC/EUR",
        "timeframe_s": 60.0,
        "calendar": "24x7",
        "missing_bars": 3,
        "first": START + HOUR,
        "last": START + HOUR + 2 * MINUTE,
    }


def test_each_hole_is_an_alert_of_its_own() -> None:
    """A second gap is not hidden by the first."""
    found = play([guard("gap", BTC)], written("30000x5 _ 30000x5 _x2 30000"))
    assert [finding.context["missing_bars"] for finding in found] == [1, 2]


def test_a_thin_market_may_leave_bars_out() -> None:
    """What is tolerated is no alert, one bar more is."""
    found = play([guard("gap", BTC, tolerated_bars=2)], written("30000x5 _x2 30000x5 _x3 30000"))
    assert [finding.context["missing_bars"] for finding in found] == [3]


def test_time_that_stands_still_or_goes_back_opens_no_gap() -> None:
    """A repeated and an old candle are for another guard; the next one is compared with the newest."""
    candles = written("30000x5")
    assert play([guard("gap", BTC)], [*candles[:3], candles[2], candles[0], *candles[3:]]) == []


def test_a_candle_from_the_future_opens_no_gap() -> None:
    """One wrong timestamp far ahead must neither be a gap nor make all that follows look old."""
    candles = written("30000x5")
    gap = guard("gap", BTC)
    assert play([gap], candles[:2]) == []
    assert (
        list(gap.on_candle(replace(candles[2], ts=candles[2].ts + 1000 * HOUR), candles[2].ts + MINUTE)) == []
    )
    assert play([gap], candles[3:])[0].context["missing_bars"] == 1


def thin(length: int, hole: int) -> list[Candle]:
    """A market in which every tenth bar is missing, and at the end a hole of so many bars."""
    bars = [
        candle for number, candle in enumerate(written(f"30000+1x{length + hole + 5}")) if number % 10 != 7
    ]
    return [candle for candle in bars if not length <= (candle.ts - START) / MINUTE < length + hole]


def test_a_market_that_leaves_bars_out_by_nature_is_quiet_and_a_long_hole_in_it_is_told() -> None:
    """Three holes are told; then they are a habit, and what counts is how unlikely a hole is."""
    series = Series("BTC/EUR", MINUTE)
    first = play([guard("gap", series)], thin(600, 0))
    assert [one.context["missing_bars"] for one in first] == [1] * 3
    told = play([guard("gap", series)], thin(600, 12))
    assert [one.context["missing_bars"] for one in told] == [1] * 3 + [12]


def test_a_hole_now_and_then_is_no_habit_so_soon() -> None:
    """Five in two thousand bars are told, however seldom they come; the sixth is usual."""
    closes = written("30000+1x2000")
    left = [one for number, one in enumerate(closes) if number % 300 != 299]
    found = play([guard("gap", Series("BTC/EUR", MINUTE))], left)
    assert [one.context["missing_bars"] for one in found] == [1] * 5


def test_a_market_that_becomes_dense_again_is_watched_bar_by_bar() -> None:
    """A habit is forgotten."""
    series, closes = Series("BTC/EUR", MINUTE), written("30000+1x9000")
    left = [
        one for number, one in enumerate(closes) if not (number < 200 and number % 20 == 7) and number != 8900
    ]
    found = play([guard("gap", series)], left)
    assert [one.context["missing_bars"] for one in found] == [1] * 3 + [1]
