"""How much room the limits leave: worked out once, and good for every order until something changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from live.amounts import MORE, NAN
from live.contracts import Figure, Sense
from live.risk_limits.book import Book
from live.risk_limits.ledger import Ledger
from live.risk_limits.severity import RiskCheckSeverity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from live.contracts import Formula
    from live.risk_limits.batch import Order
    from live.risk_limits.book import Situation
    from live.risk_limits.bound_rule import BoundRule
    from live.risk_limits.ledger import Sums
    from live.risk_limits.result import LimitCheckDetail

_INF = math.inf


@dataclass(slots=True)
class Room:
    """What orders must stay below for no limit to come near, on the safe side.

    Attributes:
        notional: Of each order, in the base currency.
        quantity: Of each order, in base units.
        exposure: Of each symbol, with all orders.
        together: Notional of all orders.
        apart: The same with all that is held of their symbols, which an order may turn round.
        positions: Symbols that are opened.
        least: Quantity of each order that it must not stay below.
    """

    notional: float = _INF
    quantity: float = _INF
    exposure: float = _INF
    together: float = _INF
    apart: float = _INF
    positions: float = _INF
    least: float = 0.0
    _alone: dict[str, float] = field(default_factory=dict)

    def fits(self, order: Order, ledger: Ledger) -> bool:
        """Whether an order by itself is within the room; what its symbol leaves is worked out once."""
        most = self._alone.get(order.symbol)
        if most is None:
            most = self._alone[order.symbol] = self._left_for(order.symbol, ledger)
        return order.notional < most and self.least <= order.quantity < self.quantity

    def _left_for(self, symbol: str, ledger: Ledger) -> float:
        value, opens = ledger.reach(symbol)
        left = least_of((self.exposure - value, self.together, self.apart - value)) / MORE
        return min(self.notional, left) if opens < self.positions else -_INF

    def fit_together(self, orders: Iterable[Order], ledger: Ledger) -> bool:
        """Whether orders are within the room together."""
        values: dict[str, float] = {}
        together, apart, opened = 0.0, 0.0, 0
        for order in orders:
            symbol, more = order.symbol, order.notional * MORE
            value = values.get(symbol)
            if value is None:
                value, opens = ledger.reach(symbol)
                opened += opens
                apart += value
            values[symbol] = value = value + more
            together += more
            if not (
                order.notional < self.notional
                and value < self.exposure
                and self.least <= order.quantity < self.quantity
            ):
                return False
        fit = together < self.together and together + apart < self.apart
        return fit and opened < self.positions


NO_ROOM = Room(-_INF)


class Ceilings:
    """What the figures of an order must stay below, while the situation is the same.

    Attributes:
        of: By figure; that of NOTIONAL is below every number where a limit on the account is not kept.
        least_quantity: Quantity that an order must not stay below.
    """

    def __init__(self, rules: Iterable[BoundRule], situation: Situation, now: datetime) -> None:
        """Work them out for the rules that have a formula; others have no ceiling."""
        self.least_quantity = 0.0
        self.of: dict[Figure, float] = dict.fromkeys(Figure, _INF)
        for rule in rules:
            formula = rule.rule.formula
            if formula is None:
                continue
            if formula.figure is Figure.ACCOUNT:
                quiet = all(one.severity is RiskCheckSeverity.OK for one in standing(rule, situation, now))
                self._lower(Figure.NOTIONAL, _INF if quiet else -_INF)
            elif formula.figure is Figure.QUANTITY and rule.rule.sense is Sense.MINIMUM:
                self.least_quantity = max(self.least_quantity, rule.limit)
            else:
                self._lower(formula.figure, _ceiling(formula, rule, situation))

    def _lower(self, figure: Figure, ceiling: float) -> None:
        self.of[figure] = least_of((self.of[figure], ceiling))

    def room(self, ledger: Ledger) -> Room:
        """What they leave beside what is held and rests.

        An order adds its notional to each sum at most, whatever rests and whichever orders fill.
        """
        of, sums = self.of, ledger.sums
        buys, sells = sums.buys.high, sums.sells.high
        together = least_of(
            (
                of[Figure.TOTAL] - MORE * sums.reach.high,
                of[Figure.LONG] - MORE * (sums.long.high + buys),
                of[Figure.SHORT] - MORE * (sums.short.high + sells),
                of[Figure.BOUGHT] - MORE * buys,
            )
        )
        return Room(
            notional=of[Figure.NOTIONAL],
            quantity=of[Figure.QUANTITY],
            exposure=of[Figure.EXPOSURE],
            together=together,
            apart=least_of((of[Figure.NET] - MORE * _net(sums),)),
            positions=of[Figure.POSITIONS] - ledger.open_positions,
            least=self.least_quantity,
        )


def _net(sums: Sums) -> float:
    """The most that long and short can differ by what rests: an order may turn round what is held."""
    resting = sums.buys.high + sums.sells.high
    if resting:
        return max(sums.long.high + sums.buys.high, sums.short.high + sums.sells.high)
    lost = (MORE - 1) * (sums.long.high + sums.short.high)
    return abs(sums.long.high - sums.short.high) + lost


def least_of(values: Iterable[float]) -> float:
    """The least number; no room at all where one of them is none."""
    known = list(values)
    return -_INF if any(map(math.isnan, known)) else min(known)


def standing(rule: BoundRule, situation: Situation, now: datetime) -> list[LimitCheckDetail]:
    """What a rule on the account says, whatever is ordered."""
    return rule.judge(Book(Ledger({}), (), situation, now))


def _ceiling(formula: Formula, rule: BoundRule, situation: Situation) -> float:
    """What the figure of a rule must stay below for its value to stay below the warning."""
    begin = rule.limit if rule.warning is None else rule.warning
    if formula.left_of:
        left = _amount(situation, formula.left_of) - begin
        return left / MORE if left > 0 else -_INF
    if formula.per:
        whole = _amount(situation, formula.per)
        return begin * whole / formula.times / MORE if whole > 0 else -_INF
    if rule.rule.sense is Sense.COUNT:
        begin = math.nextafter(begin, _INF)
    return begin if formula.times == 1 else begin / formula.times / MORE


def _amount(situation: Situation, name: str) -> float:
    amount: float | None = getattr(situation.account, name)
    return NAN if amount is None else amount
