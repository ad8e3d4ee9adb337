"""`max_unlimited_strategies`: orders of strategies that nobody has set limits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_unlimited_strategies",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="strategy",
    spares_exits=True,
    asked_by=("practice: limits per strategy",),
)
def unlimited_strategies(book: Book) -> Iterator[Observation]:
    """Strategies that ask and have no table under `[live_risk.strategies]`; no strategy at all counts as one.

    Set it to 0, and no misspelt or forgotten name trades under the limits of the account alone.
    """
    for strategy in dict.fromkeys(order.strategy for order in book.orders):
        yield Observation(int(strategy not in book.ledger.strategies), strategy or "(none)")
