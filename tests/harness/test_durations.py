"""Spans of virtual time: what is read, what is refused, and how they are written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from drills.durations import DurationError, clock_time, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0s", timedelta()),
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("250ms", timedelta(milliseconds=250)),
        ("1.5h", timedelta(minutes=90)),
        ("1d2h3m4s5ms6us", timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5, microseconds=6)),
    ],
)
def test_a_duration_is_read_exactly(text: str, span: timedelta) -> None:
    """Every unit, alone and together."""
    assert parse_duration(text) == span
    assert parse_duration(format_duration(span)) == span


def test_a_span_stands_for_itself() -> None:
    """Whoever has one already need not write it down."""
    assert parse_duration(timedelta(seconds=3)) == timedelta(seconds=3)


@pytest.mark.parametrize(
    ("said", "code", "message"),
    [
        ("-5s", "NEGATIVE_TIME", "'-5s' lies before the start of the drill; write 5s"),
        (5, "BAD_DURATION", "5 has no unit; write 5s for seconds"),
        ("5", "BAD_DURATION", "'5' is not a duration; write 250ms, 90s, 5m, 1h30m or 2d"),
        ("5m1h", "BAD_DURATION", "'5m1h' is not a duration; write 250ms, 90s, 5m, 1h30m or 2d"),
        ("5 m", "BAD_DURATION", "'5 m' is not a duration; write 250ms, 90s, 5m, 1h30m or 2d"),
        ("\u0665s", "BAD_DURATION", "'\u0665s' is not a duration; write 250ms, 90s, 5m, 1h30m or 2d"),
        ("", "BAD_DURATION", "'' is not a duration; write 250ms, 90s, 5m, 1h30m or 2d"),
        (None, "BAD_DURATION", "None is not a duration; write 250ms, 90s, 5m, 1h30m or 2d"),
        (True, "BAD_DURATION", "True is not a duration; write 250ms, 90s, 5m, 1h30m or 2d"),
        ("36501d", "BAD_DURATION", "'36501d' is longer than 36500d; write 250ms, 90s, 5m, 1h30m or 2d"),
        (
            "9" * 30 + "d",
            "BAD_DURATION",
            f"'{'9' * 30}d' is longer than 36500d; write 250ms, 90s, 5m, 1h30m or 2d",
        ),
    ],
)
def test_what_is_no_duration_is_refused(said: object, code: str, message: str) -> None:
    """The message names what to write."""
    with pytest.raises(DurationError) as caught:
        parse_duration(said)
    assert (caught.value.code, str(caught.value)) == (code, message)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "00:00:00"),
        (timedelta(hours=27, seconds=5), "27:00:05"),
        (timedelta(milliseconds=250), "00:00:00.250"),
        (timedelta(microseconds=1), "00:00:00.000001"),
    ],
)
def test_a_span_is_shown_as_a_place_on_the_timeline(span: timedelta, text: str) -> None:
    """Hours go on beyond a day; fractions are shown where there are any."""
    assert clock_time(span) == text
