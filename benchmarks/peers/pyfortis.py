"""pyfortis: its engine, which gates one order against a policy in YAML and a context that is handed in.

Looks at 7 limits and a breaker: notional and quantity of the order, notional of the position, gross exposure
over all positions, concentration, buying power, price collar; daily loss. It answers with a full result: for
every limit the value, the limit and how much of it is used, what more would fit, and a digest of the inputs.
Fifty positions are held, and it goes over all of them in decimal numbers each time. It looks at no resting
orders (only its self-trade limit does), and knows no batch: an order does not see the one before it. The
daily loss is the state of a breaker that its monitor keeps. The context is made beforehand, as is ours.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pyfortis import Account, BreakerStatus, Order, Position, RiskContext, RiskEngine, Side

from benchmarks.peer import PeerCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 1, 27, 12, tzinfo=UTC)
POSITIONS, LIMITS = 50, 7
POLICY = """\
api_version: pyfortis.io/v1
kind: RiskPolicy
metadata: {name: bench, namespace: bench, version: "1.0.0"}
spec:
  mode: enforce
  base_currency: USD
  limits:
    - {name: order_notional, type: order_notional, scope: order, params: {max: 1000000}, severity: CRITICAL}
    - {name: order_quantity, type: order_quantity, scope: order, params: {max_qty: 20000}, severity: CRITICAL}
    - {name: collar, type: price_collar, scope: order, params: {max_deviation_pct: 0.05}, severity: CRITICAL}
    - name: position
      type: position
      scope: instrument
      params: {max_long_notional: 1000000000}
      severity: CRITICAL
    - {name: exposure, type: exposure, scope: portfolio, params: {max_gross_pct_nav: 10}, severity: CRITICAL}
    - name: concentration
      type: concentration
      scope: portfolio
      params: {max_pct_nav: 5}
      severity: CRITICAL
    - {name: buying_power, type: buying_power, scope: portfolio, params: {}, severity: CRITICAL}
  circuit_breakers:
    - name: daily_loss
      type: daily_pnl
      scope: portfolio
      params: {max_loss: 100000}
      trip: {action: halt_trading}
      rearm: manual
      rearm_roles: [risk_manager]
"""


def engine(folder: Path) -> RiskEngine:
    """The policy, read from a file as it would be."""
    file = folder / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return RiskEngine.from_yaml(str(file))


def context() -> RiskContext:
    """Fifty positions, their prices and an account."""
    return RiskContext(
        as_of=NOW,
        positions=tuple(
            Position(f"S{number}", quantity=1, avg_cost=100, last_price=101) for number in range(POSITIONS)
        ),
        account=Account(nav=1_000_000, cash=1_000_000, buying_power=1_000_000),
        prices={f"S{number}": 101 for number in range(60)},
        breakers={"daily_loss": BreakerStatus("daily_loss")},
    )


def order(quantity: int) -> Order:
    """A purchase at 100."""
    return Order("order-0", "S0", Side.BUY, quantity, order_type="limit", limit_price=100)


def checks(folder: Path) -> Iterator[PeerCheck]:
    """The gate, with the context made beforehand."""
    made, world, asked = engine(folder), context(), order(1)

    def passed(result: Any) -> bool:
        looked_at = [check for check in result.checks if check.passed]
        return result.verdict == "APPROVED" and len(looked_at) == LIMITS

    def refused() -> bool:
        result = made.evaluate(order(15_000), world)
        return result.verdict == "REJECTED" and "order_notional" in [one.name for one in result.failed_checks]

    yield PeerCheck("evaluate", LIMITS + 1, lambda: made.evaluate(asked, world), passed, refused)
