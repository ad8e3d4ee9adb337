"""What the account holds at one instant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.amounts import NAN, finite, total

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

DIRECTIONS = {"LONG": 1, "BUY": 1, "SHORT": -1, "SELL": -1, "FLAT": 0}


@dataclass(frozen=True, slots=True)
class LivePositionSnapshot:
    """One holding. Every value is untrusted: the risk limits read it and fail closed.

    Attributes:
        symbol: The instrument, `BTC/EUR`.
        side: `long`, `short` or `flat`, in any case; None lets the sign of `size` decide.
        size: Quantity in base units; a negative one is short. Of a `short` holding it may have either sign.
            Where it is not given, and no `notional` either, only a `flat` holding is known.
        entry_price: Average price paid, in the base currency.
        mark_price: Present price, in the base currency.
        notional: Absolute value in the base currency; never trusted below size times mark price.
        unrealized_pnl: Open result in the base currency; derived from entry and mark when not given.
        realized_pnl: Closed result of the day in the base currency.
        leverage: Leverage of the holding, a ratio.
        strategy_key: The strategy that holds it; a holding of nobody counts for the account alone.
    """

    symbol: str
    side: str | None = None
    size: float | None = None
    entry_price: float | None = None
    mark_price: float | None = None
    notional: float | None = None
    unrealized_pnl: float | None = None
    realized_pnl: float | None = None
    leverage: float | None = None
    strategy_key: str | None = None

    @property
    def direction(self) -> int | None:
        """1 when long, -1 when short, 0 when flat, None when that cannot be known."""
        if self.side is not None:
            return _direction_named(self.side)
        size = _given(self.size)
        return None if math.isnan(size) else (size > 0) - (size < 0)

    @property
    def signed_size(self) -> float:
        """Quantity in base units, negative when short; NaN when only a notional is given."""
        size = _given(self.size)
        direction = self.direction
        if direction is None or (size == 0 and self.exposure != 0):
            return NAN
        return direction * abs(size)

    @property
    def exposure(self) -> float:
        """Absolute value in the base currency: the larger of what is declared and size times mark.

        NaN when neither is known, or when one of them is no number.
        """
        known = [] if self.notional is None else [finite(self.notional)]
        size = abs(_given(self.size))
        if size != 0 and self.mark_price is not None:
            known.append(size * finite(self.mark_price))
        if not known:
            return 0.0 if size == 0 else NAN
        return NAN if any(map(math.isnan, known)) else max(known)

    @property
    def open_result(self) -> float | None:
        """Open result in base currency: as given, else from entry and mark; None when neither says."""
        if self.unrealized_pnl is not None:
            return finite(self.unrealized_pnl)
        if self.entry_price is None or self.mark_price is None:
            return None
        return finite(self.signed_size * (finite(self.mark_price) - finite(self.entry_price)))


@dataclass(frozen=True, slots=True)
class LivePortfolioSnapshot:
    """What an account holds, and its cash. Totals are NaN when a part of them cannot be known.

    Attributes:
        as_of: When the snapshot was taken; naive is taken as UTC.
        positions: The holdings; several of one symbol add up.
        equity: Worth of the account in the base currency, open results included.
        cash: Free cash in the base currency.
        margin_used: Margin that holdings tie up, in the base currency.
    """

    as_of: datetime
    positions: Sequence[LivePositionSnapshot] = ()
    equity: float | None = None
    cash: float | None = None
    margin_used: float | None = None

    @property
    def symbol_notional(self) -> dict[str, float]:
        """Absolute value per symbol in the base currency, long and short added."""
        exposures: dict[str, list[float]] = {}
        for position in self.positions:
            exposures.setdefault(position.symbol, []).append(position.exposure)
        return {symbol: total(values) for symbol, values in exposures.items()}

    @property
    def total_notional(self) -> float:
        """Absolute value of all holdings in the base currency."""
        return total(position.exposure for position in self.positions)

    @property
    def num_open_positions(self) -> int:
        """How many symbols are held; one whose value is unknown counts."""
        return sum(value != 0 for value in self.symbol_notional.values())

    @property
    def total_realized_pnl(self) -> float:
        """Closed result of the day in the base currency; a holding that does not say counts as none."""
        return total(_given(position.realized_pnl) for position in self.positions)

    @property
    def total_unrealized_pnl(self) -> float:
        """Open result in the base currency; a holding that does not say counts as none."""
        return total(position.open_result or 0.0 for position in self.positions)


def _given(value: object) -> float:
    return 0.0 if value is None else finite(value)


def _direction_named(side: object) -> int | None:
    return DIRECTIONS.get(side.upper()) if isinstance(side, str) else None
