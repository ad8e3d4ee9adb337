"""What the account holds at one instant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LivePositionSnapshot:
    """One holding. Every value is untrusted: the risk limits read it and fail closed.

    Attributes:
        symbol: The instrument, `BTC/EUR`.
        side: `long` or `short`, in any case; None lets the sign of `size` decide.
        size: Quantity in base units; a negative one is short.
        entry_price: Average price paid, in the base currency.
        mark_price: Present price, in the base currency.
        notional: Absolute value in the base currency; size times mark price when not given.
        unrealized_pnl: Open result in the base currency; derived from entry and mark when not given.
        realized_pnl: Closed result of the day in the base currency.
        leverage: Leverage of the holding, a ratio.
    """

    symbol: str
    side: str | None = None
    size: float = 0.0
    entry_price: float | None = None
    mark_price: float | None = None
    notional: float | None = None
    unrealized_pnl: float | None = None
    realized_pnl: float | None = None
    leverage: float | None = None
