"""What is held and what rests, by symbol: the worst case of each, whichever orders fill."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from live.amounts import MORE, total
from live.risk_limits.account import Holding
from live.risk_limits.journal import NOTHING_ASKED, Asked
from live.risk_limits.reach import reach_of_symbol
from live.risk_limits.soundness import is_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from live.risk_limits.batch import Order
    from live.risk_limits.journal import Journal

SAME = 1e-9
"""Relative: a quantity that closes a holding may have been rounded on its way here."""

_FLAT = Holding()


class Exposure(NamedTuple):
    """The value of one symbol in the base currency.

    Attributes:
        symbol: The instrument.
        before: Absolute value of what is held and rests, in the worst case.
        value: The same with the orders under check: only the buys fill, or only the sells.
        only_reduces: Whether no order under check can do anything but reduce what is held.
        lowest: Signed value when only sells fill that make it lower.
        highest: Signed value when only buys fill that make it higher.
        lowest_before: `lowest` without the orders under check.
        highest_before: `highest` without the orders under check.
    """

    symbol: str
    before: float
    value: float
    only_reduces: bool
    lowest: float
    highest: float
    lowest_before: float
    highest_before: float


class Line(NamedTuple):
    """One symbol of a ledger.

    Attributes:
        held: What is held.
        buys: What resting buys have reserved.
        sells: What resting sells have reserved.
        exposure: What both come to, without any order under check.
    """

    held: Holding
    buys: Asked
    sells: Asked
    exposure: Exposure


class Ledger:
    """Every symbol that is held or rests, worked out once for all checks until something changes.

    Attributes:
        lines: By symbol.
        total: Worst-case value of all of them in the base currency, in two parts whose sum is exact to
            twice the digits of a float.
        open_positions: How many of them are worth anything.
        strategies: Ledgers of the strategies that have limits of their own, by name.
        admitted: Orders of the batch under check that came before and are admitted.
    """

    def __init__(
        self,
        holdings: Mapping[str, Holding],
        journal: Journal | None = None,
        *,
        strategy: str | None = None,
        strategies: Mapping[str, Ledger] = MappingProxyType({}),
    ) -> None:
        """Put what rests beside what is held.

        Args:
            holdings: What is held, fills since the snapshot included.
            journal: What rests; nothing when it is None.
            strategy: Whose resting orders count; everybody's when it is None.
            strategies: Ledgers of strategies that have limits of their own.
        """
        self.strategies = dict(strategies)
        self.admitted: list[Order] = []
        resting = () if journal is None else journal.symbols(strategy)
        self.lines = {
            symbol: _line(symbol, holdings.get(symbol, _FLAT), journal, strategy)
            for symbol in dict.fromkeys((*holdings, *resting))
        }
        values = [line.exposure.value for line in self.lines.values()]
        high = total(values)
        self.total = (high, total((*values, -high)))
        self.open_positions = sum(value != 0 for value in values)
        self._reach: dict[str, tuple[float, bool]] = {}

    def reach(self, symbol: str) -> tuple[float, bool]:
        """What a symbol comes to at most, on the safe side, and whether an order would open it.

        NaN when it is no sound name, or another symbol here has it in other cases.
        """
        known = self._reach.get(symbol)
        if known is None:
            line = self.lines.get(symbol) or _EMPTY
            value = reach_of_symbol(line) * MORE if self._is_plain(symbol) else math.nan
            known = self._reach[symbol] = value, line.exposure.value == 0
        return known

    def _is_plain(self, symbol: str) -> bool:
        spelling = symbol.casefold()
        return is_name(symbol) and all(name == symbol or name.casefold() != spelling for name in self.lines)

    def value_of(self, symbol: str) -> float:
        """Worst-case value of what is held and rests of a symbol, in the base currency."""
        line = self.lines.get(symbol)
        return 0.0 if line is None else line.exposure.value

    def holding(self, symbol: str) -> Holding:
        """What is held of a symbol, without what rests."""
        line = self.lines.get(symbol)
        return _FLAT if line is None else line.held

    def fork(self) -> Ledger:
        """A ledger of its own that begins with the same."""
        twin = Ledger.__new__(Ledger)
        twin.strategies = {name: ledger.fork() for name, ledger in self.strategies.items()}
        twin.lines = dict(self.lines)
        twin.admitted = list(self.admitted)
        twin.total = self.total
        twin.open_positions = self.open_positions
        twin._reach = {}  # noqa: SLF001 - the twin is one of us, and will hold more
        return twin

    def reserve(self, order: Order) -> None:
        """Let an order rest from now on."""
        self.admitted.append(order)
        if order.strategy in self.strategies:
            self.strategies[order.strategy].reserve(order)
        line = self.lines.get(order.symbol) or _EMPTY
        buys, sells = _both_sides((order,))
        buying, selling = _plus(line.buys, buys), _plus(line.sells, sells)
        self._reach.pop(order.symbol, None)
        settled = _settled(_exposure(order.symbol, line, buying, selling))
        self.lines[order.symbol] = Line(line.held, buying, selling, settled)
        values = (*self.total, -line.exposure.value, settled.value)
        high = total(values)
        self.total = (high, total((*values, -high)))
        self.open_positions += (settled.value != 0) - (line.exposure.value != 0)

    def net_of(self, symbol: str) -> float:
        """Signed value of what is held of a symbol, in the base currency."""
        return self.holding(symbol).net

    def units(self, symbol: str, orders: Iterable[Order]) -> float:
        """Units held of a symbol at most, long or short, with what rests and these orders filled."""
        line = self.lines.get(symbol) or _EMPTY
        buys, sells = _both_sides(orders)
        most = line.held.size + _plus(line.buys, buys).quantity
        least = line.held.size - _plus(line.sells, sells).quantity
        return max(abs(most), abs(least), key=_or_infinite)

    def with_orders(self, symbol: str, orders: Iterable[Order]) -> Exposure:
        """What a symbol comes to with orders on top."""
        line = self.lines.get(symbol) or _EMPTY
        buys, sells = _both_sides(orders)
        exposure = _exposure(symbol, line, _plus(line.buys, buys), _plus(line.sells, sells))
        reduces = _only_reduces(line, buys, sells)
        return exposure if exposure.only_reduces == reduces else exposure._replace(only_reduces=reduces)


def _both_sides(orders: Iterable[Order]) -> tuple[list[Order], list[Order]]:
    buys: list[Order] = []
    sells: list[Order] = []
    for order in orders:
        (buys if order.buys else sells).append(order)
    return buys, sells


def _plus(resting: Asked, orders: list[Order]) -> Asked:
    if not orders:
        return resting
    return Asked(
        total((resting.quantity, *(order.quantity for order in orders))),
        total((resting.notional, *(order.notional for order in orders))),
    )


def _line(symbol: str, held: Holding, journal: Journal | None, strategy: str | None) -> Line:
    buys, sells = (
        NOTHING_ASKED if journal is None else journal.reserved(symbol, buys=side, strategy=strategy)
        for side in (True, False)
    )
    if buys.notional == 0 == sells.notional:
        net, gross = held.net, held.gross
        settled = Exposure(symbol, gross, gross, True, net, net, net, net)  # noqa: FBT003 - the fields in their order
        return Line(held, buys, sells, settled)
    without = Line(held, NOTHING_ASKED, NOTHING_ASKED, _no_exposure(symbol))
    return Line(held, buys, sells, _settled(_exposure(symbol, without, buys, sells)))


def _settled(exposure: Exposure) -> Exposure:
    """The exposure when all that is in it counts as there before."""
    return exposure._replace(
        before=exposure.value, lowest_before=exposure.lowest, highest_before=exposure.highest
    )


def _no_exposure(symbol: str) -> Exposure:
    return Exposure(symbol, 0.0, 0.0, True, 0.0, 0.0, 0.0, 0.0)  # noqa: FBT003 - the fields in their order


_EMPTY = Line(_FLAT, NOTHING_ASKED, NOTHING_ASKED, _no_exposure(""))


def _exposure(symbol: str, line: Line, buys: Asked, sells: Asked) -> Exposure:
    held, net = line.held, line.held.net
    short = Holding(-held.size, -net, held.gross)
    buys_reduce, sells_reduce = _reduces(short, buys), _reduces(held, sells)
    highest = net if buys_reduce else net + buys.notional
    lowest = net if sells_reduce else net - sells.notional
    worst = max(abs(highest), abs(lowest), key=_or_infinite)
    return Exposure(
        symbol=symbol,
        before=line.exposure.value,
        value=total((held.gross, -abs(net), worst)),  # rounded once
        only_reduces=buys_reduce and sells_reduce,
        lowest=lowest,
        highest=highest,
        lowest_before=line.exposure.lowest,
        highest_before=line.exposure.highest,
    )


def _only_reduces(line: Line, buys: list[Order], sells: list[Order]) -> bool:
    """Whether the orders can only reduce; what rests on the other side is none of theirs."""
    held = line.held
    short = Holding(-held.size, -held.net, held.gross)
    bought = not buys or _reduces(short, _plus(line.buys, buys))
    return bought and (not sells or _reduces(held, _plus(line.sells, sells)))


def _reduces(held: Holding, sells: Asked) -> bool:
    """Whether sells can only reduce a holding: by quantity where that is known, else by value.

    Quantities come first, because the price of the order and the mark of the holding may differ.
    """
    if sells.notional == 0:
        return True
    if math.isnan(sells.quantity) or math.isnan(held.size):
        return sells.notional <= held.net
    return sells.quantity <= held.size * (1 + SAME)


def _or_infinite(value: float) -> float:
    return math.inf if math.isnan(value) else value
