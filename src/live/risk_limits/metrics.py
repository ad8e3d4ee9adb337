"""What a result tells beside its verdict. The keys are read by callers and never change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.amounts import NAN, total

if TYPE_CHECKING:
    from live.risk_limits.account import Account
    from live.risk_limits.batch import Batch
    from live.risk_limits.book import Book
    from live.risk_limits.config import LiveRiskConfig


def order_metrics(config: LiveRiskConfig, batch: Batch, book: Book) -> dict[str, Any]:
    """What an order check measured; amounts are NaN when an order had to be left out."""
    known = 0.0 if not batch.complaints else NAN
    return _common(config, book) | {
        "n_orders": batch.size,
        "n_symbols": len({order.symbol for order in book.orders}),
        "total_notional": known + total(order.notional for order in book.orders),
        "max_order_notional": known + max((order.notional for order in book.orders), default=0.0),
        "max_symbol_exposure_notional": known + max((one.value for one in book.judged), default=0.0),
    }


def portfolio_metrics(config: LiveRiskConfig, account: Account, book: Book) -> dict[str, Any]:
    """What a portfolio check measured; totals are NaN when a position had to be left out."""
    known = 0.0 if not account.position_complaints else NAN
    return _common(config, book) | {
        "portfolio_total_notional": known + book.total_exposure,
        "portfolio_symbol_notional": {one.symbol: one.value for one in book.exposures},
        "portfolio_num_open_positions": book.open_positions,
        "portfolio_total_realized_pnl": known + (account.realized or 0.0),
        "portfolio_total_unrealized_pnl": known + (account.unrealized or 0.0),
        "portfolio_equity": account.equity,
        "portfolio_cash": account.cash,
        "portfolio_margin_used": account.margin_used,
    }


def _common(config: LiveRiskConfig, book: Book) -> dict[str, Any]:
    return {
        "daily_realized_pnl_net": book.pnl.realized,
        "daily_pnl": book.pnl.amount,
        "daily_pnl_source": book.pnl.source,
        "base_currency": config.base_currency,
        "live_risk_enabled": config.enabled,
        "warning_threshold_factor": config.warning_threshold_factor,
    }
