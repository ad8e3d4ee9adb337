"""The catalogue of controls: what each refuses, what it lets pass, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from live.config_errors import ConfigError
from live.registry import RULES
from live.risk_limits import LiveRiskConfig, LiveRiskLimits, RiskCheckSeverity
from tests.unit.risk_limits.support import NAN, NOW, limits, order, portfolio, position

if TYPE_CHECKING:
    from datetime import datetime

    from live.orders import LiveOrderRequest

OK, WARNING, BREACH = RiskCheckSeverity
LONG = position(size=1, mark_price=100)  # 100.00 of BTC/EUR
HELD = portfolio(LONG, equity=1000, cash=500)


@dataclass
class MovedClock:
    """A clock that the test moves."""

    at: datetime = field(default=NOW)

    def now(self) -> datetime:
        """Where it was moved to."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since noon."""
        return (self.at - NOW).total_seconds()

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


def why(engine: LiveRiskLimits, *orders: LiveOrderRequest, held: Any = HELD) -> list[str]:
    """Why orders are refused; nothing when they are not."""
    return list(engine.check_orders(list(orders), portfolio=held).reasons)


def moving(**config: Any) -> tuple[LiveRiskLimits, MovedClock]:
    """Limits on a clock that moves."""
    clock = MovedClock()
    return LiveRiskLimits(LiveRiskConfig(**config), clock=clock), clock


def buy(name: str = "a", **fields: Any) -> LiveOrderRequest:
    """One unit of BTC/EUR at 100 unless it says otherwise."""
    return order("BUY", client_order_id=name, **{"quantity": 1.0, "price": 100.0, **fields})


def sell(name: str = "a", **fields: Any) -> LiveOrderRequest:
    """One unit less."""
    return order("SELL", client_order_id=name, **{"quantity": 1.0, "price": 100.0, **fields})


# Each: its configuration, an order that it refuses, the reason, and one that it lets pass.
SIMPLE: list[tuple[str, dict[str, Any], LiveOrderRequest, str, LiveOrderRequest]] = [
    (
        "max_order_quantity",
        {"max_order_quantity": 10},
        buy(quantity=10.0),
        "max_order_quantity_exceeded(client_order_id='a', max=10.00, observed=10.00)",
        buy(quantity=7.9),
    ),
    (
        "lot_tick_misfits",
        {"max_lot_tick_misfits": 0, "instruments": {"BTC/EUR": {"lot": 0.1, "tick": 0.5}}},
        buy(quantity=0.25, limit_price=100.3),
        (
            "lot_tick_misfits_exceeded(client_order_id='a', max=0, observed=2, "
            "quantity=0.25 of lot=0.1, limit_price=100.3 of tick=0.5)"
        ),
        buy(quantity=0.3, limit_price=100.5),
    ),
    (
        "restricted_symbols",
        {"restricted_symbols": ["BTC/EUR"]},
        buy(),
        "restricted_symbols_exceeded(client_order_id='a', max=0, observed=1, symbol='BTC/EUR')",
        sell(),
    ),
    (
        "allowed_symbols",
        {"allowed_symbols": ["ETH/EUR"]},
        buy(),
        "allowed_symbols_exceeded(client_order_id='a', max=0, observed=1, symbol='BTC/EUR')",
        buy(symbol="ETH/EUR"),
    ),
    (
        "unsound_shorts",
        {"max_unsound_shorts": 0},
        sell(quantity=1.5),
        (
            "unsound_shorts_exceeded(client_order_id='a', max=0, observed=1, short_sale=None, "
            "sells more than is held)"
        ),
        sell(quantity=1.5, short_sale=True),
    ),
    (
        "unsound_shorts: not shortable",
        {"max_unsound_shorts": 0, "instruments": {"BTC/EUR": {"shortable": False}}},
        sell(quantity=1.5, short_sale=True),
        "unsound_shorts_exceeded(client_order_id='a', max=0, observed=1, 'BTC/EUR' may not be sold short)",
        sell(),
    ),
    (
        "undescribed_instruments",
        {"max_undescribed_instruments": 0, "instruments": {"ETH/EUR": {}}},
        buy(),
        "undescribed_instruments_exceeded(symbol='BTC/EUR', max=0, observed=1)",
        buy(symbol="ETH/EUR"),
    ),
    (
        "max_outstanding_pct",
        {"max_outstanding_pct": 5, "instruments": {"BTC/EUR": {"outstanding": 100.0}}},
        buy(quantity=4.0),
        "max_outstanding_pct_exceeded(symbol='BTC/EUR', max=5.00, observed=5.00)",
        buy(quantity=2.0),
    ),
    (
        "max_long_exposure",
        {"max_long_exposure_notional": 200},
        buy(),
        "max_long_exposure_exceeded(max=200.00, observed=200.00)",
        sell(quantity=3.0),
    ),
    (
        "max_short_exposure",
        {"max_short_exposure_notional": 200},
        sell(quantity=3.0),
        "max_short_exposure_exceeded(max=200.00, observed=200.00)",
        buy(quantity=50.0),
    ),
    (
        "max_net_exposure",
        {"max_net_exposure_notional": 200},
        buy(),
        "max_net_exposure_exceeded(max=200.00, observed=200.00)",
        sell(symbol="ETH/EUR"),
    ),
    (
        "max_group_exposure",
        {
            "max_group_exposure_notional": 200,
            "instruments": {"BTC/EUR": {"group": "coins"}, "ETH/EUR": {"group": "coins"}},
        },
        buy(symbol="ETH/EUR"),
        "max_group_exposure_exceeded(group='coins', max=200.00, observed=200.00)",
        buy(symbol="SOL/EUR", quantity=50.0),
    ),
    (
        "max_venue_exposure",
        {
            "max_venue_exposure_notional": 200,
            "instruments": {"BTC/EUR": {"venue": "X"}, "ETH/EUR": {"venue": "Y"}},
        },
        buy(),
        "max_venue_exposure_exceeded(venue='X', max=200.00, observed=200.00)",
        buy(symbol="ETH/EUR"),
    ),
    (
        "max_symbol_concentration_pct",
        {"max_symbol_concentration_pct": 20},
        buy(),
        "max_symbol_concentration_pct_exceeded(symbol='BTC/EUR', max=20.00, observed=20.00)",
        buy(symbol="ETH/EUR"),
    ),
    (
        "max_group_concentration_pct",
        {"max_group_concentration_pct": 20, "instruments": {"BTC/EUR": {"group": "coins"}}},
        buy(),
        "max_group_concentration_pct_exceeded(group='coins', max=20.00, observed=20.00)",
        buy(symbol="ETH/EUR"),
    ),
    (
        "max_leverage",
        {"max_leverage": 0.2},
        buy(),
        "max_leverage_exceeded(max=0.20, observed=0.20)",
        sell(),
    ),
    (
        "min_free_cash",
        {"min_free_cash": 450},
        buy(),
        "min_free_cash_undercut(min=450.00, observed=400.00)",
        sell(),
    ),
    (
        "absolute_max_order_notional",
        {"absolute_max_order_notional": 500, "enabled": False},
        buy(quantity=5.0),
        "absolute_max_order_notional_exceeded(client_order_id='a', max=500.00, observed=500.00)",
        buy(quantity=3.9),
    ),
    (
        "out_of_hours_orders",
        {
            "max_out_of_hours_orders": 0,
            "instruments": {"BTC/EUR": {"calendar": "XNYS"}, "ETH/EUR": {"calendar": "24x7"}},
        },
        buy(),  # noon UTC is seven in the morning in New York
        "out_of_hours_orders_exceeded(client_order_id='a', max=0, observed=1, calendar=XNYS)",
        buy(symbol="ETH/EUR"),
    ),
]


@pytest.mark.parametrize(
    ("name", "config", "refused", "reason", "fine"), SIMPLE, ids=[one[0] for one in SIMPLE]
)
def test_what_a_control_refuses_and_lets_pass(
    name: str, config: dict[str, Any], refused: LiveOrderRequest, reason: str, fine: LiveOrderRequest
) -> None:
    """On top of one unit held, worth 100.00 in an account of 1,000.00."""
    assert name.partition(":")[0] in RULES
    assert why(limits(**config), refused) == [reason]
    assert why(limits(**config), fine) == []


EXITS = [one for one in SIMPLE if one[0] not in ("max_order_quantity", "absolute_max_order_notional")]


@pytest.mark.parametrize(("name", "config"), [one[:2] for one in EXITS], ids=[one[0] for one in EXITS])
def test_an_exit_passes_every_control_but_those_of_its_own_size(name: str, config: dict[str, Any]) -> None:
    """Also of an account that is in breach, without equity, cash or a price."""
    broken = portfolio(position(size=1, mark_price=1e9), position("ETH/EUR", size=-7, mark_price=1e9))
    assert why(limits(**config), sell(price=3.0), held=broken) == [], name


@pytest.mark.parametrize(
    "config", [{"max_leverage": 5}, {"max_symbol_concentration_pct": 500}, {"min_free_cash": 1}]
)
@pytest.mark.parametrize("known", [{}, {"equity": 0, "cash": NAN}, {"equity": -5, "cash": None}])
def test_what_is_not_known_of_the_account_refuses_entries(
    config: dict[str, Any], known: dict[str, Any]
) -> None:
    """Neither equity nor cash can be taken for granted."""
    assert why(limits(**config), buy(), held=portfolio(LONG, **known))


def test_an_exit_passes_where_the_units_held_are_not_known() -> None:
    """The holding says what it is worth, not how many it is."""
    checked = limits(max_outstanding_pct=10, instruments={"BTC/EUR": {"outstanding": 1000.0}})
    held = portfolio(position(side="long", notional=1000))
    assert why(checked, sell(quantity=1, price=100), held=held) == []
    assert why(checked, order(quantity=1, price=100), held=held) != []


def test_an_order_for_all_that_is_held_need_not_fit_the_lot() -> None:
    """No other one could close it."""
    checked = limits(max_lot_tick_misfits=0, instruments={"BTC/EUR": {"lot": 1.0}})
    held = portfolio(position(size=0.3, mark_price=100))
    assert why(checked, sell(quantity=0.3), held=held) == []
    assert why(checked, sell(quantity=0.2), held=held) != []


@pytest.mark.parametrize(
    "after", [order(quantity=1, price=100), order("SELL", quantity=1, price=100, short_sale=True)]
)
def test_no_order_after_it_makes_a_wrong_mark_right(after: LiveOrderRequest) -> None:
    """What is sold first is held, whatever comes next."""
    wrong = order("SELL", quantity=1, price=100, short_sale=True)
    assert not limits(max_unsound_shorts=0).check_orders([wrong, after], portfolio=HELD).allowed


def test_an_exit_and_a_short_of_one_batch_are_marked_each_by_itself() -> None:
    """The first sells what is held, the second more."""
    batch = [order("SELL", quantity=1, price=100), order("SELL", quantity=1, price=100, short_sale=True)]
    assert limits(max_unsound_shorts=0).check_orders(batch, portfolio=HELD).allowed


@pytest.mark.parametrize(
    ("limit_price", "reason"),
    [
        (104.9, ""),
        (105.0, "price=105, last=100"),
        (95.0, "price=95, last=100"),
        (1000.0, "price=1000, last=100"),
    ],
)
def test_the_collar_is_as_wide_to_both_sides(limit_price: float, reason: str) -> None:
    """Five percent of the last price."""
    checked = limits(max_price_deviation_pct=5)
    checked.price_updated("BTC/EUR", 100)
    found = why(checked, buy(price=None, limit_price=limit_price))
    assert bool(found) == bool(reason)
    assert all(reason in line for line in found)


@pytest.mark.parametrize(("reference", "limit_price"), [("last", 100), ("mid", 110), ("previous_close", 200)])
def test_the_collar_knows_three_references(reference: str, limit_price: float) -> None:
    """Each order is near one of them, and far from the others."""
    for other in ("last", "mid", "previous_close"):
        checked = limits(max_price_deviation_pct=5, price_reference=other)
        checked.price_updated("BTC/EUR", 100, bid=109, ask=111, previous_close=200)
        assert bool(why(checked, buy(price=None, limit_price=limit_price))) == (other != reference)


def test_a_collar_without_a_reference_refuses() -> None:
    """A distance from nothing is not known; an order without a price of its own has none."""
    checked = limits(max_price_deviation_pct=5)
    (reason,) = why(checked, buy(limit_price=100))
    assert "the last price of BTC/EUR is not known" in reason
    assert why(checked, order("BUY", notional=100.0)) == []


def test_a_reference_that_is_old_or_of_no_known_time_refuses_entries() -> None:
    """Five minutes by default; a close of the day before has no age."""
    for reference, refused in (("last", True), ("mid", True), ("previous_close", False)):
        checked, clock = moving(max_price_deviation_pct=5, price_reference=reference)
        checked.price_updated("BTC/EUR", 100, bid=100, ask=100, previous_close=100)
        assert why(checked, buy()) == []
        clock.pass_s(301)
        assert bool(why(checked, buy())) == refused
        assert why(checked, sell()) == []
    checked, clock = moving(max_price_deviation_pct=5, price_reference_max_age_s=900)
    checked.price_updated("BTC/EUR", 100)
    clock.pass_s(899)
    assert why(checked, buy()) == []
    for at in ("yesterday", NOW + timedelta(hours=1)):
        checked, _ = moving(max_price_deviation_pct=5)
        checked.price_updated("BTC/EUR", 100, at=at)  # type: ignore[arg-type]  # anything may come
        assert why(checked, buy()) != []


@pytest.mark.parametrize("order_type", ["LIMIT", "stop_limit"])
def test_a_limit_order_without_a_limit_is_at_an_unknown_distance(order_type: str) -> None:
    """It says that it has a price, and does not say which."""
    checked = limits(max_price_deviation_pct=5)
    checked.price_updated("BTC/EUR", 100)
    asked = order("BUY", client_order_id="a", quantity=1.0, order_type=order_type)
    assert "the order names no price" in why(checked, asked)[0]
    assert why(checked, order("BUY", quantity=1.0)) == []


def test_an_exit_at_a_wrong_price_is_refused_and_one_without_a_reference_is_not() -> None:
    """Missing data traps nobody."""
    checked = limits(max_price_deviation_pct=5)
    assert why(checked, sell(limit_price=100.0)) == []
    checked.price_updated("BTC/EUR", 100)
    assert why(checked, sell(limit_price=1.0)) != []


def test_a_bid_that_is_no_price_makes_no_mid() -> None:
    """Half of minus 100 and 300 is nothing."""
    checked = limits(max_price_deviation_pct=5, price_reference="mid")
    checked.price_updated("BTC/EUR", 100, bid=-100, ask=300)
    assert why(checked, buy()) != []


def test_a_restricted_name_is_restricted_in_every_spelling() -> None:
    """And a name is allowed as it is written only."""
    assert why(limits(restricted_symbols=["btc/eur"]), buy()) != []
    assert why(limits(allowed_symbols=["btc/eur"]), buy()) != []


def test_dust_is_no_multiple_of_a_lot() -> None:
    """However near to zero."""
    checked = limits(max_lot_tick_misfits=0, instruments={"BTC/EUR": {"lot": 1.0}})
    assert why(checked, buy(quantity=1e-9)) != []


def test_a_reference_that_is_none_is_refused_with_those_that_are() -> None:
    """In the configuration."""
    with pytest.raises(ConfigError, match="price_reference: got 'open'; expected one of 'last', 'mid'"):
        LiveRiskConfig(price_reference="open")


def test_lists_that_are_none_are_refused() -> None:
    """A single name is no list of letters."""
    for value in ("BTC/EUR", [5], [""], {"BTC/EUR": 1}):
        with pytest.raises(ConfigError, match="expected a list of names"):
            LiveRiskConfig(restricted_symbols=value)
    assert why(limits(allowed_symbols=[]), buy()) != []


@pytest.mark.parametrize(
    ("age_s", "refused"), [(0, False), (7.9, False), (10, True), (1e9, True), (-4, False), (-6, True)]
)
def test_a_snapshot_of_the_past_or_the_future_refuses_entries(age_s: float, refused: bool) -> None:  # noqa: FBT001 - a column of the table
    """The exit passes all the same."""
    checked, held = limits(max_snapshot_age_s=10), portfolio(LONG, as_of=NOW - timedelta(seconds=age_s))
    assert bool(why(checked, buy(), held=held)) == refused
    assert why(checked, sell(), held=held) == []


def test_without_a_snapshot_its_age_is_not_known() -> None:
    """An entry on top of nobody knows what."""
    (reason,) = why(limits(max_snapshot_age_s=10), buy(), held=None)
    assert reason.startswith("max_snapshot_age_s_unknown(limit=10.00, reason='there is no snapshot")


def test_a_price_that_is_old_or_missing_refuses_entries() -> None:
    """The exit passes all the same."""
    checked, clock = moving(max_price_age_s=10)
    assert why(checked, buy()) == [
        "max_price_age_s_unknown(symbol='BTC/EUR', limit=10.00, reason='no price is known')"
    ]
    checked.price_updated("BTC/EUR", 100)
    assert why(checked, buy()) == []
    clock.pass_s(10)
    assert why(checked, buy()) == ["max_price_age_s_exceeded(symbol='BTC/EUR', max=10.00, observed=10.00)"]
    assert why(checked, sell()) == []
    checked.price_updated("BTC/EUR", 100, at=NOW + timedelta(hours=1))
    assert "in the future" in why(checked, buy())[0]


def test_open_orders_are_counted_with_those_that_are_asked_for() -> None:
    """An exit passes at the limit."""
    checked = limits(max_open_orders=2, max_symbol_open_orders=1)
    checked.order_accepted(buy("r1"))
    assert why(checked, buy("b", symbol="ETH/EUR")) == []
    assert why(checked, buy("b")) == ["max_symbol_open_orders_exceeded(symbol='BTC/EUR', max=1, observed=2)"]
    checked.order_accepted(buy("r2", symbol="ETH/EUR"))
    assert "max_open_orders_exceeded(max=2, observed=3)" in why(checked, buy("c", symbol="SOL/EUR"))
    assert why(checked, sell("x")) == []


def test_a_cancellation_that_nobody_answers_refuses_entries() -> None:
    """Until the order has ended; also after a part of it has filled."""
    checked, clock = moving(max_cancel_wait_s=5)
    checked.order_accepted(buy("r", quantity=2.0))
    checked.cancel_requested("r")
    clock.pass_s(3)
    assert why(checked, buy("b")) == []
    checked.order_filled("r", 1, 100)
    clock.pass_s(2)
    assert why(checked, buy("b")) == [
        "max_cancel_wait_s_exceeded(client_order_id='r', max=5.00, observed=5.00)"
    ]
    assert why(checked, sell("x")) == []
    checked.order_cancelled("r")
    assert why(checked, buy("b")) == []


@pytest.mark.parametrize(
    ("mine", "resting", "meets"),
    [(101, 100, True), (100, 100, True), (99, 100, False), (None, 100, True), (99, None, True)],
)
def test_an_order_that_would_trade_with_our_own_is_refused(
    mine: float | None,
    resting: float | None,
    meets: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """An order without a limit trades at any price."""
    checked = limits(max_self_trades=0)
    checked.order_accepted(sell("r", limit_price=resting))
    assert bool(why(checked, buy("b", limit_price=mine))) == meets
    assert why(checked, sell("s", limit_price=mine)) == []
    assert (
        bool(why(limits(max_self_trades=0), sell("r", limit_price=resting), buy("b", limit_price=mine)))
        == meets
    )


@pytest.mark.parametrize(
    ("key", "window_s"),
    [("max_orders_per_second", 1), ("max_orders_per_minute", 60), ("max_orders_per_day", 86_400)],
)
def test_orders_count_from_the_check_that_lets_them_through(key: str, window_s: float) -> None:
    """A hundred batches that each look small are not; the window moves on."""
    checked, clock = moving(**{key: 5})
    for number in range(4):
        assert why(checked, buy(f"a{number}")) == []
        clock.pass_s(window_s / 100)
    assert why(checked, buy("b1"), buy("b2")) == [f"{key}_exceeded(max=5, observed=6)"]
    assert why(checked, buy("b1")) == []
    assert why(checked, buy("b2")) == [f"{key}_exceeded(max=5, observed=6)"]
    assert why(checked, sell("exit")) == []
    clock.pass_s(window_s * 1.02)
    assert why(checked, buy("b2")) == []


def test_what_is_admissible_of_a_batch_keeps_the_rate() -> None:
    """Each order counts those before it."""
    checked, _ = moving(max_orders_per_second=3)
    batch = [buy(f"a{number}") for number in range(5)]
    assert checked.check_orders(batch).admissible == ["a0", "a1", "a2"]


def test_a_batch_that_is_refused_uses_nothing_up() -> None:
    """It is not sent."""
    checked, _ = moving(max_orders_per_second=3, max_order_notional=500)
    for number in range(9):
        assert why(checked, buy(f"a{number}", quantity=9.0)) != []
    assert why(checked, buy("b")) == []


def test_symbols_and_strategies_have_rates_of_their_own() -> None:
    """One that is too fast leaves the others alone."""
    checked, _ = moving(max_symbol_orders_per_minute=2, max_strategy_orders_per_minute=2)
    for number in range(2):
        assert why(checked, buy(f"a{number}", strategy_key="s")) == []
    assert why(checked, buy("b", strategy_key="s")) == [
        "max_strategy_orders_per_minute_exceeded(strategy='s', max=2, observed=3)",
        "max_symbol_orders_per_minute_exceeded(symbol='BTC/EUR', max=2, observed=3)",
    ]
    assert why(checked, buy("c", symbol="ETH/EUR", strategy_key="t")) == []


def test_cancellations_are_messages_too() -> None:
    """Orders and cancellations together."""
    checked, _ = moving(max_messages_per_second=3, max_messages_per_minute=3)
    assert why(checked, buy("a")) == []
    checked.cancel_requested("a")
    checked.cancel_requested("a")
    assert why(checked, buy("b")) == [
        "max_messages_per_minute_exceeded(max=3, observed=4)",
        "max_messages_per_second_exceeded(max=3, observed=4)",
    ]


def test_a_strategy_that_buys_because_it_has_bought_is_stopped() -> None:
    """In that direction; the window moves on."""
    checked, clock = moving(max_repeated_executions_per_minute=2)
    for number in range(3):
        checked.order_accepted(buy(f"a{number}", strategy_key="s"))
        checked.order_filled(f"a{number}", 1, 100)
    (reason,) = why(checked, buy("b", strategy_key="s"))
    assert reason.endswith("_exceeded(symbol='BTC/EUR', max=2, observed=3, side=BUY, strategy='s')")
    assert why(checked, buy("c", strategy_key="t")) == []
    clock.pass_s(62)
    assert why(checked, buy("b", strategy_key="s")) == []


def test_the_same_content_under_another_id_is_a_duplicate() -> None:
    """Within the window, and within one batch; the same id is the same order."""
    checked, clock = moving(max_duplicate_orders=0, duplicate_order_window_s=10)
    assert why(checked, buy("a")) == []
    assert why(checked, buy("a")) == []
    assert why(checked, buy("b")) == [
        "duplicate_orders_exceeded(client_order_id='b', max=0, observed=1, same=a)"
    ]
    assert why(checked, buy("b", quantity=1.1)) == []
    assert why(checked, buy("c", strategy_key="s")) == []
    clock.pass_s(10)
    assert why(checked, buy("d")) == []
    assert checked.check_orders([buy("e", quantity=3.0), buy("f", quantity=3.0)]).admissible == ["e"]


def test_an_exit_that_is_sent_twice_is_held_back() -> None:
    """The second one would open a position."""
    checked, _ = moving(max_duplicate_orders=0)
    assert why(checked, sell("a")) == []
    assert why(checked, sell("b")) != []


def test_what_is_remembered_does_not_grow_without_end() -> None:
    """Two hundred thousand orders of different content within one second."""
    from live.risk_limits.batch import Order
    from live.risk_limits.passed import Passed

    passed = Passed()
    for number in range(200_000):
        passed.note([Order(f"o{number}", "A", True, float(number), 1.0)], NOW)  # noqa: FBT003 - a buy
    assert passed.orders(60.0, NOW) == 200_000
    assert len(passed._contents) == 100_000  # noqa: SLF001 - what a user would see as memory
    assert sum(len(window._buckets) for window in passed._windows.values()) < 10  # noqa: SLF001 - as above
