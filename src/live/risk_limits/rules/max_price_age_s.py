"""`max_price_age_s`: how old the newest price of an instrument may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Observation, Scope, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


_SKEW_S = 5.0


@risk_rule(
    key="max_price_age_s",
    unit=Unit.SECONDS,
    scopes=(Scope.ORDERS,),
    asked_by=("FIA 3.1 market data reasonability",),
)
def max_price_age_s(book: Book) -> Iterator[Observation]:
    """Age of the newest price of each symbol that is asked for, in seconds.

    No price, a price that is no number, of an unknown instant or from the future (by more than 5 seconds) is
    of an unknown age. Exits pass.
    """
    for exposure in book.judged:
        if exposure.only_reduces:
            continue
        quote = book.quote(exposure.symbol)
        if quote is None or quote.at is None or math.isnan(quote.last):
            yield Observation(math.nan, exposure.symbol, unknown="no price is known")
            continue
        age_s = (book.now - quote.at).total_seconds()
        if age_s < -_SKEW_S:
            yield Observation(math.nan, exposure.symbol, unknown=f"the price is {-age_s:.3f} s in the future")
        else:
            yield Observation(max(0.0, age_s), exposure.symbol)
