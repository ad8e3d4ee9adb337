"""`max_undescribed_instruments`: orders in instruments that nobody has described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_undescribed_instruments",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    scopes=(Scope.ORDERS,),
    subject="symbol",
    asked_by=("FIA 1.1 maximum order size",),
)
def undescribed_instruments(book: Book) -> Iterator[Observation]:
    """Instruments asked for that have no table under `[live_risk.instruments]`.

    Set it to 0, and an instrument whose multiplier, currency and group nobody has looked at cannot be traded
    by a slip. An order that only reduces a holding passes.
    """
    for exposure in book.judged:
        hit = not book.is_described(exposure.symbol) and not exposure.only_reduces
        yield Observation(int(hit), exposure.symbol)
