"""How long a check of orders takes: one order, a batch, and beside orders that rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.conftest import Figure
from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits import LiveRiskConfig, LiveRiskLimits, RiskCheckSeverity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from live.risk_limits import LiveRiskCheckResult

POSITIONS, BATCH, RESTING, LIMITS = 50, 1_000, 100_000, 12
MICRO = 1e6
NOW = datetime(2026, 1, 27, 12, tzinfo=UTC)
CONFIG: dict[str, Any] = {
    "absolute_max_order_notional": 1e7,
    "live_trade_min_size": 0.0001,
    "max_daily_loss_abs": 1e5,
    "max_daily_loss_pct": 50.0,
    "max_leverage": 1e6,
    "max_long_exposure_notional": 1e12,
    "max_net_exposure_notional": 1e12,
    "max_open_positions": 1_000,
    "max_order_notional": 1e6,
    "max_symbol_concentration_pct": 1e6,
    "max_symbol_exposure_notional": 1e9,
    "max_total_exposure_notional": 1e12,
}
HELD = LivePortfolioSnapshot(
    NOW,
    tuple(
        LivePositionSnapshot(f"S{number}", size=1.0, entry_price=100.0, mark_price=101.0)
        for number in range(POSITIONS)
    ),
    equity=1e6,
    cash=1e6,
)


def orders(count: int, prefix: str = "order") -> list[LiveOrderRequest]:
    """Purchases of 100.00 each, over 60 symbols."""
    return [
        LiveOrderRequest(
            f"{prefix}-{number}", f"S{number % 60}", "BUY", quantity=1.0, extra={"current_price": 100.0}
        )
        for number in range(count)
    ]


def limits(resting: int = 0, **config: Any) -> LiveRiskLimits:
    """All limits that are measured here, with orders at rest."""
    engine = LiveRiskLimits(LiveRiskConfig(**{**CONFIG, **config}))
    for order in orders(resting, "resting"):
        engine.order_accepted(order)
    return engine


def check_us(benchmark: Any, engine: LiveRiskLimits, batch: Sequence[LiveOrderRequest]) -> float:
    """Microseconds of a check that passes, in the median; the result is asked for its verdict."""

    def check() -> LiveRiskCheckResult:
        return engine.check_orders(batch, portfolio=HELD)

    assert check().severity is RiskCheckSeverity.OK
    assert len([one for one in check().limit_details if one.severity is RiskCheckSeverity.OK]) == LIMITS
    return median_us(benchmark, check, 2_000 if len(batch) == 1 else 5)


def median_us(benchmark: Any, action: Callable[[], object], iterations: int) -> float:
    """Microseconds that an action takes in the median."""
    benchmark.pedantic(action, rounds=15, iterations=iterations, warmup_rounds=2)
    return float(benchmark.stats.stats.median) * MICRO


def test_one_order(benchmark: Any, figures: list[Figure]) -> None:
    """An order far from every limit, 50 positions held."""
    took = check_us(benchmark, limits(), orders(1))
    figures.append(Figure(f"one order, {LIMITS} limits, {POSITIONS} positions", took, 2, "us"))


def test_one_order_beside_resting_ones(benchmark: Any, figures: list[Figure]) -> None:
    """The same beside a hundred thousand orders that rest."""
    took = check_us(benchmark, limits(RESTING), orders(1))
    figures.append(Figure(f"the same beside {RESTING:,} resting orders", took, 2, "us"))


def test_a_batch(benchmark: Any, figures: list[Figure]) -> None:
    """A thousand orders at once, for each of them."""
    took = check_us(benchmark, limits(), orders(BATCH)) / BATCH
    figures.append(Figure(f"each order of a batch of {BATCH:,}", took, 1.2, "us"))


def test_an_order_and_what_becomes_of_it(benchmark: Any, figures: list[Figure]) -> None:
    """An order checked, accepted and filled, on top of thousands of fills that no snapshot has covered."""
    engine, asked = limits(), iter(orders(200_000))

    def trade() -> None:
        order = next(asked)
        assert engine.check_orders([order], portfolio=HELD).allowed
        engine.order_accepted(order)
        engine.order_filled(order.client_order_id, 1.0, 100.0)

    for _ in range(3_000):
        trade()
    figures.append(
        Figure("an order checked, accepted and filled", median_us(benchmark, trade, 200), 100, "us")
    )


def test_an_order_that_is_told(benchmark: Any, figures: list[Figure]) -> None:
    """An order that is refused: every detail and reason is written, no alert is sent."""
    engine, asked = limits(max_order_notional=50.0), orders(1)
    assert not engine.check_orders(asked, portfolio=HELD).allowed
    took = median_us(benchmark, lambda: engine.check_orders(asked, portfolio=HELD), 200)
    figures.append(Figure("one order that is refused, told in full", took, 200, "us"))
