"""How far an order can reach at most: upper bounds that cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.amounts import MORE

if TYPE_CHECKING:
    from datetime import datetime

    from live.risk_limits.batch import Order
    from live.risk_limits.book import Situation
    from live.risk_limits.ledger import Ledger


class Reach:
    """What a symbol and the account can come to at most when an order, and all before it, fill.

    Whatever an order does, it moves an exposure by no more than its notional; so nothing is netted here.

    Attributes:
        order: The order.
        exposure: Absolute value of its symbol, in the base currency.
        total: Absolute value of all symbols, in the base currency.
        open_positions: How many symbols are held.
        situation: What holds beside orders and holdings.
        now: The instant of the check, UTC.
    """

    __slots__ = ("_ledger", "_values", "exposure", "now", "open_positions", "order", "situation", "total")

    order: Order
    exposure: float

    def __init__(self, ledger: Ledger, situation: Situation, now: datetime) -> None:
        """Begin with what is held and rests."""
        self._ledger = ledger
        self._values: dict[str, float] = {}
        self.situation = situation
        self.now = now
        self.total = ledger.total[0] * MORE
        self.open_positions = ledger.open_positions

    def add(self, order: Order) -> None:
        """Let an order reach as far as it can."""
        symbol, more = order.symbol, order.notional * MORE
        before = self._values.get(symbol)
        if before is None:
            line = self._ledger.lines.get(symbol)
            before = 0.0 if line is None else line.exposure.value * MORE
        if before == 0:
            self.open_positions += 1
        self.order = order
        self.exposure = self._values[symbol] = before + more
        self.total += more
