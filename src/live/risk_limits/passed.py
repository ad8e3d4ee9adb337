"""How many orders, messages and executions there were lately; what it takes does not grow with them."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from datetime import datetime

    from live.risk_limits.batch import Order
    from live.risk_limits.fills import Fill

SECOND, MINUTE, DAY = 1.0, 60.0, 86_400.0
LONGEST_DUPLICATE_S = 3_600.0
"""How long contents of orders are remembered, in seconds."""

MOST_EQUALS = 10_000
"""How many orders of one content are remembered; where there are as many, their number is not known."""

_BUCKETS = 60
_MOST_CONTENTS = 100_000
_FEW_WINDOWS = 64


class Window:
    """Counts what happened within the last seconds, to the sixtieth part of them on the safe side."""

    __slots__ = ("_buckets", "_length", "_total", "_width")

    def __init__(self, length_s: float) -> None:
        """Look back so many seconds."""
        self._length = length_s
        self._width = length_s / _BUCKETS
        self._buckets: deque[list[float]] = deque()
        self._total = 0

    def add(self, at_s: float) -> None:
        """Something happened."""
        self.count(at_s)
        begin = at_s // self._width * self._width
        if self._buckets and self._buckets[-1][0] >= begin:
            self._buckets[-1][1] += 1
        else:
            self._buckets.append([begin, 1])
        self._total += 1

    def count(self, now_s: float) -> int:
        """How often it happened within the window that ends now."""
        while self._buckets and self._buckets[0][0] + self._width <= now_s - self._length:
            self._total -= int(self._buckets.popleft()[1])
        return self._total


class Passed:
    """What checks have let through, what was sent besides, and what was executed."""

    def __init__(self) -> None:
        self._windows: dict[tuple[Hashable, ...], Window] = {}
        self._most_windows = _FEW_WINDOWS
        self._contents: OrderedDict[tuple[Hashable, ...], OrderedDict[str, float]] = OrderedDict()

    def note(self, orders: Iterable[Order], at: datetime) -> None:
        """A check has let orders through: they count from now on, whatever the venue says later."""
        now_s = at.timestamp()
        for order in orders:
            for length in (SECOND, MINUTE, DAY):
                self._add(now_s, "orders", length)
            self._add(now_s, "symbol", MINUTE, order.symbol)
            if order.strategy:
                self._add(now_s, "strategy", MINUTE, order.strategy)
            self._remember(order, now_s)
            self.message(at)

    def message(self, at: datetime) -> None:
        """Something was sent to the venue: an order, or a cancellation."""
        for length in (SECOND, MINUTE):
            self._add(at.timestamp(), "messages", length)

    def executed(self, fill: Fill) -> None:
        """A part of an order was executed."""
        self._add(fill.at.timestamp(), *_execution(fill.strategy, fill.symbol, buys=fill.size > 0))

    def orders(self, length_s: float, now: datetime, *, kind: str = "orders", name: str = "") -> int:
        """Orders that were let through within the last seconds: all, or of a `symbol` or a `strategy`."""
        window = self._windows.get((kind, length_s, name) if name else (kind, length_s))
        return 0 if window is None else window.count(now.timestamp())

    def messages(self, length_s: float, now: datetime) -> int:
        """Orders and cancellations within the last seconds."""
        return self.orders(length_s, now, kind="messages")

    def executions(self, strategy: str, symbol: str, now: datetime, *, buys: bool) -> int:
        """Executions of a strategy in one direction of a symbol within the last minute."""
        window = self._windows.get(_execution(strategy, symbol, buys=buys))
        return 0 if window is None else window.count(now.timestamp())

    def equals(self, order: Order, window_s: float, now: datetime) -> list[str]:
        """Ids of the orders with the same content that were let through within the last seconds."""
        since, equals = now.timestamp() - window_s, []
        for name, at_s in reversed(self._contents.get(content_of(order), OrderedDict()).items()):
            if at_s <= since:
                break
            if name != order.client_order_id:
                equals.append(name)
        return equals[::-1]

    def _add(self, at_s: float, *key: Hashable) -> None:
        window = self._windows.get(key)
        if window is None:
            self._drop_empty(at_s)
            window = self._windows[key] = Window(float(str(key[1])))
        window.add(at_s)

    def _drop_empty(self, now_s: float) -> None:
        """Forget who has gone quiet, whenever there are twice as many windows as were left the last time."""
        if len(self._windows) >= self._most_windows:
            self._windows = {key: one for key, one in self._windows.items() if one.count(now_s)}
            self._most_windows = max(_FEW_WINDOWS, 2 * len(self._windows))

    def _remember(self, order: Order, now_s: float) -> None:
        content = content_of(order)
        names = self._contents.setdefault(content, OrderedDict())
        names[order.client_order_id] = now_s
        names.move_to_end(order.client_order_id)
        self._contents.move_to_end(content)
        while len(names) > MOST_EQUALS or _first(names) < now_s - LONGEST_DUPLICATE_S:
            names.popitem(last=False)
        while len(self._contents) > _MOST_CONTENTS or self._is_oldest_over(now_s):
            self._contents.popitem(last=False)

    def _is_oldest_over(self, now_s: float) -> bool:
        oldest = next(iter(self._contents.values()))
        return next(reversed(oldest.values())) < now_s - LONGEST_DUPLICATE_S


def content_of(order: Order) -> tuple[Hashable, ...]:
    """What makes two orders the same but for their id."""
    limit = "" if order.limit_price != order.limit_price else order.limit_price
    size = order.notional if order.quantity != order.quantity else order.quantity
    return order.symbol, order.buys, size, limit, order.strategy


def _first(names: OrderedDict[str, float]) -> float:
    return next(iter(names.values()))


def _execution(strategy: str, symbol: str, *, buys: bool) -> tuple[Hashable, ...]:
    return "executions", MINUTE, strategy, symbol, buys
