"""The short way: proves of plain orders that every limit is kept, and leaves all else to the full one.

Almost every order is far from every limit. For those, figures that no netting can exceed are held against the
room that the limits leave (`room.py`); nothing is measured and no text is written. What is not proven so is
judged in full, so the short way never refuses and never alerts. `tests/unit/risk_limits/test_plain.py` holds
both against each other.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from live.orders import LiveOrderRequest, strategy_name
from live.risk_limits.batch import SIDES, Order
from live.risk_limits.book import Book
from live.risk_limits.room import Ceilings
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
    from live.risk_limits.room import Room

_NOTHING: Mapping[str, list[LimitCheckDetail]] = MappingProxyType({})
_INF, _NAN = math.inf, math.nan
_new = tuple.__new__  # half the time of the constructor, which only puts names to the places


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
        """Take the rules; those without a formula are measured at once, and for single orders only."""
        self._rules = tuple(rules)
        self._market = market
        self._others = [rule for rule in self._rules if rule.rule.formula is None]

    def ceilings(self, situation: Situation, now: datetime) -> Ceilings:
        """What orders must stay below while the situation is the same."""
        return Ceilings(self._rules, situation, now)

    def proof(
        self, requests: Sequence[object], room: Room, ledger: Ledger, situation: Situation, now: datetime
    ) -> Proof | None:
        """The orders, when all of them are plain and every limit is kept; None when that is not proven."""
        if len(requests) == 1:
            order = self.read(requests[0])
            if order is None or not room.fits(order, ledger):
                return None
            return self._with_others((order,), ledger, situation, now) if self._others else _proven((order,))
        if not requests or self._others:
            return None
        orders = [order for order in map(self.read, requests) if order is not None]
        fit = len(orders) == len(requests) and room.fit_together(orders, ledger) and _is_distinct(orders)
        return _proven(tuple(orders)) if fit else None

    def _with_others(
        self, orders: tuple[Order, ...], ledger: Ledger, situation: Situation, now: datetime
    ) -> Proof | None:
        book = Book(ledger, orders, situation, now)
        measured = {rule.rule.name: rule.judge(book) for rule in self._others}
        quiet = all(one.severity is RiskCheckSeverity.OK for details in measured.values() for one in details)
        return Proof(orders, measured) if quiet else None

    def read(self, request: object) -> Order | None:
        """An order whose every field has the plainest sound type; None for any other, however sound."""
        if type(request) is not LiveOrderRequest:
            return None
        symbol, quantity, extra, side = request.symbol, request.quantity, request.extra, request.side
        strategy, order_type, name = request.strategy_key, request.order_type, request.client_order_id
        if type(symbol) is not str or type(side) is not str or type(extra) is not dict:
            return None
        price, buys = extra.get("current_price"), SIDES.get(side)
        if (
            buys is None
            or type(quantity) is not float
            or type(price) is not float
            or request.limit_price is not None
            or request.short_sale is not None
            or not is_name(name)
            or not (order_type == "MARKET" or order_type == "LIMIT")  # noqa: PLR1714 - no tuple per order
            or not (strategy is None or (type(strategy) is str and is_name(strategy)))
        ):
            return None
        last, scale = self._market.terms(symbol)
        notional = quantity * ((price if last < price else last) * scale)  # noqa: FURB136 - max() is a call
        declared = request.notional
        if declared is not None:
            if not (type(declared) is float and declared > 0):
                return None
            notional = max(notional, declared)
        if not (0.0 < quantity < _INF and 0.0 < price < _INF and 0.0 < notional < _INF):
            return None
        who = strategy_name(strategy) if strategy else ""
        parts = name, symbol, buys, quantity, notional, price, _NAN, order_type, who, None, price, False
        return _new(Order, parts)


def _proven(orders: tuple[Order, ...]) -> Proof:
    return _new(Proof, (orders, _NOTHING))


def _is_distinct(orders: Sequence[Order]) -> bool:
    """Whether no id stands twice, and no symbol in two spellings."""
    symbols = {order.symbol for order in orders}
    ids = {order.client_order_id for order in orders}
    return len(ids) == len(orders) and len({symbol.casefold() for symbol in symbols}) == len(symbols)
