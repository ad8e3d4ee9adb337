"""Inhibition: while something worse stands, what follows from it is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.dispatch.stage import Passing, Stage, Stopped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.alerts.dispatch.config import Inhibition
    from live.alerts.dispatch.identity import Identity


class Inhibitions(Stage):
    """Remembers what stands, and holds the rules against it."""

    def __init__(self, rules: Sequence[Inhibition], stands_s: float) -> None:
        """Know the rules; an alert stands for so many seconds after it came last."""
        self._rules = rules
        self._stands_s = stands_s
        self._standing: dict[int, dict[Identity, float]] = {number: {} for number in range(len(rules))}

    def judge(self, passing: Passing, now: float) -> Passing | Stopped:
        """Stop what an alert that stands is worse than; an alert does not inhibit itself."""
        for number, rule in enumerate(self._rules):
            standing = self._standing[number]
            if rule.by.fits(passing.identity):
                standing[passing.identity] = now
            elif rule.what.fits(passing.identity):
                for identity, seen in [*standing.items()]:
                    if now - seen > self._stands_s:
                        del standing[identity]
                    elif not rule.same_subject or identity.subject == passing.identity.subject:
                        return Stopped("suppressed", f"inhibited by {identity.code}", muted=True)
        return passing
