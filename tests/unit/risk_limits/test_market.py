"""Instruments, prices and rates: what an order and a holding are worth in the base currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from live.config_errors import ConfigError
from live.risk_limits import LiveRiskConfig, RiskCheckSeverity
from tests.unit.risk_limits.support import INF, NAN, NOW, detail, limits, order, portfolio, position

if TYPE_CHECKING:
    from live.risk_limits import LiveRiskCheckResult, LiveRiskLimits

BREACH = RiskCheckSeverity.BREACH
OIL: dict[str, Any] = {"currency": "USD", "multiplier": 1000.0, "negative_price": True}
WIDE: dict[str, Any] = {"max_order_notional": 1e9, "max_total_exposure_notional": 1e9}


def engine(**instruments: dict[str, Any]) -> LiveRiskLimits:
    """Wide limits, these instruments, and a dollar at 0.50."""
    return limits(**WIDE, instruments=instruments, fx_rates={"USD": 0.5})


def notional(result: LiveRiskCheckResult) -> float:
    """What the order came to."""
    return detail(result, "max_order_notional").current_value


def test_multiplier_and_rate_make_the_notional() -> None:
    """Two contracts of 1,000 barrels at 80 dollars."""
    assert notional(engine(CL=OIL).check_orders([order(symbol="CL", quantity=2, price=80)])) == 80_000


def test_a_declared_notional_is_never_trusted_below_quantity_times_price_times_multiplier() -> None:
    """Whoever forgets the multiplier is not believed."""
    asked = order(symbol="CL", quantity=2, price=80, notional=160)
    assert notional(engine(CL=OIL).check_orders([asked])) == 80_000


@pytest.mark.parametrize(
    ("own", "limit", "newest", "expected"),
    [
        (100, None, None, 100),
        (None, 110, None, 110),
        (None, None, 120, 120),
        (100, 110, 120, 120),
        (100, 110, 90, 110),
        (130, 110, 120, 130),
    ],
)
def test_the_dearest_of_all_prices_that_are_known_counts(
    own: float | None, limit: float | None, newest: float | None, expected: float
) -> None:
    """Its own, its limit, and the newest one that came in."""
    checked = engine()
    if newest is not None:
        checked.price_updated("BTC/EUR", newest)
    fields: dict[str, Any] = {"quantity": 1, "limit_price": limit, **({} if own is None else {"price": own})}
    assert notional(checked.check_orders([order(**fields)])) == expected


@pytest.mark.parametrize("price", [NAN, INF, 0, -1, "100", None])
def test_a_price_that_came_in_and_is_none_makes_the_order_unknown(price: Any) -> None:
    """Until the next one that is."""
    checked, asked = engine(), order(quantity=1, price=100)
    checked.price_updated("BTC/EUR", price)
    (reason,) = checked.check_orders([asked]).reasons
    assert reason.startswith("order_notional_unknown(")
    checked.price_updated("BTC/EUR", 100)
    assert checked.check_orders([asked]).allowed


@pytest.mark.parametrize("value", [NAN, INF, 0, -5, "100", True])
def test_a_limit_price_that_is_none_refuses_the_order(value: Any) -> None:
    """As any other of its amounts does."""
    (reason,) = engine().check_orders([order(client_order_id="a", notional=1, limit_price=value)]).reasons
    assert reason.startswith("order_invalid(client_order_id='a', field='limit_price', value=")


def test_without_a_rate_neither_order_nor_holding_can_be_judged() -> None:
    """One rate that is missing says nothing of the others."""
    checked = engine(CL={"currency": "JPY"})
    assert checked.check_orders([order(symbol="CL", client_order_id="a", quantity=1, price=1)]).reasons == [
        "fx_rate_unknown(client_order_id='a', currency='JPY')"
    ]
    held = portfolio(position("CL", size=1, mark_price=1))
    assert checked.evaluate_portfolio(held).reasons == ["fx_rate_unknown(symbol='CL', currency='JPY')"]


@pytest.mark.parametrize("rate", [NAN, 0, -1, "0.9", None])
def test_a_rate_that_came_in_and_is_none_is_unknown(rate: Any) -> None:
    """And the next one holds at once, also for a snapshot that was read before."""
    checked, held = engine(CL=OIL), portfolio(position("CL", size=1, mark_price=10))
    assert detail(checked.evaluate_portfolio(held), "max_total_exposure").current_value == 5_000
    checked.fx_updated("USD", rate)
    assert not checked.evaluate_portfolio(held).allowed
    checked.fx_updated("USD", 1.0)
    assert detail(checked.evaluate_portfolio(held), "max_total_exposure").current_value == 10_000


def test_the_base_currency_is_worth_one() -> None:
    """Whatever somebody says of it."""
    checked = engine()
    checked.fx_updated("EUR", 7)
    assert notional(checked.check_orders([order(quantity=1, price=100)])) == 100


@pytest.mark.parametrize("price", [0, -37.63])
def test_a_negative_price_is_data_where_the_instrument_allows_it(price: float) -> None:
    """Oil was below zero in April 2020: its size still counts, and its loss keeps its sign."""
    checked = engine(CL=OIL)
    held = portfolio(position("CL", size=1, entry_price=10, mark_price=price), equity=1e6)
    result = checked.evaluate_portfolio(held)
    assert result.allowed
    assert result.metrics["portfolio_total_unrealized_pnl"] == pytest.approx((price - 10) * 500)
    assert detail(result, "max_total_exposure").current_value == pytest.approx(abs(price) * 500)
    assert checked.check_orders([order(symbol="CL", quantity=1, price=price)], portfolio=held).allowed


def test_an_order_at_a_price_of_zero_is_no_exit() -> None:
    """What it is worth says nothing of what it does to a holding."""
    checked = limits(max_daily_loss_abs=100, instruments={"CL": OIL}, fx_rates={"USD": 0.5})
    checked.record_pnl(-100, at=NOW)
    held = portfolio(position("CL", size=1, mark_price=10))
    entry, leaving = (order(side, "CL", quantity=1, price=0) for side in ("BUY", "SELL"))
    assert not checked.check_orders([entry], portfolio=held).allowed
    assert checked.check_orders([leaving], portfolio=held).allowed


@pytest.mark.parametrize("limit_price", [None, 80.0])
def test_an_instrument_is_not_another_one_in_other_cases(limit_price: float | None) -> None:
    """A thousand barrels would be one."""
    asked = order(symbol="cl", client_order_id="a", quantity=1.0, price=80.0, limit_price=limit_price)
    reasons = engine(CL=OIL).check_orders([asked]).reasons
    assert reasons == ["symbol_ambiguous(client_order_id='a', symbol='cl', known='CL')"]


def test_a_negative_price_is_none_for_every_other_instrument() -> None:
    """It is a mistake of the feed there."""
    assert not engine().check_orders([order(quantity=1, price=-37.63)]).allowed
    assert not engine().evaluate_portfolio(portfolio(position(size=1, mark_price=-37.63))).allowed


def test_everything_that_is_wrong_with_instruments_and_rates_is_told_at_once() -> None:
    """With the place and the nearest name."""
    with pytest.raises(ConfigError) as refused:
        LiveRiskConfig(
            instruments={
                "A": {"tik": 0.1},
                "B": {"lot": 0.0, "multiplier": -1.0},
                "C": 5,
                "D": {"calendar": "XNYSS"},
            },
            fx_rates={"USD": 0, "JPY": "1", "GBP": 1.17},
        )
    assert [str(problem) for problem in refused.value.problems] == [
        "instruments.A.tik: unknown key 'tik'; did you mean 'tick'?",
        "instruments.B.lot: got 0.0; expected a number above zero",
        "instruments.B.multiplier: got -1.0; expected a number above zero",
        "instruments.C: got 5; expected a table of keys and values",
        "instruments.D.calendar: unknown calendar 'XNYSS'; did you mean 'XNYS'?",
        "fx_rates.USD: got 0; expected a finite number above zero: base currency for one unit",
        "fx_rates.JPY: got '1'; expected a finite number above zero: base currency for one unit",
    ]


def test_a_rate_that_comes_in_later_changes_no_result_of_before() -> None:
    """Rates are those of the check."""
    checked = engine(CL=OIL)
    before = checked.check_orders([order(symbol="CL", quantity=1.0, price=80.0)])
    checked.fx_updated("USD", 100)
    assert notional(before) == 40_000


@pytest.mark.parametrize("price", [NAN, -1, "100"])
def test_a_feed_that_says_no_price_traps_no_exit(price: Any) -> None:
    """What is held has a mark, and its size is known; whoever enters is refused."""
    engine = limits(max_total_exposure_notional=50)
    held = portfolio(position(size=1.0, mark_price=100.0))
    engine.price_updated("BTC/EUR", price)
    leaving = order("SELL", quantity=1.0, client_order_id="x")
    assert engine.check_orders([leaving], portfolio=held).allowed
    engine.order_accepted(leaving)
    for more in (order("SELL", quantity=0.5), order("BUY", quantity=0.5), order("SELL", notional=10.0)):
        refused = engine.check_orders([more], portfolio=held)
        assert not refused.allowed
        assert any("order_notional_unknown" in reason for reason in refused.reasons), refused.reasons


def test_an_order_admitted_at_the_mark_of_what_is_held_rests_at_it() -> None:
    """It was priced when it was checked; that it rests must not make the account unknown."""
    engine = limits(max_total_exposure_notional=1000)
    held = portfolio(position(size=1.0, mark_price=100.0))
    leaving = order("SELL", quantity=1.0)
    assert engine.check_orders([leaving], portfolio=held).allowed
    engine.order_accepted(leaving)
    assert engine.check_orders([order(symbol="ETH/EUR", notional=10.0)], portfolio=held).allowed
