"""When bars are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from live.sessions import Missing, calendar_named, grid_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    """An instant, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def missing(calendar: str, timeframe: timedelta, after: str, before: str) -> Missing | None:
    """Bars that were due between two opening instants."""
    return grid_of(calendar, timeframe).missing(at(after), at(before))


def test_neighbours_have_nothing_between_them() -> None:
    """Two bars in a row leave no room for a third."""
    assert missing("24x7", MINUTE, "2026-01-27 00:00", "2026-01-27 00:01") is None


def test_a_market_that_never_closes_owes_every_bar() -> None:
    """The weekend is no excuse on 24x7."""
    assert missing("24x7", HOUR, "2026-01-30 21:00", "2026-02-01 22:00") == Missing(
        48, at("2026-01-30 22:00"), at("2026-02-01 21:00")
    )


@pytest.mark.parametrize(
    ("friday", "sunday"),
    [("2017-01-06 21:00", "2017-01-08 22:00"), ("2017-07-07 20:00", "2017-07-09 21:00")],
    ids=["winter", "summer"],
)
def test_the_fx_week_pauses_at_17_in_new_york(friday: str, sunday: str) -> None:
    """The last bar of Friday and the first of Sunday are neighbours, in winter and in summer."""
    assert missing("fx_week", HOUR, friday, sunday) is None


@pytest.mark.parametrize(
    ("friday", "sunday"),
    [("2017-03-10 21:00", "2017-03-12 21:00"), ("2017-11-03 20:00", "2017-11-05 22:00")],
    ids=["spring", "autumn"],
)
def test_summer_time_moves_the_fx_week_with_new_york(friday: str, sunday: str) -> None:
    """The weekend is an hour shorter in spring and an hour longer in autumn; neither is a gap."""
    assert missing("fx_week", HOUR, friday, sunday) is None


def test_an_hour_too_late_after_the_weekend_is_a_gap() -> None:
    """The week after the change to summer time begins at 21:00 UTC, and not at 22:00."""
    assert missing("fx_week", HOUR, "2017-03-10 21:00", "2017-03-12 22:00") == Missing(
        1, at("2017-03-12 21:00"), at("2017-03-12 21:00")
    )


def test_bars_missing_on_both_sides_of_a_weekend_are_one_gap() -> None:
    """Two hours of Friday and two of Sunday are four bars, from the first to the last."""
    assert missing("fx_week", HOUR, "2017-03-10 19:00", "2017-03-12 23:00") == Missing(
        4, at("2017-03-10 20:00"), at("2017-03-12 22:00")
    )


def test_christmas_is_thin_but_its_eve_is_not() -> None:
    """Nothing is due from 17:00 on 24 December for a day; the hour before is."""
    assert missing("fx_week", HOUR, "2018-12-24 21:00", "2018-12-25 22:00") is None
    assert missing("fx_week", HOUR, "2018-12-24 20:00", "2018-12-25 22:00") == Missing(
        1, at("2018-12-24 21:00"), at("2018-12-24 21:00")
    )


def test_four_hour_bars_may_be_cut_by_the_weekend() -> None:
    """A bar on a UTC grid that holds the end or the beginning of the week is due like any other."""
    assert missing("fx_week", 4 * HOUR, "2017-01-06 20:00", "2017-01-08 20:00") is None
    found = missing("fx_week", 4 * HOUR, "2017-01-06 16:00", "2017-01-09 00:00")
    assert found is not None
    assert found.bars == 2


def test_an_exchange_owes_bars_while_it_is_open() -> None:
    """3 July 2017 ended early and 4 July was a holiday: the next bar is due on the 5th."""
    assert missing("XNYS", HOUR, "2017-07-03 16:30", "2017-07-05 13:30") is None
    assert missing("XNYS", HOUR, "2017-07-03 15:30", "2017-07-05 13:30") == Missing(
        1, at("2017-07-03 16:30"), at("2017-07-03 16:30")
    )


def test_a_lunch_break_is_no_gap() -> None:
    """Hong Kong pauses from 12:00 to 13:00, 04:00 to 05:00 UTC."""
    assert missing("XHKG", MINUTE, "2024-03-05 03:59", "2024-03-05 05:00") is None


@pytest.mark.parametrize("hour", ["00:00", "05:00", "14:30"], ids=["midnight UTC", "midnight there", "open"])
def test_daily_bars_are_due_once_per_session_wherever_their_stamp_lies(hour: str) -> None:
    """Sources put the instant of a daily bar at midnight or at the open; holidays are skipped in all."""
    assert missing("XNYS", DAY, f"2017-07-03 {hour}", f"2017-07-05 {hour}") is None
    assert missing("XNYS", DAY, f"2017-07-03 {hour}", f"2017-07-07 {hour}") == Missing(
        2, at("2017-07-05"), at("2017-07-06")
    )


def test_the_fx_week_has_five_daily_bars() -> None:
    """Monday follows Friday; a bar of Sunday evening belongs to Monday."""
    assert missing("fx_week", DAY, "2017-05-05 00:00", "2017-05-08 00:00") is None
    assert missing("fx_week", DAY, "2017-05-05 00:00", "2017-05-07 21:00") is None
    assert missing("fx_week", DAY, "2017-05-05 00:00", "2017-05-09 00:00") == Missing(
        1, at("2017-05-08"), at("2017-05-08")
    )


@pytest.mark.parametrize("timeframe", [HOUR, DAY])
@pytest.mark.parametrize("year", [1960, 2060])
def test_every_bar_is_due_where_the_calendar_knows_nothing(year: int, timeframe: timedelta) -> None:
    """An alarm too many beats silence in years that no calendar covers."""
    start = datetime(year, 3, 1, tzinfo=UTC)
    found = grid_of("XNYS", timeframe).missing(start, start + 5 * timeframe)
    assert found == Missing(4, start + timeframe, start + 4 * timeframe)


def test_the_next_bar_waits_for_the_market_to_open() -> None:
    """After the last bar of a week comes the first of the next; the fourth comes three hours later."""
    grid = grid_of("fx_week", HOUR)
    assert grid.due(at("2017-01-06 21:00")) == at("2017-01-08 22:00")
    assert grid.due(at("2017-01-06 21:00"), 4) == at("2017-01-09 01:00")
    assert grid_of("XNYS", DAY).due(at("2017-07-03"), 2) == at("2017-07-06")
    assert grid_of("24x7", HOUR).due(at("2017-01-06 21:00"), 2) == at("2017-01-06 23:00")


def test_an_unknown_calendar_is_refused_with_the_nearest_name() -> None:
    """A misspelt calendar must not make every gap look like a closed market."""
    with pytest.raises(ValueError, match="unknown calendar 'fx_weak'; did you mean 'fx_week'"):
        calendar_named("fx_weak")
    with pytest.raises(ValueError, match="unknown calendar 'XNYSE'; did you mean"):
        grid_of("XNYSE", HOUR)


def test_a_bar_has_a_length() -> None:
    """A timeframe of nothing would make every candle a gap without end."""
    with pytest.raises(ValueError, match="timeframe 0:00:00 is not positive"):
        grid_of("24x7", timedelta())
