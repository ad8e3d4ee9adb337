"""Limits on orders and on what the account holds.

`LiveRiskLimits` answers allowed or refused, and how bad it is: OK, WARNING or BREACH. Each limit is one file
in `rules/`; `engine.py` is the loop over them, `book.py` what they measure.
"""

from __future__ import annotations

from live.risk_limits.config import LiveRiskConfig
from live.risk_limits.engine import LiveRiskLimits
from live.risk_limits.pnl.day import DayPnl
from live.risk_limits.result import LimitCheckDetail, LiveRiskCheckResult, OrderVerdict
from live.risk_limits.severity import RiskCheckSeverity, aggregate_severities, severity_to_status

__all__ = [
    "DayPnl",
    "LimitCheckDetail",
    "LiveRiskCheckResult",
    "LiveRiskConfig",
    "LiveRiskLimits",
    "OrderVerdict",
    "RiskCheckSeverity",
    "aggregate_severities",
    "severity_to_status",
]
