"""`max_consecutive_losses`: how many trades in a row may lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="max_consecutive_losses",
    unit=Unit.COUNT,
    sense=Sense.COUNT,
    spares_exits=True,
    asked_by=("practice: loss streak",),
    formula=Formula(Figure.ACCOUNT),
)
def max_consecutive_losses(book: Book) -> Observation:
    """Closed results in a row that lost, fees included; a gain ends the row, and zero changes nothing.

    Stops a strategy that no longer fits its market before the loss of the day does. Exits pass.
    """
    return Observation(book.situation.losses_in_a_row)
