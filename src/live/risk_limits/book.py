"""The signed book that rules measure: orders on top of what is held and rests."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import total
from live.risk_limits.fills import SAME
from live.risk_limits.ledger import or_infinite

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from live.instruments import Instrument
    from live.risk_limits.account import Account, Holding
    from live.risk_limits.batch import Order
    from live.risk_limits.journal import Journal
    from live.risk_limits.ledger import Exposure, Ledger
    from live.risk_limits.market import Market, Quote
    from live.risk_limits.pnl.day import DayPnl


class Situation(NamedTuple):
    """What holds while checks are made, beside holdings and orders; the same until something changes.

    Attributes:
        account: The snapshot as it was read.
        pnl: The day's result.
        starting_cash: What the configuration says that the day began with; None when it does not say.
        market: Instruments, prices, rates.
        journal: What became of earlier orders.
        settings: Keys of rules beside their limits.
        peak_equity: The highest equity that a snapshot has said, in the base currency; None when not known.
        losses_in_a_row: Closed results since the last gain that lost.
        misplaced: Why the snapshot cannot be put beside the executions; empty when it can.
    """

    account: Account
    pnl: DayPnl
    starting_cash: float | None
    market: Market
    journal: Journal
    settings: Mapping[str, Any]
    peak_equity: float | None = None
    losses_in_a_row: int = 0
    misplaced: str = ""

    @property
    def equity_before_pnl(self) -> float | None:
        """What a percentage of the day's result refers to, in the base currency; None when not known."""
        if self.starting_cash is not None or self.account.equity is None:
            return self.starting_cash
        return self.account.equity - self.pnl.amount


class Sides(NamedTuple):
    """Long and short of the account in the base currency, in the worst case.

    Attributes:
        long: Value of all that is long when every purchase fills.
        short: Value of all that is short when every sale fills, a positive number.
        net: Long less short or short less long, whichever is more when one side alone fills.
        bought: Value of the purchases that open or raise a long holding.
    """

    long: float
    short: float
    net: float
    bought: float


class Book:
    """The signed book that rules measure; what is derived is worked out when it is asked for.

    Attributes:
        orders: The orders under check; none in a portfolio check.
        ledger: What is held and what rests.
        situation: What holds beside them.
        now: The instant of the check, UTC.
    """

    def __init__(
        self, ledger: Ledger, orders: tuple[Order, ...], situation: Situation, now: datetime
    ) -> None:
        """Put orders on top of what is held and rests."""
        self.orders = orders
        self.ledger = ledger
        self.situation = situation
        self.now = now

    @property
    def account(self) -> Account:
        """The snapshot: equity, cash and margin in the base currency, None when not known."""
        return self.situation.account

    @property
    def pnl(self) -> DayPnl:
        """The day's result."""
        return self.situation.pnl

    @property
    def equity_before_pnl(self) -> float | None:
        """What a percentage of the day's result refers to, in the base currency; None when not known."""
        return self.situation.equity_before_pnl

    @property
    def journal(self) -> Journal:
        """What became of earlier orders."""
        return self.situation.journal

    @cached_property
    def touched(self) -> dict[str, Exposure]:
        """The exposures of the symbols that the orders are in."""
        return {
            symbol: self.ledger.with_orders(symbol, asked)
            for symbol, asked in _by_symbol(self.orders).items()
        }

    @property
    def judged(self) -> list[Exposure]:
        """The exposures under judgement: those that the orders touch, or all when there are no orders."""
        return list(self.touched.values()) if self.orders else self.exposures

    @cached_property
    def exposures(self) -> list[Exposure]:
        """Every symbol that is held, rests or is asked for."""
        known = [
            self.touched.get(symbol, line.exposure) if self.touched else line.exposure
            for symbol, line in self.ledger.lines.items()
        ]
        return known + [one for symbol, one in self.touched.items() if symbol not in self.ledger.lines]

    @property
    def holdings(self) -> dict[str, Holding]:
        """What is held, by symbol, fills since the snapshot included."""
        return self.ledger.holdings

    @cached_property
    def total_exposure(self) -> float:
        """Worst-case value of all symbols in the base currency."""
        changes = (part for one in self.touched.values() for part in (-one.before, one.value))
        return total((*self.ledger.total, *changes))

    @property
    def total_exposure_before(self) -> float:
        """The same without the orders under check."""
        return total(self.ledger.total)

    @property
    def open_positions(self) -> int:
        """How many symbols are held in the worst case."""
        opened = sum((one.value != 0) - (one.before != 0) for one in self.touched.values())
        return self.ledger.open_positions + opened

    @property
    def open_positions_before(self) -> int:
        """The same without the orders under check."""
        return self.ledger.open_positions

    @property
    def equity(self) -> float:
        """Worth of the account in the base currency; NaN when it is not known."""
        return math.nan if self.account.equity is None else self.account.equity

    @cached_property
    def sides(self) -> Sides:
        """Long and short in the worst case, each symbol by itself netted."""
        return _sides([(one.lowest, one.highest) for one in self.exposures], self._bought())

    @cached_property
    def sides_before(self) -> Sides:
        """The same without the orders under check."""
        return _sides([(one.lowest_before, one.highest_before) for one in self.exposures], 0.0)

    def exposure_by(self, field: str) -> list[tuple[str, float, float]]:
        """Worst-case value now and before, by a field of the instruments: `group` or `venue`.

        Those that the orders touch, or all when there are no orders; instruments without one are left out.
        """
        values: dict[str, list[Exposure]] = {}
        for exposure in self.exposures:
            values.setdefault(getattr(self.instrument(exposure.symbol), field), []).append(exposure)
        judged = dict.fromkeys(getattr(self.instrument(one.symbol), field) for one in self.judged)
        return [
            (name, total(one.value for one in values[name]), total(one.before for one in values[name]))
            for name in judged
            if name
        ]

    def units(self, symbol: str) -> tuple[float, float]:
        """Units held of a symbol at most, long or short, in the worst case: now and before."""
        asked = [order for order in self.orders if order.symbol == symbol]
        return self.ledger.units(symbol, asked), self.ledger.units(symbol, ())

    def _bought(self) -> float:
        return total(one.bought for one in self.exposures)

    @property
    def only_reduces(self) -> bool:
        """Whether the orders can do nothing but reduce what is held."""
        return bool(self.orders) and all(exposure.only_reduces for exposure in self.judged)

    @cached_property
    def opening(self) -> Book | None:
        """The book when all that the orders turn round is closed; None when they turn nothing round.

        To turn a holding round is to close it, which nothing refuses, and to open the other side.
        """
        found = {
            symbol: opened
            for symbol, asked in _by_symbol(self.orders).items()
            if (opened := self.ledger.opening(symbol, asked)) is not None
        }
        if not found:
            return None
        ledger = self.ledger.fork()
        for symbol, (line, _) in found.items():
            ledger.put(symbol, line)
        others = [order for order in self.orders if order.symbol not in found]
        orders = (*others, *(order for _, left in found.values() for order in left))
        return Book(ledger, orders, self.situation, self.now)

    def adds(self, value: float, before: float) -> bool:
        """Whether a value has to be judged: orders raise it or turn a holding round, or there are none."""
        return not self.orders or not value <= before or self.opening is not None

    def reduces(self, symbol: str) -> bool:
        """Whether the orders in a symbol can do nothing but reduce what is held of it."""
        touched = self.touched.get(symbol)
        return touched is not None and touched.only_reduces

    def closes(self, order: Order) -> bool:
        """Whether an order closes exactly what is held of its symbol."""
        size = self.ledger.holding(order.symbol).size
        opposite = size < 0 if order.buys else size > 0
        return opposite and math.isclose(order.quantity, abs(size), rel_tol=SAME)

    def instrument(self, symbol: str) -> Instrument:
        """What is known of an instrument; one that nobody has described has every default."""
        return self.situation.market.instrument(symbol)

    def is_described(self, symbol: str) -> bool:
        """Whether the configuration describes the instrument."""
        return self.situation.market.is_described(symbol)

    def quote(self, symbol: str) -> Quote | None:
        """The newest price of a symbol; None when none has come in."""
        return self.situation.market.quote(symbol)

    def scale(self, symbol: str) -> float:
        """Base currency per unit of quantity and unit of price; NaN without a rate."""
        return self.situation.market.scale(symbol)

    def setting(self, key: str) -> Any:
        """The value of a key that a rule declares beside its limit."""
        return self.situation.settings[key]


def _sides(reaches: list[tuple[float, float]], bought: float) -> Sides:
    return Sides(
        long=total(0.0 if highest <= 0 else highest for _, highest in reaches),  # NaN stays
        short=total(0.0 if lowest >= 0 else -lowest for lowest, _ in reaches),
        net=max(
            abs(total(low for low, _ in reaches)), abs(total(high for _, high in reaches)), key=or_infinite
        ),
        bought=bought,
    )


def _by_symbol(orders: Iterable[Order]) -> dict[str, list[Order]]:
    asked: dict[str, list[Order]] = {}
    for order in orders:
        asked.setdefault(order.symbol, []).append(order)
    return asked
