"""A risk check that is not OK raises exactly one alert, of the code for its severity; OK raises none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Invariant, Judgement, Verdict
from drills.judging.expected_check import began_s
from drills.words import instant
from live.codes import risk_code
from live.contracts import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.history import History, Record


class OneAlertPerCheck(Invariant):
    """Checks and alerts of the risk limits come in pairs."""

    name = "one_alert_per_check"

    def judge(self, history: History) -> Iterable[Judgement]:
        """Follow checks and alerts in their order: a check is written down after the alert that it sent.

        What the delivery itself makes of alerts, such as the word that one is over, is none of a check.
        """
        raised: dict[str, list[str]] = {f"live_risk.{scope}": [] for scope in Scope}
        for record in history.of("alert", "check", "error"):
            if record.kind == "error":
                raised = {source: [] for source in raised}
            elif record.kind == "check":
                source = f"live_risk.{record.data['check']}"
                yield from _judged(record, raised[source])
                raised[source] = []
            elif record.data["source"] in raised and not record.data.get(
                "made"
            ):  # not by the delivery itself
                raised[record.data["source"]].append(record.data["code"])


def _judged(check: Record, codes: list[str]) -> Iterable[Judgement]:
    severity = check.data["severity"]
    scope = Scope(check.data["check"])
    expected = [] if severity == "OK" else [risk_code(scope, breach=severity == "BREACH")]
    if codes != expected:
        message = (
            f"at {instant(began_s(check))} the {scope} check ({severity}) raised "
            f"{', '.join(codes) or 'no alert'} "
            f"instead of {', '.join(expected) or 'no alert'}"
        )
        yield Judgement(Verdict.FAIL, "CHECK_WITHOUT_ITS_ALERT", message, at_s=check.at_s)
