"""An order as a strategy asks for it, before anything has judged it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def strategy_name(name: str | None) -> str:
    """How limits and breaker know a strategy: spellings in other cases are the same; empty for none."""
    return name.strip().casefold() if name else ""


@dataclass(frozen=True, slots=True)
class LiveOrderRequest:
    """A request to trade. Every value is untrusted: the risk limits read it and fail closed.

    Attributes:
        client_order_id: The caller's id, unique within a batch.
        symbol: The instrument, `BTC/EUR`.
        side: `BUY` or `SELL`, in any case.
        order_type: `MARKET`, `LIMIT`, …
        quantity: Size in base units, positive.
        notional: Size in the base currency, positive; never trusted below quantity times price.
        time_in_force: `GTC`, `IOC`, …
        strategy_key: The strategy that asks; spellings in other cases are the same strategy.
        run_name: The run of that strategy.
        signal_as_of: When the signal was computed; naive is taken as UTC.
        comment: Free text.
        extra: Anything else; `current_price` is read as the price, in the instrument's currency.
        limit_price: The worst price that the order may fill at, in the instrument's currency.
        short_sale: Whether the order is marked as a short sale; None when nobody says.
    """

    client_order_id: str
    symbol: str
    side: str
    order_type: str = "MARKET"
    quantity: float | None = None
    notional: float | None = None
    time_in_force: str = "GTC"
    strategy_key: str | None = None
    run_name: str | None = None
    signal_as_of: datetime | None = None
    comment: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    limit_price: float | None = None
    short_sale: bool | None = None
