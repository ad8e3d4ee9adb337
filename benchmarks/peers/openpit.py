"""openpit: its pre-trade engine, in Rust, without locks.

Looks at 7 bounds: a valid order, quantity and notional per order, orders per second, profit and loss of the
account, funds, and the position in one asset. It accepts the order or says which policies reject it and why;
of what passes it gives no value and no limit. Its book is sequential: what passes reserves funds, and the
reservation is committed or rolled back. The dry run reserves nothing, like our check; the other figure
reserves and rolls back, so that every order meets the same book. Fifty assets are held, of which it looks up
two: there is no exposure over all of them, no number of positions and no percentage of equity.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import openpit
from openpit import param
from openpit.pretrade import policies

from benchmarks.peer import PeerCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACCOUNT, LIMITS, POSITIONS = param.AccountId.from_int(1), 7, 50


def held(asset: str, amount: str, price: str | None = None) -> openpit.AccountAdjustment:
    """An asset that the account has."""
    operation = openpit.AccountAdjustmentBalanceOperation(
        asset=asset, average_entry_price=None if price is None else param.Price(price)
    )
    balance = openpit.AdjustmentAmount.absolute(param.PositionSize(amount))
    return openpit.AccountAdjustment(
        operation=operation, amount=openpit.AccountAdjustmentAmount(balance=balance)
    )


def order(quantity: str) -> openpit.Order:
    """A purchase at 100."""
    return openpit.Order(
        operation=openpit.OrderOperation(
            instrument=openpit.Instrument("S0", "USD"),
            account_id=ACCOUNT,
            side=param.Side.BUY,
            trade_amount=param.TradeAmount.quantity(quantity),
            price=param.Price("100"),
        )
    )


def engine() -> Any:
    """All built-in policies, and fifty assets held."""
    size = policies.OrderSizeLimit(max_quantity=param.Quantity("20000"), max_notional=param.Volume("1000000"))
    rate = policies.RateLimit(max_orders=1_000_000_000, window=timedelta(seconds=1))
    loss = policies.PnlBoundsBrokerBarrier(settlement_asset="USD", lower_bound=param.Pnl("-100000"))
    made = (
        openpit.Engine.builder()
        .no_sync()
        .builtin(policies.build_order_validation())
        .builtin(
            policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(limit=size))
        )
        .builtin(policies.build_rate_limit().broker_barrier(policies.RateLimitBrokerBarrier(limit=rate)))
        .builtin(policies.build_pnl_bounds_killswitch().broker_barriers(loss))
        .builtin(policies.build_spot_funds())
        .build()
    )
    assets = [held("USD", "100000000"), *(held(f"S{number}", "1", "100") for number in range(POSITIONS))]
    assert made.apply_account_adjustment(ACCOUNT, assets).ok
    bound = policies.SpotFundsPositionLimitEntry(ACCOUNT, "S0", param.Quantity("1000000"))
    made.configure().spot_funds(policies.SpotFundsBuilder.NAME, position_limits=[bound])
    return made


def checks(_: Path) -> Iterator[PeerCheck]:
    """The dry run, and the real thing taken back."""
    made, asked, too_large = engine(), order("1"), order("15000")

    def reserve() -> object:
        result = made.execute_pre_trade(order=asked)
        result.reservation.rollback()
        return result

    def refused() -> bool:
        rejects = made.execute_pre_trade_dry_run(order=too_large).rejects
        return [reject.policy for reject in rejects] == ["OrderSizeLimitPolicy"]

    yield PeerCheck("dry run", LIMITS, lambda: made.execute_pre_trade_dry_run(order=asked), bool, refused)
    yield PeerCheck("reserved and rolled back", LIMITS, reserve, bool, refused)
