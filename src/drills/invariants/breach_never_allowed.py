"""A breach is never allowed, and a check is never milder than its worst limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.judging.expected_check import began_s, check_words
from drills.words import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from drills.history import History, Record

SEVERITIES = ("OK", "WARNING", "BREACH")


class BreachNeverAllowed(Invariant):
    """No check says that it may go on when one of its limits is breached."""

    name = "breach_never_allowed"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Hold each check against its own limits."""
        for check in history.of("check"):
            for code, wrong in _wrong(check):
                message = f"at {instant(began_s(check))} {check_words(check)}, {wrong}"
                yield Judgement(Verdict.FAIL, code, message, at_s=check.at_s)


def _wrong(check: Record) -> Iterator[tuple[str, str]]:
    data = check.data
    details = sorted(data["details"], key=lambda one: SEVERITIES.index(one["severity"]))
    worst = details[-1]["severity"] if details else "OK"
    if data["allowed"] and "BREACH" in (data["severity"], worst):
        yield "BREACH_ALLOWED", "although a limit is breached; a breach is never allowed"
    if SEVERITIES.index(data["severity"]) < SEVERITIES.index(worst):
        yield "SEVERITY_TOO_MILD", f"although {details[-1]['limit_name']} is {worst}"
