"""Input that cannot be judged is a breach with a coded reason: never fine, and never an exception."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from live.risk_limits import RiskCheckSeverity
from tests.unit.risk_limits.support import INF, NAN, NOW, Inbox, detail, limits, order, portfolio, position

BREACH = RiskCheckSeverity.BREACH
NO_NUMBERS = [
    NAN,
    INF,
    -INF,
    "100",
    "1.000,00",
    True,
    b"1",
    [],
    {},
    object(),
    1j,
    Decimal("NaN"),
    Decimal("sNaN"),
]
BEYOND_FLOATS = [pytest.param(10**5000, id="huge int"), Decimal("1e999")]
OPEN: dict[str, Any] = {
    "max_order_notional": 1e9,
    "max_total_exposure_notional": 1e9,
    "max_open_positions": 100,
}


class NotATime(datetime):
    """Behaves like pandas' NaT: a datetime by its type that equals nothing, itself included."""

    __hash__ = None  # type: ignore[assignment]  # as everything that equals nothing

    def __eq__(self, _other: object) -> bool:
        return False

    def __ne__(self, _other: object) -> bool:
        return True


def refused(*orders: Any, **config: Any) -> list[str]:
    """Why a batch is refused, for its input alone."""
    result = limits(**OPEN, **config).check_orders(orders)
    assert (result.severity, result.allowed) == (BREACH, False)
    assert detail(result, "order_input").severity is BREACH
    return list(result.reasons)


def refused_portfolio(snapshot: Any, name: str = "position_input") -> list[str]:
    """Why a snapshot is refused, for its input alone."""
    result = limits(**OPEN).evaluate_portfolio(snapshot)
    assert (result.severity, result.allowed) == (BREACH, False)
    assert detail(result, name).severity is BREACH
    return list(result.reasons)


@pytest.mark.parametrize("field", ["quantity", "notional", "price"])
@pytest.mark.parametrize("value", [-1, *NO_NUMBERS, *BEYOND_FLOATS])
def test_an_order_with_an_amount_that_is_no_sound_number(field: str, value: Any) -> None:
    """Whichever of its amounts it is, and however sound the others are."""
    fields = {"quantity": 1, "notional": 100, "price": 100, field: value}
    (reason,) = refused(order(client_order_id="a", **fields))
    name = "current_price" if field == "price" else field
    assert reason.startswith(f"order_invalid(client_order_id='a', field='{name}', value=")


@pytest.mark.parametrize("value", ["", " ", "BTC/EUR ", "BTC\nEUR", None, 5, NAN, ["BTC/EUR"]])
@pytest.mark.parametrize("field", ["symbol", "client_order_id"])
def test_an_order_without_a_sound_name(field: str, value: Any) -> None:
    """A blank at the end would make it another instrument."""
    (reason,) = refused(order(**{"notional": 100, field: value}))
    assert f"field='{field}'" in reason


@pytest.mark.parametrize("side", ["", "HOLD", "LONG", None, 1, True])
def test_an_order_of_an_unknown_side(side: Any) -> None:
    """It is neither bought nor sold on a guess."""
    assert refused(order(side, notional=100, client_order_id="a")) == [
        f"order_invalid(client_order_id='a', field='side', value={side!r})"
    ]


@pytest.mark.parametrize("side", ["buy", "Sell"])
def test_the_case_of_a_side_does_not_matter(side: str) -> None:
    """`buy` is a purchase."""
    assert limits(**OPEN).check_orders([order(side, notional=100)]).allowed


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"quantity": 1},
        {"quantity": 0},
        {"quantity": 0, "notional": 0},
        {"quantity": 0, "price": 100},
        {"quantity": 1e308, "price": 1e308},
        {"quantity": 1e-300, "price": 1e-300},
    ],
)
def test_an_order_whose_value_nobody_can_know(fields: dict[str, Any]) -> None:
    """No price, no quantity, or a product beyond all numbers."""
    (reason,) = refused(order(client_order_id="a", **fields))
    assert reason.startswith("order_notional_unknown(client_order_id='a', quantity=")


@pytest.mark.parametrize("extra", ["price=5", 5, [("current_price", 5)]])
def test_an_order_with_extras_that_are_no_mapping(extra: Any) -> None:
    """A price may be hidden in them."""
    (reason,) = refused(order(notional=100, client_order_id="a", extra=extra))
    assert reason.startswith("order_invalid(client_order_id='a', field='extra', value=")


def test_an_id_may_not_stand_twice_in_a_batch() -> None:
    """The first one is judged, the second one refused."""
    twice = [order(notional=100, client_order_id="a"), order(notional=100, client_order_id="a")]
    assert refused(*twice) == ["order_duplicate(client_order_id='a')"]


@pytest.mark.parametrize("thing", [None, "order", {"symbol": "BTC/EUR"}, position()])
def test_something_that_is_no_order(thing: Any) -> None:
    """Named by its place in the batch."""
    (reason,) = refused(order(notional=1), thing)
    assert reason.startswith("order_invalid(place=1, field='order', value=")


@pytest.mark.parametrize("batch", [None, 5, order(notional=1), map(int, ["x"])])
def test_a_batch_that_is_none(batch: Any) -> None:
    """An order by itself, nothing at all, or a list that fails on the way."""
    result = limits(**OPEN).check_orders(batch)
    assert (result.severity, result.allowed) == (BREACH, False)
    assert result.reasons[0].startswith("orders_invalid(value=")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """One reason for each value, one detail for all of them."""
    inbox = Inbox()
    bad = order("HOLD", notional=NAN, client_order_id="a")
    result = limits(inbox, max_order_notional=500).check_orders(
        [bad, order(notional=900, client_order_id="b")]
    )
    assert result.reasons == [
        "order_invalid(client_order_id='a', field='side', value='HOLD')",
        "order_invalid(client_order_id='a', field='notional', value=nan)",
        "max_order_notional_exceeded(client_order_id='b', max=500.00, observed=900.00)",
    ]
    assert detail(result, "order_input").message == f"{result.reasons[0]} and 1 more"
    assert len(inbox.events) == 1


def test_a_batch_without_a_single_sound_order_is_no_exit() -> None:
    """A lost day is told beside what is wrong with it."""
    engine = limits(max_daily_loss_abs=500)
    engine.record_pnl(-500, at=NOW)
    result = engine.check_orders([order(notional=NAN)], portfolio=portfolio(position(size=1, mark_price=1)))
    assert detail(result, "max_daily_loss_abs").severity is BREACH


def test_amounts_are_not_told_when_an_order_had_to_be_left_out() -> None:
    """A part of a sum must not look like the whole."""
    metrics = limits().check_orders([order(notional=100), order(notional=NAN)]).metrics
    assert (metrics["n_orders"], metrics["n_symbols"]) == (2, 1)
    assert math.isnan(metrics["total_notional"])
    assert math.isnan(metrics["max_order_notional"])


@pytest.mark.parametrize("field", ["size", "entry_price", "mark_price", "notional", "leverage"])
@pytest.mark.parametrize("value", [*NO_NUMBERS, *BEYOND_FLOATS])
def test_a_position_with_a_value_that_is_no_number(field: str, value: Any) -> None:
    """Whichever it is."""
    held = position(**{"size": 1, "entry_price": 100, "mark_price": 100, field: value})
    (reason,) = refused_portfolio(portfolio(held))
    assert reason.startswith(f"position_invalid(symbol='BTC/EUR', field='{field}', value=")


@pytest.mark.parametrize("fields", [{}, {"side": "long"}, {"mark_price": 100.0}, {"realized_pnl": -550.0}])
def test_a_position_of_which_nobody_says_how_large_it_is(fields: dict[str, Any]) -> None:
    """A column that got lost is not a flat account."""
    reasons = refused_portfolio(portfolio(position(**fields)))
    assert reasons == ["position_invalid(symbol='BTC/EUR', field='size', value=None)"]


def test_a_flat_position_needs_no_size() -> None:
    """Its side says it."""
    held = portfolio(position(side="flat", realized_pnl=-10.0))
    result = limits(max_total_exposure_notional=1e6).evaluate_portfolio(held)
    assert result.severity is RiskCheckSeverity.OK


@pytest.mark.parametrize("field", ["unrealized_pnl", "realized_pnl"])
@pytest.mark.parametrize("value", [NAN, INF, "-100", True])
def test_a_position_with_a_result_that_is_no_number(field: str, value: Any) -> None:
    """A text is no loss, and no profit either."""
    (reason,) = refused_portfolio(portfolio(position(**{"size": 1, "mark_price": 100, field: value})))
    assert f"field='{field}'" in reason


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"size": 1}, "mark_price"),
        ({"size": 1, "entry_price": 100}, "mark_price"),
        ({"size": 1, "mark_price": 0}, "mark_price"),
        ({"size": 1, "mark_price": -100}, "mark_price"),
        ({"size": 1e308, "mark_price": 1e308}, "mark_price"),
        ({"size": 1, "mark_price": 100, "notional": -100}, "notional"),
        ({"notional": 100}, "side"),
        ({"side": "flat", "size": 1, "mark_price": 100}, "side"),
        ({"side": "sideways", "size": 1, "mark_price": 100}, "side"),
        ({"side": 1, "size": 1, "mark_price": 100}, "side"),
        ({"side": "long", "size": -1, "mark_price": 100}, "size"),
        ({"symbol": "", "size": 1, "mark_price": 100}, "symbol"),
        ({"symbol": None, "size": 1, "mark_price": 100}, "symbol"),
    ],
)
def test_a_position_that_does_not_say_what_is_held(fields: dict[str, Any], field: str) -> None:
    """No mark, no direction, a contradiction, no name."""
    (reason,) = refused_portfolio(portfolio(position(**fields)))
    assert f"field='{field}'" in reason


@pytest.mark.parametrize("field", ["equity", "cash", "margin_used"])
@pytest.mark.parametrize("value", [NAN, INF, "10000", True])
def test_a_snapshot_with_a_value_that_is_no_number(field: str, value: Any) -> None:
    """Whichever it is."""
    (reason,) = refused_portfolio(portfolio(**{field: value}), "snapshot_input")
    assert reason.startswith(f"snapshot_invalid(field='{field}', value=")


@pytest.mark.parametrize(
    "as_of",
    [
        None,
        "2026-01-27",
        0,
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        pytest.param(NotATime(1, 1, 1), id="NaT"),
    ],
)
def test_a_snapshot_of_no_known_instant(as_of: Any) -> None:
    """Nobody can say which day it belongs to."""
    (reason,) = refused_portfolio(portfolio(as_of=as_of), "snapshot_input")
    assert reason.startswith("snapshot_invalid(field='as_of', value=")


@pytest.mark.parametrize("positions", [None, 5, ""])
def test_a_snapshot_whose_positions_cannot_be_read(positions: Any) -> None:
    """It is not an account without any."""
    (reason,) = refused_portfolio(portfolio(positions=positions), "snapshot_input")
    assert reason == f"snapshot_invalid(field='positions', value={positions!r})"


@pytest.mark.parametrize("positions", [iter([]), {}])
def test_positions_that_are_no_list(positions: Any) -> None:
    """An iterator would hold nothing the second time, and the account would look empty."""
    (reason,) = refused_portfolio(portfolio(positions=positions), "snapshot_input")
    assert reason == f"snapshot_invalid(field='positions', value=<{type(positions).__name__}>)"


@pytest.mark.parametrize("thing", [None, "BTC/EUR", {"symbol": "BTC/EUR"}])
def test_something_that_is_no_position(thing: Any) -> None:
    """Named by its place."""
    (reason,) = refused_portfolio(portfolio(position(size=0), thing))
    assert reason.startswith("position_invalid(place=1, field='position', value=")


@pytest.mark.parametrize("snapshot", [None, {}, "snapshot", position()])
def test_something_that_is_no_snapshot(snapshot: Any) -> None:
    """Nothing to evaluate is nothing that could be fine."""
    (reason,) = refused_portfolio(snapshot, "snapshot_input")
    assert reason.startswith("snapshot_invalid(field='snapshot', value=")


def test_a_bad_position_does_not_weaken_the_verdict_on_the_rest() -> None:
    """And the total that is told does not pass for the whole."""
    held = portfolio(position("A", size=1, mark_price=NAN), position("B", size=1, mark_price=5000))
    result = limits(max_total_exposure_notional=1000).evaluate_portfolio(held)
    assert result.reasons[1:] == ["max_total_exposure_exceeded(max=1000.00, observed=5000.00)"]
    assert math.isnan(result.metrics["portfolio_total_notional"])


def test_orders_are_refused_on_a_portfolio_that_cannot_be_read() -> None:
    """What is held is part of what they add up to."""
    broken: list[Any] = [portfolio(position(size=NAN)), portfolio(equity=NAN), {}]
    for held in broken:
        result = limits(**OPEN).check_orders([order(notional=1)], portfolio=held)
        assert not result.allowed


def test_sums_beyond_all_numbers_are_a_breach() -> None:
    """Each amount is finite, their sum is not."""
    batch = [order(notional=1.7e308), order(notional=1.7e308)]
    result = limits(max_total_exposure_notional=1000, max_symbol_exposure_notional=1000).check_orders(batch)
    why = "limit=1000.00, reason='the value is not a finite number'"
    assert result.reasons == [
        f"max_symbol_exposure_unknown(symbol='BTC/EUR', {why})",
        f"max_total_exposure_unknown({why})",
    ]


def test_numbers_of_other_kinds_are_numbers() -> None:
    """Decimal and whole numbers are not rounded away."""
    sound = order(quantity=Decimal("0.5"), notional=100, price=Decimal("1e3"))
    assert limits(max_order_notional=1000).check_orders([sound]).metrics["total_notional"] == 500


def test_an_instant_of_any_zone_will_do() -> None:
    """It is the same instant in UTC."""
    east = datetime(2026, 1, 27, 12, tzinfo=timezone(timedelta(hours=9)))
    inbox = Inbox()
    limits(inbox, max_open_positions=0).evaluate_portfolio(
        portfolio(position(size=1, mark_price=1), as_of=east)
    )
    assert inbox.events[0].context["as_of"] == datetime(2026, 1, 27, 3, tzinfo=UTC)


@pytest.mark.parametrize("spelling", ["btc/eur", "Btc/EUR"])
def test_a_second_spelling_of_a_symbol_is_refused(spelling: str) -> None:
    """It would have an exposure limit of its own: of a holding as well as of an order before it."""
    engine = limits(max_symbol_exposure_notional=1000)
    held = portfolio(position(symbol="BTC/EUR", size=0.03, mark_price=30000))
    on_top = engine.check_orders([order(symbol=spelling, notional=900)], portfolio=held)
    in_one = engine.check_orders(
        [order(symbol="BTC/EUR", notional=900), order(symbol=spelling, notional=900)]
    )
    assert not on_top.allowed
    assert not in_one.allowed
    assert on_top.reasons[0].startswith("symbol_ambiguous(")
    assert f"symbol={spelling!r}, known='BTC/EUR'" in on_top.reasons[0]
