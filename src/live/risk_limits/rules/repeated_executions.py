"""`max_repeated_executions_per_minute`: how often a strategy may trade in one direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_repeated_executions_per_minute",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="symbol",
    spares_exits=True,
    asked_by=("RTS 6 Art. 15(3)", "FIA 3.2 repeated automated execution limits"),
)
def max_repeated_executions_per_minute(book: Book) -> Iterator[Observation]:
    """Executions of a strategy in the direction that it asks for again, within the last minute.

    Stops an algorithm that buys because it has bought. Exits pass. It may go on when the minute is over:
    where a person has to let it in again, as RTS 6 Art. 15(3) asks, halt the strategy by the breaker.
    """
    asked = dict.fromkeys((order.strategy, order.symbol, order.buys) for order in book.orders)
    for strategy, symbol, buys in asked:
        executed = book.journal.passed.executions(strategy, symbol, book.now, buys=buys)
        note = f"side={'BUY' if buys else 'SELL'}, strategy={strategy!r}"
        yield Observation(executed, symbol, note=note)
