"""What became of orders: those that rest, what they have reserved, what has filled since."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from live.amounts import NAN, finite
from live.risk_limits.account import Holding
from live.risk_limits.fills import Fill, Fills, after_fill
from live.risk_limits.passed import Passed
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from live.risk_limits.batch import Order
    from live.risk_limits.fills import Execution

_MOST_EARLY = 10_000
_MOST_CHANGES = 1_000


class Asked(NamedTuple):
    """All orders of one side of one symbol together.

    Attributes:
        quantity: In base units; NaN when that of one order is unknown, zero without orders.
        notional: In the base currency.
    """

    quantity: float = 0.0
    notional: float = 0.0


NOTHING_ASKED = Asked()


class WorkingOrder(NamedTuple):
    """An order that rests in the market.

    Attributes:
        order: What is left of it.
        since: When it was accepted, UTC.
        cancel_requested: When its cancellation was asked for; None when it was not.
    """

    order: Order
    since: datetime
    cancel_requested: datetime | None = None


class Change(NamedTuple):
    """Something that changed what is held or rests of a symbol.

    Attributes:
        symbol: The instrument.
        strategy: Whose order it was; empty when nobody said.
        fill: What was executed; None when only what rests has changed.
    """

    symbol: str
    strategy: str
    fill: Fill | None = None


class Journal:
    """Takes note of what becomes of orders. The cost of a question does not grow with what rests.

    What cannot be understood, such as the fill of an order that nobody knows, leaves the account unknown
    until a snapshot is taken after it.

    Attributes:
        version: Grows with everything that changes what is reserved or filled.
        working: Orders that rest, by id, in the order of their acceptance.
        fills: Executions, and which of them no snapshot has covered yet.
        passed: How many orders, messages and executions there were lately.
        losses_in_a_row: Closed results since the last gain that lost.
    """

    def __init__(self) -> None:
        self.version = 0
        self.working: dict[str, WorkingOrder] = {}
        self.fills = Fills()
        self._changes: list[Change] | None = None
        self._reserved: dict[tuple[str | None, str, bool], _Reserved] = {}
        self._unanswered: dict[str, datetime] = {}
        self._early: dict[str, datetime] = {}  # cancellations that overtook the order's acceptance
        self._spoilt: tuple[datetime, str] | None = None
        self.passed = Passed()
        self.losses_in_a_row = 0

    def accepted(self, order: Order, at: datetime) -> None:
        """An order rests from now on; accepted again under its id, it replaces what was there."""
        name = order.client_order_id
        known = self.working.get(name)
        asked_at = self._early.pop(name, None) if known is None else known.cancel_requested
        self._drop(name)
        self.working[name] = WorkingOrder(order, at, asked_at)
        if asked_at is not None:
            self._unanswered[name] = asked_at
        self._change(order, 1)
        self.version += 1

    def filled(self, client_order_id: str, said: Execution, scale: float, now: datetime) -> None:
        """A part of an order was executed; told again under the same id of the execution, it changes nothing.

        Args:
            client_order_id: The order.
            said: What was executed.
            scale: Base currency per unit of quantity and unit of price.
            now: The present instant, UTC.
        """
        if self.fills.is_known(client_order_id, said):
            return
        working, size = self.working.get(client_order_id), finite(said.quantity)
        complaint = self.fills.complaint(client_order_id, said, None if working is None else working.order)
        if complaint:
            self.spoil(complaint, now)
        if working is None or not size > 0:
            return
        order = working.order
        paid = NAN if said.price is None else finite(said.price)
        value = abs(size * paid * scale)
        if math.isnan(value):
            value = order.notional * (size / order.quantity)
        self._leave(working, size, value)
        if math.isnan(value):
            what = f"price={shown(said.price)}"
            self.spoil(f"fill_unknown(client_order_id={shown(client_order_id)}, {what})", now)
        else:
            sign, at = (1 if order.buys else -1), said.at or now
            fill = Fill(client_order_id, order.symbol, order.strategy, sign * size, sign * value, paid, at)
            self._take(fill)
        self.version += 1

    def _leave(self, working: WorkingOrder, size: float, value: float) -> None:
        """Let an order rest with what a fill leaves of it."""
        name = working.order.client_order_id
        self._drop(name)
        left = _rest_of(working.order, size, value)
        if left is not None:
            self.working[name] = working._replace(order=left)
            self._change(left, 1)
            if working.cancel_requested is not None:
                self._unanswered[name] = working.cancel_requested

    def _take(self, fill: Fill) -> None:
        self.passed.executed(fill)
        if not self.fills.take(fill):
            return
        self._changed(Change(fill.symbol, fill.strategy, fill))
        if self.fills.uncovered[-1] is not fill:
            self._changes = None  # it came late: what is held is worked out anew, in the order of the fills

    def cancel_requested(self, client_order_id: str, at: datetime) -> None:
        """The cancellation of a resting order was asked for; it keeps its reservation until it is gone."""
        working = self.working.get(client_order_id)
        if working is None:
            self._early.setdefault(client_order_id, at)
            while len(self._early) > _MOST_EARLY:
                del self._early[next(iter(self._early))]
        elif working.cancel_requested is None:
            self.working[client_order_id] = working._replace(cancel_requested=at)
            self._unanswered[client_order_id] = at
            self.version += 1
        self.passed.message(at)

    def ended(self, client_order_id: str) -> None:
        """An order rests no longer: cancelled, rejected or expired. One that nobody knows changes nothing."""
        self._early.pop(client_order_id, None)
        self._drop(client_order_id)
        self.version += 1

    def revalued(self, concerns: Callable[[str], bool], factor: float) -> None:
        """Instruments are worth more or less in the base currency than when their orders came in."""
        for name, working in [*self.working.items()]:
            order = working.order
            if concerns(order.symbol):
                self._change(order, -1)
                changed = order._replace(notional=order.notional * factor)
                self.working[name] = working._replace(order=changed)
                self._change(changed, 1)
        self.fills.revalued(concerns, factor)
        self._changes = None
        self.version += 1

    def closed(self, result: float) -> None:
        """A trade was closed with a result in the base currency; NaN changes nothing here."""
        if result < 0:
            self.losses_in_a_row += 1
        elif result > 0:
            self.losses_in_a_row = 0

    def spoil(self, why: str, at: datetime) -> None:
        """Something happened that cannot be understood: what is held is unknown until the next snapshot."""
        self._spoilt = (at, why)
        self.version += 1

    def covered_until(self, as_of: datetime | None, now: datetime) -> None:
        """A snapshot speaks for all that happened up to then."""
        if as_of is None:
            return
        if self._spoilt is not None and self._spoilt[0] < as_of:
            self.fills.forget_until(self._spoilt[0])
            self._spoilt = None
            self.version += 1
        if self.fills.cover(as_of, now):
            self._changes = None
            self.version += 1

    def take_changes(self) -> list[Change] | None:
        """What has changed since the last call; None when it is too much, or a snapshot covers a part."""
        taken, self._changes = self._changes, []
        return taken

    @property
    def unknown(self) -> str:
        """What happened that could not be understood; empty when nothing did."""
        return "" if self._spoilt is None else self._spoilt[1]

    def misplaced(self, as_of: datetime | None, *, ahead: bool) -> str:
        """Why a snapshot cannot be put beside the executions; empty when it can.

        Args:
            as_of: When it was taken.
            ahead: Whether that is later than now, so that nobody can have taken it.
        """
        return "" if as_of is None else self.fills.misplaced(as_of, ahead=ahead)

    def resting(self, symbol: str) -> int:
        """How many orders rest in a symbol."""
        sides = (self._reserved.get((None, symbol, buys)) for buys in (True, False))
        return sum(side.count for side in sides if side is not None)

    def resting_orders(self, symbol: str) -> list[Order]:
        """What is left of the orders that rest in a symbol."""
        if not self.resting(symbol):
            return []
        return [working.order for working in self.working.values() if working.order.symbol == symbol]

    @property
    def unanswered(self) -> dict[str, datetime]:
        """Orders that rest although their cancellation was asked for, and when it was."""
        return dict(self._unanswered)

    def reserved(self, symbol: str, *, buys: bool, strategy: str | None = None) -> Asked:
        """What resting orders of one side of a symbol have reserved: all, or those of a strategy."""
        found = self._reserved.get((strategy, symbol, buys))
        return NOTHING_ASKED if found is None else found.asked

    def symbols(self, strategy: str | None = None) -> Iterable[str]:
        """Symbols in which anything rests or has filled, in the order in which they came."""
        resting = [
            symbol
            for (whose, symbol, _), reserved in self._reserved.items()
            if reserved.count and whose == strategy
        ]
        return dict.fromkeys((*resting, *(fill.symbol for fill in self.fills.of(strategy))))

    def holdings(self, holdings: Mapping[str, Holding], strategy: str | None = None) -> Mapping[str, Holding]:
        """What a snapshot holds, with all that has filled since: of everybody, or of a strategy."""
        fills = self.fills.of(strategy)
        if not fills:
            return holdings
        together = dict(holdings)
        for fill in fills:
            together[fill.symbol] = after_fill(together.get(fill.symbol, Holding()), fill)
        return together

    def _change(self, order: Order, sign: int) -> None:
        for strategy in (None, order.strategy) if order.strategy else (None,):
            key = (strategy, order.symbol, order.buys)
            self._reserved.setdefault(key, _Reserved()).change(order, sign)
        self._changed(Change(order.symbol, order.strategy))

    def _changed(self, change: Change) -> None:
        if self._changes is not None:
            self._changes.append(change)
            if len(self._changes) > _MOST_CHANGES:
                self._changes = None

    def _drop(self, client_order_id: str) -> None:
        working = self.working.pop(client_order_id, None)
        if working is not None:
            self._change(working.order, -1)
            self._unanswered.pop(client_order_id, None)


class _Reserved:
    """The sum of resting orders of one side, exact however many come and go."""

    def __init__(self) -> None:
        self.count = 0
        self.asked = NOTHING_ASKED
        self._quantity = Fraction()
        self._notional = Fraction()
        self._unmeasured = 0

    def change(self, order: Order, sign: int) -> None:
        """Add an order (1), or take it away again (-1)."""
        self.count += sign
        self._notional += sign * Fraction(order.notional)
        if math.isnan(order.quantity):
            self._unmeasured += sign
        else:
            self._quantity += sign * Fraction(order.quantity)
        quantity = NAN if self._unmeasured else float(self._quantity)
        self.asked = Asked(quantity, float(self._notional))


def _rest_of(order: Order, size: float, value: float) -> Order | None:
    """What is left of an order after a fill; None when nothing is."""
    if math.isnan(order.quantity):
        notional = order.notional - value
        return order._replace(notional=notional) if notional > 0 else None
    quantity = order.quantity - size
    if not quantity > order.quantity * 1e-12:
        return None
    return order._replace(quantity=quantity, notional=order.notional * (quantity / order.quantity))
