"""The code under test raises nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.words import instant, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History


class NoErrors(Invariant):
    """No exception reached the harness."""

    name = "no_errors"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Every error that was written down."""
        for record in history.of("error"):
            error = printable(f"{record.data['type']}: {record.data['message']}")
            message = f"at {instant(record.at_s)} the code under test raised {error} ({record.data['where']})"
            yield Judgement(Verdict.FAIL, "CODE_RAISED", message, at_s=record.at_s)
