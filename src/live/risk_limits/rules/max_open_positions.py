"""`max_open_positions`: how many instruments the account may hold at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(key="max_open_positions", unit=Unit.COUNT, sense=Sense.COUNT, formula=Formula(Figure.POSITIONS))
def max_open_positions(book: Book) -> Iterator[Observation]:
    """Number of symbols held, those that the orders would open included."""
    yield Observation(book.open_positions, before=book.open_positions_before)
