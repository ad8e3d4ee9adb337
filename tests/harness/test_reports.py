"""Reports: the same results for people, build machines, reviewers and browsers."""

# ruff: noqa: E501 - the forms are as wide as they are

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from inline_snapshot import snapshot

from drills.page.chart import MOST_BARS, charts_of, fewer_bars
from drills.registry import REPORTS
from drills.run import DrillResult
from drills.verdict import judge
from live.candles import Candle
from tests.harness.browser import seen_in_a_browser
from tests.harness.histories import (
    END,
    FILE,
    START,
    STEP,
    VIOLATION,
    Line,
    alert,
    check,
    delivery,
    history,
    scenario,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

EXPECT = {"alerts": [{"at": "0s", "code": VIOLATION, "delivered": {"log": "once"}}]}
PAGED = (STEP, alert(0.0), delivery(0.0, "log"), check(0.0), END)
HOSTILE = "<script>document.title = 'taken over'</script>"
STEERING = "\x1b[2J\x07 100% : ,\n::error::"
MINUTE = timedelta(minutes=1)
FIVE_HOURS = (18_000.0, "end", {"steps": 1, "standing_faults": []})


def result(
    expect: Mapping[str, Any],
    *lines: Line,
    series: Mapping[str, Sequence[Candle]] | None = None,
    **fields: Any,
) -> DrillResult:
    """A drill with a literal history, judged."""
    staged, happened = scenario(expect, **fields), history(*lines)
    return DrillResult(staged, happened, judge(staged, happened), series or {})


def candles(symbol: str, count: int) -> list[Candle]:
    """A price that climbs, one bar a minute."""
    return [
        Candle(symbol, START + bar * MINUTE, 100.0 + bar, 102.0 + bar, 99.0 + bar, 101.0 + bar)
        for bar in range(count)
    ]


def gap(symbol: str) -> tuple[Line, ...]:
    """A bar that is dropped by a fault, and found."""
    fault = {"fault": "drop", "target": symbol, "where": f"{FILE}:20"}
    changed = {"symbol": symbol, "ts": (START + 100 * MINUTE).isoformat(), "fault": "drop", "candle": []}
    raised: dict[str, Any] = {
        "level": "WARNING",
        "source": "live_data.gap",
        "context": {"subject": symbol},
    }
    return (
        (0.0, "series", {"symbol": symbol, "timeframe_s": 60.0, "bars": 300, "source": "synthetic"}),
        (6000.0, "fault", {**fault, "phase": "begin"}),
        (6060.0, "candle", changed),
        alert(6120.0, "DATA_GAP", message=f"1 bar of {symbol} is missing", **raised),
        delivery(6120.0, "log"),
        (6180.0, "fault", {**fault, "phase": "heal"}),
        FIVE_HOURS,
    )


PASSED = result(EXPECT, *PAGED, id="pages", case="")
FAILED = result(EXPECT, STEP, END)
UNKNOWN = result({}, *PAGED, id="expects-nothing", case="")
RESULTS = (PASSED, FAILED, UNKNOWN)
FORMS = sorted(REPORTS)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_results_give_the_same_bytes(form: str) -> None:
    """No clock, no chance, no order of sets."""
    assert REPORTS[form]().render(RESULTS) == REPORTS[form]().render(RESULTS)


@pytest.mark.parametrize("form", FORMS)
def test_a_run_without_a_drill_is_reported_too(form: str) -> None:
    """It is not known to be good, but it can be shown."""
    assert isinstance(REPORTS[form]().render([]), str)


def test_the_terminal_shows_stories_and_a_table() -> None:
    """Plain text: what did not pass is told, and the table comes last."""
    assert REPORTS["terminal"]().render(RESULTS) == snapshot("""\
FAIL order-notional[at-limit] – An order above the notional limit is blocked and pages
    time      expected                      got
    00:00:00                                step check_orders: 1 order
  > 00:00:00  RISK_LIMIT_VIOLATION_ORDERS < (nothing)
    00:10:00                                end (steps: 1)
FAIL ALERT_MISSING scenarios/3-risk/order-notional.yaml:30
    at 00:00:00 expected RISK_LIMIT_VIOLATION_ORDERS, got nothing
reproduce: drills run scenarios/3-risk/order-notional.yaml --case at-limit

UNKNOWN expects-nothing – An order above the notional limit is blocked and pages
    time      expected   got
    00:00:00             step check_orders: 1 order
    00:00:00             CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders
    00:00:00               delivered log
    00:00:00             orders check (BREACH, not allowed, max_order_notional 2000 of 500)
    00:10:00             end (steps: 1)
UNKNOWN EXPECTS_NOTHING scenarios/3-risk/order-notional.yaml:21
    the drill expects nothing, so it proves nothing; say under `expect:` what must happen, or `silence: true` if nothing may
reproduce: drills run scenarios/3-risk/order-notional.yaml

verdict   drill                      playbook   alerts   delivered   coalesced   suppressed   pending   dead   findings
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
PASS      pages                             3        1           1           0            0         0      0
FAIL      order-notional[at-limit]          3        0           0           0            0         0      0   ALERT_MISSING
UNKNOWN   expects-nothing                   3        1           1           0            0         0      0   EXPECTS_NOTHING
3 drills: 1 PASS, 1 UNKNOWN, 1 FAIL
""")


def test_colour_changes_nothing_but_the_colour() -> None:
    """The same text, for eyes that see colours; every verdict also stands there as a word."""
    from drills.reports.terminal import Terminal

    plain, coloured = (Terminal(colour=colour).render(RESULTS) for colour in (False, True))
    assert "\x1b[" not in plain
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_results_json_is_for_machines() -> None:
    """Verdicts, findings, the identity of the history and the conservation sums."""
    page = json.loads(REPORTS["json"]().render(RESULTS))
    assert page["schema_version"] == 1
    assert page["verdicts"] == {"PASS": 1, "UNKNOWN": 1, "FAIL": 1}
    assert page["exit_status"] == 1
    assert page["drills"][0]["history_sha256"] == PASSED.history.sha256()
    failed = page["drills"][1]
    assert failed["history_sha256"] == FAILED.history.sha256()
    assert {key: value for key, value in failed.items() if key != "history_sha256"} == snapshot(
        {
            "id": "order-notional[at-limit]",
            "title": "An order above the notional limit is blocked and pages",
            "playbook": 3,
            "track": "paper",
            "file": "scenarios/3-risk/order-notional.yaml",
            "verdict": "FAIL",
            "judgements": [
                {
                    "verdict": "FAIL",
                    "code": "ALERT_MISSING",
                    "message": "at 00:00:00 expected RISK_LIMIT_VIOLATION_ORDERS, got nothing",
                    "nearest": "",
                    "at_s": 0.0,
                    "where": {"file": "scenarios/3-risk/order-notional.yaml", "line": 30, "column": 7},
                }
            ],
            "history": "history/order-notional--at-limit.jsonl",
            "alerts": 0,
            "conservation": {"emitted": 0, "destinations": []},
            "command": "drills run scenarios/3-risk/order-notional.yaml --case at-limit",
        }
    )


def test_junit_has_a_case_per_drill() -> None:
    """FAIL is a failure, UNKNOWN an error; both carry the timeline and the command."""
    suite = ET.fromstring(REPORTS["junit"]().render(RESULTS))[0]  # noqa: S314 - we wrote it ourselves
    assert {key: suite.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    passed, failed, unknown = suite
    assert [case.get("name") for case in suite] == ["pages", "order-notional[at-limit]", "expects-nothing"]
    assert [child.tag for child in passed] == ["system-out"]
    assert passed.findtext("system-out") == snapshot(
        "1 emitted; log 1 = 1 delivered + 0 suppressed + 0 dead; ended at 00:10:00"
    )
    failure, error = failed.find("failure"), unknown.find("error")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == snapshot(
        ("ALERT_MISSING", "at 00:00:00 expected RISK_LIMIT_VIOLATION_ORDERS, got nothing")
    )
    assert "reproduce: drills run" in (failure.text or "")
    assert error is not None
    assert error.get("type") == "EXPECTS_NOTHING"


def test_annotations_stand_at_the_line_that_is_contradicted() -> None:
    """What passed is not annotated; what is unknown is a warning."""
    assert REPORTS["github"]().render(RESULTS) == snapshot("""\
::error file=scenarios/3-risk/order-notional.yaml,line=30,col=7,title=ALERT_MISSING in order-notional[at-limit]::at 00:00:00 expected RISK_LIMIT_VIOLATION_ORDERS, got nothing
::warning file=scenarios/3-risk/order-notional.yaml,line=21,col=1,title=EXPECTS_NOTHING in expects-nothing::the drill expects nothing, so it proves nothing; say under `expect:` what must happen, or `silence: true` if nothing may
""")


@pytest.mark.parametrize("form", FORMS)
def test_foreign_texts_stay_texts(form: str) -> None:
    """A title, a symbol or a message cannot steer a terminal, forge an annotation or break a file."""
    lines = (STEP, alert(0.0, message=STEERING, context={"subject": HOSTILE + STEERING}), check(0.0), END)
    hostile = result({"silence": True}, *lines, title=HOSTILE + STEERING, id=f"x{HOSTILE}")
    page = REPORTS[form]().render([hostile])
    assert "\x1b" not in page
    assert "\x07" not in page
    assert "\n::error::" not in page
    if form == "html":
        assert HOSTILE not in page
    if form == "junit":
        assert ET.fromstring(page) is not None  # noqa: S314 - we wrote it ourselves


def test_the_page_needs_nothing_else() -> None:
    """No address in its markup, and a policy that forbids every request; without charts it is small."""
    page = REPORTS["html"]().render(RESULTS)
    assert re.findall(r"(?:src|href)=[\"'](?!#).*|url\(.*|@import.*|https?://.*", page) == []
    assert "default-src 'none'" in page
    assert "plotly.js v" not in page
    assert len(page) < 50_000
    assert "FAIL" in page
    assert "ALERT_MISSING" in page


def test_plotly_is_inlined_once() -> None:
    """Three charts in two drills share it."""
    drawn = [
        result({"silence": True}, STEP, END, series={"A": candles("A", 9), "B": candles("B", 9)}),
        result({"silence": True}, STEP, END, series={"A": candles("A", 9), "C": []}),
    ]
    page = REPORTS["html"]().render(drawn)
    assert page.count("plotly.js v") == 1
    assert re.findall(r'<div class="chart" id="([^"]+)"', page) == ["chart-1-1", "chart-1-2", "chart-2-1"]


def test_a_chart_shows_candles_alerts_and_faults() -> None:
    """On one time axis; Plotly itself accepts the figure."""
    from plotly.graph_objects import Figure  # type: ignore[import-untyped]  # it ships no types

    (chart,) = charts_of(
        result({"silence": True}, *gap("BTC/EUR"), series={"BTC/EUR": candles("BTC/EUR", 300)})
    )
    assert [trace["name"] for trace in chart.figure["data"]] == ["planned candles", "changed", "WARNING"]
    assert chart.figure["data"][2]["x"] == ["2026-01-27T01:42:00+00:00"]
    (band,) = chart.figure["layout"]["shapes"]
    assert (band["x0"], band["x1"]) == ("2026-01-27T01:40:00+00:00", "2026-01-27T01:43:00+00:00")
    assert len(Figure(chart.figure).data) == 3


def test_an_alert_about_another_series_is_not_on_the_chart() -> None:
    """An alert about no series in particular is on every chart."""
    everywhere = alert(60.0, number=2)
    series = {"A": candles("A", 300), "B": candles("B", 300)}
    charts = charts_of(result({"silence": True}, *gap("A"), everywhere, series=series))
    lanes = {chart.symbol: [trace["name"] for trace in chart.figure["data"][1:]] for chart in charts}
    assert lanes == {"A": ["changed", "WARNING", "CRITICAL"], "B": ["CRITICAL"]}


def test_a_price_that_is_no_number_is_a_hole_in_the_chart() -> None:
    """JSON has no NaN, and neither has the page."""
    broken = [*candles("A", 3), Candle("A", START + 3 * MINUTE, 1.0, float("inf"), float("nan"), 1.0)]
    (chart,) = charts_of(result({"silence": True}, STEP, END, series={"A": broken}))
    trace = chart.figure["data"][0]
    assert (trace["high"][3], trace["low"][3]) == (None, None)
    assert json.dumps(chart.figure, allow_nan=False)


def test_long_series_are_cut_to_what_happened() -> None:
    """The bars around the alerts are all there."""
    series = candles("A", 10_000)
    instants = [START + bar * MINUTE for bar in (9_000, 9_100)]
    bars, note = fewer_bars(series, instants)
    assert len(bars) == MOST_BARS
    assert bars[0].ts < instants[0]
    assert bars[-1].ts > instants[1]
    assert note == "1,500 of 10,000 bars, around what happened"


@pytest.mark.parametrize("seen", [[], [0, 9_999]])
def test_long_series_of_which_all_matters_are_joined(seen: list[int]) -> None:
    """Longer bars keep the first open, the last close and every extreme."""
    series = candles("A", 10_000)
    bars, note = fewer_bars(series, [START + bar * MINUTE for bar in seen])
    assert len(bars) <= MOST_BARS
    assert (bars[0].open, bars[0].high, bars[0].low, bars[0].close) == (100.0, 108.0, 99.0, 107.0)
    assert bars[-1].close == series[-1].close
    assert note == "10,000 bars, 7 joined into one"


def test_alerts_before_and_after_the_series_do_not_break_the_chart() -> None:
    """A feed that never began is alerted before its first bar."""
    series = candles("A", 3_000)
    early, late = START - MINUTE, START + 5_000 * MINUTE
    assert fewer_bars(series, [early])[0][0] == series[0]
    assert fewer_bars(series, [late])[0][-1] == series[-1]


def test_a_browser_draws_the_page(tmp_path: Path) -> None:
    """The chart of an open drill is drawn, and a hostile symbol is only a text."""
    drawn = result(
        {"silence": True}, *gap(HOSTILE), series={HOSTILE: candles(HOSTILE, 300)}, title=HOSTILE, id="hostile"
    )
    page = tmp_path / "report.html"
    page.write_text(REPORTS["html"]().render([drawn, PASSED]), encoding="utf-8")
    seen = seen_in_a_browser(page)
    assert "<title>Drill report</title>" in seen
    assert seen.count('class="main-svg"') >= 1
    assert "cartesianlayer" in seen
    assert "&lt;script&gt;document.title" in seen
