"""A run went to its end, something happened in it, and time never went back."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.words import instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History

STAGED = ("step", "series")


class RunComplete(Invariant):
    """A history that proves something: it has an end, a step or a series, and an order."""

    name = "run_complete"

    def judge(self, history: History) -> Iterable[Judgement]:
        """What the history lacks; without it nobody can tell what the rest of it means."""
        if not history.of("end"):
            yield Judgement(
                Verdict.UNKNOWN, "RUN_INCOMPLETE", "the history has no end: the run was cut short"
            )
        if not history.of(*STAGED):
            message = "no step was taken and no candle was played, so silence proves nothing; add a step"
            yield Judgement(Verdict.UNKNOWN, "NOTHING_STAGED", message)
        for before, after in pairwise(history):
            if after.at_s < before.at_s:
                message = f"time went back from {instant(before.at_s)} to {instant(after.at_s)}"
                yield Judgement(Verdict.UNKNOWN, "TIME_WENT_BACK", message, at_s=after.at_s)
