"""`max_group_exposure_notional`: how much of one sector or underlying the account may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_group_exposure_notional",
    unit=Unit.MONEY,
    subject="group",
    per_subject="group_exposure",
    asked_by=("SEC 15c3-5(c)(1)(i)",),
)
def max_group_exposure(book: Book) -> Iterator[Observation]:
    """Value of all instruments of a `group`, long and short added, with every order that raises it filled.

    Instruments of which nobody says are not measured.
    """
    for group, value, before in book.exposure_by("group"):
        yield Observation(value, group, before=before)
