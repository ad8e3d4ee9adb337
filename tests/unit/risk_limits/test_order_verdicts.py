"""The verdict on each order of a batch, and which of them may go out together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from live.risk_limits import RiskCheckSeverity
from tests.unit.risk_limits.support import NAN, limits, order, portfolio, position
from tests.unit.risk_limits.test_laws import BATCHES, CONFIGS, PORTFOLIOS, orders

if TYPE_CHECKING:
    from live.orders import LiveOrderRequest
    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits import LimitCheckDetail, OrderVerdict

OK, WARNING, BREACH = RiskCheckSeverity
HELD = position(size=1, mark_price=100)


def named(verdict: OrderVerdict, name: str) -> LimitCheckDetail:
    """The detail of a verdict."""
    return next(one for one in verdict.limit_details if one.limit_name == name)


def test_every_order_has_a_verdict_in_its_place() -> None:
    """With the value before it and with it, the limit, and what is left."""
    batch = [order(client_order_id=name, notional=400) for name in ("a", "b", "c")]
    result = limits(max_total_exposure_notional=1000).check_orders(batch)
    assert [(one.client_order_id, one.allowed, one.severity) for one in result.orders] == [
        ("a", True, OK),
        ("b", True, WARNING),
        ("c", False, BREACH),
    ]
    last = named(result.orders[2], "max_total_exposure")
    assert (last.before, last.current_value, last.limit_value, last.headroom) == (800, 1200, 1000, -200)
    assert result.orders[2].reasons == ["max_total_exposure_exceeded(max=1000.00, observed=1200.00)"]


def test_the_batch_as_a_whole_is_refused_and_the_part_that_fits_is_named() -> None:
    """The aggregate says what all of them together come to."""
    batch = [order(client_order_id=name, notional=400) for name in ("a", "b", "c")]
    result = limits(max_total_exposure_notional=1000).check_orders(batch)
    assert (result.allowed, result.admissible) == (False, ["a", "b"])


def test_an_order_that_is_refused_takes_no_room_from_those_behind_it() -> None:
    """It is not sent."""
    batch = [order(client_order_id=name, notional=n) for name, n in (("a", 1e9), ("b", 100), ("c", 100))]
    assert limits(max_total_exposure_notional=1000).check_orders(batch).admissible == ["b", "c"]


def test_one_bad_order_does_not_weaken_the_verdict_on_the_others() -> None:
    """It has a verdict of its own, with its reasons."""
    bad, good = order("HOLD", client_order_id="a", notional=NAN), order(client_order_id="b", notional=600)
    batch: list[Any] = [bad, good, "c"]
    result = limits(max_order_notional=500).check_orders(batch)
    assert [(one.client_order_id, one.allowed) for one in result.orders] == [
        ("a", False),
        ("b", False),
        ("", False),
    ]
    assert [len(one.reasons) for one in result.orders] == [2, 1, 1]


def test_an_exit_makes_no_room_before_it_has_filled() -> None:
    """Whichever fills first."""
    batch = [
        order("SELL", client_order_id="exit", quantity=1, price=100),
        order(client_order_id="b", notional=50),
    ]
    result = limits(max_total_exposure_notional=120).check_orders(batch, portfolio=portfolio(HELD))
    assert result.admissible == ["exit"]


def test_without_an_order_there_is_no_verdict() -> None:
    """And none where limits are switched off."""
    assert list(limits(max_order_notional=1).check_orders([]).orders) == []
    assert list(limits(enabled=False).check_orders([order(notional=1)]).orders) == []


@given(CONFIGS, BATCHES, PORTFOLIOS)
def test_when_every_order_is_admitted_the_batch_is(
    config: dict[str, Any], batch: list[LiveOrderRequest], held: LivePortfolioSnapshot
) -> None:
    """The sequence ends where the aggregate stands."""
    result = limits(**config).check_orders(batch, portfolio=held)
    if all(verdict.allowed for verdict in result.orders):
        assert result.allowed


@given(CONFIGS, BATCHES, PORTFOLIOS)
def test_what_is_admissible_passes_as_a_batch_of_its_own(
    config: dict[str, Any], batch: list[LiveOrderRequest], held: LivePortfolioSnapshot
) -> None:
    """So that a caller may send just that."""
    engine = limits(**config)
    names = engine.check_orders(batch, portfolio=held).admissible
    fitting = [one for one in batch if one.client_order_id in names]
    again = engine.check_orders(fitting, portfolio=held)
    assert again.allowed
    assert again.admissible == names


@given(CONFIGS, BATCHES, orders(), PORTFOLIOS)
def test_no_order_that_is_left_out_could_be_added(
    config: dict[str, Any], batch: list[LiveOrderRequest], more: LiveOrderRequest, held: LivePortfolioSnapshot
) -> None:
    """What is admissible is as large as the sequence allows."""
    engine, batch = limits(**config), [*batch, more]
    names = engine.check_orders(batch, portfolio=held).admissible
    fitting = [one for one in batch if one.client_order_id in names]
    for left_out in (one for one in batch if one.client_order_id not in names):
        assert not engine.check_orders([*fitting, left_out], portfolio=held).allowed


@given(st.data(), CONFIGS, PORTFOLIOS)
def test_the_verdict_on_one_order_is_that_of_the_whole(
    data: st.DataObject, config: dict[str, Any], held: LivePortfolioSnapshot
) -> None:
    """A batch of one is no special case."""
    result = limits(**config).check_orders([data.draw(orders())], portfolio=held)
    (verdict,) = result.orders
    assert (verdict.allowed, verdict.severity) == (result.allowed, result.severity)
    assert list(verdict.reasons) == list(result.reasons)
