"""Orders, holdings and candles as a scenario writes them.

Their numbers are taken as they stand, whatever they are: a drill must be able to hand `live` a NaN, a text or
nothing at all. Only the keys are checked.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from live.candles import Candle
from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot

if TYPE_CHECKING:
    from collections.abc import Sequence


class Given(BaseModel):
    """A part of a scenario whose keys are checked and whose values are not."""

    model_config = ConfigDict(extra="forbid")

    def said(self) -> dict[str, Any]:
        """The keys that the scenario wrote, with their values untouched."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class OrderSpec(Given):
    """An order: the fields of `LiveOrderRequest`; an order without an id is numbered within its batch."""

    client_order_id: Any = None
    symbol: Any
    side: Any
    order_type: Any = None
    quantity: Any = None
    notional: Any = None
    time_in_force: Any = None
    strategy_key: Any = None
    run_name: Any = None
    signal_as_of: Any = None
    comment: Any = None
    extra: Any = None
    limit_price: Any = None
    short_sale: Any = None
    copies: int = Field(
        1, ge=0, le=10_000, strict=True, description="So many; {} in the symbol is their number"
    )
    current_price: Any = Field(None, description="Shorthand for extra: {current_price: …}")

    def build(self, number: int) -> LiveOrderRequest:
        """The request that `live` is given; `number` counts within the batch, from 1."""
        fields = {"client_order_id": f"order-{number}", **self.said()}
        if fields.pop("copies", 1) > 1 and isinstance(self.symbol, str):
            fields["symbol"] = self.symbol.replace("{}", str(number))
        if "current_price" in fields:
            price = fields.pop("current_price")
            fields["extra"] = {**(fields.get("extra") or {}), "current_price": price}
        return LiveOrderRequest(**fields)


class PositionSpec(Given):
    """A holding: the fields of `LivePositionSnapshot`."""

    symbol: Any
    side: Any = None
    size: Any = None
    entry_price: Any = None
    mark_price: Any = None
    notional: Any = None
    unrealized_pnl: Any = None
    realized_pnl: Any = None
    leverage: Any = None
    strategy_key: Any = None

    def build(self) -> LivePositionSnapshot:
        """The holding that `live` is given."""
        return LivePositionSnapshot(**self.said())


class PortfolioSpec(Given):
    """A snapshot: the fields of `LivePortfolioSnapshot`; without `as_of` it is one of this instant."""

    as_of: datetime | None = None
    positions: list[PositionSpec] = Field(default_factory=list)
    equity: Any = None
    cash: Any = None
    margin_used: Any = None

    def build(self, now: datetime) -> LivePortfolioSnapshot:
        """The snapshot that `live` is given."""
        positions = [position.build() for position in self.positions]
        return LivePortfolioSnapshot(**{"as_of": now, **self.said(), "positions": positions})


class CandleSpec(Given):
    """One candle; what is not given is the close, and its bar ends at the present virtual instant."""

    symbol: str
    ts: datetime | None = None
    timeframe_s: float = Field(
        60.0, gt=0, description="Length of the bar in seconds, where `ts` is not given"
    )
    open: Any = None
    high: Any = None
    low: Any = None
    close: Any
    volume: Any = float("nan")

    def build(self, ts: datetime) -> Candle:
        """The candle that opens at `ts` unless it says otherwise."""
        start, high, low = (
            self.close if value is None else value for value in (self.open, self.high, self.low)
        )
        return Candle(self.symbol, self.ts or ts, start, high, low, self.close, self.volume)


def orders_of(specs: Sequence[OrderSpec]) -> list[LiveOrderRequest]:
    """A batch as `live` is given it."""
    copies = [spec for spec in specs for _ in range(spec.copies)]
    return [spec.build(number) for number, spec in enumerate(copies, start=1)]
