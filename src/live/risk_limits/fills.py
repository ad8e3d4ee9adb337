"""Executions: what each came to, which were told before, and which no snapshot speaks for yet."""

from __future__ import annotations

import math
from bisect import insort
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import finite
from live.risk_limits.account import Holding
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from live.risk_limits.batch import Order

SAME = 1e-9
"""Relative: a quantity that closes a holding may have been rounded on its way here."""

_MOST_IDS = 100_000


class Execution(NamedTuple):
    """An execution as somebody tells it.

    Attributes:
        quantity: How much, in base units.
        price: At what price, in the instrument's currency; None when nobody says.
        at: When, UTC; None when nobody says, which is now.
        execution_id: The venue's id of it; empty when nobody says.
        wrong_at: What was given as an instant and is none, or lies in the future; None when there is none.
    """

    quantity: Any
    price: Any = None
    at: datetime | None = None
    execution_id: str = ""
    wrong_at: Any = None


class Fill(NamedTuple):
    """A part of an order that has been executed.

    Attributes:
        client_order_id: The order.
        symbol: The instrument.
        strategy: The strategy that asked; empty when nobody said.
        size: Signed quantity in base units; negative when sold.
        value: Signed value in the base currency.
        price: What it was executed at, in the instrument's currency; NaN when nobody said.
        at: When it was executed, UTC.
    """

    client_order_id: str
    symbol: str
    strategy: str
    size: float
    value: float
    price: float
    at: datetime


class Fills:
    """Every execution counts once: until a snapshot taken after it speaks for it, however late it is told.

    Attributes:
        uncovered: Executions that no snapshot has covered yet, the oldest first.
    """

    def __init__(self) -> None:
        self.uncovered: list[Fill] = []
        self._told: dict[str, tuple[str, str, str]] = {}
        self._covered: datetime | None = None  # the newest snapshot
        self._ahead: tuple[datetime, datetime] | None = (
            None  # a snapshot ahead of the clock: of when, seen when
        )
        self._forgotten: datetime | None = None  # the last execution that a snapshot has covered

    def of(self, strategy: str | None) -> list[Fill]:
        """Those that are uncovered: of everybody, or of a strategy."""
        return [fill for fill in self.uncovered if strategy is None or fill.strategy == strategy]

    def is_known(self, client_order_id: str, said: Execution) -> bool:
        """Whether the very same execution was told before; venues tell again after a reconnection."""
        told = self._told.get(said.execution_id)
        return told is not None and told == _content(client_order_id, said)

    def complaint(self, client_order_id: str, said: Execution, order: Order | None) -> str:
        """Why an execution that was not known leaves the account unknown, as a coded line; else empty.

        Its id is remembered; of very many the oldest are forgotten.
        """
        name, content = shown(client_order_id), _content(client_order_id, said)
        if said.execution_id:
            if said.execution_id in self._told:
                both = f"execution_id={shown(said.execution_id)}, quantity={shown(said.quantity)}"
                return f"fill_contradicts(client_order_id={name}, {both})"
            self._told[said.execution_id] = content
            if len(self._told) > _MOST_IDS:
                del self._told[next(iter(self._told))]
        if said.wrong_at is not None:
            return f"fill_unknown(client_order_id={name}, at={shown(said.wrong_at)})"
        size = finite(said.quantity)
        if order is None or not size > 0:
            return f"fill_unknown(client_order_id={name}, quantity={shown(said.quantity)})"
        if size > order.quantity * (1 + SAME):
            both = f"quantity={shown(said.quantity)}, rested={shown(order.quantity)}"
            return f"fill_exceeds_order(client_order_id={name}, {both})"
        return ""

    def take(self, fill: Fill) -> bool:
        """Count an execution; False when a snapshot that is known already speaks for it."""
        if self._covered is not None and fill.at <= self._covered:
            self.forget_until(fill.at)
            return False
        insort(self.uncovered, fill, key=_instant)
        return True

    def cover(self, as_of: datetime, now: datetime) -> bool:
        """Let a snapshot speak for all that was executed up to then; whether that changes what counts.

        One by a clock ahead of ours speaks for nothing after it was first seen.
        """
        if as_of > now:
            if self._ahead is None or self._ahead[0] != as_of:
                self._ahead = as_of, now
            as_of = self._ahead[1]
        self._covered = as_of if self._covered is None else max(as_of, self._covered)
        if not self.uncovered or self.uncovered[0].at > as_of:
            return False
        covered = [fill for fill in self.uncovered if fill.at <= as_of]
        self.forget_until(covered[-1].at)
        del self.uncovered[: len(covered)]
        return True

    def revalued(self, concerns: Callable[[str], bool], factor: float) -> None:
        """What has filled in some instruments is worth more or less in the base currency."""
        self.uncovered = [
            fill._replace(value=fill.value * factor) if concerns(fill.symbol) else fill
            for fill in self.uncovered
        ]

    def forget_until(self, at: datetime) -> None:
        """Older snapshots can be put beside the executions no more."""
        self._forgotten = at if self._forgotten is None else max(at, self._forgotten)

    def misplaced(self, as_of: datetime, *, ahead: bool) -> str:
        """Why a snapshot cannot be put beside the executions; empty when it can."""
        if ahead and self.uncovered:
            return f"snapshot_in_the_future(as_of={_told(as_of)}, uncovered_fills={len(self.uncovered)})"
        if self._forgotten is None or self._forgotten <= as_of:
            return ""
        return f"snapshot_superseded(as_of={_told(as_of)}, executed_since={_told(self._forgotten)})"


def _content(client_order_id: str, said: Execution) -> tuple[str, str, str]:
    return client_order_id, repr(said.quantity), repr(said.price)


def _instant(fill: Fill) -> datetime:
    return fill.at


def _told(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def after_fill(held: Holding, fill: Fill) -> Holding:
    """A holding after an execution: what is closed leaves at the value at which it is held.

    So a holding that is closed at another price is worth nothing, not the difference.
    """
    size = held.size + fill.size
    price = held.price if math.isnan(fill.price) else fill.price
    net = _net_after(held, fill, size)
    both_ways = max(0.0, held.gross - abs(held.net))
    return Holding(0.0 if net == 0 else size, net, both_ways + abs(net), price)


def _net_after(held: Holding, fill: Fill, size: float) -> float:
    if not are_opposite(held.size, fill.size) or math.isnan(size):
        return held.net + fill.value
    if abs(size) <= SAME * abs(held.size):
        return 0.0
    if are_opposite(held.size, size):
        return fill.value * (size / fill.size)
    return held.net * (size / held.size)


def are_opposite(size: float, other: float) -> bool:
    """Whether one is long and the other short; the product of two very small ones would not say so."""
    return min(size, other) < 0 < max(size, other)
