"""Other limits while trading goes on: what moved suspiciously is told, and not applied unless it is meant."""

from __future__ import annotations

from typing import Any

import pytest

from live.events import AlertLevel
from live.risk_limits import LiveRiskConfig
from tests.unit.risk_limits.support import NAN, Inbox, limits, order, portfolio, position


@pytest.mark.parametrize(
    ("before", "after", "level", "applied"),
    [
        ({"max_order_notional": 500}, {"max_order_notional": 4999}, None, True),
        ({"max_order_notional": 500}, {"max_order_notional": 5000}, AlertLevel.CRITICAL, False),
        ({"max_order_notional": 500}, {"max_order_notional": 50}, AlertLevel.WARNING, True),
        ({"max_order_notional": 500}, {}, AlertLevel.CRITICAL, False),
        ({}, {"max_order_notional": 500}, None, True),
        ({"live_trade_min_size": 1}, {"live_trade_min_size": 0.1}, AlertLevel.CRITICAL, False),
        ({"live_trade_min_size": 1}, {"live_trade_min_size": 10}, AlertLevel.WARNING, True),
        ({"max_open_positions": 0}, {"max_open_positions": 9}, None, True),
        ({"max_open_positions": 0}, {"max_open_positions": 10}, AlertLevel.CRITICAL, False),
        ({"max_open_positions": 9}, {"max_open_positions": 0}, AlertLevel.WARNING, True),
        ({"max_lot_tick_misfits": 0}, {}, AlertLevel.CRITICAL, False),
        ({"restricted_symbols": ["A"]}, {}, AlertLevel.CRITICAL, False),
        ({"restricted_symbols": ["A"]}, {"restricted_symbols": []}, AlertLevel.CRITICAL, False),
        ({"restricted_symbols": ["A"]}, {"restricted_symbols": ["A", "B"]}, None, True),
        ({"max_self_trades": 0}, {"max_self_trades": 0, "enabled": False}, AlertLevel.CRITICAL, False),
        (
            {"strategies": {"t": {"max_order_notional": 500}}},
            {"strategies": {"t": {"max_order_notional": 5000}}},
            AlertLevel.CRITICAL,
            False,
        ),
        ({"strategies": {"t": {"max_order_notional": 500}}}, {}, AlertLevel.CRITICAL, False),
        ({"strategies": {"t": {}}}, {}, None, True),
        ({"max_order_notional": 5}, {"max_order_notional": 5, "enabled": False}, AlertLevel.CRITICAL, False),
        ({"clock_skew_s": 5}, {"clock_skew_s": 1e9}, AlertLevel.CRITICAL, False),
        ({"fx_rates": {"JPY": 0.6}}, {"fx_rates": {"JPY": 0.006}}, AlertLevel.CRITICAL, False),
        ({"fx_rates": {"JPY": 0.6}}, {"fx_rates": {"JPY": 0.61}}, None, True),
        (
            {"instruments": {"CL": {"multiplier": 1000.0}}},
            {"instruments": {"CL": {"multiplier": 1.0}}},
            AlertLevel.CRITICAL,
            False,
        ),
        ({"instruments": {"CL": {"multiplier": 1000.0}}}, {}, AlertLevel.CRITICAL, False),
        (
            {"instruments": {"CL": {"lot": 1.0}}},
            {"instruments": {"CL": {"lot": 0.001}}},
            AlertLevel.CRITICAL,
            False,
        ),
    ],
)
def test_a_limit_that_moved_ten_times_is_suspected(
    before: dict[str, Any],
    after: dict[str, Any],
    level: AlertLevel | None,
    applied: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Looser is refused and pages, tighter is applied and told."""
    inbox = Inbox()
    engine = limits(inbox, **before)
    assert engine.reconfigure(LiveRiskConfig(**after)) == applied
    assert [event.level for event in inbox.events] == ([] if level is None else [level])
    assert (engine.config == LiveRiskConfig(**after)) == applied


def test_the_alert_holds_both_numbers_and_what_became_of_them() -> None:
    """For the person who typed a zero too many."""
    inbox = Inbox()
    limits(inbox, max_order_notional=500).reconfigure(LiveRiskConfig(max_order_notional=5000))
    (event,) = inbox.events
    assert (event.code, event.source) == ("LIMIT_CONFIG_SUSPECT", "live_risk.config")
    assert event.message == (
        "Limits moved suspiciously: max_order_notional 500.00 -> 5000.00 (base currency); "
        "refused, the limits of before stay in force"
    )
    assert event.context["limits"] == {"max_order_notional": {"before": 500.0, "after": 5000.0}}


def test_limits_of_a_strategy_are_told_with_its_name() -> None:
    """As their table is called."""
    inbox = Inbox()
    engine = limits(inbox, strategies={"t": {"max_order_notional": 500}})
    engine.reconfigure(LiveRiskConfig())
    assert "strategies.t.max_order_notional 500.00 -> off" in inbox.events[0].message


def test_a_configuration_with_other_values_keeps_all_the_rest() -> None:
    """Limits of zero, lists, settings, instruments, rates and strategies."""
    config = LiveRiskConfig(
        max_self_trades=0,
        restricted_symbols=["A"],
        price_reference="mid",
        instruments={"CL": {"multiplier": 1000.0, "currency": "USD"}},
        fx_rates={"USD": 0.9},
        strategies={"t": {"max_order_notional": 5}},
        starting_cash=7,
    )
    assert config.but() == config
    other = config.but(max_order_notional=500, max_self_trades=None)
    assert (other.max_order_notional, other.max_self_trades) == (500.0, None)
    assert other.but(max_order_notional=None, max_self_trades=0) == config


def test_what_is_confirmed_is_applied_and_told() -> None:
    """Somebody has looked at the numbers."""
    inbox = Inbox()
    engine = limits(inbox, max_order_notional=500)
    assert engine.reconfigure(LiveRiskConfig(max_order_notional=5000), confirmed=True)
    assert engine.check_orders([order(notional=600)]).allowed
    assert inbox.events[0].message.endswith("the new limits are in force")


def test_what_rests_and_was_quoted_stays_known() -> None:
    """New limits are no new day."""
    engine = limits(max_total_exposure_notional=1000)
    engine.order_accepted(order(client_order_id="r", notional=300))
    engine.price_updated("ETH/EUR", 50)
    assert engine.reconfigure(LiveRiskConfig(max_total_exposure_notional=400))
    refused = engine.check_orders([order(symbol="ETH/EUR", quantity=2)], portfolio=portfolio())
    assert refused.reasons == ["max_total_exposure_exceeded(max=400.00, observed=400.00)"]


def test_new_instruments_hold_for_a_snapshot_that_was_read_before() -> None:
    """A multiplier that was forgotten."""
    engine, held = limits(max_total_exposure_notional=1000), portfolio(position("CL", size=1, mark_price=10))
    assert engine.evaluate_portfolio(held).allowed
    config = LiveRiskConfig(max_total_exposure_notional=1000, instruments={"CL": {"multiplier": 1000.0}})
    assert engine.reconfigure(config)
    assert not engine.evaluate_portfolio(held).allowed


@pytest.mark.parametrize("rate", [1.2, NAN])
def test_a_rate_that_came_in_is_not_undone(rate: float) -> None:
    """That of the configuration is older, and one that is unknown stays so."""
    abroad: dict[str, Any] = {"instruments": {"CL": {"currency": "USD"}}, "fx_rates": {"USD": 0.9}}
    engine = limits(max_order_notional=100, **abroad)
    engine.fx_updated("USD", rate)
    assert engine.reconfigure(engine.config.but(max_open_positions=5))
    assert not engine.check_orders([order(symbol="CL", quantity=1, price=100)]).allowed


def test_a_list_of_what_may_be_traded_is_emptied_at_once() -> None:
    """Nothing passes then: told, and not held up."""
    inbox = Inbox()
    engine = limits(inbox, allowed_symbols=["BTC/EUR"])
    assert engine.reconfigure(LiveRiskConfig(allowed_symbols=[]))
    assert [event.level for event in inbox.events] == [AlertLevel.WARNING]
    assert not engine.check_orders([order(notional=1)]).allowed
