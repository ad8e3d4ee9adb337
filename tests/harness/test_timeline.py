"""The timeline of a drill: expected on the left, got on the right, around the first divergence."""

# ruff: noqa: E501 - a timeline is as wide as two lanes are

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inline_snapshot import snapshot

from drills.expect.alerts import Alerts
from drills.run import DrillResult
from drills.timeline import explain, rows_of
from drills.verdict import judge
from drills.words import duration, instant, lag, printable
from tests.harness.histories import (
    END,
    FILE,
    STEP,
    VIOLATION,
    WARNING,
    Line,
    alert,
    check,
    delivery,
    history,
    scenario,
)

if TYPE_CHECKING:
    import pytest

    from drills.history import History

PAGE = {
    "at": "5m",
    "code": VIOLATION,
    "level": "CRITICAL",
    "source": "live_risk.orders",
    "delivered": {"log": "once", "webhook": "once"},
}
SECOND_STEP = (
    300.0,
    "step",
    {"step": "check_orders", "where": f"{FILE}:14", "summary": "1 order of 2000 EUR"},
)


def explained(expect: dict[str, Any], *lines: Line) -> str:
    """The story of a drill with this literal history, without trailing blanks."""
    staged, happened = scenario(expect), history(*lines)
    return explain(DrillResult(staged, happened, judge(staged, happened), {}))


def test_a_missing_alert_stands_on_the_left_alone() -> None:
    """The near miss has a row of its own, and is told again below."""
    lines = (
        *(STEP, alert(240.0, WARNING, level="WARNING"), delivery(240.0, "log"), delivery(240.0, "webhook")),
        *(check(240.0, "WARNING"), END),
    )
    assert explained({"alerts": [PAGE]}, *lines) == snapshot("""\
FAIL order-notional[at-limit] – An order above the notional limit is blocked and pages
    time      expected                               got
    00:00:00                                         step check_orders: 1 order
  > 00:04:00  (nothing)                            > WARNING RISK_LIMIT_WARNING_ORDERS from live_risk.orders
    00:04:00                                           delivered log
    00:04:00                                           delivered webhook
    00:04:00                                         orders check (WARNING, allowed, max_order_notional 2000 of 500)
  > 00:05:00  CRITICAL RISK_LIMIT_VIOLATION_ORDERS < (nothing)
    00:10:00                                         end (steps: 1)
FAIL ALERT_UNEXPECTED scenarios/3-risk/order-notional.yaml:30
    at 00:04:00 got WARNING RISK_LIMIT_WARNING_ORDERS from live_risk.orders, which nobody expects: "RISK_LIMIT_WARNING_ORDERS was raised"; if it is right, list it under expect.alerts
FAIL ALERT_MISSING scenarios/3-risk/order-notional.yaml:30
    at 00:05:00 expected CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, got nothing
    nearest: WARNING RISK_LIMIT_WARNING_ORDERS from live_risk.orders at 00:04:00 (level WARNING instead of CRITICAL; 60 s early)
reproduce: drills run scenarios/3-risk/order-notional.yaml --case at-limit
""")


def test_an_alert_of_a_drill_that_lists_none_stands_on_the_right_alone() -> None:
    """Its row is marked, not the one that comes first at its time."""
    expect = {"checks": [{"at": "4m", "allowed": False}]}
    told = explained(expect, STEP, alert(240.0), check(240.0), END)
    marked = [line for line in told.splitlines() if line.startswith("  > ")]
    assert [" ".join(line.split()) for line in marked] == [
        "> 00:04:00 (nothing) > CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders"
    ]


def test_a_wrong_delivery_stands_beside_the_delivery() -> None:
    """Both lanes are filled, and differ; a destination that is not listed is too much on the right."""
    lines = (
        *(SECOND_STEP, alert(300.0), delivery(300.0, "log")),
        delivery(305.0, "webhook", "dead", reason="HTTP 503", held_s=5.0),
        *(delivery(305.0, "stderr", fallback=True), check(305.0, held_s=5.0), END),
    )
    assert explained({"alerts": [PAGE]}, *lines) == snapshot("""\
FAIL order-notional[at-limit] – An order above the notional limit is blocked and pages
    time      expected                               got
    00:05:00                                         step check_orders: 1 order of 2000 EUR
    00:05:00  CRITICAL RISK_LIMIT_VIOLATION_ORDERS   CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders
    00:05:00                                           delivered log
  > 00:05:05    webhook once                       ≠   dead webhook: HTTP 503 after 5 s
  > 00:05:05  (nothing)                            >   delivered stderr (fallback)
    00:05:05                                         orders check (BREACH, not allowed, max_order_notional 2000 of 500)
    00:10:00                                         end (steps: 1)
FAIL DELIVERY_MISMATCH scenarios/3-risk/order-notional.yaml:30
    CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:05:00: webhook expected once, got failed (HTTP 503, after 5 s); stderr is not listed, got fallback
reproduce: drills run scenarios/3-risk/order-notional.yaml --case at-limit
""")


def test_an_alert_at_the_wrong_time_stands_at_both_times() -> None:
    """Where it was due, and where it came."""
    wanted = {"at": "5m", "code": VIOLATION}
    lines = (STEP, alert(0.0), delivery(0.0, "log"), check(0.0), END)
    assert explained({"alerts": [wanted]}, *lines) == snapshot("""\
FAIL order-notional[at-limit] – An order above the notional limit is blocked and pages
    time      expected                      got
    00:00:00                                step check_orders: 1 order
  > 00:00:00  (nothing)                   > CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders
    00:00:00                                  delivered log
    00:00:00                                orders check (BREACH, not allowed, max_order_notional 2000 of 500)
  > 00:05:00  RISK_LIMIT_VIOLATION_ORDERS < (nothing)
    00:10:00                                end (steps: 1)
FAIL ALERT_MISMATCH scenarios/3-risk/order-notional.yaml:30
    at 00:05:00 expected RISK_LIMIT_VIOLATION_ORDERS, got CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:00:00: 300 s early
reproduce: drills run scenarios/3-risk/order-notional.yaml --case at-limit
""")


def test_only_the_rows_around_the_first_divergence_are_shown() -> None:
    """How many were left out is said."""
    quiet = [(float(second), "step", {**STEP[2], "summary": f"order {second}"}) for second in range(20)]
    loud = [(float(second), "step", {**STEP[2], "summary": f"order {second}"}) for second in range(20, 40)]
    lines = (
        *quiet,
        alert(19.5, "DATA_GAP", source="live_data.gap", context={"subject": "BTC/EUR"}),
        *loud,
        END,
    )
    assert explained({"silence": True}, *lines) == snapshot("""\
FAIL order-notional[at-limit] – An order above the notional limit is blocked and pages
    time          expected   got
    … 15 earlier
    00:00:15                 step check_orders: order 15
    00:00:16                 step check_orders: order 16
    00:00:17                 step check_orders: order 17
    00:00:18                 step check_orders: order 18
    00:00:19                 step check_orders: order 19
  > 00:00:19.500  silence  ≠ CRITICAL DATA_GAP from live_data.gap (BTC/EUR)
    00:00:20                 step check_orders: order 20
    00:00:21                 step check_orders: order 21
    00:00:22                 step check_orders: order 22
    00:00:23                 step check_orders: order 23
    00:00:24                 step check_orders: order 24
    00:00:25                 step check_orders: order 25
    … 15 later
FAIL ALERT_UNEXPECTED scenarios/3-risk/order-notional.yaml:30
    at 00:00:19.500 expected silence, got CRITICAL DATA_GAP from live_data.gap (BTC/EUR): "DATA_GAP was raised"
reproduce: drills run scenarios/3-risk/order-notional.yaml --case at-limit
""")


def test_a_finding_without_a_lane_of_its_own_shows_the_rows_at_its_time() -> None:
    """The law of conservation has no expected side."""
    lines = (
        STEP,
        alert(0.0),
        check(0.0),
        SECOND_STEP,
        alert(300.0, number=2),
        delivery(300.0, "log", number=2),
    )
    wanted = [{"at": "0s", "code": VIOLATION}, {"at": "5m", "code": VIOLATION}]
    assert explained({"alerts": wanted}, *lines, check(300.0), END) == snapshot("""\
FAIL order-notional[at-limit] – An order above the notional limit is blocked and pages
    time      expected                      got
  > 00:00:00                                step check_orders: 1 order
    00:00:00  RISK_LIMIT_VIOLATION_ORDERS   CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders
    00:00:00                                orders check (BREACH, not allowed, max_order_notional 2000 of 500)
    00:05:00                                step check_orders: 1 order of 2000 EUR
    00:05:00  RISK_LIMIT_VIOLATION_ORDERS   CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders
    00:05:00                                  delivered log
    00:05:00                                orders check (BREACH, not allowed, max_order_notional 2000 of 500)
    … 1 later
FAIL CONSERVATION_VIOLATED
    CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders at 00:00:00 was lost on its way to log: neither delivered nor suppressed nor dead
reproduce: drills run scenarios/3-risk/order-notional.yaml --case at-limit
""")


def test_an_error_of_the_code_under_test_is_marked() -> None:
    """It diverges from every expectation."""
    error = (0.0, "error", {"where": f"{FILE}:12", "type": "ValueError", "message": "not a\nnumber \x1b[2J"})
    assert explained({"silence": True}, STEP, error, END) == snapshot("""\
FAIL order-notional[at-limit] – An order above the notional limit is blocked and pages
    time      expected    got
    00:00:00              step check_orders: 1 order
  > 00:00:00  (nothing) > raised ValueError: not a\\nnumber \\x1b[2J
    00:10:00              end (steps: 1)
FAIL CODE_RAISED
    at 00:00:00 the code under test raised ValueError: not a\\nnumber \\x1b[2J (scenarios/3-risk/order-notional.yaml:12)
reproduce: drills run scenarios/3-risk/order-notional.yaml --case at-limit
""")


def test_a_history_as_expected_has_no_divergence() -> None:
    """What agrees stands side by side on one row."""
    staged = scenario(
        {"alerts": [{"at": "0s", "code": VIOLATION}], "checks": [{"at": "0s", "allowed": False}]}
    )
    happened = history(STEP, alert(0.0), delivery(0.0, "log"), check(0.0), END)
    rows = rows_of(staged, happened)
    assert [row.diverges for row in rows] == [False] * 5
    assert [row.expected for row in rows] == ["", VIOLATION, "", "check (not allowed)", ""]


def test_a_crash_in_a_lane_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report is written all the same; the verdict tells of crashes."""

    def crash(_self: Alerts, _history: History, _expected: object) -> None:
        raise RuntimeError("no lane")

    monkeypatch.setattr(Alerts, "lane", crash)
    staged = scenario({"alerts": [PAGE], "checks": [{"at": "0s", "allowed": False}]})
    rows = rows_of(staged, history(STEP, check(0.0), END))
    assert [row.expected for row in rows] == ["", "check (not allowed)", ""]


def test_times_are_read_as_a_clock() -> None:
    """Hours, minutes, seconds, and as many decimals as are needed."""
    assert [instant(at_s) for at_s in (0.0, 300.0, 1.25, 90_000.0, 0.000001)] == [
        "00:00:00",
        "00:05:00",
        "00:00:01.250",
        "25:00:00",
        "00:00:00.000001",
    ]
    assert [duration(at_s) for at_s in (0.25, 1.5, 60.0, 599.0, 7200.0)] == [
        "250 ms",
        "1.5 s",
        "60 s",
        "599 s",
        "02:00:00",
    ]
    assert (lag(-60.0), lag(0.5)) == ("60 s early", "500 ms late")


def test_foreign_texts_cannot_steer_a_terminal() -> None:
    """Escape sequences, line breaks and lone surrogates are shown as what they are."""
    assert printable("a\x1b[2J\r\n\ud800\u202eé") == r"a\x1b[2J\r\n\ud800\u202eé"
