"""From the result of a check that is not OK to one alert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.codes import risk_code
from live.contracts import Unit
from live.events import AlertEvent, AlertLevel
from live.risk_limits.result import rank
from live.risk_limits.severity import RiskCheckSeverity
from live.risk_limits.wording import written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from live.contracts import Scope
    from live.risk_limits.config import LiveRiskConfig
    from live.risk_limits.result import LimitCheckDetail, LiveRiskCheckResult

_UNITS = {
    Unit.PERCENT: " %",
    Unit.COUNT: "",
    Unit.QUANTITY: " base units",
    Unit.RATIO: " times",
    Unit.SECONDS: " s",
    Unit.NAMES: "",
}


def alert_of(
    scope: Scope,
    result: LiveRiskCheckResult,
    config: LiveRiskConfig,
    now: datetime,
    facts: Mapping[str, Any],
) -> AlertEvent:
    """The one alert of a check that is not OK.

    Args:
        scope: Which check it was.
        result: What it came to.
        config: How a breach acts, and what money is counted in.
        now: When the check was made.
        facts: What the context says beyond the limits.
    """
    breach = result.severity is RiskCheckSeverity.BREACH
    kind = "violation" if breach else "warning"
    worst = max(result.limit_details, key=rank)
    return AlertEvent(
        ts=now,
        level=AlertLevel.CRITICAL if breach and config.block_on_violation else AlertLevel.WARNING,
        source=f"live_risk.{scope}",
        code=risk_code(scope, breach=breach),
        message=f"Live risk limit {kind}: {_said(worst, config.base_currency)}",
        context={
            **facts,
            "severity": result.severity.name,
            "allowed": result.allowed,
            "worst_limit": worst.limit_name,
            "breached": _numbers(result, RiskCheckSeverity.BREACH),
            "warned": _numbers(result, RiskCheckSeverity.WARNING),
            "reasons": list(result.reasons),
        },
    )


def _said(detail: LimitCheckDetail, currency: str) -> str:
    if detail.limit_name == "breaker":
        return detail.message
    if detail.current_value != detail.current_value or detail.limit_value != detail.limit_value:
        return f"{detail.limit_name} cannot be judged: {detail.message}"
    value, limit = written(detail.unit, detail.current_value, detail.limit_value)
    unit = f" {currency}" if detail.unit is Unit.MONEY else _UNITS[detail.unit]
    about = "" if detail.limit_name.endswith(detail.subject) else f" ({detail.subject})"
    return f"{detail.limit_name} {value}{unit}, limit {limit}{unit}{about}"


def _numbers(result: LiveRiskCheckResult, severity: RiskCheckSeverity) -> dict[str, dict[str, Any]]:
    """Every limit of this severity with its numbers, the worst first; of several subjects the worst."""
    worst_last = sorted((one for one in result.limit_details if one.severity is severity), key=rank)
    worst = {detail.limit_name: detail for detail in worst_last}
    return {
        name: {
            "value": detail.current_value,
            "limit": detail.limit_value,
            "headroom": detail.headroom,
            "subject": detail.subject,
        }
        for name, detail in sorted(worst.items(), key=lambda item: rank(item[1]), reverse=True)
    }
