"""What is held and what is asked for, together: the worst case of every symbol, whichever orders fill."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from live.amounts import total
from live.risk_limits.account import Holding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from live.risk_limits.batch import Order
    from live.risk_limits.daily_pnl import DayPnl

_FLAT = Holding()
_SAME = 1e-9  # relative: a quantity that closes a holding may have been rounded on its way here


class Asked(NamedTuple):
    """All orders of one side of one symbol together.

    Attributes:
        quantity: In base units; NaN when that of one order is unknown, zero without orders.
        notional: In the base currency.
    """

    quantity: float = 0.0
    notional: float = 0.0


class Exposure(NamedTuple):
    """The value of one symbol in the base currency.

    Attributes:
        symbol: The instrument.
        before: Absolute value of what is held.
        value: The same in the worst case: only the buys fill, or only the sells.
        only_reduces: Whether no order can do anything but reduce what is held.
    """

    symbol: str
    before: float
    value: float
    only_reduces: bool


class Book:
    """The signed book that rules measure.

    Attributes:
        orders: The orders under check; none in a portfolio check.
        holdings: What is held, by symbol.
        exposures: Every symbol that is held or asked for.
        judged: The exposures under judgement: those that the orders touch, or all when there are no orders.
        pnl: The day's result.
        equity_before_pnl: What a percentage of the day's result refers to, in the base currency; None when
            it is not known.
    """

    def __init__(
        self,
        holdings: Mapping[str, Holding],
        orders: tuple[Order, ...],
        pnl: DayPnl,
        equity_before_pnl: float | None = None,
    ) -> None:
        """Put orders on top of what is held."""
        self.orders = orders
        self.holdings = holdings
        self.pnl = pnl
        self.equity_before_pnl = equity_before_pnl
        asked = _by_symbol(orders)
        self.exposures = [
            _exposure(symbol, holdings.get(symbol, _FLAT), *_both_sides(asked.get(symbol, ())))
            for symbol in dict.fromkeys((*holdings, *asked))
        ]
        self.judged = [one for one in self.exposures if one.symbol in asked or not orders]

    @property
    def total_exposure(self) -> float:
        """Worst-case value of all symbols in the base currency."""
        return total(exposure.value for exposure in self.exposures)

    @property
    def total_exposure_before(self) -> float:
        """Value of all that is held in the base currency."""
        return total(exposure.before for exposure in self.exposures)

    @property
    def open_positions(self) -> int:
        """How many symbols are held in the worst case."""
        return sum(exposure.value != 0 for exposure in self.exposures)

    @property
    def open_positions_before(self) -> int:
        """How many symbols are held."""
        return sum(exposure.before != 0 for exposure in self.exposures)

    @property
    def only_reduces(self) -> bool:
        """Whether the orders can do nothing but reduce what is held."""
        return bool(self.orders) and all(exposure.only_reduces for exposure in self.judged)

    def closes(self, order: Order) -> bool:
        """Whether an order closes exactly what is held of its symbol."""
        size = self.holdings.get(order.symbol, _FLAT).size
        opposite = size < 0 if order.buys else size > 0
        return opposite and math.isclose(order.quantity, abs(size), rel_tol=_SAME)


def _by_symbol(orders: Iterable[Order]) -> dict[str, list[Order]]:
    asked: dict[str, list[Order]] = {}
    for order in orders:
        asked.setdefault(order.symbol, []).append(order)
    return asked


def _both_sides(orders: Iterable[Order]) -> tuple[Asked, Asked]:
    return _asked(order for order in orders if order.buys), _asked(
        order for order in orders if not order.buys
    )


def _asked(orders: Iterable[Order]) -> Asked:
    side = list(orders)
    return Asked(total(order.quantity for order in side), total(order.notional for order in side))


def _exposure(symbol: str, held: Holding, buys: Asked, sells: Asked) -> Exposure:
    short = Holding(-held.size, -held.net, held.gross)
    bought = abs(held.net) if _reduces(short, buys) else abs(held.net + buys.notional)
    sold = abs(held.net) if _reduces(held, sells) else abs(held.net - sells.notional)
    worst = total((held.gross, -abs(held.net), max(bought, sold, key=_or_infinite)))  # rounded once
    return Exposure(symbol, held.gross, worst, _reduces(short, buys) and _reduces(held, sells))


def _reduces(held: Holding, sells: Asked) -> bool:
    """Whether sells can only reduce a holding: by quantity where that is known, else by value.

    Quantities come first, because the price of the order and the mark of the holding may differ.
    """
    if sells.notional == 0:
        return True
    if math.isnan(sells.quantity) or math.isnan(held.size):
        return sells.notional <= held.net
    return sells.quantity <= held.size * (1 + _SAME)


def _or_infinite(value: float) -> float:
    return math.inf if math.isnan(value) else value
