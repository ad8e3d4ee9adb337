"""`max_group_concentration_pct`: which share of the equity one sector or underlying may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_group_concentration_pct",
    unit=Unit.PERCENT,
    subject="group",
    per_subject="group_concentration",
    asked_by=("practice: concentration limits",),
)
def max_group_concentration_pct(book: Book) -> Iterator[Observation]:
    """Value of each `group` in percent of the equity, with every order filled that makes it larger.

    Equity that is not known, or not above zero, is an unknown share.
    """
    equity = book.equity
    for group, value, before in book.exposure_by("group"):
        if equity > 0:
            yield Observation(100 * value / equity, group, before=100 * before / equity)
        elif book.adds(value, before):
            yield Observation(math.nan, group, unknown="the equity is not known or not above zero")
