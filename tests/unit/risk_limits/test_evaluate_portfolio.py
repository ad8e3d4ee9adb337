"""What the account holds: limits, reasons and metrics."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from inline_snapshot import snapshot

from live.risk_limits import RiskCheckSeverity
from tests.unit.risk_limits.support import detail, limits, order, portfolio, position

OK, WARNING, BREACH = RiskCheckSeverity

BTC = position("BTC/EUR", size=0.05, mark_price=30000)
ETH = position("ETH/EUR", size=-0.2, mark_price=2500)


def test_long_and_short_add_up() -> None:
    """1500.00 and 500.00."""
    result = limits(max_total_exposure_notional=1000).evaluate_portfolio(portfolio(BTC, ETH))
    assert result.reasons == ["max_total_exposure_exceeded(max=1000.00, observed=2000.00)"]
    assert not result.allowed


def test_every_symbol_has_a_detail_of_its_own() -> None:
    """Named after it; the reason names it as well."""
    result = limits(max_symbol_exposure_notional=1000).evaluate_portfolio(portfolio(BTC, ETH))
    assert [one.limit_name for one in result.limit_details] == [
        "symbol_exposure_BTC/EUR",
        "symbol_exposure_ETH/EUR",
    ]
    assert result.reasons == ["max_symbol_exposure_exceeded(symbol='BTC/EUR', max=1000.00, observed=1500.00)"]
    assert detail(result, "symbol_exposure_ETH/EUR").severity is OK


def test_several_positions_of_one_symbol_are_one_exposure() -> None:
    """And one open position."""
    engine = limits(max_symbol_exposure_notional=1e6, max_open_positions=5)
    result = engine.evaluate_portfolio(portfolio(BTC, BTC))
    assert detail(result, "symbol_exposure_BTC/EUR").current_value == 3000
    assert detail(result, "max_open_positions").current_value == 1


@pytest.mark.parametrize(("held", "severity"), [(4, OK), (5, WARNING), (6, BREACH), (7, BREACH)])
def test_the_number_of_open_positions(held: int, severity: RiskCheckSeverity) -> None:
    """Flat ones do not count."""
    positions = [position(f"S{n}", notional=1, side="long") for n in range(held)]
    flat = position("FLAT", side="flat", size=0, realized_pnl=3.0)
    result = limits(max_open_positions=5).evaluate_portfolio(portfolio(*positions, flat))
    assert result.severity is severity
    assert result.reasons == ([f"max_open_positions_exceeded(max=5, observed={held})"] if held > 5 else [])


def test_a_declared_notional_is_never_trusted_below_size_times_mark() -> None:
    """The larger of the two counts."""
    low, high = position(size=1, mark_price=100, notional=1), position(size=1, mark_price=100, notional=150)
    engine = limits(max_total_exposure_notional=1e6)
    assert engine.evaluate_portfolio(portfolio(low)).metrics["portfolio_total_notional"] == 100
    assert engine.evaluate_portfolio(portfolio(high)).metrics["portfolio_total_notional"] == 150


def test_units_without_a_mark_are_not_worth_nothing() -> None:
    """A feed that knows no price declares a value of zero."""
    engine, held = limits(max_total_exposure_notional=1e6), portfolio(position(size=5, notional=0))
    for result in (
        engine.evaluate_portfolio(held),
        engine.check_orders([order(quantity=1, price=1)], portfolio=held),
    ):
        assert result.reasons == ["position_invalid(symbol='BTC/EUR', field='mark_price', value=None)"]


@pytest.mark.parametrize(
    ("realized", "unrealized", "severity"),
    [(550, None, OK), (900, -550, OK), (-200, -200, WARNING), (-300, -200, BREACH), (None, -500, BREACH)],
)
def test_closed_and_open_results_count_together(
    realized: float | None, unrealized: float | None, severity: RiskCheckSeverity
) -> None:
    """A profit on one side makes up for a loss on the other."""
    held = position(size=1, mark_price=100, realized_pnl=realized, unrealized_pnl=unrealized)
    assert limits(max_daily_loss_abs=500).evaluate_portfolio(portfolio(held)).severity is severity


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [(2, None, -20.0), (-2, None, 20.0), (2, "short", 20.0), (-2, "SHORT", 20.0)],
)
def test_an_open_result_follows_from_entry_and_mark(size: float, side: str | None, expected: float) -> None:
    """A fall by ten costs a long holding of two what it brings a short one."""
    held = position(size=size, side=side, entry_price=100, mark_price=90)
    result = limits().evaluate_portfolio(portfolio(held))
    assert result.metrics["portfolio_total_unrealized_pnl"] == expected


@pytest.mark.parametrize(
    ("equity", "reasons"),
    [
        (9450.0, ["max_daily_loss_pct_reached(limit=5.00, value=-5.50)"]),
        (99450.0, []),
    ],
)
def test_a_loss_in_percent_refers_to_the_equity_before_it(equity: float, reasons: list[str]) -> None:
    """Where no starting cash is configured: what was there in the morning."""
    held = position(size=1, mark_price=100, unrealized_pnl=-550)
    result = limits(max_daily_loss_pct=5).evaluate_portfolio(portfolio(held, equity=equity))
    assert result.reasons == reasons


@pytest.mark.parametrize(
    ("equity", "why"),
    [
        (None, "no starting_cash, no equity"),
        (-550.0, "0.00 is not above zero"),
        (-600.0, "-50.00 is not above zero"),
    ],
)
def test_a_loss_of_an_unknown_or_empty_base_is_a_breach(equity: float | None, why: str) -> None:
    """Nobody can say how many percent it is."""
    held = position(size=1, mark_price=100, unrealized_pnl=-550)
    result = limits(max_daily_loss_pct=5).evaluate_portfolio(portfolio(held, equity=equity))
    why = f"base unknown: {why}; loss 550.00"
    assert result.reasons == [f"max_daily_loss_pct_unknown(limit=5.00, reason='{why}')"]


@pytest.mark.parametrize("equity", [None, 0.0, 550.0, 100.0])
def test_a_profit_needs_no_base(equity: float | None) -> None:
    """A profit on the daily loss limit is OK, whatever the rest says."""
    held = position(size=1, mark_price=100, unrealized_pnl=550)
    result = limits(max_daily_loss_pct=5, max_daily_loss_abs=1).evaluate_portfolio(
        portfolio(held, equity=equity)
    )
    assert result.severity is OK


def test_the_day_is_that_of_the_snapshot_and_naive_is_utc() -> None:
    """Unless the caller names another."""
    engine = limits(max_daily_loss_abs=500)
    engine.record_pnl(-550, at=datetime(2026, 1, 26, 23, tzinfo=UTC))
    naive = portfolio(as_of=datetime(2026, 1, 26, 23, 59))  # noqa: DTZ001 - that is the point
    assert not engine.evaluate_portfolio(naive).allowed
    assert engine.evaluate_portfolio(naive, current_date=date(2026, 1, 27)).allowed
    assert engine.evaluate_portfolio(portfolio()).allowed


def test_an_empty_account_is_fine() -> None:
    """With every limit on."""
    engine = limits(max_total_exposure_notional=1, max_open_positions=0, max_daily_loss_pct=1)
    assert engine.evaluate_portfolio(portfolio()).severity is OK


def test_when_disabled_everything_passes_unjudged() -> None:
    """And the metrics say so."""
    result = limits(enabled=False, max_total_exposure_notional=1).evaluate_portfolio(portfolio(BTC))
    assert (result.allowed, result.metrics["live_risk_enabled"]) == (True, False)


def test_the_metrics_of_a_portfolio_check() -> None:
    """Callers read these keys."""
    held = position(size=1, mark_price=100, realized_pnl=-5, unrealized_pnl=2)
    snap = portfolio(held, ETH, equity=10000, cash=9000, margin_used=500)
    assert limits().evaluate_portfolio(snap).metrics == snapshot(
        {
            "daily_realized_pnl_net": -5.0,
            "daily_pnl": -3.0,
            "daily_pnl_source": "snapshot",
            "base_currency": "EUR",
            "live_risk_enabled": True,
            "warning_threshold_factor": 0.8,
            "portfolio_total_notional": 600.0,
            "portfolio_symbol_notional": {"BTC/EUR": 100.0, "ETH/EUR": 500.0},
            "portfolio_num_open_positions": 2,
            "portfolio_total_realized_pnl": -5.0,
            "portfolio_total_unrealized_pnl": 2.0,
            "portfolio_equity": 10000.0,
            "portfolio_cash": 9000.0,
            "portfolio_margin_used": 500.0,
        }
    )


def test_a_snapshot_tells_the_same_totals() -> None:
    """Derived from its positions."""
    held = position(size=1, mark_price=100, realized_pnl=-5, unrealized_pnl=2)
    snap = portfolio(held, held, ETH, position("FLAT"))
    assert snap.symbol_notional == {"BTC/EUR": 200.0, "ETH/EUR": 500.0, "FLAT": 0.0}
    assert (snap.total_notional, snap.num_open_positions) == (700.0, 2)
    assert (snap.total_realized_pnl, snap.total_unrealized_pnl) == (-10.0, 4.0)
