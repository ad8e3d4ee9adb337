"""The verdict: PASS < UNKNOWN < FAIL, and nothing but the history decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from inline_snapshot import snapshot

from drills.contracts import Judgement, Verdict
from drills.expect.alerts import Alerts
from drills.invariants.no_secret import NoSecret
from drills.registry import EXPECTATIONS
from drills.verdict import exit_status, first_divergence, judge, verdict_of
from tests.harness.histories import END, STEP, VIOLATION, alert, check, delivery, history, scenario, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drills.history import History

PAGED = (STEP, alert(0.0), delivery(0.0, "log"), check(0.0), END)
EXPECT = {"alerts": [{"at": "0s", "code": VIOLATION}], "checks": [{"at": "0s", "allowed": False}]}


def finding(verdict: Verdict, at_s: float | None = None) -> Judgement:
    """A finding of which only verdict and time matter."""
    return Judgement(verdict, "CODE", f"at {at_s}", at_s=at_s)


def test_a_history_as_expected_has_no_findings() -> None:
    """Expectations and invariants agree with it: PASS."""
    judgements = judge(scenario(EXPECT), history(*PAGED))
    assert judgements == ()
    assert verdict_of(judgements) is Verdict.PASS


def test_findings_stand_in_the_order_of_time() -> None:
    """What went wrong first is read first, whoever found it; what has no time comes last."""
    wrong = (STEP, alert(30.0), delivery(30.0, "log"), check(30.0), END)
    expect = {"stderr": {"contains": ["x"]}, **EXPECT}
    assert [one.code for one in judge(scenario(expect), history(*wrong))] == [
        "ALERT_MISMATCH",
        "CHECK_MISSING",
        "STDERR_MISMATCH",
    ]


def test_a_drill_that_says_nothing_of_alerts_expects_none() -> None:
    """A drill about checks is no less a closed world: an alert that is not listed fails it."""
    expect = {"checks": [{"at": "0s", "allowed": False}]}
    assert told(judge(scenario(expect), history(*PAGED))) == snapshot("""\
FAIL ALERT_UNEXPECTED line 21
  at 00:00:00 got CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, which nobody
  expects: "RISK_LIMIT_VIOLATION_ORDERS was raised"; if it is right, list it under
  expect.alerts\
""")
    quiet = (STEP, check(0.0, "OK"), END)
    assert judge(scenario({"checks": [{"at": "0s", "allowed": True}]}), history(*quiet)) == ()


def test_a_drill_that_expects_nothing_is_unknown() -> None:
    """Whatever happens, it could not have failed."""
    judgements = judge(scenario({}), history(*PAGED))
    assert told(judgements) == snapshot("""\
UNKNOWN EXPECTS_NOTHING line 21
  the drill expects nothing, so it proves nothing; say under `expect:` what must happen,
  or `silence: true` if nothing may\
""")
    assert verdict_of(judgements) is Verdict.UNKNOWN


def test_silence_where_nothing_was_staged_is_unknown() -> None:
    """A drill without a step and without a candle is silent whatever the guards do."""
    judgements = judge(scenario({"silence": True}), history(END))
    assert [one.code for one in judgements] == ["NOTHING_STAGED"]
    assert verdict_of(judgements) is Verdict.UNKNOWN


def test_a_crash_in_an_expectation_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of the traceback is told; the other judges still judge."""

    def crash(_self: Alerts, _history: History, _expected: object, _where: object) -> Iterator[Judgement]:
        yield finding(Verdict.FAIL, 0.0)
        raise ZeroDivisionError("division by zero\nin the middle")

    monkeypatch.setattr(Alerts, "judge", crash)
    judgements = judge(scenario({**EXPECT, "stderr": {"contains": ["x"]}}), history(*PAGED))
    assert told(judgements) == snapshot("""\
UNKNOWN JUDGE_CRASHED line 30
  the expectation alerts crashed, so nobody knows whether it holds: ZeroDivisionError:
  division by zero\\nin the middle
FAIL STDERR_MISMATCH line 30
  no text on stderr holds "x" (there are 0)\
""")


def test_a_crash_in_an_invariant_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not pass because nobody could look."""

    def crash(_self: NoSecret, _history: History) -> None:
        raise KeyError("kind")

    monkeypatch.setattr(NoSecret, "judge", crash)
    judgements = judge(scenario(EXPECT), history(*PAGED))
    assert told(judgements) == snapshot("""\
UNKNOWN JUDGE_CRASHED
  the invariant no_secret crashed, so nobody knows whether it holds: KeyError: 'kind'\
""")
    assert verdict_of(judgements) is Verdict.UNKNOWN


def test_an_expectation_that_nobody_can_judge_is_unknown() -> None:
    """Its leaf is gone: that is a crash too."""
    staged = scenario(EXPECT)
    broken = replace(staged, expect={**staged.expect, "alert": staged.expect["alerts"]})
    assert "alert" not in EXPECTATIONS
    assert told(judge(broken, history(*PAGED))) == snapshot("""\
UNKNOWN JUDGE_CRASHED line 30
  the expectation alert crashed, so nobody knows whether it holds:
  live.registry.RegistryError: unknown expectation 'alert'; did you mean 'alerts'?\
""")


@pytest.mark.parametrize(
    ("verdicts", "worst", "status"),
    [
        ([], Verdict.PASS, 2),
        ([Verdict.PASS], Verdict.PASS, 0),
        ([Verdict.PASS, Verdict.UNKNOWN], Verdict.UNKNOWN, 2),
        ([Verdict.UNKNOWN, Verdict.FAIL, Verdict.PASS], Verdict.FAIL, 1),
    ],
)
def test_the_worst_verdict_decides(verdicts: list[Verdict], worst: Verdict, status: int) -> None:
    """A failure is 1, what is not known is 2, and so is a run without a drill."""
    assert verdict_of(finding(verdict) for verdict in verdicts) is worst
    assert exit_status(verdicts) == status


def test_the_first_divergence_is_the_earliest_of_the_worst() -> None:
    """A failure is shown before what is merely unknown, however early that was."""
    findings = [
        finding(Verdict.UNKNOWN, 0.0),
        finding(Verdict.FAIL),
        finding(Verdict.FAIL, 7.0),
        finding(Verdict.FAIL, 5.0),
    ]
    assert first_divergence(findings) == findings[3]
    assert first_divergence([]) is None
