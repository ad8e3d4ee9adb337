"""What a check came to: the verdict, and a detail for every limit that was looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from live.contracts import Sense, Unit
from live.risk_limits.limits import headroom_of, ratio_of
from live.risk_limits.severity import RiskCheckSeverity, severity_to_status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class LimitCheckDetail:
    """One limit, and the value that was held against it.

    Attributes:
        limit_name: Which limit: `max_order_notional`, `symbol_exposure_BTC/EUR`; `order_input`,
            `position_input`, `snapshot_input` and `daily_pnl` are what cannot be judged, `breaker` is a
            trading breaker that lets nothing through.
        current_value: The value in the limit's unit; NaN when it could not be known.
        limit_value: The limit; NaN where input cannot be judged.
        warning_threshold: Where the warning begins; None where there is none.
        severity: What the value means.
        message: One line with both numbers when it is not OK.
        sense: Which side of the limit is safe.
        unit: What value and limit are measured in.
        subject: What the value was measured on: a symbol, an order's id; empty for the whole account.
    """

    limit_name: str
    current_value: float
    limit_value: float
    warning_threshold: float | None
    severity: RiskCheckSeverity
    message: str
    sense: Sense = Sense.MAXIMUM
    unit: Unit = Unit.MONEY
    subject: str = ""

    @property
    def ratio(self) -> float:
        """How much of the limit is used up: 1 at the limit, infinite when the value is unknown."""
        return ratio_of(self.sense, self.current_value, self.limit_value)

    @property
    def headroom(self) -> float:
        """What is left until the limit, in its unit; negative beyond it, NaN when the value is unknown."""
        return headroom_of(self.sense, self.current_value, self.limit_value)


@dataclass(frozen=True, slots=True)
class LiveRiskCheckResult:
    """The verdict of one check. A BREACH is never allowed.

    Attributes:
        allowed: Whether the orders may go out, or the portfolio may stand as it is.
        reasons: Why not: one coded line for each breach.
        metrics: What was measured.
        severity: The worst of all details.
        limit_details: Every limit that was looked at, one value each.

    Raises:
        ValueError: a breach that says it is allowed.
    """

    allowed: bool
    reasons: Sequence[str] = field(default_factory=list)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    severity: RiskCheckSeverity = RiskCheckSeverity.OK
    limit_details: Sequence[LimitCheckDetail] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.allowed and self.severity is RiskCheckSeverity.BREACH:
            raise ValueError("a BREACH is never allowed: allowed=True contradicts severity=BREACH")

    @property
    def risk_status(self) -> str:
        """The traffic light: `green`, `yellow` or `red`."""
        return severity_to_status(self.severity)


def rank(detail: LimitCheckDetail) -> tuple[RiskCheckSeverity, float]:
    """What makes one detail worse than another: its severity, then how much of its limit is used up."""
    return detail.severity, detail.ratio
