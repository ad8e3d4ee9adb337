"""Laws that hold for every batch, every holding and every limit."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits import RiskCheckSeverity
from tests.unit.risk_limits.support import NOW, Inbox, limits, portfolio

if TYPE_CHECKING:
    from live.risk_limits import LiveRiskCheckResult

OK, WARNING, BREACH = RiskCheckSeverity

SYMBOLS = st.sampled_from(["A", "B", "C"])
AMOUNTS = st.integers(1, 400).map(lambda quarters: quarters / 4)
HOSTILE = st.sampled_from([math.nan, math.inf, -math.inf, -1.0, "5", True, 10**400])
MONEY_KEYS = (
    "max_order_notional",
    "max_symbol_exposure_notional",
    "max_total_exposure_notional",
    "max_daily_loss_abs",
    "max_long_exposure_notional",
    "max_short_exposure_notional",
    "max_net_exposure_notional",
)
CONFIGS = st.fixed_dictionaries(
    dict.fromkeys(MONEY_KEYS, AMOUNTS)
    | {"max_open_positions": st.integers(0, 4), "max_daily_loss_pct": AMOUNTS, "starting_cash": AMOUNTS}
)


@st.composite
def orders(draw: st.DrawFn) -> LiveOrderRequest:
    """A sound order: by quantity and price, by notional, or by all of them."""
    size = draw(st.sampled_from(["quantity", "notional", "both"]))
    return LiveOrderRequest(
        client_order_id=draw(st.uuids()).hex,
        symbol=draw(SYMBOLS),
        side=draw(st.sampled_from(["BUY", "SELL"])),
        quantity=draw(AMOUNTS) if size != "notional" else None,
        notional=draw(AMOUNTS) if size != "quantity" else None,
        extra={"current_price": draw(AMOUNTS)},
    )


@st.composite
def positions(draw: st.DrawFn) -> LivePositionSnapshot:
    """A sound holding, long or short."""
    return LivePositionSnapshot(
        draw(SYMBOLS),
        size=draw(AMOUNTS) * draw(st.sampled_from([1, -1])),
        mark_price=draw(AMOUNTS),
        realized_pnl=draw(st.none() | AMOUNTS.map(lambda amount: 50 - amount)),
    )


@st.composite
def hostile_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A field of an order with a value that is none."""
    field = draw(st.sampled_from(["quantity", "notional", "extra"]))
    value = draw(HOSTILE)
    return {field: {"current_price": value} if field == "extra" else value}


BATCHES = st.lists(orders(), min_size=1, max_size=5)
PORTFOLIOS = st.lists(positions(), max_size=4).map(lambda held: portfolio(*held))


def numbers(result: LiveRiskCheckResult) -> dict[str, Any]:
    """What every limit was held against."""
    return {detail.limit_name: (detail.current_value, detail.severity) for detail in result.limit_details}


@given(CONFIGS, BATCHES, orders(), PORTFOLIOS)
def test_appending_an_order_never_lowers_the_severity(
    config: dict[str, Any], batch: list[LiveOrderRequest], more: LiveOrderRequest, held: LivePortfolioSnapshot
) -> None:
    """No order buys room for another one."""
    engine = limits(**config)
    shorter, longer = (engine.check_orders(one, portfolio=held) for one in (batch, [*batch, more]))
    assert longer.severity >= shorter.severity


@given(CONFIGS, BATCHES, PORTFOLIOS, st.sampled_from(MONEY_KEYS), st.floats(0.1, 1))
def test_tightening_a_limit_never_admits_more(
    config: dict[str, Any],
    batch: list[LiveOrderRequest],
    held: LivePortfolioSnapshot,
    key: str,
    factor: float,
) -> None:
    """Neither orders nor portfolios."""
    wide, tight = limits(**config), limits(**{**config, key: config[key] * factor})
    assert tight.evaluate_portfolio(held).severity >= wide.evaluate_portfolio(held).severity
    assert (
        tight.check_orders(batch, portfolio=held).severity
        >= wide.check_orders(batch, portfolio=held).severity
    )


@given(CONFIGS, BATCHES, PORTFOLIOS, st.integers(0, 4), st.floats(1, 100))
def test_raising_a_notional_never_admits_more(
    config: dict[str, Any],
    batch: list[LiveOrderRequest],
    held: LivePortfolioSnapshot,
    place: int,
    factor: float,
) -> None:
    """Whatever its quantity says."""
    engine, place = limits(**config), place % len(batch)
    raised = [*batch]
    raised[place] = replace(batch[place], notional=(batch[place].notional or 1) * factor)
    lower, higher = (engine.check_orders(one, portfolio=held) for one in (batch, raised))
    assert higher.severity >= lower.severity


@given(CONFIGS, BATCHES, PORTFOLIOS, st.sampled_from([0.25, 2.0, 1024.0]))
def test_scaling_all_money_together_changes_no_severity(
    config: dict[str, Any], batch: list[LiveOrderRequest], held: LivePortfolioSnapshot, scale: float
) -> None:
    """Limits have no favourite currency."""
    scaled_config = {
        key: value * scale if key in MONEY_KEYS or key == "starting_cash" else value
        for key, value in config.items()
    }
    scaled_batch = [
        replace(
            one,
            notional=one.notional and one.notional * scale,
            extra={"current_price": one.extra["current_price"] * scale},
        )
        for one in batch
    ]
    scaled_held = portfolio(
        *(
            replace(
                one,
                mark_price=(one.mark_price or 0) * scale,
                realized_pnl=one.realized_pnl and one.realized_pnl * scale,
            )
            for one in held.positions
        )
    )
    before = limits(**config).check_orders(batch, portfolio=held)
    after = limits(**scaled_config).check_orders(scaled_batch, portfolio=scaled_held)
    assert [d.severity for d in after.limit_details] == [d.severity for d in before.limit_details]


@given(CONFIGS, st.data(), PORTFOLIOS)
def test_permuting_a_batch_changes_no_value(
    config: dict[str, Any], data: st.DataObject, held: LivePortfolioSnapshot
) -> None:
    """The worst case knows no order in time, and sums are rounded once."""
    batch = data.draw(BATCHES)
    shuffled = data.draw(st.permutations(batch))
    engine = limits(**config)
    assert numbers(engine.check_orders(shuffled, portfolio=held)) == numbers(
        engine.check_orders(batch, portfolio=held)
    )


@given(CONFIGS, positions(), st.floats(0.01, 1), AMOUNTS, st.floats(-1000, 0))
def test_a_purely_reducing_order_is_refused_by_nothing_but_its_own_size(
    config: dict[str, Any], held: LivePositionSnapshot, part: float, price: float, lost: float
) -> None:
    """At any price, in any breach, after any loss."""
    size = held.size or 0
    leaving = LiveOrderRequest(
        "exit",
        held.symbol,
        "SELL" if size > 0 else "BUY",
        quantity=abs(size) * part,
        extra={"current_price": price},
    )
    engine = limits(**{**config, "max_order_notional": None})
    engine.record_pnl(lost, at=NOW)
    assert engine.check_orders([leaving], portfolio=portfolio(held)).allowed


@given(CONFIGS, BATCHES, orders(), hostile_fields(), PORTFOLIOS)
def test_a_hostile_value_in_an_order_is_a_breach(
    config: dict[str, Any],
    batch: list[LiveOrderRequest],
    sound: LiveOrderRequest,
    hostile: dict[str, Any],
    held: LivePortfolioSnapshot,
) -> None:
    """Whatever else the batch and the order hold."""
    result = limits(**config).check_orders([*batch, replace(sound, **hostile)], portfolio=held)
    assert result.severity is BREACH


@given(CONFIGS, st.lists(positions(), min_size=1, max_size=4), st.integers(0, 3), st.data())
def test_not_a_number_anywhere_in_a_portfolio_is_never_fine(
    config: dict[str, Any], held: list[LivePositionSnapshot], place: int, data: st.DataObject
) -> None:
    """In whichever field of whichever position, for a portfolio as for the orders on top of it."""
    fields = ["size", "entry_price", "mark_price", "notional", "unrealized_pnl", "realized_pnl", "leverage"]
    hostile: dict[str, Any] = {data.draw(st.sampled_from(fields)): math.nan}
    held[place % len(held)] = replace(held[place % len(held)], **hostile)
    engine, snapshot = limits(**config), portfolio(*held)
    assert engine.evaluate_portfolio(snapshot).severity is BREACH
    assert engine.check_orders(data.draw(BATCHES), portfolio=snapshot).severity is BREACH


@given(CONFIGS, BATCHES, PORTFOLIOS)
def test_result_details_and_alert_agree(
    config: dict[str, Any], batch: list[LiveOrderRequest], held: LivePortfolioSnapshot
) -> None:
    """Allowed unless there is a breach; a reason for every breach; one alert unless all is OK."""
    inbox = Inbox()
    result = limits(inbox, **config).check_orders(batch, portfolio=held)
    assert result.severity == max(detail.severity for detail in result.limit_details)
    assert result.allowed == (not result.reasons) == (result.severity is not BREACH)
    assert len(inbox.events) == (result.severity is not OK)
    breached = [detail for detail in result.limit_details if detail.severity is BREACH]
    assert all(detail.message in result.reasons for detail in breached)
