"""`max_net_exposure_notional`: how much long and short may differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="max_net_exposure_notional",
    unit=Unit.MONEY,
    asked_by=("SEC 15c3-5(c)(1)(i)", "RTS 6 Art. 15(5)"),
    formula=Formula(Figure.NET),
)
def max_net_exposure(book: Book) -> Observation:
    """Long less short or short less long, whichever is more when only purchases fill, or only sales.

    Bounds what a move of the whole market costs.
    """
    return Observation(book.sides.net, before=book.sides_before.net)
