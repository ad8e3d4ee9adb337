"""A drill begins in a steady state: what it finds later is its own doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History


class SteadyState(Invariant):
    """The given portfolio is OK before anything is staged."""

    name = "steady_state"

    def judge(self, history: History) -> Iterable[Judgement]:
        """The steady-state check, where there was one."""
        for record in history.of("steady_state"):
            if not record.data["steady"]:
                reason = printable(record.data["reason"])
                message = (
                    f"before the first step the given portfolio was not OK: {reason}; "
                    "mend `given.portfolio`, or say `given.steady: false` if that is on purpose"
                )
                yield Judgement(Verdict.UNKNOWN, "NOT_STEADY", message, at_s=record.at_s)
