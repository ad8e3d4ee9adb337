"""The books that rules are tried on: made up, the same in every run, and with values that are none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

HOW_MANY = 12
NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)
SYMBOLS = ("AAA", "BBB", "CCC")
HOSTILE: tuple[Any, ...] = (math.nan, math.inf, -math.inf, -1.0, "1.000,00", None, True, 10**400)


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """A book to try a rule on: what is held, and what is asked for on top."""

    held: LivePortfolioSnapshot
    orders: list[LiveOrderRequest]

    def __str__(self) -> str:
        held = [f"{one.symbol} {shown(one.size)}" for one in self.held.positions]
        asked = [f"{one.side} {shown(one.quantity)} {one.symbol}" for one in self.orders]
        account = f"equity {shown(self.held.equity)}, cash {shown(self.held.cash)}"
        return f"{account}, held {', '.join(held) or 'nothing'}, asked {', '.join(asked)}"

    @property
    def parts(self) -> tuple[Trial, ...]:
        """The whole book, and where there are several orders the same with the first one only."""
        return (self, Trial(self.held, self.orders[:1])) if len(self.orders) > 1 else (self,)

    def one_more_order(self) -> Trial:
        """The same with the first order once more, under another id."""
        return Trial(self.held, [*self.orders, replace(self.orders[0], client_order_id="one-more")])


def _books() -> Iterator[Trial]:
    for number in range(HOW_MANY):
        chance = Random(f"conformance:{number}")  # noqa: S311 - books are reproducible, not secret
        held = [_position(chance, symbol) for symbol in chance.sample(SYMBOLS, chance.randint(0, 3))]
        equity = chance.choice([None, 1000.0, -5.0])
        snapshot = LivePortfolioSnapshot(NOON, tuple(held), equity=equity, cash=chance.choice([None, 500.0]))
        yield Trial(snapshot, [_order(chance, place) for place in range(chance.randint(1, 3))])


def _position(chance: Random, symbol: str) -> LivePositionSnapshot:
    size = chance.choice([-1, 1]) * chance.randint(1, 8) / 2
    return LivePositionSnapshot(symbol, size=size, mark_price=100.0, entry_price=chance.uniform(50, 150))


def _order(chance: Random, place: int) -> LiveOrderRequest:
    return LiveOrderRequest(
        f"order-{place}",
        chance.choice(SYMBOLS),
        chance.choice(["BUY", "SELL"]),
        quantity=chance.randint(1, 8) / 2,
        strategy_key=chance.choice([None, "trend"]),
        extra={"current_price": chance.choice([90.0, 100.0, 130.0])},
    )


def _spoilt(trial: Trial) -> Iterator[Trial]:
    """The same book with one value that is none, and without anything that is held."""
    yield Trial(replace(trial.held, positions=(), equity=None, cash=None), trial.orders)
    for value in HOSTILE:
        yield Trial(replace(trial.held, equity=value, cash=value), trial.orders)
        yield Trial(trial.held, [replace(trial.orders[0], quantity=value, extra={}), *trial.orders[1:]])


BOOKS = tuple(_books())
HOSTILE_BOOKS = tuple(book for trial in BOOKS for book in (trial, *_spoilt(trial)))
"""The sound ones as well."""
