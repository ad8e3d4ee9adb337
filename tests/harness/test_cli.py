"""`drills`: what each command prints, writes, and ends with."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from drills import cli
from live.registry import RULES

if TYPE_CHECKING:
    from pathlib import Path

BREACH = """\
drill: order-too-large
title: An order above the limit pages
playbook: 3
runbook: risk_limit_violation_orders
track: paper
start: 2026-01-27T00:00:00Z
tags: [risk]
config:
  live_risk: {max_order_notional: 500}
  live_alerts: {sinks: [log, webhook]}
steps:
  - at: 0s
    check_orders: [{symbol: BTC/EUR, side: BUY, notional: $notional}]
cases:
  large: {notional: 2000}
  larger: {notional: 20000}
expect:
  alerts:
    - {at: 0s, code: RISK_LIMIT_VIOLATION_ORDERS, level: CRITICAL, delivered: {log: once, webhook: once}}
"""
LOG = """\
# Incident Drill Log

---

## Drill protocol

| Date | Scenario | Track | Result | Findings |
| --- | --- | --- | --- | --- |

---

## Summary

- Number of drills performed: [X]
- Successful drills: [Y]
- Drills with issues: [Z]
"""


@pytest.fixture
def drills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `drills` in an empty folder with one scenario; gives the exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "breach.yaml").write_text(BREACH)

    def run(*words: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["drills", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


def test_run_passes_with_0_and_leaves_evidence(drills: Any, tmp_path: Path) -> None:
    """A history per drill and the reports, in a folder that is made."""
    status, out, _ = drills("run")
    assert status == 0
    assert "2 drills: 2 PASS" in out
    assert sorted(
        path.relative_to(tmp_path).as_posix() for path in (tmp_path / "drill-results").rglob("*.*")
    ) == [
        "drill-results/history/order-too-large--large.jsonl",
        "drill-results/history/order-too-large--larger.jsonl",
        "drill-results/junit.xml",
        "drill-results/report.html",
        "drill-results/results.json",
    ]


def test_run_twice_gives_the_same_bytes(drills: Any, tmp_path: Path) -> None:
    """Nothing of the real run stands in the evidence."""
    drills("run", "--results", "one")
    drills("run", "--results", "two")
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_run_fails_with_1_and_says_how_to_repeat_it(drills: Any, tmp_path: Path) -> None:
    """The timeline, the place and the command of the one case that failed."""
    wrong = BREACH.replace("level: CRITICAL", "level: WARNING")
    (tmp_path / "scenarios" / "breach.yaml").write_text(wrong)
    status, out, _ = drills("run", "--case", "large")
    assert status == 1
    assert "scenarios/breach.yaml:19" in out
    assert "drills run scenarios/breach.yaml --case large" in out
    assert drills("run", "scenarios/breach.yaml", "--case", "large")[0] == 1


def test_run_is_unknown_with_2_when_nothing_is_expected(drills: Any, tmp_path: Path) -> None:
    """A drill that proves nothing does not pass."""
    (tmp_path / "scenarios" / "breach.yaml").write_text(BREACH.partition("expect:")[0])
    status, out, _ = drills("run")
    assert status == 2
    assert "EXPECTS_NOTHING" in out


def test_bad_input_ends_with_2_and_leaves_what_was_there(drills: Any, tmp_path: Path) -> None:
    """Every error of every file, nothing half-run, and no evidence of an earlier run is touched."""
    drills("run")
    before = (tmp_path / "drill-results" / "results.json").read_bytes()
    (tmp_path / "scenarios" / "bad.yaml").write_text("drill: bad\ntrack: live\nunknown: 1\n")
    status, out, err = drills("run")
    assert (status, out) == (2, "")
    assert {"LIVE_TRACK", "UNKNOWN_KEY"} <= set(re.findall(r"bad.yaml:\d+:\d+: ([A-Z_]+)", err))
    assert (tmp_path / "drill-results" / "results.json").read_bytes() == before


def test_a_case_that_nobody_has_ends_with_2(drills: Any) -> None:
    """A selection that is empty proves nothing."""
    status, _, err = drills("run", "--case", "lage")
    assert status == 2
    assert "known cases: large, larger" in err


def test_a_report_that_nobody_knows_ends_with_2_before_anything_runs(drills: Any, tmp_path: Path) -> None:
    """With the nearest name."""
    status, _, err = drills("run", "--report", "jsn")
    assert status == 2
    assert "unknown report 'jsn'; did you mean 'json'" in err
    assert not (tmp_path / "drill-results").exists()


def test_an_operator_without_a_log_is_refused(drills: Any) -> None:
    """And a log without an operator."""
    assert drills("run", "--operator", "ada")[0] == 2
    assert drills("run", "--log", "log.md")[0] == 2


def test_the_log_is_appended_to_once(drills: Any, tmp_path: Path) -> None:
    """Two cases are two drills; the same histories again change nothing."""
    log = tmp_path / "LOG.md"
    log.write_text(LOG)
    status, out, _ = drills("run", "--operator", "ada", "--log", "LOG.md")
    assert status == 0
    assert "appended #001, #002" in out
    text = log.read_text()
    assert "Number of drills performed: 2" in text
    assert "order-too-large--large.jsonl" in text
    status, out, _ = drills("run", "--operator", "ada", "--log", "LOG.md")
    assert "these histories stand in it already" in out
    assert log.read_text() == text


def test_a_log_that_is_not_one_ends_with_2(drills: Any, tmp_path: Path) -> None:
    """And stays as it was; it is found before a drill is run."""
    (tmp_path / "LOG.md").write_text("# Shopping\n")
    assert drills("run", "--operator", "ada", "--log", "LOG.md")[0] == 2
    assert drills("run", "--operator", "ada", "--log", "NO.md")[0] == 2
    assert (tmp_path / "LOG.md").read_text() == "# Shopping\n"
    assert not (tmp_path / "drill-results").exists()


def test_evidence_that_a_log_could_not_point_to_ends_with_2(drills: Any, tmp_path: Path) -> None:
    """A log points to evidence by relative paths; what lies elsewhere is refused before a drill is run."""
    (tmp_path / "LOG.md").write_text(LOG)
    away = tmp_path.parent / "away"
    status, _, err = drills("run", "--operator", "ada", "--log", "LOG.md", "--results", str(away))
    assert status == 2
    assert "give --results a folder below this one" in err
    assert not away.exists()


def test_list_names_every_drill(drills: Any) -> None:
    """Id, playbook number, track and title; a count."""
    status, out, _ = drills("list")
    assert status == 0
    assert "order-too-large" in out
    assert "An order above the limit pages" in out


def test_plan_shows_what_would_happen(drills: Any) -> None:
    """Without doing it."""
    status, out, _ = drills("plan", "scenarios/breach.yaml", "--case", "large")
    assert status == 0
    assert "00:00:00" in out
    assert "check_orders" in out


def test_new_makes_a_scenario_that_passes(drills: Any, tmp_path: Path) -> None:
    """A beginner starts from green, and a file that is there is not overwritten."""
    assert drills("new", "my-first-drill")[0] == 0
    assert (tmp_path / "scenarios" / "my-first-drill.yaml").is_file()
    assert drills("run", "scenarios/my-first-drill.yaml")[0] == 0
    status, _, err = drills("new", "my-first-drill")
    assert status == 2
    assert "my-first-drill.yaml" in err


def test_schema_is_json(drills: Any) -> None:
    """For editors."""
    status, out, _ = drills("schema")
    assert status == 0
    assert json.loads(out)["type"] == "object"


def test_a_plugin_is_found_where_the_command_is_given(drills: Any, tmp_path: Path) -> None:
    """A rule in a module beside the scenarios needs no path to be set."""
    (tmp_path / "beside_rules.py").write_text(
        "from live.contracts import Observation, Sense, Unit, risk_rule\n\n\n"
        "@risk_rule(key='max_batch', unit=Unit.COUNT, sense=Sense.COUNT)\n"
        "def max_batch(book):\n"
        "    yield Observation(len(book.orders))\n"
    )
    limits = "live_risk: {max_order_notional: 500, max_batch: 9}"
    scenario = BREACH.replace("live_risk: {max_order_notional: 500}", limits)
    (tmp_path / "scenarios" / "breach.yaml").write_text(scenario)
    try:
        assert drills("run", "--plugin", "beside_rules")[0] == 0
    finally:
        RULES.forget(["max_batch"])
