"""A risk check as a scenario expects it, and in which fields one that happened differs from it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from drills.durations import Duration
from drills.judging.compare import said
from drills.judging.limits import LimitName
from drills.judging.texts import Phrases
from drills.judging.windows import TOLERANCE_US
from drills.words import duration, instant, microseconds, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from drills.history import Record

SECOND = timedelta(seconds=1)
ALLOWED = {True: "allowed", False: "not allowed"}


class ExpectedCheck(BaseModel):
    """A check that must happen; what is not given is not judged."""

    model_config = ConfigDict(extra="forbid")

    at: Duration
    check: Literal["orders", "portfolio"] | None = Field(
        None, description="Which check; either when not given"
    )
    allowed: bool | None = Field(None, strict=True)
    severity: Literal["OK", "WARNING", "BREACH"] | None = None
    breached: list[LimitName] | None = Field(None, description="All limits that are breached, and no others")
    warned: list[LimitName] | None = Field(None, description="All limits that warn, and no others")
    held: Duration | None = Field(None, description="How long whoever asked was held, exactly")
    reasons: Phrases | None = Field(None, description="Parts of reasons; each stands in at least one")

    @property
    def at_s(self) -> float:
        """When it begins, in seconds after the start."""
        return self.at / timedelta(seconds=1)

    @property
    def place(self) -> str:
        """When it begins, in words."""
        return f"at {instant(self.at_s)}"

    def is_about(self, check: Record) -> bool:
        """Whether a check is of the right kind and at the right instant."""
        apart_us = abs(microseconds(began_s(check)) - microseconds(self.at_s))
        return self.check in (None, check.data["check"]) and apart_us <= TOLERANCE_US

    def wrong_fields(self, check: Record) -> Iterator[str]:
        """Every field in which a check did not answer as expected."""
        data = check.data
        if self.allowed is not None and data["allowed"] is not self.allowed:
            yield f"{ALLOWED[data['allowed']]} instead of {ALLOWED[self.allowed]}"
        if self.held is not None and microseconds(data["held_s"]) != microseconds(self.held / SECOND):
            yield f"held for {duration(data['held_s'])} instead of {duration(self.held / SECOND)}"
        if self.severity is not None and data["severity"] != self.severity:
            yield f"severity {data['severity']} instead of {self.severity}"
        yield from _wrong_limits("breached", self.breached, _limits(check, "BREACH"))
        yield from _wrong_limits("warned", self.warned, _limits(check, "WARNING"))
        for reason in self.reasons or ():
            if not any(reason in one for one in data["reasons"]):
                yield f'no reason holds "{printable(reason)}", got {_listed(data["reasons"])}'

    def __str__(self) -> str:
        """The check in a few words, without its time."""
        words = [self.severity, None if self.allowed is None else ALLOWED[self.allowed]]
        words.extend(f"breached {_listed(names)}" for names in [self.breached] if names)
        words.extend(f"warned {_listed(names)}" for names in [self.warned] if names)
        answer = ", ".join(word for word in words if word)
        check = f"{self.check} check" if self.check else "check"
        return f"{check} ({answer})" if answer else check


def began_s(check: Record) -> float:
    """When a check began: it is written down when it ends, after the alert that it sent."""
    return float(check.at_s - (check.data.get("held_s") or 0.0))


def check_words(check: Record) -> str:
    """A check that happened in a few words, without its time."""
    data = check.data
    limits = [_limit_words(one) for one in data["details"] if one["severity"] != "OK"]
    answer = ", ".join([data["severity"], ALLOWED[data["allowed"]], *limits])
    return printable(f"{data['check']} check ({answer})")


def _limit_words(detail: Mapping[str, Any]) -> str:
    """A limit with its numbers, or with its reason where one of them is none."""
    name, value, limit = detail["limit_name"], detail["value"], detail["limit"]
    if detail.get("message") and not all(isinstance(number, int | float) for number in (value, limit)):
        return f"{name}: {detail['message']}"
    return f"{name} {said(value)} of {said(limit)}"


def _limits(check: Record, severity: str) -> list[str]:
    return sorted({one["limit_name"] for one in check.data["details"] if one["severity"] == severity})


def _wrong_limits(word: str, expected: list[str] | None, got: list[str]) -> Iterator[str]:
    if expected is not None and sorted(set(expected)) != got:
        yield f"{word} {_listed(got)} instead of {_listed(expected)}"


def _listed(names: list[str]) -> str:
    return printable(f"[{', '.join(names)}]")
