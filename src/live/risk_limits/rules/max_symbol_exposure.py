"""`max_symbol_exposure_notional`: how much of one instrument the account may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_symbol_exposure_notional",
    unit=Unit.MONEY,
    per_subject="symbol_exposure",
    asked_by=("SEC 15c3-5(c)(1)(i)", "RTS 6 Art. 15(5)", "FIA 1.2 maximum intraday position"),
    formula=Formula(Figure.EXPOSURE),
)
def max_symbol_exposure(book: Book) -> Iterator[Observation]:
    """Value of each symbol, with every order filled that makes it larger.

    Bounds what one instrument can cost. The FIA's guidance on risk controls for automated trading knows it as
    the maximum intraday position.
    """
    for exposure in book.judged:
        yield Observation(exposure.value, exposure.symbol, before=exposure.before)
