"""Exits are never trapped: no limit on exposure, results, age or rates refuses an order that only reduces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.risk_limits.support import NOW, detail, limits, order, portfolio, position
from tests.unit.risk_limits.test_laws import AMOUNTS, positions

if TYPE_CHECKING:
    from live.portfolio import LivePositionSnapshot
    from live.risk_limits import LiveRiskLimits

IN_BREACH: dict[str, Any] = {
    "max_symbol_exposure_notional": 1e-6,
    "max_total_exposure_notional": 1e-6,
    "max_long_exposure_notional": 1e-6,
    "max_short_exposure_notional": 1e-6,
    "max_net_exposure_notional": 1e-6,
    "max_group_exposure_notional": 1e-6,
    "max_venue_exposure_notional": 1e-6,
    "max_symbol_concentration_pct": 1e-6,
    "max_group_concentration_pct": 1e-6,
    "max_outstanding_pct": 1e-6,
    "max_leverage": 1e-6,
    "max_open_positions": 0,
    "max_daily_loss_abs": 1e-6,
    "max_daily_loss_pct": 1e-6,
    "max_drawdown_abs": 1e-6,
    "max_drawdown_pct": 1e-6,
    "max_consecutive_losses": 0,
    "min_free_cash": 1e9,
    "max_snapshot_age_s": 1e-6,
    "max_price_age_s": 1e-6,
    "max_orders_per_second": 0,
    "max_orders_per_minute": 0,
    "max_orders_per_day": 0,
    "max_symbol_orders_per_minute": 0,
    "max_strategy_orders_per_minute": 0,
    "max_messages_per_second": 0,
    "max_messages_per_minute": 0,
    "max_open_orders": 0,
    "max_symbol_open_orders": 0,
    "max_cancel_wait_s": 1e-6,
    "max_repeated_executions_per_minute": 0,
    "max_out_of_hours_orders": 0,
    "max_undescribed_instruments": 0,
    "restricted_symbols": ["A", "B", "C"],
    "allowed_symbols": [],
    "starting_peak_equity": 1e9,
    "instruments": {
        name: {"group": "g", "venue": "v", "calendar": "XNYS", "outstanding": 1.0} for name in ("A", "B")
    },
}


@given(
    st.lists(positions(), min_size=1, max_size=4, unique_by=lambda one: one.symbol),
    st.floats(0.01, 1),
    AMOUNTS,
    st.none() | st.floats(-1e4, 1e4),
)
def test_an_exit_passes_although_every_limit_is_in_breach(
    held: list[LivePositionSnapshot], part: float, price: float, equity: float | None
) -> None:
    """At any price, from a book of longs and shorts, with equity that is negative or not known."""
    engine = limits(**IN_BREACH)
    engine.record_pnl(-1000.0, at=NOW)
    size = held[0].size or 0.0
    side = "SELL" if size > 0 else "BUY"
    leaving = order(side, held[0].symbol, quantity=abs(size) * part, price=price, strategy_key="s")
    assert list(engine.check_orders([leaving], portfolio=portfolio(*held, equity=equity)).reasons) == []


@given(st.lists(positions(), min_size=1, max_size=4, unique_by=lambda one: one.symbol), AMOUNTS)
def test_an_entry_does_not(held: list[LivePositionSnapshot], price: float) -> None:
    """Otherwise the law above would hold of limits that are off."""
    size = held[0].size or 0.0
    assume(size)
    entering = order("BUY" if size > 0 else "SELL", held[0].symbol, quantity=1.0, price=price)
    reasons = limits(**IN_BREACH).check_orders([entering], portfolio=portfolio(*held)).reasons
    refused_by = {reason.partition("(")[0].rsplit("_", 1)[0] for reason in reasons}
    assert {"max_total_exposure", "max_symbol_exposure", "max_leverage", "min_free_cash"} <= refused_by


EXPOSURES = [
    "max_symbol_exposure_notional",
    "max_total_exposure_notional",
    "max_long_exposure_notional",
    "max_short_exposure_notional",
    "max_net_exposure_notional",
    "max_group_exposure_notional",
    "max_venue_exposure_notional",
]
AT_A_VENUE = {name: {"group": "g", "venue": "v"} for name in ("A", "B")}


@pytest.mark.parametrize("key", EXPOSURES)
@pytest.mark.parametrize("size", [10.0, -10.0])
def test_turning_a_holding_round_is_no_exit(key: str, size: float) -> None:
    """Limit 500, long 1,000, sell 1,900: what it opens, 900 the other way, is judged like any entry."""
    if key in ("max_long_exposure_notional", "max_short_exposure_notional"):
        size = abs(size) if key.startswith("max_short") else -abs(size)
    engine = _with_limit(key, 500)
    held = portfolio(position("A", size=size, mark_price=100.0))
    side = "SELL" if size > 0 else "BUY"
    refused = engine.check_orders([order(side, "A", quantity=19, price=100.0)], portfolio=held)
    small = engine.check_orders([order(side, "A", quantity=14, price=100.0)], portfolio=held)
    assert not refused.allowed
    assert detail(refused, key.removesuffix("_notional")).current_value == 900.0
    assert small.allowed


@pytest.mark.parametrize(
    "key", ["max_leverage", "max_symbol_concentration_pct", "max_group_concentration_pct"]
)
def test_turning_a_holding_round_needs_a_known_equity(key: str) -> None:
    """What it opens is a share of something that nobody knows."""
    held = portfolio(position("A", size=10.0, mark_price=100.0))
    engine = _with_limit(key, 5)
    assert engine.check_orders([order("SELL", "A", quantity=9, price=100.0)], portfolio=held).allowed
    assert not engine.check_orders([order("SELL", "A", quantity=19, price=100.0)], portfolio=held).allowed


@given(
    st.sampled_from(EXPOSURES),
    st.floats(1, 100),
    st.floats(0.01, 3),
    st.floats(0.5, 2),
    st.floats(1, 1e4),
)
def test_closing_and_opening_at_once_admits_no_more_than_one_after_the_other(
    key: str, size: float, beyond: float, price: float, limit: float
) -> None:
    """An order that turns a holding round passes only where what it opens would pass on a closed holding."""
    at_once = _with_limit(key, limit)
    held = portfolio(position("A", size=size, mark_price=1.0), position("B", size=5.0, mark_price=1.0))
    both = at_once.check_orders(
        [order("SELL", "A", quantity=size * (1 + beyond), price=price)], portfolio=held
    )
    opening = at_once.check_orders(
        [order("SELL", "A", quantity=size * beyond * (1 - 1e-6), price=price)],
        portfolio=portfolio(position("B", size=5.0, mark_price=1.0)),
    )
    assert opening.allowed or not both.allowed


def _with_limit(key: str, limit: float) -> LiveRiskLimits:
    config: dict[str, Any] = {key: limit, "instruments": AT_A_VENUE}
    return limits(**config)
