"""What is held and what rests, by symbol: the worst case of each, whichever orders fill."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from live.amounts import MORE, total
from live.risk_limits.account import Holding
from live.risk_limits.fills import SAME, after_fill
from live.risk_limits.journal import NOTHING_ASKED, Asked
from live.risk_limits.soundness import is_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from live.risk_limits.batch import Order
    from live.risk_limits.journal import Change, Journal

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
        bought: Value of the purchases, unless they can do nothing but reduce a short holding.
    """

    symbol: str
    before: float
    value: float
    only_reduces: bool
    lowest: float
    highest: float
    lowest_before: float
    highest_before: float
    bought: float = 0.0


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


class Sum(NamedTuple):
    """A sum in two parts, exact to twice the digits of a float however often it changes.

    Attributes:
        high: The sum, rounded.
        low: What the rounding left out.
    """

    high: float = 0.0
    low: float = 0.0

    def plus(self, *values: float) -> Sum:
        """The sum with further values."""
        high = total((*self, *values))
        return Sum(high, total((*self, *values, -high)))

    def changed(self, before: float, now: float) -> Sum:
        """The sum in which one value stands for another."""
        return self if before == now else self.plus(-before, now)


NOTHING = Sum()


class Sums(NamedTuple):
    """What bounds the account as a whole, over all symbols, in the base currency.

    Attributes:
        reach: Absolute value, at most.
        long: Value of what is held long.
        short: Value of what is held short, a positive number.
        buys: Value of the purchases at rest.
        sells: Value of the sales at rest.
    """

    reach: Sum = NOTHING
    long: Sum = NOTHING
    short: Sum = NOTHING
    buys: Sum = NOTHING
    sells: Sum = NOTHING


def _parts(line: Line) -> tuple[float, float, float, float, float]:
    """What a line adds to each of the sums."""
    net, buys, sells = line.held.net, line.buys.notional, line.sells.notional
    return line.held.gross + max(buys, sells), max(0.0, net), max(0.0, -net), buys, sells


class Ledger:
    """Every symbol that is held or rests, worked out once for all checks until something changes.

    Attributes:
        lines: By symbol.
        total: Worst-case value of all of them in the base currency.
        sums: What bounds the account as a whole.
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
        lines = self.lines.values()
        self.total = NOTHING.plus(*(line.exposure.value for line in lines))
        self.sums = Sums(*(NOTHING.plus(*parts) for parts in zip(*map(_parts, lines), strict=True)))
        self.open_positions = sum(line.exposure.value != 0 for line in lines)
        self._reach: dict[str, tuple[float, bool]] = {}

    def reach(self, symbol: str) -> tuple[float, bool]:
        """What a symbol comes to at most, on the safe side, and whether an order would open it.

        Orders at rest count although they may reduce: one more order, and together they may not. NaN when it
        is no sound name, or another symbol here has it in other cases.
        """
        known = self._reach.get(symbol)
        if known is None:
            line = self.lines.get(symbol) or _EMPTY
            value = _parts(line)[0] * MORE if self._is_plain(symbol) else math.nan
            known = self._reach[symbol] = value, line.exposure.value == 0
        return known

    def _is_plain(self, symbol: str) -> bool:
        spelling = symbol.casefold()
        return is_name(symbol) and all(name == symbol or name.casefold() != spelling for name in self.lines)

    @property
    def holdings(self) -> dict[str, Holding]:
        """What is held, by symbol; of one in which something only rests, nothing."""
        return {symbol: line.held for symbol, line in self.lines.items()}

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
        twin.sums = self.sums
        twin.open_positions = self.open_positions
        twin._reach = {}  # noqa: SLF001 - the twin is one of us, and will hold more
        return twin

    def after(self, changes: Iterable[Change], journal: Journal) -> Ledger:
        """A ledger of its own in which changes have happened; earlier ones cost nothing any more."""
        twin, changes = self.fork(), list(changes)
        twin._change(changes, journal, None)  # noqa: SLF001 - the twin is one of us
        for name, own in twin.strategies.items():
            its_own = [change for change in changes if change.strategy == name]
            own._change(its_own, journal, name)  # noqa: SLF001 - as above
        return twin

    def _change(self, changes: Iterable[Change], journal: Journal, strategy: str | None) -> None:
        held: dict[str, Holding] = {}
        for change in changes:
            known = held.get(change.symbol) or self.holding(change.symbol)
            held[change.symbol] = known if change.fill is None else after_fill(known, change.fill)
        for symbol, holding in held.items():
            self._put(symbol, self.lines.get(symbol) or _EMPTY, _line(symbol, holding, journal, strategy))

    def reserve(self, order: Order) -> None:
        """Let an order rest from now on."""
        self.admitted.append(order)
        if order.strategy in self.strategies:
            self.strategies[order.strategy].reserve(order)
        line = self.lines.get(order.symbol) or _EMPTY
        buys, sells = _both_sides((order,))
        buying, selling = _plus(line.buys, buys), _plus(line.sells, sells)
        settled = _settled(_exposure(order.symbol, line, buying, selling))
        self._put(order.symbol, line, Line(line.held, buying, selling, settled))

    def _put(self, symbol: str, old: Line, new: Line) -> None:
        """Let a line stand for another one, or for none."""
        if symbol in self.lines:
            self._reach.pop(symbol, None)
        else:
            self._reach.clear()  # another spelling of it may stand here
        self.lines[symbol] = new
        self.total = self.total.changed(old.exposure.value, new.exposure.value)
        changes = zip(self.sums, _parts(old), _parts(new), strict=True)
        self.sums = Sums(*(known.changed(before, now) for known, before, now in changes))
        self.open_positions += (new.exposure.value != 0) - (old.exposure.value != 0)

    def opening(self, symbol: str, orders: Iterable[Order]) -> tuple[Line, list[Order]] | None:
        """What is left when orders have closed the holding that they turn round; None when they turn none.

        Returns:
            The line without the holding, and of the orders on that side the part that goes beyond it.
        """
        line = self.lines.get(symbol) or _EMPTY
        side = [order for order in orders if order.buys is (line.held.net < 0)]
        held = line.held if line.held.net > 0 else _turned(line.held)
        resting, other = (line.sells, line.buys) if line.held.net > 0 else (line.buys, line.sells)
        asked = _plus(resting, side)
        if not (held.net > 0 and side) or _reduces(held, asked):
            return None
        before, after = (_beyond(held, one) for one in (resting, asked))
        share = _share(after.quantity - before.quantity, total(order.quantity for order in side))
        worth = _share(after.notional - before.notional, total(order.notional for order in side))
        left = [one._replace(quantity=one.quantity * share, notional=one.notional * worth) for one in side]
        flat = Holding(0.0, 0.0, max(0.0, held.gross - held.net), held.price)
        buys, sells = (other, before) if line.held.net > 0 else (before, other)
        without = Line(flat, NOTHING_ASKED, NOTHING_ASKED, _no_exposure(symbol))
        return Line(flat, buys, sells, _settled(_exposure(symbol, without, buys, sells))), left

    def put(self, symbol: str, line: Line) -> None:
        """Let a line stand for the one of a symbol."""
        self._put(symbol, self.lines.get(symbol) or _EMPTY, line)

    def units(self, symbol: str, orders: Iterable[Order]) -> float:
        """Units held of a symbol at most, long or short, with what rests and these orders filled."""
        line = self.lines.get(symbol) or _EMPTY
        buys, sells = _both_sides(orders)
        most = line.held.size + _plus(line.buys, buys).quantity
        least = line.held.size - _plus(line.sells, sells).quantity
        return max(abs(most), abs(least), key=or_infinite)

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
    short = _turned(held)
    buys_reduce, sells_reduce = _reduces(short, buys), _reduces(held, sells)
    highest = net if buys_reduce else buys.notional - _covered(short, buys)
    lowest = net if sells_reduce else _covered(held, sells) - sells.notional
    worst = max(abs(highest), abs(lowest), key=or_infinite)
    return Exposure(
        symbol=symbol,
        before=line.exposure.value,
        value=total((held.gross, -abs(net), worst)),  # rounded once
        only_reduces=buys_reduce and sells_reduce,
        lowest=lowest,
        highest=highest,
        lowest_before=line.exposure.lowest,
        highest_before=line.exposure.highest,
        bought=0.0 if buys_reduce else buys.notional,
    )


def _only_reduces(line: Line, buys: list[Order], sells: list[Order]) -> bool:
    """Whether the orders can only reduce; what rests on the other side is none of theirs."""
    held = line.held
    bought = not buys or _reduces(_turned(held), _plus(line.buys, buys))
    return bought and (not sells or _reduces(held, _plus(line.sells, sells)))


def _reduces(held: Holding, sells: Asked) -> bool:
    """Whether sells can only reduce a holding: by quantity where that is known, else by value.

    Quantities come first, because the price of the order and the mark of the holding may differ.
    """
    if sells == NOTHING_ASKED:
        return True
    if math.isnan(sells.quantity) or math.isnan(held.size):
        return sells.notional <= held.net
    return sells.quantity <= held.size * (1 + SAME)


def _turned(held: Holding) -> Holding:
    """The holding as seen from the other side: a short one is long."""
    return Holding(-held.size, -held.net, held.gross, held.price)


def _beyond(held: Holding, sells: Asked) -> Asked:
    """What of sells goes beyond a holding."""
    if sells == NOTHING_ASKED or _reduces(held, sells):
        return NOTHING_ASKED
    quantity = sells.quantity - held.size
    return Asked(quantity, max(0.0, sells.notional - _covered(held, sells)))


def _share(part: float, whole: float) -> float:
    """Which part of a whole; all of it where that is not known."""
    share = part / whole if whole > 0 else math.nan
    return share if 0 <= share <= 1 else 1.0


def _covered(held: Holding, sells: Asked) -> float:
    """What a holding takes off sells beyond it: no more than its units are worth at their price."""
    if not held.size > 0:
        return held.net
    worth = sells.notional * (held.size / sells.quantity)
    return worth if worth < held.net * (1 - SAME) else held.net


def or_infinite(value: float) -> float:
    """The value as a key for the largest of several: what is not known is larger than all."""
    return math.inf if math.isnan(value) else value
