"""Judges a history: every expectation of the scenario, and every invariant. PASS < UNKNOWN < FAIL.

Whoever judges may crash; that is UNKNOWN, never PASS. So is a drill that expects nothing. Alerts are a closed
world in every drill: one that says nothing about them expects none.
"""

from __future__ import annotations

import traceback
from functools import partial
from typing import TYPE_CHECKING

from drills.contracts import Judgement, Verdict
from drills.judging.alert_findings import unexpected
from drills.registry import EXPECTATIONS, INVARIANTS
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from drills.contracts import Where
    from drills.history import History
    from drills.scenario import Scenario

ALERTING = ("alerts", "silence")
EXIT_STATUS = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 2}


def judge(scenario: Scenario, history: History) -> tuple[Judgement, ...]:
    """Everything that is wrong with a history, in the order of time; nothing when the drill passed.

    Args:
        scenario: What was expected.
        history: What happened; the only thing that is known about the run.
    """
    found: list[Judgement] = []
    if not any(expected for expected, _ in scenario.expect.values()):
        found.append(_expects_nothing(scenario))
    for name, (expected, where) in scenario.expect.items():
        found.extend(_expectation(name, expected, where, history))
    if expects_no_alert_unsaid(scenario):
        place = [scenario.where(("expect",))]
        found.extend(_guarded("closed world", lambda: unexpected((), history.of("alert"), place)))
    for name in INVARIANTS:
        found.extend(_guarded(f"invariant {name}", partial(_invariant, name, history)))
    return tuple(sorted(found, key=_instant))


def expects_no_alert_unsaid(scenario: Scenario) -> bool:
    """Whether a scenario expects something, and says nothing about alerts: then it expects none."""
    return bool(scenario.expect) and not any(name in scenario.expect for name in ALERTING)


def verdict_of(judgements: Iterable[Judgement]) -> Verdict:
    """The worst of them; PASS when nothing is wrong."""
    return max((judgement.verdict for judgement in judgements), default=Verdict.PASS)


def exit_status(verdicts: Iterable[Verdict]) -> int:
    """0 all passed, 1 one failed, 2 one is unknown or there is none."""
    return EXIT_STATUS[max(verdicts, default=Verdict.UNKNOWN)]


def first_divergence(judgements: Iterable[Judgement]) -> Judgement | None:
    """The earliest finding of the worst kind; None when nothing is wrong."""
    found = sorted(judgements, key=lambda one: (-one.verdict, _instant(one)))
    return found[0] if found else None


def _expectation(name: str, expected: object, where: Sequence[Where], history: History) -> list[Judgement]:
    place = where[0] if where else None
    return _guarded(
        f"expectation {name}", lambda: EXPECTATIONS[name]().judge(history, expected, where), place
    )


def _invariant(name: str, history: History) -> Iterable[Judgement]:
    return INVARIANTS[name]().judge(history)


def _guarded(
    judge_name: str, judging: Callable[[], Iterable[Judgement]], where: Where | None = None
) -> list[Judgement]:
    try:
        return list(judging())
    except Exception as error:  # noqa: BLE001 - whatever goes wrong while judging, the verdict is not known
        last_line = printable(traceback.format_exception_only(error)[-1].strip())
        message = f"the {judge_name} crashed, so nobody knows whether it holds: {last_line}"
        return [Judgement(Verdict.UNKNOWN, "JUDGE_CRASHED", message, where)]


def _expects_nothing(scenario: Scenario) -> Judgement:
    message = (
        "the drill expects nothing, so it proves nothing; say under `expect:` what must happen, "
        "or `silence: true` if nothing may"
    )
    return Judgement(Verdict.UNKNOWN, "EXPECTS_NOTHING", message, scenario.where(("expect",)))


def _instant(judgement: Judgement) -> float:
    return float("inf") if judgement.at_s is None else judgement.at_s
