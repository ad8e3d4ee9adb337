"""What a check came to: the verdict, and a detail for every limit that was looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
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
        limit_name: Which limit: `max_order_notional`, `symbol_exposure_BTC/EUR`, of a strategy
            `max_order_notional[trend]`; `order_input`, `order_events`, `position_input`, `snapshot_input` and
            `daily_pnl` are what cannot be judged, `breaker` is a trading breaker that lets nothing through.
        current_value: The value in the limit's unit; NaN when it could not be known.
        limit_value: The limit; NaN where input cannot be judged.
        warning_threshold: Where the warning begins; None where there is none.
        severity: What the value means.
        message: One line with both numbers when it is not OK.
        sense: Which side of the limit is safe.
        unit: What value and limit are measured in.
        subject: What the value was measured on: a symbol, an order's id; empty for the whole account.
        before: The same value without the orders under check; None when the rule does not say.
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
    before: float | None = None

    @property
    def ratio(self) -> float:
        """How much of the limit is used up: 1 at the limit, infinite when the value is unknown."""
        return ratio_of(self.sense, self.current_value, self.limit_value)

    @property
    def headroom(self) -> float:
        """What is left until the limit, in its unit; negative beyond it, NaN when the value is unknown."""
        return headroom_of(self.sense, self.current_value, self.limit_value)


@dataclass(frozen=True, slots=True)
class OrderVerdict:
    """The verdict on one order of a batch, in its place.

    It is judged on top of what is held, what rests, and the orders before it that are admitted: an order that
    is refused is not sent, so it takes no room from those behind it.

    Attributes:
        client_order_id: The order; empty when its id is no name.
        allowed: Whether it may go out, together with the orders before it that may.
        reasons: Why not: one coded line for each breach.
        severity: The worst of all details.
        limit_details: Every limit that was looked at, with the value before the order and with it.
    """

    client_order_id: str
    allowed: bool
    reasons: Sequence[str]
    severity: RiskCheckSeverity
    limit_details: Sequence[LimitCheckDetail]


@dataclass(frozen=True, slots=True)
class LiveRiskCheckResult:
    """The verdict of one check. A BREACH is never allowed.

    Attributes:
        allowed: Whether the orders may go out, or the portfolio may stand as it is.
        reasons: Why not: one coded line for each breach.
        metrics: What was measured.
        severity: The worst of all details.
        limit_details: Every limit that was looked at, one value each.
        orders: The verdict on each order of a batch, in its order; empty when nothing was judged.

    Raises:
        ValueError: a breach that says it is allowed.
    """

    allowed: bool
    reasons: Sequence[str] = field(default_factory=list)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    severity: RiskCheckSeverity = RiskCheckSeverity.OK
    limit_details: Sequence[LimitCheckDetail] = field(default_factory=list)
    orders: Sequence[OrderVerdict] = ()

    def __post_init__(self) -> None:
        if self.allowed and self.severity is RiskCheckSeverity.BREACH:
            raise ValueError("a BREACH is never allowed: allowed=True contradicts severity=BREACH")

    @property
    def admissible(self) -> list[str]:
        """Ids of the orders that may go out together: no order that is left out could be added to them.

        Orders are admitted in their sequence, so an earlier one goes before a later one. The largest number
        of orders that fits several limits at once is a knapsack problem; the caller's priorities are not.
        """
        return [verdict.client_order_id for verdict in self.orders if verdict.allowed]

    @property
    def risk_status(self) -> str:
        """The traffic light: `green`, `yellow` or `red`."""
        return severity_to_status(self.severity)


class PassedResult(LiveRiskCheckResult):
    """A result that was proven OK; what it tells beside that is worked out when somebody asks."""

    __slots__ = ("_full", "_work_out")
    _full: LiveRiskCheckResult
    _work_out: tuple[Any, ...]

    def __new__(cls, *args: Any, **fields: Any) -> Any:
        """A result that has all its fields, as when one of them is replaced."""
        return LiveRiskCheckResult(*args, **fields)

    @classmethod
    def of(cls, *work_out: Any) -> LiveRiskCheckResult:
        """A result that the first argument makes in full of the others, once; it is OK."""
        passed: PassedResult = object.__new__(cls)
        passed._work_out = work_out
        return passed

    __setattr__ = object.__setattr__  # a tenth of the whole check otherwise; the fields have no setter

    @property
    def full(self) -> LiveRiskCheckResult:
        """The same result with everything that it tells."""
        try:
            return self._full
        except AttributeError:
            make, *parts = self._work_out
            self._full = make(*parts)
            return self._full

    @property
    def allowed(self) -> bool:
        """It is."""
        return True

    @property
    def severity(self) -> RiskCheckSeverity:
        """It was proven."""
        return RiskCheckSeverity.OK

    @property
    def reasons(self) -> Sequence[str]:
        """There is none."""
        return []

    @property
    def metrics(self) -> Mapping[str, Any]:
        """What was measured."""
        return self.full.metrics

    @property
    def limit_details(self) -> Sequence[LimitCheckDetail]:
        """Every limit that was looked at."""
        return self.full.limit_details

    @property
    def orders(self) -> Sequence[OrderVerdict]:
        """The verdict on the order."""
        return self.full.orders

    def __eq__(self, other: object) -> bool:
        return self.full == (other.full if isinstance(other, PassedResult) else other)

    __hash__ = None  # type: ignore[assignment]  # as the full one, which holds lists

    def __reduce__(self) -> Any:
        return LiveRiskCheckResult, tuple(getattr(self.full, one.name) for one in fields(self.full))


def rank(detail: LimitCheckDetail) -> tuple[RiskCheckSeverity, float]:
    """What makes one detail worse than another: its severity, then how much of its limit is used up."""
    return detail.severity, detail.ratio
