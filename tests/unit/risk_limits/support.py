"""Orders, holdings and limits in one line each, on a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits import LiveRiskConfig, LiveRiskLimits

if TYPE_CHECKING:
    from live.contracts import AlertSink, Clock, PnlSource
    from live.events import AlertEvent
    from live.risk_limits import LimitCheckDetail, LiveRiskCheckResult

NOW = datetime(2026, 1, 27, 12, tzinfo=UTC)
NAN, INF = float("nan"), float("inf")

_numbers = count(1)


class StandingClock:
    """Noon, for ever; seconds pass only when a test says so."""

    seconds = 0.0

    def now(self) -> datetime:
        """Noon."""
        return NOW

    def monotonic(self) -> float:
        """The seconds that have passed."""
        return self.seconds


@dataclass
class Inbox:
    """A sink that keeps what it is sent."""

    events: list[AlertEvent] = field(default_factory=list)

    def send(self, event: AlertEvent) -> None:
        """Keep it."""
        self.events.append(event)


def limits(
    sink: AlertSink | None = None,
    *,
    clock: Clock | None = None,
    pnl_source: PnlSource | None = None,
    **config: Any,
) -> LiveRiskLimits:
    """Limits with this configuration, at noon."""
    clock = clock or StandingClock()
    return LiveRiskLimits(LiveRiskConfig(**config), sink, clock=clock, pnl_source=pnl_source)


def order(side: str = "BUY", symbol: str = "BTC/EUR", **fields: Any) -> LiveOrderRequest:
    """An order; `price` stands for its current price."""
    if "price" in fields:
        fields["extra"] = {"current_price": fields.pop("price")}
    fields.setdefault("client_order_id", f"order-{next(_numbers)}")
    return LiveOrderRequest(symbol=symbol, side=side, **fields)


def position(symbol: str = "BTC/EUR", **fields: Any) -> LivePositionSnapshot:
    """A holding."""
    return LivePositionSnapshot(symbol, **fields)


def portfolio(*positions: Any, **fields: Any) -> LivePortfolioSnapshot:
    """A snapshot of noon."""
    return LivePortfolioSnapshot(**{"as_of": NOW, "positions": positions, **fields})


def detail(result: LiveRiskCheckResult, name: str) -> LimitCheckDetail:
    """The one detail of that name."""
    (found,) = [one for one in result.limit_details if one.limit_name == name]
    return found
