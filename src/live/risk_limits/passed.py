"""How many orders, messages and executions there were lately; what it takes does not grow with them."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from datetime import datetime

    from live.risk_limits.batch import Order
    from live.risk_limits.journal import Fill

SECOND, MINUTE, DAY = 1.0, 60.0, 86_400.0
LONGEST_DUPLICATE_S = 3_600.0
"""How long contents of orders are remembered, in seconds."""

_BUCKETS = 60
_MOST_CONTENTS = 100_000


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
        self._contents: OrderedDict[tuple[Hashable, ...], OrderedDict[str, float]] = OrderedDict()

    def note(self, orders: Iterable[Order], at: datetime) -> None:
        """A check has let orders through: they count from now on, whatever the venue says later."""
        now_s = at.timestamp()
        for order in orders:
            for length in (SECOND, MINUTE, DAY):
                self._window("orders", length).add(now_s)
            self._window("symbol", MINUTE, order.symbol).add(now_s)
            if order.strategy:
                self._window("strategy", MINUTE, order.strategy).add(now_s)
            self._remember(order, now_s)
            self.message(at)

    def message(self, at: datetime) -> None:
        """Something was sent to the venue: an order, or a cancellation."""
        for length in (SECOND, MINUTE):
            self._window("messages", length).add(at.timestamp())

    def executed(self, fill: Fill) -> None:
        """A part of an order was executed."""
        self._window(*_execution(fill.strategy, fill.symbol, buys=fill.size > 0)).add(fill.at.timestamp())

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
        since = now.timestamp() - window_s
        found: Mapping[str, float] = self._contents.get(content_of(order), {})
        return [name for name, at_s in found.items() if at_s > since and name != order.client_order_id]

    def _window(self, *key: Hashable) -> Window:
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = Window(float(str(key[1])))
        return window

    def _remember(self, order: Order, now_s: float) -> None:
        content = content_of(order)
        names = self._contents.setdefault(content, OrderedDict())
        names[order.client_order_id] = now_s
        self._contents.move_to_end(content)
        while len(names) > _BUCKETS:
            names.popitem(last=False)
        oldest = next(iter(self._contents.values()))
        while len(self._contents) > _MOST_CONTENTS or max(oldest.values()) < now_s - LONGEST_DUPLICATE_S:
            self._contents.popitem(last=False)
            oldest = next(iter(self._contents.values()))


def content_of(order: Order) -> tuple[Hashable, ...]:
    """What makes two orders the same but for their id."""
    limit = "" if order.limit_price != order.limit_price else order.limit_price
    size = order.notional if order.quantity != order.quantity else order.quantity
    return order.symbol, order.buys, size, limit, order.strategy


def _execution(strategy: str, symbol: str, *, buys: bool) -> tuple[Hashable, ...]:
    return "executions", MINUTE, strategy, symbol, buys
