"""Exits are never trapped: no limit on exposure, results, age or rates refuses an order that only reduces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.risk_limits.support import NOW, limits, order, portfolio
from tests.unit.risk_limits.test_laws import AMOUNTS, positions

if TYPE_CHECKING:
    from live.portfolio import LivePositionSnapshot

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
