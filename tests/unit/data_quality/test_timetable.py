"""Halts are left out of what is due, whatever the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from live.calendars import Span
from live.candles import Series
from live.config import LiveConfig
from live.halts import NEVER, Halt
from live.history import check_candles
from live.sessions import Missing, grid_of
from live.timetable import Timetable

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2024, 3, 4, tzinfo=UTC)
CALENDARS = {"24x7": MONDAY, "fx_week": MONDAY, "XNYS": MONDAY + 14 * HOUR + 30 * MINUTE}


def at(text: str) -> datetime:
    """An instant, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def halted(calendar: str, timeframe: timedelta, *halts: tuple[str, str]) -> Timetable:
    """A timetable with halts."""
    return Timetable(grid_of(calendar, timeframe), [Span(at(since), at(until)) for since, until in halts])


def test_bars_within_a_halt_are_not_due() -> None:
    """From 10:07 to 10:43: the bars of 10:05 and 10:40 have minutes outside and stay due."""
    times = halted("24x7", 5 * MINUTE, ("2024-03-05 10:07", "2024-03-05 10:43"))
    assert times.missing(at("2024-03-05 10:05"), at("2024-03-05 10:40")) is None
    assert times.due(at("2024-03-05 10:05")) == at("2024-03-05 10:40")
    assert times.missing(at("2024-03-05 10:00"), at("2024-03-05 10:50")) == Missing(
        3, at("2024-03-05 10:05"), at("2024-03-05 10:45")
    )


def test_a_halt_after_the_hole_is_no_matter() -> None:
    """All that is missing is halted, and another halt is to come."""
    first, later = ("2024-03-05 10:00", "2024-03-05 12:00"), ("2024-03-08 10:00", "2024-03-08 12:00")
    times = halted("24x7", HOUR, first, later)
    assert times.missing(at("2024-03-05 09:00"), at("2024-03-05 12:00")) is None


def test_a_session_that_is_halted_owes_no_daily_bar() -> None:
    """What counts is the session, 14:30 to 21:00 UTC, and not the night before; half a session is due."""
    times = halted("XNYS", DAY, ("2024-03-05 14:30", "2024-03-05 21:00"))
    assert times.missing(at("2024-03-04"), at("2024-03-06")) is None
    half = halted("XNYS", DAY, ("2024-03-05 14:30", "2024-03-05 18:00"))
    assert half.missing(at("2024-03-04"), at("2024-03-06")) == Missing(1, at("2024-03-05"), at("2024-03-05"))


def test_the_last_bar_of_a_session_stands_for_its_half_hour() -> None:
    """A halt to the close leaves nothing of it."""
    times = halted("XNYS", HOUR, ("2024-03-05 16:30", "2024-03-05 21:00"))
    assert times.missing(at("2024-03-05 15:30"), at("2024-03-06 14:30")) is None


def test_an_open_halt_ends_by_word_or_by_a_bar() -> None:
    """Until then nothing is ever due; a bar that opened before it says nothing."""
    times = Timetable(grid_of("24x7", MINUTE))
    times.halt(at("2024-03-05 10:00"), NEVER)
    assert times.due(at("2024-03-05 09:59")) == NEVER
    times.saw(at("2024-03-05 09:59"))
    assert times.due(at("2024-03-05 09:58"), 2) == NEVER
    times.saw(at("2024-03-05 10:30"))
    assert times.halts == (Span(at("2024-03-05 10:00"), at("2024-03-05 10:30")),)
    times.halt(at("2024-03-05 11:00"), NEVER)
    times.resume(at("2024-03-05 11:05"))
    assert times.due(at("2024-03-05 10:59")) == at("2024-03-05 11:05")


def test_what_resumes_leaves_later_halts() -> None:
    """Only what holds at the instant ends."""
    times = halted(
        "24x7", HOUR, ("2024-03-05 10:00", "2024-03-05 12:00"), ("2024-03-06 10:00", "2024-03-06 12:00")
    )
    times.resume(at("2024-03-05 11:00"))
    assert [span.close for span in times.halts] == [at("2024-03-05 11:00"), at("2024-03-06 12:00")]


@given(
    calendar=st.sampled_from(sorted(CALENDARS)),
    minutes=st.sampled_from([5, 30, 60, 240, 1440]),
    halts=st.lists(st.tuples(st.integers(-300, 9000), st.integers(1, 4000)), max_size=4),
    bars=st.integers(0, 60),
)
def test_what_is_due_is_every_bar_that_does_not_stand_for_a_halt(
    calendar: str, minutes: int, halts: list[tuple[int, int]], bars: int
) -> None:
    """Counted one by one, and asked for by number."""
    grid, start = grid_of(calendar, minutes * MINUTE), CALENDARS[calendar]
    times = Timetable(
        grid, [Span(start + since * MINUTE, start + (since + length) * MINUTE) for since, length in halts]
    )

    def is_due(bar: datetime) -> bool:
        begin, end = grid.trading(bar)
        tenth = (end - begin) / 10
        return not any(span.open - begin < tenth and end - span.close < tenth for span in times.halts)

    before = grid.due(start, bars + 1)
    due = [bar for number in range(1, bars + 1) if is_due(bar := grid.due(start, number))]
    assert times.missing(start, before) == (Missing(len(due), due[0], due[-1]) if due else None)
    assert [times.due(start, number) for number in range(1, len(due) + 1)] == due


def test_over_a_frame_the_configured_halts_hold() -> None:
    """Ten bars are missing; of those within the halt nothing is said."""
    halt = Halt(at("2024-03-04 00:10"), at("2024-03-04 00:17"), "upgrade", ("X",))
    settings = replace(LiveConfig.from_mapping({}).data, halts=(halt,))
    ts = [MONDAY + number * MINUTE for number in range(40) if not 10 <= number < 20]
    frame = pl.DataFrame({"ts": ts, **dict.fromkeys(("open", "high", "low", "close"), 1.0)})
    for symbol, missing in (("X", 3.0), ("Y", 10.0)):
        found = check_candles(frame, Series(symbol, MINUTE), settings).filter(pl.col("code") == "DATA_GAP")
        assert found["value"].to_list() == [missing]
