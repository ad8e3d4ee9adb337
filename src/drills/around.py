"""`around: live_risk.max_order_notional`: one file, a drill at every place where the verdict turns.

`$around` stands for the value that is measured. The cases are the last value before the warning, the first that
warns, the last before the breach, the limit itself, the first beyond it, and not-a-number; what each must give is
worked out here from the rule's sense alone, and added to what the file expects.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drills.yaml_source import Node
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


def around_cases(problems: Problems) -> list[tuple[str, Node, Node]]:
    """Name, file and value of each case; nothing when the file cannot be expanded."""
    rule, limit = _rule_and_limit(problems)
    step = _staged_step(problems)
    if rule is None or limit is None or step is None:
        return []
    factor = _setting(problems, "warning_threshold_factor")
    return [
        (
            name,
            _expecting(problems, severity_at(rule.sense, value, limit, factor), rule, step),
            _node(value, problems),
        )
        for name, value in values_around(rule.sense, limit, factor)
    ]


def values_around(sense: Sense, limit: float, factor: float) -> Iterator[tuple[str, float]]:
    """The values at which the verdict turns, with the names of their cases."""
    if sense is Sense.COUNT:
        warning = math.floor(factor * limit)
        yield from (("below-warning", warning), ("at-warning", warning + 1), ("below-limit", int(limit) - 1))
        yield from (("at-limit", int(limit)), ("above-limit", int(limit) + 1))
    elif sense is Sense.MINIMUM:
        yield from (("below-limit", math.nextafter(limit, -math.inf)), ("at-limit", limit))
        yield ("above-limit", math.nextafter(limit, math.inf))
    else:
        sign = -1 if sense is Sense.LOSS else 1
        warning = factor * limit
        yield from (("below-warning", sign * math.nextafter(warning, 0)), ("at-warning", sign * warning))
        yield from (("below-limit", sign * math.nextafter(limit, 0)), ("at-limit", sign * limit))
        yield ("above-limit", sign * math.nextafter(limit, math.inf))
    yield ("not-a-number", math.nan)


def severity_at(sense: Sense, value: float, limit: float, factor: float) -> str:
    """What a rule of this sense must say of a value; what cannot be compared is a breach."""
    if math.isnan(value):
        return BREACH
    if sense is Sense.MINIMUM:
        return BREACH if value < limit else OK
    if sense is Sense.COUNT:
        return BREACH if value > limit else WARNING if value > math.floor(factor * limit) else OK
    size = -value if sense is Sense.LOSS else value
    return BREACH if size >= limit else WARNING if size >= factor * limit else OK


def _rule_and_limit(problems: Problems) -> tuple[RiskRule | None, float | None]:
    target = problems.source.root.value["around"].value
    rules = {f"{SECTION}.{rule.key}": rule for rule in RULES.values() if rule.unit is not Unit.PERCENT}
    if target not in rules:
        remedy = nearest(str(target), rules)
        problems.add(
            ("around",), "UNKNOWN_LIMIT", f"{target!r} is no limit that a value can be set around", remedy
        )
        return None, None
    key = rules[target].key
    limit = _config(problems).get(key)
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or not limit > 0 or math.isinf(limit):
        message = f"{target} has no positive number in this file's config, so there is nothing to go around"
        problems.add(
            ("config", SECTION, key), "MISSING_KEY", message, f"write config: {{{SECTION}: {{{key}: 500}}}}"
        )
        return rules[target], None
    return rules[target], float(limit)


def _staged_step(problems: Problems) -> tuple[Any, Scope] | None:
    """The instant and the kind of the only check that the value is put into."""
    steps = problems.source.root.value.get("steps", Node([]))
    found = (
        [step for step in steps.value if PLACEHOLDER in _texts(step)] if isinstance(steps.value, list) else []
    )
    scopes = [SCOPES[name] for step in found for name in step.value if name in SCOPES]
    if len(found) == len(scopes) == 1:
        return found[0].value.get("at", Node("0s")).value, scopes[0]
    message = f"{PLACEHOLDER} stands in {len(found)} steps, {len(scopes)} of them checks"
    remedy = f"write it once, in a step that does {' or '.join(SCOPES)}"
    problems.add(("around",), "UNUSED_VARIABLE", message, remedy, key=True)
    return None


def _expecting(problems: Problems, severity: str, rule: RiskRule, step: tuple[Any, Scope]) -> Node:
    """The file with what this severity must give added to what it expects."""
    root, (at, scope) = problems.source.root, step
    expect = root.value.get("expect", Node({}))
    if not isinstance(expect.value, dict):
        return root
    said = expect.plain()
    alerts = _alerts(problems, severity, scope, at)
    more: dict[str, Any] = {"checks": [_check(severity, rule, scope, at)]}
    if alerts:
        more["alerts"] = alerts
    elif "alerts" not in said:
        more["silence"] = True
    added = {key: _appended(expect.value.get(key), value, problems) for key, value in more.items()}
    event = root.keys["around"]
    keys = {**dict.fromkeys(added, event), **expect.keys}
    filled = Node({**expect.value, **added}, expect.event or event, keys)
    return replace(root, value={**root.value, "expect": filled}, keys={"expect": event, **root.keys})


def _alerts(problems: Problems, severity: str, scope: Scope, at: Any) -> list[dict[str, Any]]:
    from live.codes import risk_code

    if severity == OK:
        return []
    breach = severity == BREACH
    critical = breach and bool(_setting(problems, "block_on_violation"))
    code, source = risk_code(scope, breach=breach), f"live_risk.{scope}"
    return [{"at": at, "code": code, "level": "CRITICAL" if critical else "WARNING", "source": source}]


def _check(severity: str, rule: RiskRule, scope: Scope, at: Any) -> dict[str, Any]:
    check = {"at": at, "check": str(scope), "severity": severity, "allowed": severity != BREACH}
    if rule.per_subject and scope is Scope.PORTFOLIO:
        return check
    names = {WARNING: "warned", BREACH: "breached"}
    return {**check, **({names[severity]: [rule.name]} if severity in names else {})}


def _appended(said: Node | None, value: Any, problems: Problems) -> Node:
    node = _node(value, problems)
    if said is None or not isinstance(said.value, list) or not isinstance(node.value, list):
        return node
    return replace(said, value=[*said.value, *node.value])


def _node(value: Any, problems: Problems) -> Node:
    """A value that stands where `around` does."""
    event = problems.source.root.value["around"].event
    if isinstance(value, dict):
        return Node(
            {key: _node(child, problems) for key, child in value.items()}, event, dict.fromkeys(value, event)
        )
    return Node([_node(child, problems) for child in value] if isinstance(value, list) else value, event)


def _texts(node: Node) -> list[Any]:
    if isinstance(node.value, dict):
        return [text for child in node.value.values() for text in _texts(child)]
    return (
        [text for child in node.value for text in _texts(child)]
        if isinstance(node.value, list)
        else [node.value]
    )


def _config(problems: Problems) -> Mapping[str, Any]:
    config = problems.source.root.plain().get("config")
    section = config.get(SECTION) if isinstance(config, dict) else None
    return section if isinstance(section, dict) else {}


def _setting(problems: Problems, key: str) -> float:
    """A setting of the risk limits: from this file, else the default."""
    from live.risk_limits import LiveRiskConfig

    value = _config(problems).get(key, getattr(LiveRiskConfig(), key))
    return value if isinstance(value, (int, float)) else math.nan
