"""`max_venue_exposure_notional`: how much the account may hold at one venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_venue_exposure_notional",
    unit=Unit.MONEY,
    subject="venue",
    per_subject="venue_exposure",
    asked_by=("practice: exposure to one venue",),
)
def max_venue_exposure(book: Book) -> Iterator[Observation]:
    """Value of all instruments of a `venue`, long and short added, with every order that raises it filled.

    Instruments of which nobody says are not measured.
    """
    for venue, value, before in book.exposure_by("venue"):
        yield Observation(value, venue, before=before)
