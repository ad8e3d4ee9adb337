"""The short way says nothing that the full one does not say."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from live.risk_limits import RiskCheckSeverity
from live.risk_limits.result import PassedResult
from tests.unit.risk_limits.support import NOW, Inbox, limits, order, portfolio, position
from tests.unit.risk_limits.test_laws import CONFIGS, PORTFOLIOS, hostile_fields, orders

if TYPE_CHECKING:
    from live.orders import LiveOrderRequest
    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits import LiveRiskCheckResult, LiveRiskLimits

OK = RiskCheckSeverity.OK
WIDE: dict[str, Any] = {
    "max_order_notional": 1e6,
    "max_symbol_exposure_notional": 1e6,
    "max_total_exposure_notional": 1e6,
    "max_open_positions": 50,
    "max_daily_loss_abs": 1e6,
    "max_daily_loss_pct": 50,
    "live_trade_min_size": 1e-9,
    "starting_cash": 1e6,
}


def told(result: LiveRiskCheckResult) -> tuple[Any, ...]:
    """Everything that a result tells, in words: NaN equals itself there."""
    return (
        result.allowed,
        result.severity,
        list(result.reasons),
        repr(dict(result.metrics)),
        repr(result.limit_details),
        repr(result.orders),
    )


def the_full_way(engine: LiveRiskLimits) -> LiveRiskLimits:
    """The same limits without the short way."""
    engine._proof = lambda *_: None  # type: ignore[method-assign]  # noqa: SLF001 - users have no switch
    return engine


@given(CONFIGS, orders(), PORTFOLIOS, st.floats(-100, 100), st.floats(1, 1e6))
def test_both_ways_tell_the_same(
    config: dict[str, Any], asked: LiveOrderRequest, held: LivePortfolioSnapshot, pnl: float, wide: float
) -> None:
    """Word for word, near the limits and far away."""
    config = {key: value * wide if isinstance(value, float) else value for key, value in config.items()}
    short, full = limits(**config), the_full_way(limits(**config))
    for engine in (short, full):
        engine.record_pnl(pnl, at=NOW)
    assert told(short.check_orders([asked], portfolio=held)) == told(
        full.check_orders([asked], portfolio=held)
    )


@given(orders(), hostile_fields())
def test_a_hostile_order_never_passes_the_short_way(asked: LiveOrderRequest, hostile: dict[str, Any]) -> None:
    """Whatever is in it."""
    result = limits(**WIDE).check_orders([replace(asked, **hostile)])
    assert not isinstance(result, PassedResult)
    assert not result.allowed


def test_a_quote_below_zero_counts_by_its_size() -> None:
    """Two hundred below zero is dearer than ten above."""
    instruments = {"CL": {"negative_price": True}}
    short, full = (limits(max_order_notional=1000, instruments=instruments) for _ in range(2))
    asked = order(symbol="CL", quantity=50.0, price=10.0)
    for engine in (short, the_full_way(full)):
        engine.price_updated("CL", -200.0)
    assert told(short.check_orders([asked])) == told(full.check_orders([asked]))


def test_an_order_far_from_every_limit_takes_the_short_way() -> None:
    """Otherwise the laws above would hold of nothing."""
    result = limits(**WIDE).check_orders([order(quantity=1.0, price=100.0)], portfolio=portfolio())
    assert isinstance(result, PassedResult)
    assert [detail.severity for detail in result.limit_details] == [OK] * 7
    assert [verdict.allowed for verdict in result.orders] == [True]


def test_what_happens_after_the_check_changes_nothing_of_its_result() -> None:
    """It tells what was known then, whenever it is asked."""
    engine, held = limits(**WIDE), portfolio(position(size=1, mark_price=100))
    result = engine.check_orders([order(quantity=1.0, price=100.0)], portfolio=held)
    engine.record_pnl(-5000, at=NOW)
    engine.order_accepted(order(client_order_id="later", notional=9000))
    engine.price_updated("BTC/EUR", 1e5)
    assert result.metrics["daily_pnl"] == 0
    assert [detail.current_value for detail in result.limit_details if detail.unit == "base currency"] == [
        0.0,
        100.0,
        200.0,
        200.0,
    ]


def test_a_result_of_the_short_way_is_one_like_any_other() -> None:
    """It can be compared, copied, pickled, and made anew with other values; it cannot be changed."""
    inbox = Inbox()
    asked = order(quantity=1.0, price=100.0)
    result = limits(inbox, **WIDE).check_orders([asked])
    full = the_full_way(limits(**WIDE)).check_orders([asked])
    assert result == full
    assert copy.copy(result) == pickle.loads(pickle.dumps(result)) == full  # noqa: S301 - our own bytes
    assert replace(result, allowed=False).allowed is False
    assert (result.risk_status, result.admissible, inbox.events) == ("green", [asked.client_order_id], [])


def test_a_purchase_that_makes_those_at_rest_open_a_position_is_counted_with_them() -> None:
    """Ten units at rest only close a short; one more, and all eleven may be held long."""
    short = portfolio(position(size=-10, mark_price=100))
    engine = limits(max_symbol_exposure_notional=2000)
    engine.order_accepted(order(quantity=10.0, price=300.0))
    result = engine.check_orders([order(quantity=1.0, price=300.0)], portfolio=short)
    assert result.reasons == ["max_symbol_exposure_exceeded(symbol='BTC/EUR', max=2000.00, observed=2300.00)"]


def test_a_purchase_that_turns_a_short_holding_round_costs_its_notional() -> None:
    """Both ways: what the short was worth is no money that is spent."""
    short = portfolio(position(size=-100.0, mark_price=100.0), cash=5000.0)
    asked = [order(quantity=200.0, price=10.0)]
    for engine in (limits(min_free_cash=1000), the_full_way(limits(min_free_cash=1000))):
        result = engine.check_orders(asked, portfolio=short)
        assert (result.allowed, result.limit_details[0].current_value) == (True, 3000.0)


def test_a_symbol_in_other_cases_does_not_pass() -> None:
    """It would have limits of its own."""
    held = portfolio(position("BTC/EUR", size=1, mark_price=100))
    result = limits(**WIDE).check_orders([order(symbol="btc/eur", quantity=1.0, price=100.0)], portfolio=held)
    assert not result.allowed


def test_a_price_that_is_none_does_not_pass() -> None:
    """Nor does one that came in as no number."""
    engine = limits(**WIDE)
    engine.price_updated("BTC/EUR", float("nan"))
    (reason,) = engine.check_orders([order(quantity=1.0, price=100.0)]).reasons
    assert reason.startswith("order_notional_unknown(")
