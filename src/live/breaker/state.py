"""The four states of the breaker, and what is remembered of one scope."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from live.risk_limits.severity import RiskCheckSeverity


class BreakerState(IntEnum):
    """What may be sent: a higher state lets less through.

    * ACTIVE: everything.
    * WARN: everything; somebody should look.
    * REDUCE_ONLY: exits, that is orders that can only reduce what is held. It latches.
    * HALTED: nothing. It latches.
    """

    ACTIVE = 0
    WARN = 1
    REDUCE_ONLY = 2
    HALTED = 3

    @property
    def latches(self) -> bool:
        """Whether it is left downwards only by a person."""
        return self >= BreakerState.REDUCE_ONLY


@dataclass(frozen=True, slots=True)
class BreakerRecord:
    """What is remembered of the account or of one strategy.

    Attributes:
        state: What may be sent.
        since: When that state was entered, UTC; None only before anything has happened.
        reason: Why it was entered, with the numbers.
        by: Who entered it: `policy`, `store`, or the role of a person.
        seen: The last observations, oldest first.
        calm: How many OK observations came in a row, up to as many as are needed.
        run: How many further confirmed breaches came in REDUCE_ONLY, without the confirmation lapsing.
        run_since: Since when that breach lasts; None when none does.
    """

    state: BreakerState = BreakerState.ACTIVE
    since: datetime | None = None
    reason: str = ""
    by: str = ""
    seen: tuple[RiskCheckSeverity, ...] = ()
    calm: int = 0
    run: int = 0
    run_since: datetime | None = None

    def count(self, least: RiskCheckSeverity) -> int:
        """How many of the remembered observations are at least that bad."""
        return sum(one >= least for one in self.seen)


NEW = BreakerRecord()
"""What is known of a scope of which nothing was ever observed."""
