"""How instants, delays and foreign texts are written wherever the harness speaks."""

from __future__ import annotations

from datetime import timedelta

from drills.durations import clock_time

MICROSECONDS = 1_000_000
SECONDS_UNTIL_CLOCK = 600


def microseconds(seconds: float) -> int:
    """Whole microseconds: what instants are compared in."""
    return round(seconds * MICROSECONDS)


def instant(at_s: float) -> str:
    """Virtual seconds after the start as a clock shows them: `00:05:00`, `27:00:00`, `00:00:01.250`."""
    return clock_time(timedelta(microseconds=microseconds(at_s)))


def duration(seconds: float) -> str:
    """A length of time: `60 s`, `1.5 s`, `250 ms`; from ten minutes on as on a clock, `02:00:00`."""
    length = abs(microseconds(seconds)) / MICROSECONDS
    if length >= SECONDS_UNTIL_CLOCK:
        return instant(length)
    return f"{length:g} s" if length >= 1 or not length else f"{length * 1000:g} ms"


def lag(seconds: float) -> str:
    """How far from the expected instant: `60 s early`, `1.5 s late`."""
    return f"{duration(seconds)} {'late' if seconds > 0 else 'early'}"


def printable(text: object) -> str:
    """A foreign text on one line, with nothing in it that steers a terminal or breaks a report."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode()
        for letter in str(text)
    )


def shortened(text: str, width: int) -> str:
    """At most `width` characters of a text; an ellipsis says that there was more."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def counted(count: int, one: str) -> str:
    """How many: `1 drill`, `2 drills`."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def times(count: int) -> str:
    """How often: `once`, `twice`, `3 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
