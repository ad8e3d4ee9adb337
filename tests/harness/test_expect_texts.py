"""`expect.silence`, `expect.http`, `expect.log` and `expect.stderr`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from inline_snapshot import snapshot
from pydantic import ValidationError

from tests.harness.histories import Line, alert, check, history, judged, told, validated

STDERR = (0.0, "stderr", {"text": "[CRITICAL] live_risk.orders RISK_LIMIT_VIOLATION_ORDERS"})
LOG = (
    0.0,
    "log",
    {"logger": "live.alerts", "level": "CRITICAL", "fields": {"event": "alert.raised", "worst": 2000.0}},
)


def request(
    at_s: float, destination: str, answer: int | str, body: str = '{"text": "&lt;!channel&gt;"}'
) -> Line:
    """A request as the receiver writes it down."""
    return at_s, "http", {"destination": destination, "answer": answer, "request": body, "held_s": 0.0}


def findings(name: str, said: Any, *lines: Line) -> str:
    """The findings of an expectation about a literal history, as a person reads them."""
    return told(judged(name, said, history(*lines)))


def silent(*lines: Line) -> str:
    """The findings of `silence: true` about a literal history."""
    return findings("silence", json.loads("true"), *lines)


def test_silence_is_fulfilled_by_silence() -> None:
    """Checks that are OK, log lines and requests are no alerts."""
    assert silent(check(0.0, "OK"), LOG) == ""


def test_silence_is_broken_by_every_alert() -> None:
    """An INFO alert is an alert."""
    raised = (alert(60.0, level="INFO"), alert(61.0, "DATA_GAP", 2, source="live_data.gap"))
    assert silent(*raised) == snapshot("""\
FAIL ALERT_UNEXPECTED line 30
  at 00:01:00 expected silence, got INFO RISK_LIMIT_VIOLATION_ORDERS from
  live_risk.orders: "RISK_LIMIT_VIOLATION_ORDERS was raised"
FAIL ALERT_UNEXPECTED line 30
  at 00:01:01 expected silence, got CRITICAL DATA_GAP from live_data.gap: "DATA_GAP was
  raised"\
""")


def test_silence_is_true_or_not_there() -> None:
    """`silence: false` would expect nothing."""
    with pytest.raises(ValidationError):
        validated("silence", json.loads("false"))


def test_requests_as_expected_are_no_finding() -> None:
    """Their number, their answers in order, and what stands in them."""
    said = {"requests": 2, "answers": [503, "timeout"], "contains": ["&lt;!channel"], "lacks": ["<!channel"]}
    arrived = (
        request(0.0, "webhook", 503),
        request(1.0, "webhook", "timeout"),
        request(1.0, "slack_webhook", 200),
    )
    assert findings("http", {"webhook": said}, *arrived) == ""


@pytest.mark.parametrize(
    ("said", "message"),
    [
        pytest.param(
            {"webhook": {"requests": 1}},
            snapshot("""\
FAIL HTTP_MISMATCH line 30
  requests to webhook: expected 1, got 2 [503, 200]\
"""),
            id="too many",
        ),
        pytest.param(
            {"webhook#2": {"requests": 1}},
            snapshot("""\
FAIL HTTP_MISMATCH line 30
  requests to webhook#2: expected 1, got 0 []\
"""),
            id="none at all",
        ),
        pytest.param(
            {"webhook": {"answers": [200, 503]}},
            snapshot("""\
FAIL HTTP_MISMATCH line 30
  answers of webhook: expected [200, 503], got [503, 200]\
"""),
            id="answers",
        ),
        pytest.param(
            {"webhook": {"contains": ["DATA_GAP"]}},
            snapshot("""\
FAIL HTTP_MISMATCH line 30
  no request to webhook holds "DATA_GAP" (there are 2)\
"""),
            id="contains",
        ),
        pytest.param(
            {"webhook": {"lacks": ["channel"]}},
            snapshot("""\
FAIL HTTP_MISMATCH line 30
  a request to webhook holds "channel": "{"text": "&lt;!channel&gt;"}"\
"""),
            id="lacks",
        ),
        pytest.param(
            {"exchange": {"contains": ["ping"]}},
            snapshot("""\
FAIL HTTP_MISMATCH line 30
  no request to exchange holds "ping" (there are 0)\
"""),
            id="nothing to look at",
        ),
    ],
)
def test_wrong_requests_name_expected_and_got(said: Any, message: str) -> None:
    """A finding per fact, at the first request."""
    arrived = (request(0.0, "webhook", 503), request(1.0, "webhook", 200))
    assert findings("http", said, *arrived) == message


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"webhok": {"requests": 0}},
        {"webhook": {}},
        {"webhook": {"requests": None}},
        {"webhook": {"request": 1}},
    ],
)
def test_a_misspelt_destination_does_not_look_like_a_quiet_one(said: Any) -> None:
    """No destination, an unknown one, one of which nothing is said, an unknown key."""
    with pytest.raises(ValidationError):
        validated("http", said)


def test_a_sink_stands_for_all_of_its_addresses() -> None:
    """Otherwise no request to `webhook` would be expected where `webhook#1` and `webhook#2` get them all."""
    arrived = (request(0.0, "webhook#1", 200), request(0.0, "webhook#2", 200))
    assert findings("http", {"webhook": {"requests": 2}, "webhook#2": {"requests": 1}}, *arrived) == ""
    assert findings("http", {"webhook": {"requests": 0}}, *arrived) == snapshot("""\
FAIL HTTP_MISMATCH line 30
  requests to webhook: expected 0, got 2 [200, 200]\
""")


def test_phrases_are_looked_for_in_everything_that_was_written() -> None:
    """On stderr, and in log lines with their fields."""
    assert findings("stderr", {"contains": ["RISK_LIMIT"], "lacks": ["Traceback"]}, STDERR) == ""
    assert findings("log", {"contains": ["alert.raised", '"worst": 2000.0'], "lacks": ["http"]}, LOG) == ""


def test_a_phrase_that_is_not_there_and_one_that_is_are_both_told() -> None:
    """All findings at once, with the text that holds what it must not."""
    said = {"contains": ["DATA_GAP"], "lacks": ["CRITICAL"]}
    assert findings("stderr", said, STDERR) == snapshot("""\
FAIL STDERR_MISMATCH line 30
  no text on stderr holds "DATA_GAP" (there are 1)
FAIL STDERR_MISMATCH line 30
  a text on stderr holds "CRITICAL": "[CRITICAL] live_risk.orders
  RISK_LIMIT_VIOLATION_ORDERS"\
""")
    assert findings("log", said, LOG) == snapshot("""\
FAIL LOG_MISMATCH line 30
  no log line holds "DATA_GAP" (there are 1)
FAIL LOG_MISMATCH line 30
  a log line holds "CRITICAL": "{"logger": "live.alerts", "level": "CRITICAL", "fields":
  {"event": "alert.raised", "worst": 2000.0}}"\
""")
    assert findings("stderr", said) == snapshot("""\
FAIL STDERR_MISMATCH line 30
  no text on stderr holds "DATA_GAP" (there are 0)\
""")


@pytest.mark.parametrize("name", ["log", "stderr"])
@pytest.mark.parametrize(
    "said", [{}, {"contains": []}, {"lacks": []}, {"contains": [""]}, {"contain": ["x"]}]
)
def test_an_expectation_that_expects_nothing_is_refused(name: str, said: Any) -> None:
    """Nothing, no phrase, an empty phrase, an unknown key."""
    with pytest.raises(ValidationError):
        validated(name, said)
