"""A rule together with its limit: from what it measures to the details of a result."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from live.amounts import NAN
from live.contracts import Observation, Scope
from live.registry import RULES
from live.risk_limits.limits import severity_of, warning_threshold
from live.risk_limits.result import LimitCheckDetail
from live.risk_limits.severity import RiskCheckSeverity
from live.risk_limits.wording import reason_text, warning_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import RiskRule
    from live.risk_limits.book import Book

SPARED = "passed, these orders do not make it worse"


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule in force.

    Attributes:
        rule: What is measured.
        limit: Its limit, in the rule's unit.
        warning: Where a warning begins; None where there is none.
        scope: The check that it takes part in.
    """

    rule: RiskRule
    limit: float
    warning: float | None
    scope: Scope

    @property
    def told_per_subject(self) -> bool:
        """Whether every subject has a detail of its own; only the worst one is told otherwise."""
        return self.scope is Scope.PORTFOLIO and self.rule.per_subject != ""

    def judge(self, book: Book) -> list[LimitCheckDetail]:
        """A detail for every value that the rule measures; a rule that fails is a breach, not a pass."""
        try:
            measured = self.rule.measure(book)
            several = (measured,) if isinstance(measured, Observation) else measured
            return [self._judged(_as_declared(one), book) for one in several]
        except Exception as error:  # noqa: BLE001 - a rule is foreign code
            failed = Observation(NAN, unknown=f"the rule failed with {type(error).__name__}")
            return [
                self._detail(failed, RiskCheckSeverity.BREACH, reason_text(self.rule, failed, self.limit))
            ]

    def _judged(self, observation: Observation, book: Book) -> LimitCheckDetail:
        severity = severity_of(self.rule.sense, observation.value, self.limit, self.warning)
        if severity is RiskCheckSeverity.OK:
            return self._detail(observation, severity, "within the limit")
        if severity is RiskCheckSeverity.WARNING:
            text = warning_text(self.rule, observation, self.limit, self.warning)
            return self._detail(observation, severity, text)
        reason = reason_text(self.rule, observation, self.limit)
        if not self._spares(observation, book):
            return self._detail(observation, severity, reason)
        opened = self._opened(observation, book)
        return opened or self._detail(observation, RiskCheckSeverity.WARNING, f"{reason}; {SPARED}")

    def _spares(self, observation: Observation, book: Book) -> bool:
        """Whether a breach is none of the orders' doing."""
        if self.scope is not Scope.ORDERS:
            return False
        if self.rule.spares_exits and book.only_reduces:
            return True
        return observation.before is not None and observation.value <= observation.before

    def _opened(self, observation: Observation, book: Book) -> LimitCheckDetail | None:
        """The breach by what orders open that turn a holding round; None when they open too little."""
        opening = book.opening if self.scope is Scope.ORDERS else None
        judged = () if opening is None else self.judge(opening)
        breaches = (one for one in judged if one.severity is RiskCheckSeverity.BREACH)
        return next((one for one in breaches if one.subject == observation.subject), None)

    def _detail(
        self, observation: Observation, severity: RiskCheckSeverity, message: str
    ) -> LimitCheckDetail:
        name = f"{self.rule.per_subject}_{observation.subject}" if self.told_per_subject else self.rule.name
        return LimitCheckDetail(
            limit_name=name,
            current_value=observation.value,
            limit_value=self.limit,
            warning_threshold=self.warning,
            severity=severity,
            message=message,
            sense=self.rule.sense,
            unit=self.rule.unit,
            subject=observation.subject,
            before=observation.before,
        )


def rules_in_force(limits: Mapping[str, float | None], factor: float, scope: Scope) -> tuple[BoundRule, ...]:
    """Every rule that takes part in a check and has a limit.

    Args:
        limits: Limits by their key; None where one is switched off.
        factor: At which part of a limit a warning begins.
        scope: The check.
    """
    known = [(rule, limits.get(rule.key)) for rule in RULES.values() if scope in rule.scopes]
    return tuple(
        BoundRule(rule, limit, warning_threshold(rule.sense, limit, factor), scope)
        for rule, limit in known
        if limit is not None
    )


def rules_by_scope(limits: Mapping[str, float | None], factor: float) -> dict[Scope, tuple[BoundRule, ...]]:
    """The same for every check."""
    return {scope: rules_in_force(limits, factor, scope) for scope in Scope}


def _as_declared(observation: Observation) -> Observation:
    """The observation; a value whose rule says why it is unknown is none, whatever number stands there.

    Raises:
        TypeError: its value is no number, or its subject no text.
    """
    if not (isinstance(observation.value, Real) and isinstance(observation.subject, str)):
        raise TypeError
    return observation._replace(value=NAN) if observation.unknown else observation
