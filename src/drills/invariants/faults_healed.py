"""A fault that was to heal has healed by the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.words import instant, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History


class FaultsHealed(Invariant):
    """What happens after a fault is part of the drill; one left standing leaves it open."""

    name = "faults_healed"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Every fault that the end of the run found standing."""
        for end in history.of("end"):
            for fault in end.data["standing_faults"]:
                message = (
                    f"the fault {printable(fault)} still stood when the drill ended at {instant(end.at_s)}, "
                    "so nobody saw the recovery; set `until:` past the end of its `for:`"
                )
                yield Judgement(Verdict.UNKNOWN, "FAULT_LEFT_STANDING", message, at_s=end.at_s)
