"""`max_short_exposure_notional`: how much the account may be short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="max_short_exposure_notional",
    unit=Unit.MONEY,
    asked_by=("SEC 15c3-5(c)(1)(i)", "RTS 6 Art. 17(4)"),
    formula=Formula(Figure.SHORT),
)
def max_short_exposure(book: Book) -> Observation:
    """Value of all short holdings, with every sale filled.

    A purchase that has not filled yet makes no room.
    """
    return Observation(book.sides.short, before=book.sides_before.short)
