"""The verdict beside a limit and beside its warning, held against what the sense of the limit says.

A book cannot be made to come to a given value, but the limit can be put wherever a value is: at it, and the
smallest step below or above it. What a sense says is written down here a second time, on purpose.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Scope, Sense, Unit
from live.risk_limits.bound_rule import SPARED
from live.risk_limits.result import rank
from live.risk_limits.severity import RiskCheckSeverity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from live.contracts import RiskRule
    from live.risk_limits.conformance.bench import Bench
    from live.risk_limits.conformance.books import Trial
    from live.risk_limits.result import LimitCheckDetail

BREACH, WARNING, OK = RiskCheckSeverity.BREACH, RiskCheckSeverity.WARNING, RiskCheckSeverity.OK
FACTOR = 0.5
"""Where a warning begins: half of a limit is exact, so that a value can stand right at it."""


def the_sense_says_the_verdict(bench: Bench, trial: Trial) -> Iterator[str]:
    """Just below, at and just above the warning and the limit."""
    if bench.rule.unit is Unit.NAMES:
        return
    for scope in bench.rule.scopes:
        for asked in trial.parts if scope is Scope.ORDERS else (trial,):
            for limit in _limits_beside(bench, asked, scope):
                yield from _misjudged(bench, asked, scope, limit)


def _limits_beside(bench: Bench, trial: Trial, scope: Scope) -> list[float]:
    """Limits at which the worst value of a book stands just below, at and above warning and limit."""
    told = bench.of_the_rule(bench.ask(trial, scope))
    known = [one for one in told if math.isfinite(one.current_value)]
    size = abs(float(max(known, key=rank).current_value)) if known else 0.0
    if known and bench.rule.unit is Unit.COUNT:
        whole = math.floor(size)
        return [one for one in _distinct((whole - 1, whole, 2 * whole - 1, 2 * whole)) if one >= 0]
    if size == 0:
        return []  # no limit that can be set is beside it
    steps = (size / 2, math.nextafter(size, 0), size, math.nextafter(size, math.inf), 2 * size)
    limits = _distinct((*steps, math.nextafter(2 * size, math.inf)))
    return [one for one in limits if one > 0 and math.isfinite(one)]


def _misjudged(bench: Bench, trial: Trial, scope: Scope, limit: float) -> Iterator[str]:
    result = bench.ask(trial, scope, limit=limit, factor=FACTOR)
    details = bench.of_the_rule(result)
    for one in details:
        said = verdict_of(bench.rule.sense, float(one.current_value), limit)
        if one.severity is not said and not _is_spared(bench.rule, one, said):
            at = f"{float(one.current_value)!r} at the limit {limit!r} (half of it warns)"
            yield f"{scope}: {at} is {one.severity.name}, a {bench.rule.sense} says {said.name}"
    worst = max((one.severity for one in details), default=OK)
    if result.severity < worst:
        yield f"{scope}: at the limit {limit!r} proven {result.severity.name}, but measured {worst.name}"


def verdict_of(sense: Sense, value: float, limit: float) -> RiskCheckSeverity:
    """What a sense says of a value, with a warning from half the limit on."""
    if not math.isfinite(value):
        return BREACH
    if sense is Sense.MINIMUM:
        return BREACH if value < limit else OK
    if sense is Sense.COUNT:
        return BREACH if value > limit else WARNING if value > math.floor(FACTOR * limit) else OK
    used = -value if sense is Sense.LOSS else value
    return BREACH if used >= limit else WARNING if used >= FACTOR * limit else OK


def _is_spared(rule: RiskRule, detail: LimitCheckDetail, said: RiskCheckSeverity) -> bool:
    """Whether a breach is rightly only told, because the orders do not make it worse."""
    if said is not BREACH or detail.severity is not WARNING or not detail.message.endswith(SPARED):
        return False
    return rule.spares_exits or (detail.before is not None and detail.current_value <= detail.before)


def _distinct(values: Iterable[float]) -> list[float]:
    return list(dict.fromkeys(values))
