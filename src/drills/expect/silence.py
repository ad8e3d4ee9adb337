"""`expect: {silence: true}`: nothing is alerted, by anybody, from the first instant to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from drills.contracts import Due, Expectation, Judgement, Verdict
from drills.judging.expected_alert import alert_words
from drills.words import instant, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drills.contracts import Where
    from drills.history import History


class Silence(Expectation):
    """No alert at all."""

    name = "silence"
    Params = Literal[True]

    def judge(self, history: History, expected: bool, where: Sequence[Where]) -> Iterable[Judgement]:  # noqa: ARG002, FBT001 - the only value is true
        """Every alert is one too many."""
        for alert in history.of("alert"):
            message = (
                f"at {instant(alert.at_s)} expected silence, got {alert_words(alert)}: "
                f'"{printable(alert.data["message"])}"'
            )
            yield Judgement(Verdict.FAIL, "ALERT_UNEXPECTED", message, where[0], alert.at_s)

    def lane(self, history: History, expected: bool) -> Iterable[Due]:  # noqa: ARG002, FBT001 - the only value is true
        """Silence beside every alert."""
        return [Due(alert.at_s, "silence", alert.seq, met=False) for alert in history.of("alert")]
