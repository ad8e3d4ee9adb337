"""Invariants hold in every drill: each finds its own violation, and nothing in a sound history."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from drills.contracts import Verdict
from drills.defaults import CANARY
from drills.registry import INVARIANTS
from tests.harness.histories import (
    END,
    STEP,
    VIOLATION,
    WARNING,
    Line,
    alert,
    check,
    delivery,
    history,
    told,
)

STEADY = (0.0, "steady_state", {"steady": True, "reason": "OK"})
ACCEPTED = (0.0, "http", {"destination": "webhook", "answer": 200, "request": "{}", "held_s": 0.0})
SOUND = (STEADY, STEP, alert(0.0), delivery(0.0, "log"), ACCEPTED, delivery(0.0, "webhook"), check(0.0), END)


def findings(name: str, *lines: Line) -> str:
    """The findings of an invariant about a literal history, as a person reads them."""
    return told(INVARIANTS[name]().judge(history(*lines)))


@pytest.mark.parametrize("name", list(INVARIANTS))
def test_a_sound_history_violates_nothing(name: str) -> None:
    """An order check that breaches, alerts, and is delivered."""
    assert findings(name, *SOUND) == ""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(
            (alert(0.0), delivery(0.0, "log"), alert(1.0, number=2)),
            snapshot("""\
FAIL CONSERVATION_VIOLATED
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:00:01 was lost on its
  way to log: neither delivered nor suppressed nor dead\
"""),
            id="lost",
        ),
        pytest.param(
            (alert(0.0), delivery(0.0, "log"), delivery(1.0, "log", "dead")),
            snapshot("""\
FAIL CONSERVATION_VIOLATED
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:00:00 ended twice at
  log instead of once\
"""),
            id="ended twice",
        ),
        pytest.param(
            (delivery(0.0, "log", number=7),),
            snapshot("""\
FAIL CONSERVATION_VIOLATED
  log got alert 7, which nobody raised\
"""),
            id="raised by nobody",
        ),
    ],
)
def test_every_alert_ends_once_at_every_destination(lines: tuple[Line, ...], message: str) -> None:
    """Delivered, suppressed or dead; nothing is lost, doubled or made up."""
    assert findings("conservation", *lines) == message


def test_a_fallback_takes_only_what_needs_it() -> None:
    """An alert that reached its destination is not missed on stderr."""
    lines = (
        *(alert(0.0), delivery(0.0, "webhook", "dead"), delivery(0.0, "stderr", fallback=True)),
        *(alert(1.0, number=2), delivery(1.0, "webhook", number=2)),
    )
    assert findings("conservation", *lines) == ""


def test_no_sink_claims_what_was_not_accepted() -> None:
    """The far end answered 503, and the sink says delivered."""
    refused = (0.0, "http", {**ACCEPTED[2], "answer": 503})
    assert findings("delivered_was_accepted", alert(0.0), refused, delivery(0.0, "webhook")) == snapshot("""\
FAIL DELIVERY_NOT_ACCEPTED
  webhook: 1 delivered, but 0 accepted; a sink may claim only what was answered with 2xx\
""")


def test_code_under_test_raises_nothing() -> None:
    """The error is told with its type, its time and the step."""
    error = (
        60.0,
        "error",
        {"where": "scenarios/x.yaml:12", "type": "ZeroDivisionError", "message": "by zero"},
    )
    assert findings("no_errors", error) == snapshot("""\
FAIL CODE_RAISED
  at 00:01:00 the code under test raised ZeroDivisionError: by zero (scenarios/x.yaml:12)\
""")


def test_a_fault_left_standing_is_unknown() -> None:
    """Nobody saw the recovery."""
    end = (600.0, "end", {"steps": 1, "standing_faults": ["hang"]})
    assert findings("faults_healed", end) == snapshot("""\
UNKNOWN FAULT_LEFT_STANDING
  the fault hang still stood when the drill ended at 00:10:00, so nobody saw the recovery;
  set `until:` past the end of its `for:`\
""")


def test_a_drill_that_begins_in_breach_is_unknown() -> None:
    """What it finds may have been there before."""
    reason = "max_total_exposure_exceeded(max=1000.00, observed=2000.00)"
    unsteady = (0.0, "steady_state", {"steady": False, "reason": reason})
    assert findings("steady_state", unsteady) == snapshot("""\
UNKNOWN NOT_STEADY
  before the first step the given portfolio was not OK:
  max_total_exposure_exceeded(max=1000.00, observed=2000.00); mend `given.portfolio`, or
  say `given.steady: false` if that is on purpose\
""")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(
            (STEP,),
            snapshot("""\
UNKNOWN RUN_INCOMPLETE
  the history has no end: the run was cut short\
"""),
            id="no end",
        ),
        pytest.param(
            (END,),
            snapshot("""\
UNKNOWN NOTHING_STAGED
  no step was taken and no candle was played, so silence proves nothing; add a step\
"""),
            id="nothing staged",
        ),
        pytest.param(
            (STEP, alert(60.0), alert(59.0, number=2), END),
            snapshot("""\
UNKNOWN TIME_WENT_BACK
  time went back from 00:01:00 to 00:00:59\
"""),
            id="backwards",
        ),
    ],
)
def test_a_run_that_proves_nothing_is_unknown(lines: tuple[Line, ...], message: str) -> None:
    """It was cut short, it did nothing, or its order is not to be trusted."""
    assert findings("run_complete", *lines) == message


@pytest.mark.parametrize(
    "line",
    [
        alert(0.0, message=f"cannot reach https://receiver.invalid/{CANARY}"),
        alert(0.0, context={"urls": [f"https://receiver.invalid/{CANARY}"]}),
        (0.0, "log", {"logger": "httpx", "level": "INFO", "fields": {"event": f"POST {CANARY}"}}),
        (0.0, "stderr", {"text": f"Traceback … {CANARY}"}),
        delivery(0.0, "webhook", "dead", reason=f"no answer from {CANARY}"),
    ],
)
def test_no_record_shows_an_address(line: Line) -> None:
    """Wherever the canary shows, the finding tells the record and does not repeat the secret."""
    text = findings("no_secret", STEP, line)
    assert "SECRET_SHOWN" in text
    assert CANARY not in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(
            check(0.0, allowed=True),
            snapshot("""\
FAIL BREACH_ALLOWED
  at 00:00:00 orders check (BREACH, allowed, max_order_notional 2000 of 500), although a
  limit is breached; a breach is never allowed\
"""),
            id="allowed",
        ),
        pytest.param(
            check(0.0, "WARNING", details=check(0.0)[2]["details"]),
            snapshot("""\
FAIL BREACH_ALLOWED
  at 00:00:00 orders check (WARNING, allowed, max_order_notional 2000 of 500), although a
  limit is breached; a breach is never allowed
FAIL SEVERITY_TOO_MILD
  at 00:00:00 orders check (WARNING, allowed, max_order_notional 2000 of 500), although
  max_order_notional is BREACH\
"""),
            id="too mild",
        ),
    ],
)
def test_a_breach_is_never_allowed(line: Line, message: str) -> None:
    """Neither outright nor by calling it a warning."""
    assert findings("breach_never_allowed", line) == message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(
            (check(0.0),),
            snapshot("""\
FAIL CHECK_WITHOUT_ITS_ALERT
  at 00:00:00 the orders check (BREACH) raised no alert instead of
  RISK_LIMIT_VIOLATION_ORDERS\
"""),
            id="no alert",
        ),
        pytest.param(
            (alert(0.0), alert(0.0, number=2), check(0.0)),
            snapshot("""\
FAIL CHECK_WITHOUT_ITS_ALERT
  at 00:00:00 the orders check (BREACH) raised RISK_LIMIT_VIOLATION_ORDERS,
  RISK_LIMIT_VIOLATION_ORDERS instead of RISK_LIMIT_VIOLATION_ORDERS\
"""),
            id="two alerts",
        ),
        pytest.param(
            (alert(0.0, WARNING), check(0.0)),
            snapshot("""\
FAIL CHECK_WITHOUT_ITS_ALERT
  at 00:00:00 the orders check (BREACH) raised RISK_LIMIT_WARNING_ORDERS instead of
  RISK_LIMIT_VIOLATION_ORDERS\
"""),
            id="another code",
        ),
        pytest.param(
            (alert(0.0), check(0.0, "OK")),
            snapshot("""\
FAIL CHECK_WITHOUT_ITS_ALERT
  at 00:00:00 the orders check (OK) raised RISK_LIMIT_VIOLATION_ORDERS instead of no alert\
"""),
            id="alert without reason",
        ),
        pytest.param(
            (alert(0.0), check(0.0), check(1.0)),
            snapshot("""\
FAIL CHECK_WITHOUT_ITS_ALERT
  at 00:00:01 the orders check (BREACH) raised no alert instead of
  RISK_LIMIT_VIOLATION_ORDERS\
"""),
            id="the second check is silent",
        ),
    ],
)
def test_checks_and_alerts_come_in_pairs(lines: tuple[Line, ...], message: str) -> None:
    """One alert for a check that is not OK, none for one that is."""
    assert findings("one_alert_per_check", *lines) == message


def test_a_check_that_raised_leaves_its_alert_without_a_pair() -> None:
    """The error itself is told by another invariant."""
    error = (0.0, "error", {"where": "x:1", "type": "ValueError", "message": "no"})
    lines = (alert(0.0, VIOLATION), error, alert(1.0, number=2), check(1.0))
    assert findings("one_alert_per_check", *lines) == ""


def test_what_cannot_be_known_is_unknown_and_what_is_wrong_fails() -> None:
    """A violation of a law is a failure; a run that cannot be trusted is not known."""
    unsteady = (0.0, "steady_state", {"steady": False, "reason": "x"})
    standing = (0.0, "end", {"steps": 1, "standing_faults": ["hang"]})
    unknown: dict[str, Line] = {"steady_state": unsteady, "faults_healed": standing, "run_complete": STEP}
    for name, line in unknown.items():
        assert {one.verdict for one in INVARIANTS[name]().judge(history(line))} == {Verdict.UNKNOWN}
