"""What a value means against a limit: severity, warning threshold, ratio and headroom. Nowhere else."""

from __future__ import annotations

import math
from decimal import Decimal

from live.contracts import Sense
from live.risk_limits.severity import RiskCheckSeverity


def warning_threshold(sense: Sense, limit: float, factor: float) -> float | None:
    """Where a warning begins, on the scale of the limit; None where a sense knows no warning.

    The product is that of the decimal numbers as they are written, so that 0.7 times 10 is 7.
    """
    if sense is Sense.MINIMUM:
        return None
    product = Decimal(repr(factor)) * Decimal(repr(limit))
    return float(math.floor(product) if sense is Sense.COUNT else product)


def severity_of(sense: Sense, value: float, limit: float, warning: float | None) -> RiskCheckSeverity:
    """How bad a value is. What is not finite is never fine: it is a breach."""
    if not math.isfinite(value):
        return RiskCheckSeverity.BREACH
    if _beyond(sense, value, limit):
        return RiskCheckSeverity.BREACH
    if warning is not None and _beyond(sense, value, warning):
        return RiskCheckSeverity.WARNING
    return RiskCheckSeverity.OK


def ratio_of(sense: Sense, value: float, limit: float) -> float:
    """How much of a limit is used up: 1 at the limit, infinite for an unknown value."""
    if sense is Sense.MINIMUM:
        return _quotient(limit, value)
    if sense is Sense.LOSS and math.isfinite(value):
        return _quotient(max(0.0, -value), limit)
    return _quotient(value, limit)


def headroom_of(sense: Sense, value: float, limit: float) -> float:
    """What is left until the limit, in its unit; negative beyond it, NaN for an unknown value."""
    if sense is Sense.LOSS:
        return limit + value
    return value - limit if sense is Sense.MINIMUM else limit - value


def _beyond(sense: Sense, value: float, bound: float) -> bool:
    if sense is Sense.COUNT:
        return value > bound
    if sense is Sense.MINIMUM:
        return value < bound
    return (-value if sense is Sense.LOSS else value) >= bound


def _quotient(value: float, limit: float) -> float:
    if not (math.isfinite(value) and math.isfinite(limit)):
        return math.inf
    if limit == 0:
        return 0.0 if value == 0 else math.inf
    return value / limit
