"""What a day has brought."""

from __future__ import annotations

from typing import NamedTuple

from live.amounts import NAN


class DayPnl(NamedTuple):
    """The result of one session day in the base currency.

    Attributes:
        amount: Realised and unrealised together, less fees; NaN when it is unknown.
        realized: The part that is closed; NaN when it is unknown.
        source: Where it comes from: `registry`, `snapshot`, `events`, `snapshot+events`, `none`, or the name
            of a source of your own.
        unknown: Why it is not known; empty when it is.
    """

    amount: float = 0.0
    realized: float = 0.0
    source: str = "none"
    unknown: str = ""

    @classmethod
    def not_known(cls, source: str, why: str) -> DayPnl:
        """A result that nobody can tell, and why."""
        return cls(NAN, NAN, source, f"PnL unknown: {why}")
