"""Every alert ends, at every destination, in exactly one way: delivered, coalesced, suppressed or dead.

What is still on its way at the end of a drill counts as pending.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.judging.expected_alert import alert_place
from drills.words import printable, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from drills.history import History


class Conservation(Invariant):
    """Emitted = delivered + pending + coalesced + suppressed + dead, by alert and by destination."""

    name = "conservation"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Count what became of each alert."""
        alerts, deliveries = history.of("alert"), history.of("delivery")
        regular = {record.data["destination"] for record in deliveries if not record.data.get("fallback")}
        taken = {record.data["alert"]: record.data["destinations"] for record in history.of("taken")}
        for alert in alerts:
            meant = taken.get(alert.data["alert"], ()) if taken else sorted(regular)
            ended = Counter(record.data["destination"] for record in history.deliveries(alert))
            wrong = list(_wrong(meant, ended))
            if wrong:
                yield _violation(f"{alert_place(alert)} {'; '.join(wrong)}", alert.at_s)
        known = {alert.data["alert"] for alert in alerts}
        for record in deliveries:
            if record.data["alert"] not in known:
                place = printable(record.data["destination"])
                yield _violation(
                    f"{place} got alert {record.data['alert']}, which nobody raised", record.at_s
                )


def _wrong(regular: Iterable[str], ended: Counter[str]) -> Iterator[str]:
    for destination in regular:
        if not ended[destination]:
            name = printable(destination)
            yield f"was lost on its way to {name}: neither delivered nor suppressed nor dead"
    for destination, count in sorted(ended.items()):
        if count > 1:
            yield f"ended {times(count)} at {printable(destination)} instead of once"


def _violation(message: str, at_s: float) -> Judgement:
    return Judgement(Verdict.FAIL, "CONSERVATION_VIOLATED", message, at_s=at_s)
