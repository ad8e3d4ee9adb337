"""`around: live_risk.max_order_notional`: one file, a drill at every place where the verdict turns.

`$around` stands for the value that is measured, or, with `around_as`, for what makes it: an equity for a
drawdown, an instant for an age. The cases are the last value before the warning, the first
that warns, the last before the breach, the limit itself, the first beyond it, and not-a-number. What each
must give is worked out here from the rule's sense alone, and added to what the file expects.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from drills.yaml_nodes import Node
from live.contracts import Scope, Sense, Unit
from live.registry import RULES, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from drills.problems import Problems
    from live.contracts import RiskRule

SECTION = "live_risk"
PLACEHOLDER = "$around"
SCOPES = {"check_orders": Scope.ORDERS, "evaluate_portfolio": Scope.PORTFOLIO}
OK, WARNING, BREACH = "OK", "WARNING", "BREACH"
UNITS = ("", "count", "s")
Beside = Callable[[float, float], float]


def a_little_beside(value: float, towards: float) -> float:
    """A value a millionth away: what is written as something else is rounded on its way."""
    return value * (1 + 1e-6 if towards > value else 1 - 1e-6)


NEXT, BESIDE = math.nextafter, a_little_beside


def values_around(
    sense: Sense, limit: float, factor: float, beside: Beside = math.nextafter
) -> Iterator[tuple[str, float]]:
    """The values at which the verdict turns, with the names of their cases.

    Args:
        sense: Which side is safe.
        limit: The limit.
        factor: Where the warning begins, as a share of it.
        beside: The value next to another one, towards a third.
    """
    if sense is Sense.COUNT:
        last_quiet = math.floor(_share(factor, limit))
        yield "below-warning", last_quiet
        yield "at-warning", last_quiet + 1
        yield "below-limit", int(limit) - 1
        yield "at-limit", int(limit)
        yield "above-limit", int(limit) + 1
    else:
        sign = -1 if sense is Sense.LOSS else 1
        if sense is not Sense.MINIMUM:
            warning = float(_share(factor, limit))
            yield "below-warning", sign * beside(warning, 0)
            yield "at-warning", sign * warning
        yield "below-limit", sign * beside(limit, 0)
        yield "at-limit", sign * limit
        yield "above-limit", sign * beside(limit, math.inf)
    yield "not-a-number", math.nan


def severity_at(sense: Sense, value: float, limit: float, factor: float) -> str:
    """What a rule of this sense must say of a value; what cannot be compared is a breach."""
    if math.isnan(value):
        return BREACH
    if sense is Sense.MINIMUM:
        return BREACH if value < limit else OK
    if sense is Sense.COUNT:
        return BREACH if value > limit else WARNING if value > math.floor(_share(factor, limit)) else OK
    size = -value if sense is Sense.LOSS else value
    return BREACH if size >= limit else WARNING if size >= float(_share(factor, limit)) else OK


def _share(factor: float, limit: float) -> Fraction:
    """Where the warning begins: the product of the numbers as they are written; 0.8 of 1.1 is 0.88."""
    return Fraction(repr(factor)) * Fraction(repr(limit))


def around_cases(problems: Problems) -> list[tuple[str, Node, Node]]:
    """Name, file and value of each case; nothing when the file cannot be expanded."""
    around = _Around(problems)
    written = around.written()
    if written is None:
        return []
    rule, check = around.rule(), around.check()
    limit = around.limit(rule) if rule else None
    if rule is None or limit is None or check is None:
        return []
    factor = float(around.setting("warning_threshold_factor"))
    exact = written == Written()
    return [
        (name, around.expecting(rule, check, value, limit, factor), around.node(written.of(value)))
        for name, value in values_around(rule.sense, limit, factor, NEXT if exact else BESIDE)
        if written.takes(value)
    ]


def limits() -> dict[str, RiskRule]:
    """The limits that a value can be set around: all that are numbers."""
    return {f"{SECTION}.{rule.key}": rule for rule in RULES.values() if rule.unit is not Unit.NAMES}


@dataclass(frozen=True, slots=True)
class Written:
    """How the measured value stands in the file: `around_as: {times: -10, plus: 1000}`.

    Attributes:
        times: It is multiplied by this.
        plus: This is added.
        unit: `count` where only whole numbers can stand, `s` where a time or a duration does; else empty.
        check: When the check is whose verdict turns; None when the value stands in it.
    """

    times: float = 1.0
    plus: float = 0.0
    unit: str = ""
    check: Any = None

    def takes(self, value: float) -> bool:
        """Whether a value can be written so: a count and a time are always numbers, and never below zero."""
        return not self.unit or self._number(value) >= 0  # NaN is not

    def of(self, value: float) -> Any:
        """What stands in the file."""
        if self.unit == "count":
            return round(self._number(value))
        if self.unit == "s":
            return f"{round(self._number(value) * 1e6)}us"
        return value if self == Written() else self._number(value)

    def _number(self, value: float) -> float:
        return value * self.times + self.plus


@dataclass(frozen=True, slots=True)
class _Check:
    """The check that the value is put into: the `at` of its step, and its kind."""

    at: Any
    scope: Scope

    def __str__(self) -> str:
        return f"live_risk.{self.scope}"


class _Around:
    """The file that is expanded."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._root = problems.source.root
        config = self._root.plain().get("config")
        section = config.get(SECTION) if isinstance(config, dict) else None
        self._config: Mapping[str, Any] = section if isinstance(section, dict) else {}

    def rule(self) -> RiskRule | None:
        """The rule whose limit is meant."""
        target = self._root.value["around"].value
        rules = limits()
        if target not in rules:
            message = f"{target!r} is no limit that a value can be set around"
            self._problems.add(("around",), "UNKNOWN_LIMIT", message, nearest(str(target), rules))
        return rules.get(target)

    def written(self) -> Written | None:
        """How the value stands in the file; None when that cannot be used."""
        said = self._root.plain().get("around_as", {})
        known = {"times", "plus", "unit", "check"}
        if not isinstance(said, dict) or not said.keys() <= known:
            wrong = said if not isinstance(said, dict) else next(key for key in said if key not in known)
            remedy = f"write {{{', '.join(sorted(known))}}}"
            self._problems.add(("around_as",), "WRONG_TYPE", f"around_as has {wrong!r}", remedy)
            return None
        numbers = all(isinstance(said.get(key, 0), int | float) for key in ("times", "plus"))
        if not numbers or said.get("unit", "") not in UNITS:
            remedy = f"numbers for times and plus, and for unit one of {', '.join(filter(None, UNITS))}"
            self._problems.add(("around_as",), "WRONG_TYPE", "around_as holds what it cannot", remedy)
            return None
        return Written(**said)

    def limit(self, rule: RiskRule) -> float | None:
        """The number that this file gives to the limit."""
        limit = self._config.get(rule.key)
        if isinstance(limit, int | float) and not isinstance(limit, bool) and 0 < limit < math.inf:
            return float(limit)
        message = f"{rule.key} has no positive number in this file, so there is nothing to go around"
        path, remedy = ("config", SECTION, rule.key), f"write `config: {{{SECTION}: {{{rule.key}: 500}}}}`"
        self._problems.add(path, "BAD_CONFIG", message, remedy)
        return None

    def check(self) -> _Check | None:
        """The only check that the value is put into."""
        steps = self._root.value.get("steps", Node([])).value
        told = self._root.plain().get("around_as")
        if isinstance(told, dict) and "check" in told:
            return self._check_at(steps, told["check"])
        found = [step for step in steps if _holds(step)] if isinstance(steps, list) else []
        scopes = [SCOPES[name] for step in found for name in step.value if name in SCOPES]
        if len(found) == len(scopes) == 1:
            return _Check(found[0].value.get("at", Node("0s")).value, scopes[0])
        message = f"{PLACEHOLDER} stands in {len(found)} steps, {len(scopes)} of them checks"
        remedy = f"write it in one step that does {' or '.join(SCOPES)}"
        self._problems.add(("around",), "UNUSED_VARIABLE", message, remedy, key=True)
        return None

    def _check_at(self, steps: Any, at: Any) -> _Check | None:
        """The check at an instant, wherever the value stands."""
        nodes = steps if isinstance(steps, list) else []
        at_that = [one for one in nodes if one.value.get("at", Node("0s")).value == at]
        scopes = [SCOPES[name] for one in at_that for name in one.value if name in SCOPES]
        if len(scopes) == 1 and any(_holds(one) for one in nodes):
            return _Check(at, scopes[0])
        message = f"{len(scopes)} checks are at {at!r}, or {PLACEHOLDER} stands in no step"
        self._problems.add(("around_as",), "UNUSED_VARIABLE", message, "name the `at` of one check", key=True)
        return None

    def expecting(self, rule: RiskRule, check: _Check, value: float, limit: float, factor: float) -> Node:
        """The file, with what this value must give added to what it expects."""
        mark = self._root.keys["around"]
        expect = self._root.value.get("expect", Node({}, mark))
        if not isinstance(expect.value, dict):
            return self._root
        severity = severity_at(rule.sense, value, limit, factor)
        more: dict[str, Any] = {"checks": [_expected_check(rule, check, severity, value)]}
        if severity != OK:
            more["alerts"] = [self._expected_alert(check, severity)]
        elif "alerts" not in expect.value:
            more["silence"] = True
        added = {key: self._appended(expect.value.get(key), items) for key, items in more.items()}
        keys = {**dict.fromkeys(added, mark), **expect.keys}
        filled = Node({**expect.value, **added}, expect.mark, keys)
        value_by_key = {**self._root.value, "expect": filled}
        return replace(self._root, value=value_by_key, keys={"expect": mark, **self._root.keys})

    def _expected_alert(self, check: _Check, severity: str) -> dict[str, Any]:
        from live.codes import risk_code

        breach = severity == BREACH
        level = "CRITICAL" if breach and self.setting("block_on_violation") else "WARNING"
        code = risk_code(check.scope, breach=breach)
        return {"at": check.at, "code": code, "level": level, "source": str(check)}

    def setting(self, key: str) -> Any:
        """A setting of the risk limits: from this file, else the default."""
        from live.risk_limits import LiveRiskConfig

        value = self._config.get(key)
        return value if isinstance(value, int | float) else getattr(LiveRiskConfig(), key)

    def node(self, value: Any) -> Node:
        """A value that stands where `around` does."""
        mark = self._root.value["around"].mark
        if isinstance(value, dict):
            children = {key: self.node(child) for key, child in value.items()}
            return Node(children, mark, dict.fromkeys(value, mark))
        return Node([self.node(child) for child in value] if isinstance(value, list) else value, mark)

    def _appended(self, said: Node | None, value: Any) -> Node:
        node = self.node(value)
        both = said is not None and isinstance(said.value, list) and isinstance(value, list)
        return replace(said, value=[*said.value, *node.value]) if said is not None and both else node


def _expected_check(rule: RiskRule, check: _Check, severity: str, value: float) -> dict[str, Any]:
    """The answer; which limit gives it is left open where a value is no number or the limit has subjects."""
    answer = {"at": check.at, "check": str(check.scope), "severity": severity, "allowed": severity != BREACH}
    by_subject = rule.per_subject and check.scope is Scope.PORTFOLIO
    if severity == OK or math.isnan(value) or by_subject:
        return answer
    return {**answer, "warned" if severity == WARNING else "breached": [rule.name]}


def _holds(node: Node) -> bool:
    """Whether the placeholder stands anywhere in a node."""
    if isinstance(node.value, dict | list):
        children = node.value.values() if isinstance(node.value, dict) else node.value
        return any(_holds(child) for child in children)
    return bool(node.value == PLACEHOLDER)
