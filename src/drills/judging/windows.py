"""When something is expected: at an instant, or within a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drills.durations import Duration
from drills.refusal import refusal
from drills.words import instant, microseconds

MICROSECOND = timedelta(microseconds=1)
TOLERANCE_US = 1


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last instant at which something counts, in microseconds after the start."""

    first_us: int
    last_us: int

    def misses_by(self, at_s: float) -> float:
        """Seconds by which an instant is too early (negative) or too late; 0 inside the window."""
        at_us = microseconds(at_s)
        if at_us < self.first_us - TOLERANCE_US:
            return (at_us - self.first_us) / 1e6
        return (at_us - self.last_us) / 1e6 if at_us > self.last_us + TOLERANCE_US else 0.0

    @property
    def at_s(self) -> float:
        """Its first instant in seconds: where it stands on a timeline."""
        return self.first_us / 1e6

    def __str__(self) -> str:
        first = instant(self.at_s)
        return (
            f"at {first}"
            if self.first_us == self.last_us
            else f"between {first} and {instant(self.last_us / 1e6)}"
        )


class Timed(BaseModel):
    """Something expected at a time: `at`, `at` and `within`, `within` alone (from the start) or `between`."""

    model_config = ConfigDict(extra="forbid")

    at: Duration | None = Field(None, description="The very instant, after the start: `5m`")
    within: Duration | None = Field(None, description="How long after `at`, or after the start, it may take")
    between: tuple[Duration, Duration] | None = Field(
        None, description="The first and the last instant: [0s, 5s]"
    )

    @model_validator(mode="after")
    def _one_time(self) -> Timed:
        if self.between is not None and (self.at is not None or self.within is not None):
            text = "`between` stands beside `at` or `within`, which say something else; keep one of them"
            raise refusal("CONTRADICTION", text)
        if self.between is None and self.at is None and self.within is None:
            text = "this expectation does not say when; add `at`, `within` or `between`"
            raise refusal("MISSING_KEY", text)
        if self.between is not None and self.between[0] > self.between[1]:
            text = "`between` ends before it begins, so nothing can match; swap the two"
            raise refusal("CONTRADICTION", text)
        return self

    @property
    def window(self) -> Window:
        """The instants that count."""
        begin, end = self.between or (
            self.at or timedelta(0),
            (self.at or timedelta(0)) + (self.within or timedelta(0)),
        )
        return Window(begin // MICROSECOND, end // MICROSECOND)
