"""The result of a check, and its invariant."""

from __future__ import annotations

import math

import pytest

from live.contracts import Sense
from live.risk_limits import LimitCheckDetail, LiveRiskCheckResult, RiskCheckSeverity


def test_a_breach_is_never_allowed() -> None:
    """Not even a hand-made one."""
    with pytest.raises(ValueError, match="a BREACH is never allowed"):
        LiveRiskCheckResult(allowed=True, severity=RiskCheckSeverity.BREACH)


@pytest.mark.parametrize(
    ("severity", "status"), [*zip(RiskCheckSeverity, ["green", "yellow", "red"], strict=True)]
)
def test_the_status_follows_the_severity(severity: RiskCheckSeverity, status: str) -> None:
    """Green, yellow, red."""
    result = LiveRiskCheckResult(severity is not RiskCheckSeverity.BREACH, [], {}, severity, [])
    assert result.risk_status == status


def test_a_detail_knows_how_much_of_its_limit_is_used_up() -> None:
    """A maximum unless it says otherwise; NaN has used up everything."""
    breach = RiskCheckSeverity.BREACH
    assert LimitCheckDetail("x", 750.0, 500.0, 400.0, breach, "").ratio == 1.5
    assert LimitCheckDetail("x", -550.0, 500.0, 400.0, breach, "", Sense.LOSS).ratio == 1.1
    assert LimitCheckDetail("x", math.nan, 500.0, 400.0, breach, "").ratio == math.inf
