"""No output of the code under test shows the address of a remote sink."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.defaults import CANARIES
from drills.words import instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History


class NoSecret(Invariant):
    """The canary that the harness puts into every address never shows in a record."""

    name = "no_secret"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Every record that shows the canary; the record itself is not repeated."""
        for record in history:
            if any(canary in repr(record.data) for canary in CANARIES):
                message = (
                    f"at {instant(record.at_s)} a {record.kind} record (number {record.seq}) shows the "
                    "address of a remote sink, which is a secret; redact it where it is written"
                )
                yield Judgement(Verdict.FAIL, "SECRET_SHOWN", message, at_s=record.at_s)
