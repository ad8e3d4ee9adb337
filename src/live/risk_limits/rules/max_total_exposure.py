"""`max_total_exposure_notional`: how much the account may hold in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_total_exposure_notional",
    unit=Unit.MONEY,
    asked_by=("SEC 15c3-5(c)(1)(i)", "RTS 6 Art. 15(5)"),
    formula=Formula(Figure.TOTAL),
)
def max_total_exposure(book: Book) -> Iterator[Observation]:
    """Value of all holdings, long and short added, with every order filled that makes it larger.

    The aggregate threshold that SEC Rule 15c3-5(c)(1)(i) asks for.
    """
    yield Observation(book.total_exposure, before=book.total_exposure_before)
