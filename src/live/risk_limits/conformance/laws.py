"""The properties that every rule keeps, so that none weakens what stands around it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from live.contracts import Scope, Sense, Unit
from live.risk_limits.conformance.boundary import the_sense_says_the_verdict
from live.risk_limits.severity import RiskCheckSeverity
from live.risk_limits.wording import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from live.events import AlertEvent
    from live.risk_limits.conformance.bench import Bench
    from live.risk_limits.conformance.books import Trial
    from live.risk_limits.result import LiveRiskCheckResult

BREACH, OK = RiskCheckSeverity.BREACH, RiskCheckSeverity.OK


class Law(NamedTuple):
    """A property, and how it is looked for.

    Attributes:
        check: From a rule on the bench and a book to what speaks against it, with the numbers.
        remedy: What to do about a rule that does not keep it.
        hostile: Whether it is tried on books with values that are none, too.
    """

    check: Callable[[Bench, Trial], Iterator[str]]
    remedy: str
    hostile: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return self.check.__name__


def never_raises(bench: Bench, trial: Trial) -> Iterator[str]:
    """Whatever an order or a holding holds: what cannot be judged is a value that is not known."""
    for detail in bench.details(trial):
        if "the rule failed with" in detail.message:
            yield detail.message


def deterministic(bench: Bench, trial: Trial) -> Iterator[str]:
    """The same book gives the same values, in the same order."""
    for scope in bench.rule.scopes:
        once, again = _told(bench, bench.ask(trial, scope)), _told(bench, bench.ask_again(trial, scope))
        if once != again:
            yield f"got {once}, then {again} for the same book"


def nan_is_never_ok(bench: Bench, trial: Trial) -> Iterator[str]:
    """A value that is not known is a breach."""
    for detail in bench.details(trial):
        if math.isnan(detail.current_value) and detail.severity is OK:
            yield f"a value that is not known is {detail.severity.name}"


def tighter_admits_no_more(bench: Bench, trial: Trial) -> Iterator[str]:
    """Half of a maximum, or twice a minimum, never lets through what the whole refuses."""
    if bench.rule.unit is Unit.NAMES:
        return
    wide, factor = bench.limit, 2.0 if bench.rule.sense is Sense.MINIMUM else 0.5
    tight = int(wide * factor) if bench.rule.unit is Unit.COUNT else wide * factor
    for scope in bench.rule.scopes:
        before, after = (bench.ask(trial, scope, limit=limit).severity for limit in (wide, tight))
        if after < before:
            yield f"{scope}: limit {wide:g} gives {before.name}, limit {tight:g} gives {after.name}"


def one_more_order_admits_no_more(bench: Bench, trial: Trial) -> Iterator[str]:
    """No order buys room for another one."""
    if Scope.ORDERS in bench.rule.scopes:
        shorter = bench.ask(trial, Scope.ORDERS).severity
        longer = bench.ask(trial.one_more_order(), Scope.ORDERS).severity
        if longer < shorter:
            yield f"{len(trial.orders)} orders give {shorter.name}, one more gives {longer.name}"


def the_formula_is_the_value(bench: Bench, trial: Trial) -> Iterator[str]:
    """What is proven by its `formula` is what its values say."""
    if bench.rule.formula is not None and Scope.ORDERS in bench.rule.scopes:
        result = bench.ask(trial.parts[-1], Scope.ORDERS)
        worst = max((one.severity for one in result.limit_details), default=OK)
        if result.severity is OK and worst is not OK:
            yield f"proven OK, but measured {worst.name}"


def alerts_when_not_ok(bench: Bench, trial: Trial) -> Iterator[str]:
    """One alert unless all is OK, and both numbers in it."""
    for scope in bench.rule.scopes:
        inbox: list[AlertEvent] = []
        result = bench.ask_again(trial, scope, inbox)
        if len(inbox) != (result.severity is not OK):
            yield f"{scope}: {result.severity.name} gives {len(inbox)} alerts"
        for detail in result.limit_details:
            numbers = detail.current_value, detail.limit_value
            if detail.severity is BREACH and not any(map(math.isnan, numbers)):
                told = written(bench.rule.unit, *numbers)
                missing = [number for number in told if number not in detail.message]
                if missing:
                    yield f"{scope}: {', '.join(missing)} is not in {detail.message!r}"


def _told(bench: Bench, result: LiveRiskCheckResult) -> list[str]:
    details = bench.of_the_rule(result)
    return [f"{detail.limit_name} {detail.current_value!r} {detail.subject}" for detail in details]


LAWS = (
    Law(
        never_raises,
        "yield Observation(nan, unknown=…) for what cannot be measured",
        hostile=True,
    ),
    Law(deterministic, "measure the book alone: no chance, no clock, nothing kept between two checks"),
    Law(
        nan_is_never_ok, "yield Observation(nan, unknown=…) and leave the verdict to the engine", hostile=True
    ),
    Law(tighter_admits_no_more, "declare the sense that says which side of the limit is safe"),
    Law(one_more_order_admits_no_more, "measure the worst case: an order never makes the value safer"),
    Law(the_formula_is_the_value, "leave `formula` out; it is for speed alone"),
    Law(the_sense_says_the_verdict, "yield a plain float; leave `formula` out unless it is the same value"),
    Law(alerts_when_not_ok, "yield plain floats, in the unit that the rule declares"),
)
"""All of them; a rule that keeps them cannot weaken what stands around it."""
