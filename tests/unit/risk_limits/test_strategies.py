"""Limits of single strategies, beside those of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from live.config_errors import ConfigError
from live.risk_limits import LiveRiskConfig
from tests.unit.risk_limits.support import NOW, detail, limits, order, portfolio, position

if TYPE_CHECKING:
    from live.risk_limits import LiveRiskLimits

TREND = position(size=1, mark_price=100, strategy_key="trend")  # 100.00 of BTC/EUR, long


def engine(**own: Any) -> LiveRiskLimits:
    """A strategy `trend` with limits of its own, in an account with wide ones."""
    return limits(max_total_exposure_notional=1e6, strategies={"trend": own})


def test_a_limit_of_a_strategy_refuses_its_orders_alone() -> None:
    """Told with the name of the strategy."""
    checked = engine(max_order_notional=500)
    refused = checked.check_orders([order(client_order_id="a", notional=600, strategy_key="trend")])
    assert refused.reasons == [
        (
            "strategy_limit(strategy='trend', "
            "max_order_notional_exceeded(client_order_id='a', max=500.00, observed=600.00))"
        )
    ]
    assert detail(refused, "max_order_notional[trend]").current_value == 600
    assert checked.check_orders([order(notional=600, strategy_key="other")]).allowed
    assert checked.check_orders([order(notional=600)]).allowed


def test_exposure_of_a_strategy_is_what_it_holds_and_has_resting() -> None:
    """Not what others hold."""
    checked = engine(max_total_exposure_notional=500)
    held = portfolio(TREND, position("ETH/EUR", size=1, mark_price=900, strategy_key="carry"))
    checked.order_accepted(order(client_order_id="r", notional=200, strategy_key="trend"))
    asked = order(notional=199, strategy_key="trend")
    assert checked.check_orders([asked], portfolio=held).allowed
    refused = checked.check_orders([order(notional=200, strategy_key="trend")], portfolio=held)
    assert detail(refused, "max_total_exposure[trend]").current_value == 500


def test_a_fill_of_a_strategy_counts_for_it() -> None:
    """Until a snapshot says what it holds."""
    checked = engine(max_total_exposure_notional=500)
    checked.order_accepted(order(client_order_id="r", quantity=4, price=100, strategy_key="trend"))
    checked.order_filled("r", 4, 100)
    refused = checked.check_orders([order(notional=100, strategy_key="trend")])
    assert detail(refused, "max_total_exposure[trend]").current_value == 500


def test_orders_of_a_batch_take_room_of_their_strategy_one_after_the_other() -> None:
    """The verdicts know it, and the whole does."""
    batch = [order(client_order_id=name, notional=300, strategy_key="trend") for name in ("a", "b")]
    result = engine(max_total_exposure_notional=500).check_orders(batch)
    assert (result.allowed, result.admissible) == (False, ["a"])


def test_the_portfolio_is_judged_by_strategy_too() -> None:
    """Without any order."""
    result = engine(max_total_exposure_notional=50).evaluate_portfolio(portfolio(TREND))
    assert [reason.partition(",")[0] for reason in result.reasons] == ["strategy_limit(strategy='trend'"]


def test_an_exit_of_a_strategy_passes_in_breach() -> None:
    """It makes nothing worse."""
    leaving = order("SELL", quantity=1, price=100, strategy_key="trend")
    assert engine(max_total_exposure_notional=50).check_orders([leaving], portfolio=portfolio(TREND)).allowed


@pytest.mark.parametrize("name", ["", " trend", 5])
def test_a_holding_of_no_sound_strategy_is_refused(name: Any) -> None:
    """It would count for nobody."""
    held = portfolio(position(size=1, mark_price=100, strategy_key=name), as_of=NOW)
    (reason,) = engine(max_order_notional=500).evaluate_portfolio(held).reasons
    assert "field='strategy_key'" in reason


def test_what_is_wrong_with_strategies_is_told_at_once() -> None:
    """With the nearest key; a loss is that of the account."""
    with pytest.raises(ConfigError) as refused:
        LiveRiskConfig(
            strategies={"a": {"max_ordr_notional": 1}, "b": {"max_order_notional": -1}, "c": 5}
            | {"d": {"max_daily_loss_abs": 5.0}}
        )
    assert [str(problem).partition(";")[0] for problem in refused.value.problems] == [
        "strategies.a.max_ordr_notional: unknown key 'max_ordr_notional'",
        "strategies.b.max_order_notional: got -1",
        "strategies.c: got 5",
        "strategies.d.max_daily_loss_abs: unknown key 'max_daily_loss_abs'",
    ]


@pytest.mark.parametrize("own", [{"max_orders_per_minute": 1}, {"max_duplicate_orders": 0}])
def test_a_strategy_that_alone_limits_what_has_passed_is_counted(own: dict[str, int]) -> None:
    """From batch to batch, though the account asks for no count."""
    checked = engine(**own)
    assert checked.check_orders([order(notional=1, strategy_key="trend")]).allowed
    assert not checked.check_orders([order(notional=1, strategy_key="trend")]).allowed


@pytest.mark.parametrize("spelling", ["trend", "TREND", "Trend"])
def test_no_spelling_of_a_strategy_escapes_its_limits(spelling: str) -> None:
    """Orders, holdings and resting orders in other cases are of the same strategy, as for the breaker."""
    checked = engine(max_total_exposure_notional=500)
    held = portfolio(position(size=1, mark_price=100, strategy_key=spelling))
    checked.order_accepted(order(client_order_id="r", notional=200, strategy_key=spelling.upper()))
    refused = checked.check_orders([order(notional=200, strategy_key=spelling)], portfolio=held)
    assert detail(refused, "max_total_exposure[trend]").current_value == 500


def test_two_spellings_of_a_strategy_are_a_mistake_of_the_configuration() -> None:
    """Nobody could say which limits hold."""
    with pytest.raises(ConfigError, match="is the same strategy as 'trend'"):
        LiveRiskConfig(strategies={"trend": {"max_order_notional": 1}, "Trend": {"max_order_notional": 2}})


@pytest.mark.parametrize("strategy", [None, "tredn"])
def test_a_strategy_without_limits_of_its_own_is_refused_when_the_configuration_says_so(
    strategy: str | None,
) -> None:
    """Entries only: an exit passes, whoever asks for it."""
    checked = limits(max_unlimited_strategies=0, strategies={"trend": {"max_order_notional": 500}})
    assert not checked.check_orders([order(notional=10, strategy_key=strategy)]).allowed
    assert checked.check_orders([order(notional=10, strategy_key="Trend")]).allowed
    held = portfolio(position(size=1.0, mark_price=100.0))
    leaving = order("SELL", quantity=1.0, price=100.0, strategy_key=strategy)
    assert checked.check_orders([leaving], portfolio=held).allowed
