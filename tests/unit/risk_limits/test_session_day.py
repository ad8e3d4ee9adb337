"""Which day an instant belongs to, summer time and odd zones included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.risk_limits.pnl.session_day import SessionDay

FX = SessionDay("America/New_York", time(17))
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Kolkata"]


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-01-27 21:59:59", "2026-01-27"),
        ("2026-01-27 22:00:00", "2026-01-28"),  # 17:00 in New York, in winter
        ("2026-07-27 20:59:59", "2026-07-27"),
        ("2026-07-27 21:00:00", "2026-07-28"),  # 17:00 in New York, in summer
        ("2026-03-07 22:00:00", "2026-03-08"),
        ("2026-03-08 20:59:59", "2026-03-08"),  # the day of the leap has 23 hours
        ("2026-03-08 21:00:00", "2026-03-09"),
        ("2026-11-01 21:59:59", "2026-11-01"),  # the day of the other leap has 25
        ("2026-11-01 22:00:00", "2026-11-02"),
    ],
)
def test_the_trade_date_of_currencies_begins_in_the_afternoon_before(instant: str, day: str) -> None:
    """It follows New York's summer time."""
    assert FX.of(at(instant)).isoformat() == day


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-29 01:29:59", "2026-03-28"),  # 02:00 has leapt to 03:00, over the start
        ("2026-03-29 01:30:00", "2026-03-29"),  # 03:30, which was 02:30 the day before
        ("2026-10-24 23:59:59", "2026-10-24"),
        ("2026-10-25 00:29:59", "2026-10-24"),
        ("2026-10-25 00:30:00", "2026-10-25"),  # 02:30 for the first time
        ("2026-10-25 01:15:00", "2026-10-25"),  # 02:15 once more: the day goes on
        ("2026-10-25 01:30:00", "2026-10-25"),  # 02:30 for the second time
    ],
)
def test_a_start_within_the_leap_of_the_clock_comes_once(instant: str, day: str) -> None:
    """In spring as long after midnight as on any day, in autumn the first time."""
    assert SessionDay("Europe/Berlin", time(2, 30)).of(at(instant)).isoformat() == day


def test_a_naive_instant_is_utc_and_one_of_another_zone_the_same_instant() -> None:
    """However it is written."""
    tokyo = timedelta(hours=9)
    assert FX.of(at("2026-01-27 22:00:00").replace(tzinfo=None)) == date(2026, 1, 28)
    assert FX.of((at("2026-01-27 22:00:00") + tokyo).replace(tzinfo=timezone(tokyo))) == date(2026, 1, 28)


def test_an_unknown_zone_is_refused_with_the_nearest_name() -> None:
    """And with an example when none is near."""
    with pytest.raises(ValueError, match="did you mean 'America/New_York'"):
        SessionDay("America/NewYork")
    with pytest.raises(ValueError, match="expected a name such as 'America/New_York'"):
        SessionDay("?!")


@given(
    zone=st.sampled_from(ZONES),
    starts=st.times(),
    instants=st.lists(
        st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
        min_size=2,
    ),
)
def test_days_follow_each_other_and_last_about_a_day(
    zone: str, starts: time, instants: list[datetime]
) -> None:
    """No later instant belongs to an earlier day, and no day is longer than a leap of the clock allows."""
    days = SessionDay(zone, starts)
    instants.sort()
    dates = [days.of(instant) for instant in instants]
    assert dates == sorted(dates)
    for instant, day in zip(instants, dates, strict=True):
        assert days.of(instant + timedelta(hours=26)) > day
        assert days.of(instant - timedelta(hours=26)) < day
        assert SessionDay(zone, starts).of(instant) == day
