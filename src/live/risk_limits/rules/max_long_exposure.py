"""`max_long_exposure_notional`: how much the account may be long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="max_long_exposure_notional",
    unit=Unit.MONEY,
    asked_by=("SEC 15c3-5(c)(1)(i)", "RTS 6 Art. 17(4)"),
    formula=Formula(Figure.LONG),
)
def max_long_exposure(book: Book) -> Observation:
    """Value of all long holdings, with every purchase filled.

    A sale that has not filled yet makes no room.
    """
    return Observation(book.sides.long, before=book.sides_before.long)
