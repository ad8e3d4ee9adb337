"""A feed that has fallen silent, or never began."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from live.candles import Series
from live.events import AlertLevel
from tests.unit.data_quality.feeds import HOUR, MINUTE, START, guard, play, tick, written

if TYPE_CHECKING:
    from live.candles import Candle
    from live.contracts import CandleGuard, Finding

BTC = Series("BTC/EUR", MINUTE)


def arrive(stale: CandleGuard, candle: Candle, now: datetime) -> list[Finding]:
    """What is found as a candle arrives, and right after."""
    return [*stale.on_candle(candle, now), *stale.on_tick(now)]


def test_a_feed_that_goes_on_is_not_stale() -> None:
    """A candle a minute keeps the data fresh."""
    assert play([guard("stale", BTC)], written("30000x30")) == []


def test_silence_is_one_alert_when_the_third_bar_is_overdue() -> None:
    """Ten bars come, the last at 00:10; at 00:13 three more are overdue. One alert, not one a tick."""
    stale = guard("stale", BTC)
    assert play([stale], written("30000x10"), until=START + 13 * MINUTE - MINUTE / 60) == []
    (found,) = tick([stale], START + 13 * MINUTE)
    assert (found.code, found.level, found.subject) == ("DATA_STALE", AlertLevel.CRITICAL, "BTC/EUR")
    assert found.message == (
        "BTC/EUR: newest bar opened 2026-01-27T00:09:00Z, data is 180 s old; stale after 3 bars of 60 s"
    )
    assert tick([stale], START + HOUR) == []


def test_a_feed_that_never_started_is_stale() -> None:
    """The watch begins at 00:00, and no candle ever comes."""
    stale = guard("stale", BTC)
    assert tick([stale], START) == []
    assert tick([stale], START + 3 * MINUTE - MINUTE / 60) == []
    (found,) = tick([stale], START + 3 * MINUTE)
    assert (
        found.message
        == "BTC/EUR: no bar since the watch began, data is 180 s old; stale after 3 bars of 60 s"
    )


def test_a_feed_that_comes_back_can_become_stale_again() -> None:
    """Each silence is an alert of its own."""
    assert len(play([guard("stale", BTC)], written("30000x10 _x8 30000x10"), until=START + HOUR)) == 2


def test_old_data_is_stale_however_regularly_it_comes() -> None:
    """Age counts from the bar and not from its arrival: a feed an hour behind is one alert."""
    late = [replace(candle, ts=candle.ts - HOUR) for candle in written("30000x30")]
    stale = guard("stale", BTC)
    found = [one for candle in late for one in arrive(stale, candle, candle.ts + HOUR + MINUTE)]
    assert [one.context["age_s"] for one in found] == [3600.0]


def test_repeated_candles_do_not_make_data_fresh() -> None:
    """A frozen feed that repeats its last candle is stale all the same."""
    candles = written("30000x10")
    stale = guard("stale", BTC)
    found = play([stale], candles)
    for minute in range(11, 20):
        found += arrive(stale, candles[-1], START + minute * MINUTE)
    assert len(found) == 1


def test_a_candle_from_the_future_does_not_make_data_fresh() -> None:
    """A wrong timestamp must not silence the guard for years."""
    stale = guard("stale", BTC)
    assert play([stale], written("30000x10")) == []
    wrong = replace(written("30000")[0], ts=START + 100_000 * HOUR)
    assert arrive(stale, wrong, START + 11 * MINUTE) == []
    assert len(tick([stale], START + 13 * MINUTE)) == 1


def test_a_closed_market_does_not_age() -> None:
    """After Friday's last bar the next one opens on Sunday at 22:00; the third is complete at 01:00."""
    eurusd = Series("EUR/USD", HOUR, "fx_week")
    friday = replace(written("1.05", HOUR)[0], ts=datetime(2017, 1, 6, 21, tzinfo=UTC))
    stale = guard("stale", eurusd)
    assert play([stale], [friday], until=datetime(2017, 1, 9, 0, 59, tzinfo=UTC)) == []
    assert len(tick([stale], datetime(2017, 1, 9, 1, tzinfo=UTC))) == 1


def test_the_limit_is_a_number_of_bars() -> None:
    """With one bar allowed, the first bar that is overdue is the alert."""
    (found,) = play([guard("stale", BTC, after_bars=1)], written("30000x10"), until=START + 11 * MINUTE)
    assert found.context["age_s"] == 60.0
