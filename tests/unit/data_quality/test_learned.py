"""Calendars that are learned from the series itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.candles import Candle, Series
from live.history import check_candles
from live.sessions import grid_of
from live.timetable import timetable_of, with_timetable
from tests.unit.data_quality.feeds import DAY, EURUSD, HOUR, MINUTE, SP500, guard, play, real

if TYPE_CHECKING:
    from live.contracts import Finding

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)


def learned(series: Series) -> Series:
    """The same series, of which nobody has a calendar."""
    return replace(series, calendar="learned")


def bars(calendar: str, timeframe: timedelta, start: datetime, weeks: int) -> list[Candle]:
    """Every bar that a calendar owes."""
    grid, found = grid_of(calendar, timeframe), [start]
    while (ts := grid.due(found[-1])) < start + weeks * WEEK:
        found.append(ts)
    return [Candle("X", ts, 1.0, 1.0, 1.0, 1.0) for ts in found]


def told(series: Series, candles: list[Candle]) -> list[Finding]:
    """What gap and stale say."""
    return play([guard("gap", series), guard("stale", series)], candles)


def gaps(series: Series, candles: list[Candle]) -> list[tuple[datetime, float]]:
    """Gaps, by the bar that told and with their size, as the frame's door sees them."""
    frame = pl.DataFrame(
        [{"ts": one.ts, "open": 1.0, "high": 1.0, "low": 1.0, "close": 1.0} for one in candles]
    )
    found = check_candles(frame, series).filter(pl.col("code") == "DATA_GAP")
    return list(zip(found["at"], found["value"], strict=True))


@pytest.mark.parametrize(
    ("series", "alarms"),
    [(EURUSD, ["gap 48", "gap 48", "gap 14"]), (SP500, ["gap 2", "gap 3", "gap 2"] + ["gap 1"] * 7)],
    ids=["EUR/USD", "S&P 500"],
)
def test_a_clean_real_series_tells_its_first_weekends_and_its_holidays(
    series: Series, alarms: list[str]
) -> None:
    """A year of each: a false alarm at the weekends before it is known, then at holidays alone."""
    candles = real(series)
    year = [one for one in candles if one.ts < candles[0].ts + 366 * DAY]
    assert [f"gap {size:g}" for _, size in gaps(learned(series), year)] == alarms


@pytest.mark.parametrize(("series", "most_missed"), [(EURUSD, 5), (SP500, 0)], ids=["EUR/USD", "S&P 500"])
def test_of_lost_bars_of_a_real_series_few_go_unnoticed(series: Series, most_missed: int) -> None:
    """Of 300 that are lost after a month; those at the edges of a week may have moved with summer time."""
    candles = real(series)
    month = sum(one.ts < candles[0].ts + 30 * DAY for one in candles)
    gone = set(Random(3).sample(range(month, len(candles) - 1, 2), 300))  # noqa: S311 - seeded, not secret
    clean = {at for at, _ in gaps(learned(series), candles)}
    left = [one for number, one in enumerate(candles) if number not in gone]
    found = {at for at, _ in gaps(learned(series), left)}
    missed = sum(candles[number + 1].ts not in found | clean for number in gone)
    assert missed <= most_missed


@pytest.mark.parametrize("calendar", ["fx_week", "XNYS"])
@pytest.mark.parametrize("minutes", [30, 60, 240, 1440])
def test_summer_time_raises_nothing(calendar: str, minutes: int) -> None:
    """A year with both steps: after the first weeks only holidays and a half day are told."""
    start = {
        "fx_week": datetime(2023, 1, 1, 22, tzinfo=UTC),
        "XNYS": datetime(2023, 1, 3, 14, 30, tzinfo=UTC),
    }
    candles = bars(calendar, minutes * MINUTE, start[calendar], 52)
    alarms = [at.date().isoformat() for at, _ in gaps(Series("X", minutes * MINUTE, "learned"), candles)]
    after = [day for day in alarms if day > "2023-01-30"]
    holidays = {"fx_week": ["2023-12-25", "2023-12-26"], "XNYS": NYSE}
    assert [day for day in after if day not in holidays[calendar]] == []


NYSE = ["2023-02-21", "2023-04-10", "2023-05-30", "2023-06-20", "2023-07-05", "2023-09-05", "2023-11-24"]
NYSE += ["2023-11-27", "2023-12-26", "2024-01-02"]


def test_until_two_whole_weeks_have_been_seen_every_bar_is_due() -> None:
    """The night and the weekend are told, and bars missing by night never become a habit."""
    candles = bars("XNYS", HOUR, datetime(2024, 1, 4, 14, 30, tzinfo=UTC), 5)
    found = gaps(Series("X", HOUR, "learned"), candles)
    holes = [two.ts for one, two in pairwise(candles) if two.ts - one.ts > HOUR]
    learning = [at for at in holes if at <= datetime(2024, 1, 22, 14, 30, tzinfo=UTC)]
    assert [at for at, _ in found] == learning


def test_a_dead_feed_does_not_teach_that_its_market_is_closed() -> None:
    """It dies for four weeks, then for three Tuesdays: each is told, and so is the next lost bar."""
    candles = [
        one
        for one in bars("24x7", HOUR, MONDAY, 20)
        if not 6 * WEEK <= one.ts - MONDAY < 10 * WEEK
        and not (14 * WEEK <= one.ts - MONDAY < 17 * WEEK and one.ts.weekday() == 1)
        and one.ts != MONDAY + 18 * WEEK + 30 * HOUR
    ]
    sizes = [size for _, size in gaps(Series("X", HOUR, "learned"), candles)]
    assert sizes == [4 * 7 * 24, 24, 24, 24, 1]


def test_a_slot_without_bars_is_unlearned_after_five_weeks() -> None:
    """A market that begins to close on Sundays is told five times."""
    candles = [
        one for one in bars("24x7", HOUR, MONDAY, 30) if one.ts < MONDAY + 12 * WEEK or one.ts.weekday() != 6
    ]
    assert [size for _, size in gaps(Series("X", HOUR, "learned"), candles)][:5] == [24] * 5
    later = [size for at, size in gaps(Series("X", HOUR, "learned"), candles) if at > MONDAY + 18 * WEEK]
    assert later == []


def test_a_feed_that_falls_silent_is_stale_by_what_was_learned() -> None:
    """It dies with the last bar of a day; the third bar that is due is the last but two hours of the next."""
    series = Series("X", HOUR, "learned")
    candles = bars("XNYS", HOUR, datetime(2024, 1, 2, 14, 30, tzinfo=UTC), 6)
    stale = guard("stale", series)
    play([stale], candles)
    newest = candles[-1].ts
    assert not list(stale.on_tick(newest + 21 * HOUR))
    assert list(stale.on_tick(newest + 22 * HOUR))


@settings(max_examples=20)
@given(
    calendar=st.sampled_from(["24x7", "fx_week", "XNYS"]),
    minutes=st.sampled_from([25, 60, 90, 240, 1440]),
    seed=st.integers(0, 1000),
    lost=st.sampled_from([0.0, 0.02, 0.5]),
    cut=st.floats(0.0, 1.0),
)
def test_both_doors_say_the_same_and_only_the_past_counts(
    calendar: str, minutes: int, seed: int, lost: float, cut: float
) -> None:
    """Bar by bar, over a frame, over its beginning, and over a restart."""
    rng, length = Random(seed), minutes * MINUTE  # noqa: S311 - seeded, not secret
    start = datetime(2024, 1, 2, 14, 30, tzinfo=UTC)
    candles = [one for one in bars(calendar, length, start, 6) if rng.random() >= lost]
    outages = [start + rng.random() * 6 * WEEK for _ in range(2)]
    candles = [
        one for one in candles if not any(begin <= one.ts < begin + 2 * DAY for begin in outages)
    ] or candles[:1]
    series = Series("X", length, "learned")
    frame = gaps(series, candles)
    part = round(cut * len(candles))
    begun, went_on = with_timetable(series, ()), with_timetable(series, ())
    first, second = guard("gap", begun), guard("gap", went_on)
    streamed = [
        (one.ts, f.context["missing_bars"]) for one in candles[:part] for f in first.on_candle(one, one.ts)
    ]
    assert streamed == frame[: len(streamed)]
    assert gaps(series, candles[:part]) == streamed if part else not streamed
    state = json.loads(json.dumps(timetable_of(begun).saved()))
    timetable_of(went_on).restore(state)
    assert timetable_of(went_on).saved() == timetable_of(begun).saved()
    rest = [
        (one.ts, f.context["missing_bars"]) for one in candles[part:] for f in second.on_candle(one, one.ts)
    ]
    across = frame[len(streamed) :]
    assert rest == [one for one in across if not candles[part:] or one[0] != candles[part].ts]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"timeframe_s": 60.0}, r"learned from bars of 60.0 s, not 3600 s"),
        ({"weeks": [5]}, "no saved state"),
        ({"weeks": ["xyz"]}, "invalid literal"),
        ({"weeks": ["f" * 600]}, "too many slots"),
        ({"weeks": ["1"] * 9}, "no saved state"),
        ({"week": "1"}, "no saved state"),
        ({"newest": 5}, "no saved state"),
    ],
)
def test_a_state_that_is_none_is_refused(change: dict[str, object], message: str) -> None:
    """Nothing is excused by a state that cannot be read."""
    times = timetable_of(Series("X", HOUR, "learned"))
    with pytest.raises(ValueError, match=message):
        times.grid.restore({**(times.grid.saved() or {}), **change})
    with pytest.raises(ValueError, match="is of no use"):
        timetable_of(EURUSD).grid.restore({})


def test_longer_bars_know_no_week() -> None:
    """As on every other calendar, bars longer than a day follow each other evenly."""
    times = timetable_of(Series("X", WEEK, "learned"))
    assert times.due(MONDAY) == MONDAY + WEEK
    assert times.grid.saved() is None
