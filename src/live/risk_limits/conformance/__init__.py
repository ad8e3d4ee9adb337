"""What every risk rule must keep, ours or a user's: it is tried on made-up books, and on hostile ones.

The registry tries a rule that is not ours once, when it comes in: nothing is judged by it before. The books
come from a seed of their own, so that the same rule gives the same findings in every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.registry import RULES
from live.risk_limits.conformance.bench import Bench
from live.risk_limits.conformance.books import BOOKS, HOSTILE_BOOKS
from live.risk_limits.conformance.laws import LAWS

if TYPE_CHECKING:
    from live.contracts import RiskRule
    from live.risk_limits.conformance.laws import Law

__all__ = ["LAWS", "Violation", "violations"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A property that a rule does not keep.

    Attributes:
        rule: Name of the rule.
        law: Which property: `never_raises`, `deterministic`, `tighter_admits_no_more`, …
        text: What was expected and what was got, with the numbers.
        example: The book that shows it.
        remedy: What to do about it.
    """

    rule: str
    law: str
    text: str
    example: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.rule} breaks {self.law}: {self.text}; seen with {self.example}; {self.remedy}"


def violations(rule: RiskRule) -> list[Violation]:
    """Every property that a rule, registered or not, does not keep, with the first book that shows it."""
    with RULES.on_trial(rule):
        bench = Bench(rule)
        return [found for law in LAWS if (found := _first(law, bench)) is not None]


def _first(law: Law, bench: Bench) -> Violation | None:
    for trial in HOSTILE_BOOKS if law.hostile else BOOKS:
        for text in law.check(bench, trial):
            return Violation(bench.rule.name, law.name, text, str(trial), law.remedy)
    return None
