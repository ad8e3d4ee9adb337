"""The short way: proves of plain orders that every limit is kept, and leaves all else to the full one.

Almost every order is far from every limit. For those a limit's `bound`, a number that no value exceeds, is
held against the threshold of its warning; nothing is measured and no text is written. What is not proven so
is judged in full, so the short way never refuses and never alerts. `tests/unit/risk_limits/test_plain.py`
holds both against each other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from live.contracts import Sense
from live.orders import LiveOrderRequest
from live.risk_limits.batch import SIDES, Order
from live.risk_limits.book import Book
from live.risk_limits.reach import Reach
from live.risk_limits.severity import RiskCheckSeverity
from live.risk_limits.soundness import is_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from live.risk_limits.book import Situation
    from live.risk_limits.bound_rule import BoundRule
    from live.risk_limits.ledger import Ledger
    from live.risk_limits.market import Market
    from live.risk_limits.result import LimitCheckDetail

_INF = math.inf


class Proof(NamedTuple):
    """Orders that keep every limit.

    Attributes:
        orders: They, as they were read.
        measured: The details of the limits that had to be measured at once, by the name of their rule.
    """

    orders: tuple[Order, ...]
    measured: Mapping[str, list[LimitCheckDetail]]


class PlainOrders:
    """Proves orders against the limits in force."""

    def __init__(self, rules: Iterable[BoundRule], market: Market) -> None:
        """Take the rules; those without a bound are measured at once, and for single orders only."""
        rules = tuple(rules)
        self._market = market
        self._bounds = [(rule.rule.bound, _threshold(rule)) for rule in rules if rule.rule.bound is not None]
        self._others = [rule for rule in rules if rule.rule.bound is None]

    def proof(
        self, requests: Sequence[object], ledger: Ledger, situation: Situation, now: datetime
    ) -> Proof | None:
        """The orders, when all of them are plain and every limit is kept; None when that is not proven."""
        if not requests or (self._others and len(requests) > 1):
            return None
        reach = Reach(ledger, situation, now)
        orders: list[Order] = []
        for request in requests:
            order = self.read(request, ledger)
            if order is None:
                return None
            reach.add(order)
            for bound, threshold in self._bounds:
                if not bound(reach) < threshold:
                    return None
            orders.append(order)
        if len(orders) > 1 and not _is_distinct(orders):
            return None
        return self._with_others(tuple(orders), ledger, situation, now)

    def _with_others(
        self, orders: tuple[Order, ...], ledger: Ledger, situation: Situation, now: datetime
    ) -> Proof | None:
        if not self._others:
            return Proof(orders, {})
        book = Book(ledger, orders, situation, now)
        measured = {rule.rule.name: rule.judge(book) for rule in self._others}
        quiet = all(one.severity is RiskCheckSeverity.OK for details in measured.values() for one in details)
        return Proof(orders, measured) if quiet else None

    def read(self, request: object, ledger: Ledger) -> Order | None:
        """An order whose every field has the plainest sound type; None for any other, however sound."""
        if type(request) is not LiveOrderRequest:
            return None
        symbol, quantity, extra = request.symbol, request.quantity, request.extra
        strategy, order_type, name = request.strategy_key, request.order_type, request.client_order_id
        if type(symbol) is not str or not ledger.is_plain(symbol):
            return None
        if type(request.side) is not str or type(extra) is not dict or type(quantity) is not float:
            return None
        price = extra.get("current_price")
        if (
            request.side not in SIDES
            or type(price) is not float
            or request.limit_price is not None
            or request.short_sale is not None
            or not is_name(name)
            or not (order_type == "MARKET" or order_type == "LIMIT")  # noqa: PLR1714 - no tuple per order
            or not (strategy is None or (type(strategy) is str and is_name(strategy)))
        ):
            return None
        notional = self._notional(request.notional, quantity, price, symbol)
        if not (0.0 < quantity < _INF and 0.0 < price < _INF and 0.0 < notional < _INF):
            return None
        buys, nan = SIDES[request.side], math.nan
        return Order(
            name, symbol, buys, quantity, notional, price, nan, order_type, strategy or "", None, price
        )

    def _notional(self, declared: object, quantity: float, price: float, symbol: str) -> float:
        """Value in the base currency; NaN when a part of it is not of the plainest type."""
        quote = self._market.quote(symbol)
        if quote is not None and not quote.last < price:
            price = quote.last
        notional = quantity * price * self._market.scale(symbol)
        if declared is None:
            return notional
        return max(notional, declared) if type(declared) is float and declared > 0 else math.nan


def _is_distinct(orders: list[Order]) -> bool:
    """Whether no id stands twice, and no symbol in two spellings."""
    symbols = {order.symbol for order in orders}
    ids = {order.client_order_id for order in orders}
    return len(ids) == len(orders) and len({symbol.casefold() for symbol in symbols}) == len(symbols)


def _threshold(rule: BoundRule) -> float:
    """What the bound must stay below."""
    if rule.rule.sense is Sense.MINIMUM:
        return math.nextafter(-rule.limit, _INF)
    begin = rule.limit if rule.warning is None else rule.warning
    return math.nextafter(begin, _INF) if rule.rule.sense is Sense.COUNT else begin
