"""Orders before they go out: limits, worst cases, exits, reasons and metrics."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from inline_snapshot import snapshot

from live.risk_limits import RiskCheckSeverity
from tests.unit.risk_limits.support import NOW, detail, limits, order, portfolio, position

OK, WARNING, BREACH = RiskCheckSeverity

HELD = position(size=0.02, mark_price=30000)  # 600.00 of BTC/EUR, long


@pytest.mark.parametrize(
    ("notional", "severity", "allowed"),
    [
        (399.99, OK, True),
        (400, WARNING, True),
        (499.99, WARNING, True),
        (500, BREACH, False),
        (2000, BREACH, False),
    ],
)
def test_the_notional_of_an_order(notional: float, severity: RiskCheckSeverity, *, allowed: bool) -> None:
    """A warning passes, a value at the limit does not."""
    result = limits(max_order_notional=500).check_orders([order(notional=notional)])
    assert (result.severity, result.allowed) == (severity, allowed)
    assert detail(result, "max_order_notional").severity is severity


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"notional": 300.0}, 300.0),
        ({"quantity": 0.01, "price": 30000}, 300.0),
        ({"quantity": 0.01, "price": 30000, "notional": 1.0}, 300.0),
        ({"quantity": 0.01, "price": 30000, "notional": 450.0}, 450.0),
        ({"quantity": 0.01, "notional": 300.0}, 300.0),
        ({"quantity": 0, "notional": 300.0}, 300.0),
        ({"quantity": Decimal("0.01"), "price": Decimal(30000)}, 300.0),
        ({"quantity": 0.01, "extra": {"current_price": 30000, "note": object()}}, 300.0),
    ],
)
def test_a_declared_notional_is_never_trusted_below_quantity_times_price(
    fields: dict[str, Any], expected: float
) -> None:
    """The larger of the two counts."""
    result = limits(max_order_notional=1000).check_orders([order(**fields)])
    assert result.allowed
    assert detail(result, "max_order_notional").current_value == expected


def test_an_order_without_a_price_takes_the_mark_of_what_is_held() -> None:
    """And its own price goes before it."""
    engine, held = limits(max_order_notional=1000), portfolio(HELD)
    marked = engine.check_orders([order(quantity=0.01)], portfolio=held)
    priced = engine.check_orders([order(quantity=0.01, price=20000)], portfolio=held)
    assert marked.metrics["max_order_notional"] == 300.0
    assert priced.metrics["max_order_notional"] == 200.0


def test_a_limit_does_not_make_a_sale_cheaper_than_the_mark_of_what_is_held() -> None:
    """It fills at the market, however low the limit."""
    engine = limits(max_short_exposure_notional=1000)
    sell = order("SELL", order_type="LIMIT", quantity=300, limit_price=0.01)
    held = portfolio(position(size=100, mark_price=100))
    assert engine.check_orders([sell], portfolio=held).reasons == [
        "max_short_exposure_exceeded(max=1000.00, observed=20000.00)"
    ]


def test_only_the_worst_order_is_told_as_the_detail_and_every_breach_as_a_reason() -> None:
    """One detail for each limit, one reason for each order."""
    batch = [order(notional=n, client_order_id=name) for name, n in (("a", 600), ("b", 10), ("c", 900))]
    result = limits(max_order_notional=500).check_orders(batch)
    worst = detail(result, "max_order_notional")
    assert (worst.current_value, worst.subject) == (900.0, "c")
    assert result.reasons == [
        "max_order_notional_exceeded(client_order_id='a', max=500.00, observed=600.00)",
        "max_order_notional_exceeded(client_order_id='c', max=500.00, observed=900.00)",
    ]


def test_orders_of_a_batch_add_up() -> None:
    """Two that are small enough may be too much together."""
    result = limits(max_total_exposure_notional=1000).check_orders(
        [order(notional=1000), order(notional=1000)]
    )
    assert result.reasons == ["max_total_exposure_exceeded(max=1000.00, observed=2000.00)"]


@pytest.mark.parametrize("side", ["BUY", "SELL"])
@pytest.mark.parametrize("side_limit", ["max_long_exposure", "max_short_exposure", "max_net_exposure"])
def test_a_side_that_cannot_be_added_up_is_refused(side: str, side_limit: str) -> None:
    """Each order is a number, and both together are none."""
    config: dict[str, Any] = {f"{side_limit}_notional": 1000}
    batch = [order(side, notional=1e308), order(side, notional=1e308)]
    against = {("BUY", "max_short_exposure"), ("SELL", "max_long_exposure")}
    assert limits(**config).check_orders(batch).allowed is ((side, side_limit) in against)


def test_the_exposure_of_a_symbol_is_told_with_its_name() -> None:
    """Holdings and orders together."""
    result = limits(max_symbol_exposure_notional=1000).check_orders(
        [order(notional=500)], portfolio=portfolio(HELD)
    )
    assert result.reasons == ["max_symbol_exposure_exceeded(symbol='BTC/EUR', max=1000.00, observed=1100.00)"]
    assert detail(result, "max_symbol_exposure").subject == "BTC/EUR"


def test_holding_and_order_together_are_rounded_once() -> None:
    """736.6 and 263.4 are 1000, which is the limit, and not the number just below it."""
    held = portfolio(position(size=1, mark_price=736.6))
    batch = [order(notional=263.4)]
    assert not limits(max_symbol_exposure_notional=1000).check_orders(batch, portfolio=held).allowed


def test_an_exit_from_a_hedged_holding_does_not_grow_by_rounding() -> None:
    """What is left of it is the same number, so that no limit refuses the exit."""
    held = portfolio(position(size=3.32, mark_price=20.62), position(size=-0.58, mark_price=20.62))
    engine = limits(max_symbol_exposure_notional=1, max_total_exposure_notional=1)
    assert engine.check_orders([order("SELL", quantity=1, price=20.62)], portfolio=held).allowed


@pytest.mark.parametrize(
    ("orders", "worst"),
    [
        ([("BUY", 100)], 700),
        ([("SELL", 100)], 600),
        ([("SELL", 600)], 600),
        ([("SELL", 1100)], 600),
        ([("SELL", 1500)], 900),
        ([("BUY", 100), ("SELL", 100)], 700),
        ([("BUY", 100), ("SELL", 1500)], 900),
    ],
)
def test_the_worst_case_is_that_only_one_side_fills(orders: list[tuple[str, float]], worst: float) -> None:
    """On top of a long holding of 600: buys may fill without the sells, and the other way round."""
    batch = [order(side, notional=notional) for side, notional in orders]
    result = limits(max_symbol_exposure_notional=1e6).check_orders(batch, portfolio=portfolio(HELD))
    assert detail(result, "max_symbol_exposure").current_value == worst


def test_the_worst_case_of_a_short_holding_mirrors_that_of_a_long_one() -> None:
    """Buys reduce it, sells make it larger."""
    engine = limits(max_symbol_exposure_notional=1e6)
    held = portfolio(position(side="short", size=0.02, mark_price=30000))
    bought = engine.check_orders([order("BUY", notional=500)], portfolio=held)
    sold = engine.check_orders([order("SELL", notional=500)], portfolio=held)
    assert detail(bought, "max_symbol_exposure").current_value == 600
    assert detail(sold, "max_symbol_exposure").current_value == 1100


@pytest.mark.parametrize(
    ("held_side", "side", "notional", "worst"),
    [
        ("long", "SELL", 600, 600),
        ("long", "SELL", 1500, 900),
        ("long", "BUY", 100, 700),
        ("short", "BUY", 600, 600),
        ("short", "SELL", 100, 700),
        ("short", "SELL", 600, 1200),
    ],
)
def test_where_quantities_are_unknown_values_tell_what_reduces(
    held_side: str, side: str, notional: float, worst: float
) -> None:
    """Holding and order are both given by their notional alone."""
    held = portfolio(position(side=held_side, notional=600))
    result = limits(max_symbol_exposure_notional=1e6).check_orders(
        [order(side, notional=notional)], portfolio=held
    )
    assert detail(result, "max_symbol_exposure").current_value == worst


def test_an_order_is_judged_on_its_own_symbol() -> None:
    """What is held of others is the business of the portfolio check."""
    engine = limits(max_symbol_exposure_notional=500)
    result = engine.check_orders([order(symbol="ETH/EUR", notional=10)], portfolio=portfolio(HELD))
    assert (result.severity, detail(result, "max_symbol_exposure").subject) == (OK, "ETH/EUR")


def test_the_highest_mark_counts_where_a_symbol_has_several() -> None:
    """Nobody knows which of them is the right one."""
    low, high = position(size=1, mark_price=100), position(size=1, mark_price=110)
    for held in (portfolio(low, high), portfolio(high, low)):
        result = limits().check_orders([order(quantity=1)], portfolio=held)
        assert result.metrics["max_order_notional"] == 110


def test_long_and_short_of_one_symbol_do_not_hide_each_other() -> None:
    """A hedged account holds both."""
    held = portfolio(position(size=0.02, mark_price=30000), position(size=-0.01, mark_price=30000))
    result = limits(max_symbol_exposure_notional=1e6).check_orders([order(notional=50)], portfolio=held)
    assert detail(result, "max_symbol_exposure").current_value == 950


def test_an_exit_passes_in_breach() -> None:
    """It does not make anything worse; what stands in breach is told as a warning."""
    engine = limits(max_symbol_exposure_notional=500, max_total_exposure_notional=500, max_open_positions=0)
    result = engine.check_orders([order("SELL", quantity=0.02)], portfolio=portfolio(HELD))
    assert (result.allowed, result.severity, result.reasons) == (True, WARNING, [])
    assert detail(result, "max_total_exposure").message == snapshot(
        "max_total_exposure_exceeded(max=500.00, observed=600.00); passed, these orders do not make it worse"
    )


def test_an_entry_in_breach_is_refused() -> None:
    """However small."""
    engine = limits(max_total_exposure_notional=500)
    assert not engine.check_orders([order("BUY", notional=0.01)], portfolio=portfolio(HELD)).allowed


def test_a_full_exit_passes_although_the_price_has_left_the_mark() -> None:
    """The quantity says that it can only reduce, whatever the snapshot was marked at."""
    engine = limits(max_symbol_exposure_notional=500)
    sell = order("SELL", quantity=0.02, price=90000)
    assert engine.check_orders([sell], portfolio=portfolio(HELD)).allowed


def test_a_sale_of_more_than_is_held_is_no_exit() -> None:
    """It ends short, at whatever price."""
    engine = limits(max_daily_loss_abs=100)
    engine.record_pnl(-100, at=NOW)
    for quantity, allowed in ((0.02, True), (0.0200001, False)):
        sell = order("SELL", quantity=quantity, price=100)
        assert engine.check_orders([sell], portfolio=portfolio(HELD)).allowed is allowed


@pytest.mark.parametrize(("held", "side"), [(10, "SELL"), (-10, "BUY")])
def test_what_turns_a_holding_round_is_worth_its_units(held: float, side: str) -> None:
    """However far its price has left the mark: 190 of 200 units are new, and no old mark pays for them."""
    engine = limits(max_symbol_exposure_notional=1500)
    turning = order(side, quantity=200, price=10)
    result = engine.check_orders([turning], portfolio=portfolio(position(size=held, mark_price=100)))
    assert result.reasons == ["max_symbol_exposure_exceeded(symbol='BTC/EUR', max=1500.00, observed=1900.00)"]


@pytest.mark.parametrize(("held", "new", "severity"), [(3, 1, OK), (3, 2, WARNING), (3, 3, BREACH)])
def test_a_new_symbol_is_a_new_position(held: int, new: int, severity: RiskCheckSeverity) -> None:
    """Five may be open; the warning begins above four."""
    positions = [position(f"HELD-{n}", notional=10, side="long") for n in range(held)]
    batch = [order(symbol=f"NEW-{n}", notional=10) for n in range(new)]
    result = limits(max_open_positions=5).check_orders(batch, portfolio=portfolio(*positions))
    assert result.severity is severity
    assert result.reasons == (
        ["max_open_positions_exceeded(max=5, observed=6)"] if severity is BREACH else []
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"quantity": 0.001}, None),
        (
            {"quantity": 0.0005},
            "live_trade_min_size_undercut(client_order_id='a', min=0.0010, observed=0.0005)",
        ),
        (
            {"notional": 15, "price": 30000},
            "live_trade_min_size_undercut(client_order_id='a', min=0.0010, observed=0.0005)",
        ),
    ],
)
def test_an_order_must_not_be_dust(fields: dict[str, Any], reason: str | None) -> None:
    """Its quantity follows from notional and price where it is not given."""
    fields = {"price": 30000, "client_order_id": "a", **fields}
    result = limits(live_trade_min_size=0.001).check_orders([order(**fields)])
    assert result.reasons == ([reason] if reason else [])


def test_a_size_that_cannot_be_known_is_not_large_enough() -> None:
    """A notional without a price has no quantity."""
    result = limits(live_trade_min_size=0.001).check_orders([order(notional=500, client_order_id="a")])
    why = "no quantity, no current_price"
    assert result.reasons == [
        f"live_trade_min_size_unknown(client_order_id='a', limit=0.001, reason='{why}')"
    ]


@pytest.mark.parametrize(("quantity", "allowed"), [(0.0005, True), (0.0004, False)])
def test_dust_that_is_held_can_be_closed(quantity: float, *, allowed: bool) -> None:
    """All of it, because no larger order could close it; a part of it must be large enough."""
    held = portfolio(position(size=0.0005, mark_price=30000))
    engine = limits(live_trade_min_size=0.001)
    assert engine.check_orders([order("SELL", quantity=quantity)], portfolio=held).allowed is allowed


@pytest.mark.parametrize(
    ("pnl", "severity", "reasons"),
    [
        (550, OK, []),
        (-399, OK, []),
        (-400, WARNING, []),
        (-550, BREACH, ["max_daily_loss_abs_reached(limit=500.00, value=-550.00)"]),
    ],
)
def test_a_day_that_has_lost_too_much_takes_no_more_entries(
    pnl: float, severity: RiskCheckSeverity, reasons: list[str]
) -> None:
    """A profit never counts."""
    engine = limits(max_daily_loss_abs=500)
    engine.record_pnl(pnl, at=NOW)
    result = engine.check_orders([order(notional=1)])
    assert (result.severity, result.reasons) == (severity, reasons)


def test_a_loss_in_percent_refers_to_the_starting_cash() -> None:
    """And is told in percent."""
    engine = limits(max_daily_loss_pct=5, starting_cash=10000)
    engine.record_pnl(-550, at=NOW)
    result = engine.check_orders([order(notional=1)])
    assert result.reasons == ["max_daily_loss_pct_reached(limit=5.00, value=-5.50)"]


def test_a_loss_without_a_known_base_is_refused() -> None:
    """No loss is not."""
    engine = limits(max_daily_loss_pct=5)
    assert engine.check_orders([order(notional=1)]).severity is OK
    engine.record_pnl(-1, at=NOW)
    why = "base unknown: no starting_cash, no equity; loss 1.00"
    assert engine.check_orders([order(notional=1)]).reasons == [
        f"max_daily_loss_pct_unknown(limit=5.00, reason='{why}')"
    ]


def test_a_day_that_has_lost_too_much_lets_exits_pass() -> None:
    """Nobody is trapped in a holding."""
    engine = limits(max_daily_loss_abs=500)
    engine.record_pnl(-550, at=NOW)
    held = portfolio(HELD)
    leaving = engine.check_orders([order("SELL", quantity=0.02)], portfolio=held)
    assert (leaving.allowed, leaving.severity) == (True, WARNING)
    mixed = [order("SELL", quantity=0.02), order("BUY", "ETH/EUR", notional=1)]
    assert not engine.check_orders(mixed, portfolio=held).allowed


def test_the_day_is_that_of_the_clock_unless_the_caller_names_another() -> None:
    """In UTC."""
    engine = limits(max_daily_loss_abs=500)
    engine.record_pnl(-550, at=datetime(2026, 1, 26, 23, 59, 59, tzinfo=UTC))
    batch = [order(notional=1)]
    assert engine.check_orders(batch).allowed
    assert not engine.check_orders(batch, current_date=date(2026, 1, 26)).allowed
    assert not engine.check_orders(batch, current_date=datetime(2026, 1, 26)).allowed  # noqa: DTZ001 - naive is UTC


def test_a_day_that_is_none_is_the_callers_mistake() -> None:
    """It must not look like a day without losses."""
    with pytest.raises(TypeError, match=r"expected a datetime\.date"):
        limits().check_orders([order(notional=1)], current_date="2026-01-26")  # type: ignore[arg-type]  # on purpose


def test_an_empty_batch_is_fine() -> None:
    """Nothing is asked for, so there is nothing to refuse."""
    result = limits(max_total_exposure_notional=1).check_orders([], portfolio=portfolio(HELD))
    assert (result.allowed, result.severity, result.limit_details) == (True, OK, [])
    assert result.metrics["n_orders"] == 0


def test_limits_that_are_off_are_not_looked_at() -> None:
    """No detail stands for them."""
    assert limits().check_orders([order(notional=1e12)]).limit_details == []


def test_when_disabled_everything_passes_unjudged() -> None:
    """And the metrics say so."""
    result = limits(enabled=False, max_order_notional=1).check_orders(
        [order(notional=500), order(notional=float("nan"))]
    )
    assert (result.allowed, result.severity, result.reasons) == (True, OK, [])
    assert result.metrics["live_risk_enabled"] is False


@pytest.mark.parametrize("blocks", [True, False])
def test_a_breach_is_refused_whether_it_pages_or_not(blocks: bool) -> None:  # noqa: FBT001 - a parameter
    """`block_on_violation` decides how loud it is told."""
    assert (
        not limits(max_order_notional=1, block_on_violation=blocks).check_orders([order(notional=1)]).allowed
    )


def test_the_metrics_of_an_order_check() -> None:
    """Callers read these keys."""
    engine = limits(max_order_notional=5000)
    engine.record_pnl(-12.5, at=NOW)
    batch = [order(notional=100), order(notional=250), order(symbol="ETH/EUR", notional=40)]
    assert engine.check_orders(batch).metrics == snapshot(
        {
            "daily_realized_pnl_net": -12.5,
            "daily_pnl": -12.5,
            "daily_pnl_source": "events",
            "base_currency": "EUR",
            "live_risk_enabled": True,
            "warning_threshold_factor": 0.8,
            "n_orders": 3,
            "n_symbols": 2,
            "total_notional": 390.0,
            "max_order_notional": 250.0,
            "max_symbol_exposure_notional": 350.0,
        }
    )


def test_every_limit_that_is_on_has_one_detail() -> None:
    """In the order of their names."""
    engine = limits(
        max_order_notional=5000,
        max_symbol_exposure_notional=5000,
        max_total_exposure_notional=5000,
        max_open_positions=5,
        max_daily_loss_abs=500,
        max_daily_loss_pct=5,
        live_trade_min_size=0.001,
    )
    result = engine.check_orders(
        [order(quantity=0.01, price=100), order(symbol="ETH/EUR", quantity=1, price=100)]
    )
    assert [one.limit_name for one in result.limit_details] == [
        "live_trade_min_size",
        "max_daily_loss_abs",
        "max_daily_loss_pct",
        "max_open_positions",
        "max_order_notional",
        "max_symbol_exposure",
        "max_total_exposure",
    ]
    assert {one.message for one in result.limit_details} == {"within the limit"}


def test_a_warning_says_where_it_begins() -> None:
    """With value and limit."""
    result = limits(max_order_notional=500).check_orders([order(notional=450, client_order_id="a")])
    assert detail(result, "max_order_notional").message == snapshot(
        "max_order_notional_warning(client_order_id='a', warn_at=400.00, limit=500.00, value=450.00)"
    )
