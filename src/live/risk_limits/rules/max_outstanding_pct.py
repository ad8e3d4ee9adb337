"""`max_outstanding_pct`: how much of all there is of an instrument the account may hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_outstanding_pct",
    unit=Unit.PERCENT,
    spares_exits=True,
    asked_by=("practice: position against issued quantity",),
)
def max_outstanding_pct(book: Book) -> Iterator[Observation]:
    """Units held, with every order filled that makes them more, in percent of the units in existence.

    Stops holdings that cannot be: in April 2018 a broker booked 2.81 billion shares that did not exist. An
    instrument whose `outstanding` nobody says is not measured.
    """
    for exposure in book.judged:
        outstanding = book.instrument(exposure.symbol).outstanding
        if outstanding is not None:
            now, before = book.units(exposure.symbol)
            why = "a quantity is not known" if math.isnan(now) else ""
            part = 100 / outstanding
            yield Observation(part * now, exposure.symbol, before=part * before, unknown=why)
