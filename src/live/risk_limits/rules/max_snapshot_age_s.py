"""`max_snapshot_age_s`: how old what is known of the account may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from live.contracts import Observation, Setting, Unit, risk_rule
from live.risk_limits.soundness import seconds

if TYPE_CHECKING:
    from live.risk_limits.book import Book


@risk_rule(
    key="max_snapshot_age_s",
    unit=Unit.SECONDS,
    spares_exits=True,
    settings=(
        Setting("clock_skew_s", 5.0, seconds(5.0), "How far in the future an instant may lie, in seconds"),
    ),
    asked_by=("RTS 6 Art. 17(3)", "FIA 4.1 drop copy reconciliation"),
)
def max_snapshot_age_s(book: Book) -> Observation:
    """Age of the snapshot at the instant of the check, in seconds.

    Entries on holdings of yesterday are refused, exits pass. A snapshot from the future, of an unknown
    instant, or none at all is of an unknown age.
    """
    as_of = book.account.as_of
    if as_of is None:
        return Observation(math.nan, unknown="there is no snapshot, or it does not say when it was taken")
    age_s = (book.now - as_of).total_seconds()
    if age_s < -book.setting("clock_skew_s"):
        return Observation(math.nan, unknown=f"the snapshot is {-age_s:.3f} s in the future")
    return Observation(max(0.0, age_s))
