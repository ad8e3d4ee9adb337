"""`max_daily_loss_abs`: how much a day may lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Figure, Formula, Observation, Sense, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_daily_loss_abs",
    unit=Unit.MONEY,
    sense=Sense.LOSS,
    spares_exits=True,
    formula=Formula(Figure.ACCOUNT),
)
def max_daily_loss_abs(book: Book) -> Iterator[Observation]:
    """Result of the session day, closed and open; only a loss counts."""
    yield Observation(book.pnl.amount, unknown=book.pnl.unknown)
