"""`expect.alerts`: what it accepts, and the very words with which it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from pydantic import ValidationError

from drills.contracts import Verdict
from tests.harness.histories import VIOLATION, WARNING, alert, delivery, history, judged, told, validated

EXPECTED = {"at": "5m", "code": VIOLATION, "level": "CRITICAL", "source": "live_risk.orders"}


def findings(said: list[dict[str, Any]], *lines: Any) -> str:
    """The findings about a literal history, as told."""
    return told(judged("alerts", said, history(*lines)))


def test_an_alert_as_expected_is_no_finding() -> None:
    """Code, level, source, message, subject and context agree, at the very instant."""
    context = {"subject": "BTC/EUR", "worst_limit": "max_order_notional", "limits": [{"value": 2000.0}]}
    raised = alert(300.0, context=context, message="Live risk limit violation: 2000.00 EUR")
    wanted = {
        **EXPECTED,
        "message": "limit violation",
        "subject": "BTC/EUR",
        "context": {"limits": [{"value": 2000}]},
    }
    assert findings([wanted], raised) == ""


def test_a_missing_alert_names_the_nearest_miss() -> None:
    """Another code of the same source is what was probably meant."""
    assert findings([EXPECTED], alert(240.0, WARNING, level="WARNING")) == snapshot("""\
FAIL ALERT_MISSING line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  nothing
  nearest: WARNING RISK_LIMIT_WARNING_ORDERS from live_risk.orders at 00:04:00 (level
  WARNING instead of CRITICAL; 60 s early)
FAIL ALERT_UNEXPECTED line 30
  at 00:04:00 got WARNING RISK_LIMIT_WARNING_ORDERS from live_risk.orders, which nobody
  expects: "RISK_LIMIT_WARNING_ORDERS was raised"; if it is right, list it under
  expect.alerts\
""")


def test_a_missing_alert_without_any_relative_has_no_near_miss() -> None:
    """An alert of another source is not held up as a near miss."""
    gap = alert(300.0, "DATA_GAP", source="live_data.gap")
    assert findings([EXPECTED], gap) == snapshot("""\
FAIL ALERT_MISSING line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  nothing
FAIL ALERT_UNEXPECTED line 30
  at 00:05:00 got CRITICAL DATA_GAP from live_data.gap, which nobody expects: "DATA_GAP
  was raised"; if it is right, list it under expect.alerts\
""")


@pytest.mark.parametrize(
    ("at_s", "raised", "message"),
    [
        pytest.param(
            300.0,
            {"level": "WARNING"},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  WARNING RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders: level WARNING instead of
  CRITICAL\
"""),
            id="level",
        ),
        pytest.param(
            240.0,
            {},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got it
  at 00:04:00: 60 s early\
"""),
            id="early",
        ),
        pytest.param(
            300.25,
            {},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got it
  at 00:05:00.250: 250 ms late\
"""),
            id="late",
        ),
        pytest.param(
            90_000.0,
            {},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got it
  at 25:00:00: 24:55:00 late\
"""),
            id="a day late",
        ),
        pytest.param(
            301.0,
            {"level": "INFO"},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  INFO RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:05:01: level INFO instead
  of CRITICAL; 1 s late\
"""),
            id="two fields",
        ),
    ],
)
def test_one_alert_with_wrong_fields_is_one_finding(
    at_s: float, raised: dict[str, Any], message: str
) -> None:
    """Not a missing alert and an unexpected one."""
    assert findings([EXPECTED], alert(at_s, **raised)) == message


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        pytest.param(
            {"context": {"worst_limit": "max_total_exposure"}},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders (BTC/EUR):
  context.worst_limit 'max_order_notional' instead of 'max_total_exposure'\
"""),
            id="value",
        ),
        pytest.param(
            {"context": {"limits": {"max_order_notional": {"limit": 499}}}},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders (BTC/EUR):
  context.limits.max_order_notional.limit 500 instead of 499\
"""),
            id="nested",
        ),
        pytest.param(
            {"context": {"n_orders": 1}},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders (BTC/EUR): context.n_orders
  is missing (expected 1)\
"""),
            id="missing key",
        ),
        pytest.param(
            {"context": {"worst_limt": "max_order_notional"}},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders (BTC/EUR): context.worst_limt
  is missing (expected 'max_order_notional'), but worst_limit is there\
"""),
            id="misspelt key",
        ),
        pytest.param(
            {"context": {"worst_limit": "max_order_notional"}, "exactly": True},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders (BTC/EUR): context.subject
  'BTC/EUR' instead of nothing; context.limits {'max_order_notional': {'value': 'NaN',
  'limit': 500.0}} instead of nothing\
"""),
            id="exactly",
        ),
        pytest.param(
            {"subject": "ETH/EUR"},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders
  (ETH/EUR), got CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders (BTC/EUR):
  subject BTC/EUR instead of ETH/EUR\
"""),
            id="subject",
        ),
        pytest.param(
            {"message": "daily loss"},
            snapshot("""\
FAIL ALERT_MISMATCH line 30
  at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders (BTC/EUR): message
  "RISK_LIMIT_VIOLATION_ORDERS was raised" does not hold "daily loss"\
"""),
            id="message",
        ),
    ],
)
def test_a_wrong_context_names_the_path_and_both_values(wanted: dict[str, Any], message: str) -> None:
    """The reader sees where in the context the two part."""
    context = {
        "subject": "BTC/EUR",
        "worst_limit": "max_order_notional",
        "limits": {"max_order_notional": {"value": "NaN", "limit": 500.0}},
    }
    assert findings([{**EXPECTED, **wanted}], alert(300.0, context=context)) == message


def test_an_unexpected_alert_fails() -> None:
    """The world is closed: what is not listed is wrong."""
    raised = (alert(300.0), alert(301.0, "DATA_GAP", 2, source="live_data.gap", level="WARNING"))
    assert findings([EXPECTED], *raised) == snapshot("""\
FAIL ALERT_UNEXPECTED line 30
  at 00:05:01 got WARNING DATA_GAP from live_data.gap, which nobody expects: "DATA_GAP was
  raised"; if it is right, list it under expect.alerts\
""")


def test_a_flood_is_one_finding() -> None:
    """A thousand unexpected alerts of one kind do not hide the others."""
    flood = [alert(float(second), "DATA_GAP", second, source="live_data.gap") for second in range(1, 1001)]
    assert findings([EXPECTED], alert(300.0), *flood) == snapshot("""\
FAIL ALERT_UNEXPECTED line 30
  at 00:00:01 got CRITICAL DATA_GAP from live_data.gap and 999 times more until 00:16:40,
  which nobody expects: "DATA_GAP was raised"; if it is right, list it under expect.alerts\
""")


def test_alerts_that_are_wrong_alike_are_one_finding() -> None:
    """A hundred alerts of the wrong level are one thing to mend."""
    wanted = {"within": "10m", "code": VIOLATION, "level": "CRITICAL", "times": 100}
    raised = [alert(float(second), number=second, level="WARNING") for second in range(1, 101)]
    assert findings([wanted], *raised) == snapshot("""\
FAIL ALERT_MISMATCH line 30
  between 00:00:00 and 00:10:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS, got WARNING
  RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:00:01: level WARNING instead of
  CRITICAL, 99 times more in the same way\
""")


def test_an_alert_twice_is_one_too_many() -> None:
    """`times` is exact; the finding points at the line that expects the alert."""
    assert findings([EXPECTED], alert(300.0), alert(300.0, number=2)) == snapshot("""\
FAIL ALERT_UNEXPECTED line 30
  at 00:05:00 got CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, which is
  more often than expected: "RISK_LIMIT_VIOLATION_ORDERS was raised"; if it is right, list
  it under expect.alerts
  nearest: scenarios/3-risk/order-notional.yaml:30 expects CRITICAL
  RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:05:00 (expected once)\
""")


def test_an_alert_too_seldom_says_how_often_it_came() -> None:
    """Of three expected alerts two came."""
    wanted = {"within": "10m", "code": VIOLATION, "times": 3}
    assert findings([wanted], alert(60.0), alert(120.0, number=2)) == snapshot("""\
FAIL ALERT_MISSING line 30
  between 00:00:00 and 00:10:00 expected RISK_LIMIT_VIOLATION_ORDERS 3 times, got twice
  nearest: CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:01:00 (fits,
  but is counted already)\
""")


def test_a_wide_window_does_not_take_the_alert_of_another_line() -> None:
    """Both lines are fulfilled, although the first one fits the alert of the second."""
    lines = [{"within": "10m", "code": VIOLATION}, {"at": "1m", "code": VIOLATION}]
    assert findings(lines, alert(60.0), alert(120.0, number=2)) == ""
    assert findings(lines[::-1], alert(60.0), alert(120.0, number=2)) == ""


def test_alerts_of_one_code_are_told_apart_by_their_subject() -> None:
    """The symbol whose alert is missing is the one that is named."""
    lines = [
        {"at": "1m", "code": "DATA_GAP", "subject": subject} for subject in ("BTC/EUR", "ETH/EUR", "SOL/EUR")
    ]
    raised = [
        alert(60.0, "DATA_GAP", number, source="live_data.gap", context={"subject": subject})
        for number, subject in enumerate(("SOL/EUR", "BTC/EUR"), start=1)
    ]
    assert findings(lines, *raised) == snapshot("""\
FAIL ALERT_MISSING line 40
  at 00:01:00 expected DATA_GAP (ETH/EUR), got nothing
  nearest: CRITICAL DATA_GAP from live_data.gap (SOL/EUR) at 00:01:00 (subject SOL/EUR
  instead of ETH/EUR)\
""")


@pytest.mark.parametrize(
    ("time", "in_time", "too_early_or_late"),
    [
        ({"at": "5m"}, (299.999999, 300.0, 300.000001), (299.99999, 300.00001)),
        ({"at": "5m", "within": "5s"}, (300.0, 305.0), (299.0, 305.1)),
        ({"within": "5s"}, (0.0, 5.0), (5.1,)),
        ({"between": ["4m", "5m"]}, (240.0, 300.0), (239.9, 300.1)),
    ],
)
def test_times_are_windows_exact_to_the_microsecond(
    time: dict[str, Any], in_time: tuple[float, ...], too_early_or_late: tuple[float, ...]
) -> None:
    """At, within a time after it, within a time of the start, between two instants."""
    wanted = [{**time, "code": VIOLATION}]
    assert [findings(wanted, alert(at_s)) for at_s in in_time] == ["" for _ in in_time]
    assert all(findings(wanted, alert(at_s)) for at_s in too_early_or_late)


def test_not_a_number_is_expected_as_such() -> None:
    """A history has words for what JSON cannot hold; a scenario writes .nan and .inf."""
    wanted = {**EXPECTED, "context": {"value": float("nan"), "limit": float("inf"), "ratio": 0.1 + 0.2}}
    raised = {"value": "NaN", "limit": "Infinity", "ratio": 0.3}
    assert findings([wanted], alert(300.0, context=raised)) == ""
    assert findings([wanted], alert(300.0, context={**raised, "value": 1.0})) != ""


def test_an_empty_mapping_is_expected_to_be_empty() -> None:
    """`breached: {}` says that nothing is breached; as a mere subset it would agree with everything."""
    wanted = {**EXPECTED, "context": {"breached": {}}}
    assert findings([wanted], alert(300.0, context={"breached": {}, "allowed": True})) == ""
    assert "instead of nothing" in findings(
        [wanted], alert(300.0, context={"breached": {"max_order_notional": 1}})
    )


def test_true_is_not_one() -> None:
    """A flag and a count are different facts."""
    assert findings([{**EXPECTED, "context": {"blocked": True}}], alert(300.0, context={"blocked": 1})) != ""


DELIVERIES = (
    delivery(300.0, "log"),
    delivery(305.0, "webhook", "dead", reason="HTTP 503", held_s=5.0),
    delivery(305.0, "slack_webhook", "suppressed", reason="min_level CRITICAL"),
    delivery(305.0, "stderr", fallback=True),
)


def test_every_way_of_delivery_has_a_word() -> None:
    """once, failed, suppressed, fallback, and never for what was not even tried."""
    words = {
        "log": "once",
        "webhook": "failed",
        "slack_webhook": "suppressed",
        "stderr": "fallback",
        "webhook#2": "never",
    }
    assert findings([{**EXPECTED, "delivered": words}], alert(300.0), *DELIVERIES) == ""


def test_a_suppressed_alert_never_arrived() -> None:
    """`never` is also right where a rule held the alert back."""
    words = {"log": "once", "webhook": "failed", "slack_webhook": "never", "stderr": "fallback"}
    assert findings([{**EXPECTED, "delivered": words}], alert(300.0), *DELIVERIES) == ""


def test_a_wrong_delivery_names_expected_and_got() -> None:
    """With the reason and the time that it took."""
    words = {
        "log": "never",
        "webhook": "once",
        "slack_webhook": "once",
        "stderr": "once",
        "webhook#2": "once",
    }
    assert findings([{**EXPECTED, "delivered": words}], alert(300.0), *DELIVERIES) == snapshot("""\
FAIL DELIVERY_MISMATCH line 30
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:05:00: log expected
  never, got once; webhook expected once, got failed (HTTP 503, after 5 s); slack_webhook
  expected once, got suppressed (min_level CRITICAL); stderr expected once, got fallback;
  webhook#2 expected once, got never\
""")


def test_destinations_are_a_closed_world_too() -> None:
    """Whoever lists destinations lists all that got the alert; what a rule held back need not be listed."""
    words = {"log": "once"}
    assert findings([{**EXPECTED, "delivered": words}], alert(300.0), *DELIVERIES) == snapshot("""\
FAIL DELIVERY_MISMATCH line 30
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:05:00: stderr is not
  listed, got fallback; webhook is not listed, got failed (HTTP 503, after 5 s)\
""")


def test_a_double_delivery_is_not_once() -> None:
    """The alert reached the log twice."""
    lines = (alert(300.0), delivery(300.0, "log"), delivery(301.0, "log"))
    assert findings([{**EXPECTED, "delivered": {"log": "once"}}], *lines) == snapshot("""\
FAIL DELIVERY_MISMATCH line 30
  CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:05:00: log expected
  once, got twice (delivered, delivered)\
""")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        pytest.param(
            {**EXPECTED, "code": "DATA_GAPS"},
            snapshot("'DATA_GAPS' is no alert code, so it can never be raised; did you mean 'DATA_GAP'?"),
            id="unknown code",
        ),
        pytest.param(
            {**EXPECTED, "source": "live_risk.portfolio"},
            snapshot(
                "RISK_LIMIT_VIOLATION_ORDERS is never raised by 'live_risk.portfolio'; write live_risk.orders"
            ),
            id="wrong source",
        ),
        pytest.param(
            {**EXPECTED, "delivered": {"webhok": "never"}},
            snapshot("unknown destination 'webhok'; did you mean 'webhook'?"),
            id="unknown destination",
        ),
        pytest.param(
            {**EXPECTED, "delivered": {"webhook#0": "never"}},
            snapshot("unknown destination 'webhook#0'; did you mean 'webhook'?"),
            id="no such number",
        ),
        pytest.param(
            {"code": VIOLATION},
            snapshot("this expectation does not say when; add `at`, `within` or `between`"),
            id="no time",
        ),
        pytest.param(
            {**EXPECTED, "between": ["1m", "2m"]},
            snapshot("`between` stands beside `at` or `within`, which say something else; keep one of them"),
            id="two times",
        ),
        pytest.param(
            {"between": ["2m", "1m"], "code": VIOLATION},
            snapshot("`between` ends before it begins, so nothing can match; swap the two"),
            id="backwards",
        ),
        pytest.param(
            {**EXPECTED, "exactly": True},
            snapshot("`exactly` has no `context` to compare; add `context` or drop `exactly`"),
            id="exactly without context",
        ),
    ],
)
def test_what_could_look_like_silence_is_refused(said: dict[str, Any], message: str) -> None:
    """A misspelt name never waits for something that cannot happen."""
    with pytest.raises(ValidationError) as refused:
        validated("alerts", [said])
    assert "\n".join(one["msg"] for one in refused.value.errors()) == message


@pytest.mark.parametrize(
    "said", [{"codes": VIOLATION}, {"level": "critical"}, {"times": 0}, {"times": True}, {"message": ""}]
)
def test_misspelt_keys_and_values_are_refused(said: dict[str, Any]) -> None:
    """Unknown keys, levels and counts, and a text that every message holds, are errors of the file."""
    with pytest.raises(ValidationError):
        validated("alerts", [{**EXPECTED, **said}])


def test_an_empty_list_is_refused() -> None:
    """Silence is said in words."""
    with pytest.raises(ValidationError, match="silence: true"):
        validated("alerts", [])


SECONDS = st.integers(0, 30)
RAISED = st.tuples(SECONDS, st.sampled_from([VIOLATION, WARNING]), st.sampled_from(["WARNING", "CRITICAL"]))
LISTED = st.tuples(
    SECONDS, SECONDS, st.sampled_from([VIOLATION, WARNING]), st.sampled_from([None, "WARNING", "CRITICAL"])
)


def lines_of(raised: list[tuple[int, str, str]]) -> list[Any]:
    """Alert records."""
    ordered = sorted(raised)
    return [
        alert(float(at_s), code, number, level=level) for number, (at_s, code, level) in enumerate(ordered)
    ]


def items_of(listed: list[tuple[int, int, str, str | None]]) -> list[dict[str, Any]]:
    """Items of `expect.alerts` with windows of any width."""
    return [
        {"at": f"{at_s}s", "within": f"{within_s}s", "code": code, "level": level}
        for at_s, within_s, code, level in listed
    ]


@given(
    st.lists(RAISED, max_size=6), st.lists(LISTED, min_size=1, max_size=6), st.randoms(use_true_random=False)
)
def test_the_order_of_the_lines_never_changes_the_verdict(raised: Any, listed: Any, shuffle: Any) -> None:
    """Who writes the alerts in another order expects the same."""
    shuffled = list(listed)
    shuffle.shuffle(shuffled)
    happened = history(*lines_of(raised))
    first, second = (judged("alerts", items_of(lines), happened) for lines in (listed, shuffled))
    assert bool(first) == bool(second)


@given(st.lists(RAISED, min_size=1, max_size=6))
def test_what_happened_as_expected_passes_and_every_other_count_fails(raised: Any) -> None:
    """One alert fewer fails, and so does one alert more."""
    items = [{"at": f"{at_s}s", "code": code, "level": level} for at_s, code, level in raised]
    lines = lines_of(raised)
    assert judged("alerts", items, history(*lines)) == []
    for number in range(len(lines)):
        fewer = judged("alerts", items, history(*lines[:number], *lines[number + 1 :]))
        more = judged("alerts", items, history(*lines[:number], lines[number], *lines[number:]))
        assert {one.verdict for one in (*fewer, *more)} == {Verdict.FAIL}
        assert fewer
        assert more
