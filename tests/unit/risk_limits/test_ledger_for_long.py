"""A day of trading without a restart: what is worked out step by step stays what it is when made anew."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits import LiveRiskConfig, LiveRiskLimits
from tests.unit.risk_limits.support import NOW, Inbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from live.risk_limits import LiveRiskCheckResult

SYMBOLS = tuple(f"S{number}" for number in range(8))
STRATEGIES = ("trend", "carry")
CONFIG = LiveRiskConfig(
    max_order_notional=10_000.0,
    max_symbol_exposure_notional=300_000.0,
    max_total_exposure_notional=1e7,
    max_long_exposure_notional=1e7,
    max_short_exposure_notional=1e7,
    max_net_exposure_notional=1e7,
    max_open_positions=20,
    max_leverage=100.0,
    min_free_cash=1.0,
    strategies={name: {"max_symbol_exposure_notional": 60_000.0} for name in STRATEGIES},
)
STEP = timedelta(milliseconds=10)
MOST_RESTING = 300
APART = 10_000
"""Events between two comparisons."""


class Clock:
    """Moves when it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """Where it was moved to."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return (self.at - NOW).total_seconds()


class Told(NamedTuple):
    """Something that an engine was told of an order, and what it needs to be told it again."""

    number: int
    at: datetime
    order: LiveOrderRequest | None = None
    price: float = 0.0
    filled: float = 0.0
    ended: bool = False


class Trading:
    """An engine in use, and beside it a bare record of what still counts.

    The record knows nothing of ledgers: it holds what was said of every order that rests, or has filled since
    the snapshot, and the last price of every symbol.
    """

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - a sequence is reproducible, not secret
        self.clock = Clock()
        self.inbox = Inbox()
        self.engine = LiveRiskLimits(CONFIG, self.inbox, clock=self.clock)
        self.prices = dict.fromkeys(SYMBOLS, 100.0)
        self.record: dict[str, list[Told]] = {}
        self.resting: dict[str, tuple[LiveOrderRequest, float]] = {}
        self.sizes = dict.fromkeys(SYMBOLS, 0.0)
        self.fills: list[tuple[datetime, str, float]] = []
        self.events = self.checks = self.refused = self.compared = 0
        self.without_a_check = 0
        for symbol in SYMBOLS:
            self.engine.price_updated(symbol, 100.0)
        self.snapshot = LivePortfolioSnapshot(NOW, (), equity=1e6, cash=1e6)

    def happens(self) -> None:
        """Something of a kind that chance picks."""
        dice = self.chance.random()
        if self.without_a_check:
            self.without_a_check -= 1
        elif dice < 0.0001:
            self.without_a_check = 3_000  # more changes than are kept for the next check
        if dice < 0.25 and len(self.resting) < MOST_RESTING:
            self.asks(f"o{self.events}")
        elif dice < 0.26 and self.resting:
            self.asks(next(reversed(self.resting)))  # the newest is amended
        elif dice < 0.55 and self.resting:
            self.fills_or_ends()
        elif dice < 0.9995:
            self.moves(self.chance.choice(SYMBOLS))
        else:
            self.counts()

    def passes(self) -> None:
        """The engine is about to hear of something, a moment after what came before."""
        self.events += 1
        self.clock.at += STEP

    def asks(self, name: str) -> None:
        """An order is checked, unless nobody asks just now, and rests when it may."""
        symbol = self.resting[name][0].symbol if name in self.resting else self.chance.choice(SYMBOLS)
        order = LiveOrderRequest(
            name,
            symbol,
            self.chance.choice(("BUY", "SELL")),
            quantity=self.chance.randint(1, 40_000) / (100 if self.chance.random() < 0.01 else 1_000),
            strategy_key=self.chance.choice((*STRATEGIES, *[None] * 18)),
            extra={"current_price": self.prices[symbol]},
        )
        if not self.without_a_check:
            self.passes()
            self.checks += 1
            if not self.engine.check_orders([order], portfolio=self.snapshot).allowed:
                self.refused += 1
                return
        self.passes()
        self.engine.order_accepted(order)
        self.resting.pop(name, None)
        self.resting[name] = order, float(order.quantity or 0.0)
        self.notes(name, order=order, price=self.prices[symbol])

    def fills_or_ends(self) -> None:
        """The oldest or the newest order that rests fills, in part or wholly, or is cancelled."""
        self.passes()
        name = next(iter(self.resting) if self.chance.random() < 0.5 else reversed(self.resting))
        order, left = self.resting[name]
        dice = self.chance.random()
        if dice < 0.4:
            self.engine.order_cancelled(name)
            self.ends(name)
            return
        size = left if dice < 0.7 else left * self.chance.uniform(0.1, 0.9)
        price = self.prices[order.symbol] * self.chance.uniform(0.999, 1.001)
        self.engine.order_filled(name, size, price)
        self.notes(name, filled=size, price=price)
        self.fills.append((self.clock.at, order.symbol, size if order.side == "BUY" else -size))
        if size == left:
            self.ends(name)
        else:
            self.resting[name] = order, left - size

    def ends(self, name: str) -> None:
        """An order rests no longer; forget it unless a snapshot has yet to speak for its fills."""
        del self.resting[name]
        self.notes(name, ended=True)
        self.forgets(name)

    def moves(self, symbol: str) -> None:
        """A price moves."""
        self.passes()
        self.prices[symbol] *= self.chance.uniform(0.9995, 1.0005)
        self.engine.price_updated(symbol, self.prices[symbol])

    def counts(self) -> None:
        """A snapshot of some moments ago: the fills since then are not in it."""
        self.passes()
        as_of = max(self.clock.at - STEP * self.chance.randint(0, 200), self.snapshot.as_of)
        if self.fills and self.chance.random() < 0.2:
            as_of = self.fills[0][0]  # the very instant of a fill is spoken for
        for _, symbol, size in (fill for fill in self.fills if fill[0] <= as_of):
            self.sizes[symbol] += size
        self.fills = [fill for fill in self.fills if fill[0] > as_of]
        held = tuple(
            LivePositionSnapshot(symbol, size=size, mark_price=self.prices[symbol], strategy_key="trend")
            for symbol, size in self.sizes.items()
            if size
        )
        self.snapshot = LivePortfolioSnapshot(as_of, held, equity=1e6, cash=1e6)
        self.engine.check_orders([], portfolio=self.snapshot)
        for name in [name for name in self.record if name not in self.resting]:
            self.forgets(name)

    def notes(
        self,
        name: str,
        *,
        order: LiveOrderRequest | None = None,
        price: float = 0.0,
        filled: float = 0.0,
        ended: bool = False,
    ) -> None:
        """Write down what the engine was told."""
        told = Told(self.events, self.clock.at, order, price, filled, ended)
        self.record.setdefault(name, []).append(told)

    def forgets(self, name: str) -> None:
        """Drop an order that has ended, when the snapshot speaks for all that it has filled."""
        if all(told.at <= self.snapshot.as_of for told in self.record[name] if told.filled):
            del self.record[name]

    def anew(self) -> LiveRiskLimits:
        """An engine that is told what still counts, and nothing else."""
        clock = Clock()
        fresh = LiveRiskLimits(CONFIG, clock=clock)
        said = [(told.number, name, told) for name, several in self.record.items() for told in several]
        for _, name, told in sorted(said, key=lambda one: one[0]):
            clock.at = told.at
            if told.order is not None:
                fresh.price_updated(told.order.symbol, told.price)
                fresh.order_accepted(told.order)
            elif told.ended:
                fresh.order_cancelled(name)
            else:
                fresh.order_filled(name, told.filled, told.price)
        clock.at = self.clock.at
        for symbol, price in self.prices.items():
            fresh.price_updated(symbol, price)
        return fresh

    def compare(self) -> None:
        """Both engines give the same answers about every symbol, side and strategy, to the last digit."""
        self.compared += 1
        fresh = self.anew()
        for order in self.probes():
            used, made = (one.check_orders([order], portfolio=self.snapshot) for one in (self.engine, fresh))
            assert told_by(used) == told_by(made), f"after {self.events} events, of {order}"
        used, made = (one.evaluate_portfolio(self.snapshot) for one in (self.engine, fresh))
        assert told_by(used) == told_by(made), f"after {self.events} events, of the portfolio"

    def probes(self) -> Iterator[LiveOrderRequest]:
        """An order of each kind."""
        for symbol in SYMBOLS:
            extra = {"current_price": self.prices[symbol]}
            for side in ("BUY", "SELL"):
                yield LiveOrderRequest("probe", symbol, side, quantity=1.0, extra=extra)
            for strategy in STRATEGIES:
                yield LiveOrderRequest(
                    "probe", symbol, "BUY", quantity=1.0, strategy_key=strategy, extra=extra
                )


def told_by(result: LiveRiskCheckResult) -> tuple[object, ...]:
    """The verdict, and every number behind it."""
    numbers = [(one.limit_name, one.subject, one.current_value, one.before) for one in result.limit_details]
    return result.allowed, result.severity, result.reasons, numbers


@pytest.mark.parametrize(
    ("seed", "events"),
    [(0, 20_000), *(pytest.param(seed, 250_000, marks=pytest.mark.soak) for seed in (1, 2, 3, 4))],
)
def test_the_ledger_of_a_long_day_is_the_one_that_is_made_anew(seed: int, events: int) -> None:
    """A million events in all: orders checked, accepted, amended, filled, cancelled; prices and snapshots.

    The engine keeps its ledger by adding what changes. Each 10,000 events another engine is made that has
    seen none of this. It is told only of the orders that still count, and both are asked about every symbol,
    side and strategy. This proves for these sequences that no verdict and no number of it depends on how long
    the engine has run: nothing leaks from orders that are gone, no rounding grows, no fill counts twice or is
    lost when a snapshot speaks for a part of them, nor when more has changed between two checks than is kept.
    It does not prove that the numbers are right; other tests hold them against sums done by hand.
    """
    trading = Trading(seed)
    while trading.events < events:
        while trading.events < (trading.compared + 1) * APART:
            trading.happens()
        trading.compare()
    assert trading.compared == events // APART
    assert trading.refused > 0, "no limit was ever reached"
    assert trading.checks - trading.refused > events / 8, "hardly an order was let through"
