"""Spans of virtual time as a scenario writes them: `250ms`, `90s`, `5m`, `1h30m`, `2d`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
    "us": timedelta(microseconds=1),
}
LONGEST = timedelta(days=36_500)
PATTERN = "^(?=[0-9])" + "".join(rf"(?:([0-9]+(?:\.[0-9]+)?){unit})?" for unit in UNITS) + "$"
_DURATION = re.compile(PATTERN)
EXAMPLES = "write 250ms, 90s, 5m, 1h30m or 2d"


class DurationError(ValueError):
    """A text that is no duration, or one that is not allowed.

    Attributes:
        code: `NEGATIVE_TIME` or `BAD_DURATION`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse_duration(text: object) -> timedelta:
    """The span that a text stands for; a `timedelta` stands for itself.

    Raises:
        DurationError: it is no text, has no unit, an unknown unit or a sign, or is longer than a century.
    """
    if isinstance(text, timedelta):
        return text
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        raise DurationError("BAD_DURATION", f"{text!r} has no unit; write {text}s for seconds")
    found = _DURATION.match(text) if isinstance(text, str) else None
    if found is None:
        raise _refusal(text)
    span = _sum_of(found.groups())
    if span > LONGEST:
        raise DurationError("BAD_DURATION", f"{text!r} is longer than {LONGEST.days}d; {EXAMPLES}")
    return span


def _sum_of(amounts: tuple[str | None, ...]) -> timedelta:
    parts = zip(amounts, UNITS.values(), strict=True)
    try:
        return sum((unit * float(amount) for amount, unit in parts if amount), timedelta())
    except OverflowError:
        return timedelta.max


def _refusal(text: object) -> DurationError:
    if isinstance(text, str) and text.startswith("-") and _DURATION.match(text[1:]):
        return DurationError(
            "NEGATIVE_TIME", f"{text!r} lies before the start of the drill; write {text[1:]}"
        )
    return DurationError("BAD_DURATION", f"{text!r} is not a duration; {EXAMPLES}")


def format_duration(span: timedelta) -> str:
    """The shortest text that `parse_duration` reads as this span; the span is not negative."""
    words, rest = [], span
    for name, unit in UNITS.items():
        amount, rest = divmod(rest, unit)
        if amount:
            words.append(f"{amount}{name}")
    return "".join(words) or "0s"


def clock_time(span: timedelta) -> str:
    """A span as a place on the timeline: `00:05:00`, `27:00:00`, `00:00:00.250`."""
    seconds, rest = divmod(span, UNITS["s"])
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if not rest:
        return text
    micros = rest // UNITS["us"]
    return f"{text}.{micros:06}" if micros % 1000 else f"{text}.{micros // 1000:03}"


class _DurationType:
    """Tells pydantic how a duration is read; pydantic is imported only where it is used already."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(_validated)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": PATTERN, "examples": ["0s", "90s", "5m", "1h30m", "2d", "250ms"]}


def _validated(text: object) -> timedelta:
    from pydantic_core import PydanticCustomError

    try:
        return parse_duration(text)
    except DurationError as error:
        raise PydanticCustomError(
            "duration", "{message}", {"code": error.code, "message": str(error)}
        ) from None


Duration = Annotated[timedelta, _DurationType()]
