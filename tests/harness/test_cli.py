"""`drills`: what each command prints, writes, and ends with."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

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


def test_bad_input_stands_in_the_reports_that_a_build_machine_reads(drills: Any, tmp_path: Path) -> None:
    """Where they are asked for: the line of each mistake, an error for each file; others are not written."""
    (tmp_path / "scenarios" / "bad.yaml").write_text("drill: bad\ntrack: live\nunknown: 1\n")
    words = [word for name in ("github", "junit", "json", "html") for word in ("--report", name)]
    status, out, err = drills("run", *words)
    assert (status, out) == (2, "")
    results = tmp_path / "drill-results"
    annotations = (results / "annotations.txt").read_text().splitlines()
    assert len(annotations) == len(re.findall(r"bad\.yaml:\d", err))
    assert annotations[-1].startswith(
        "::error file=scenarios/bad.yaml,line=3,col=1,title=UNKNOWN_KEY::'unknown'"
    )
    suite = ET.fromstring((results / "junit.xml").read_text())[0]  # noqa: S314 - we wrote it ourselves
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "1")
    [case] = suite
    assert case.get("name") == case.get("file") == "scenarios/bad.yaml"
    assert all(line in case.findtext("error", "") for line in err.removeprefix("error: ").splitlines())
    assert sorted(path.name for path in results.iterdir() if path.is_file()) == [
        "annotations.txt",
        "junit.xml",
    ]


def test_bad_input_is_told_where_its_reports_cannot_be_written(drills: Any, tmp_path: Path) -> None:
    """What is wrong with the scenarios is not lost behind what is wrong with the folder."""
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "scenarios" / "bad.yaml").write_text("drill: bad\n")
    status, _, err = drills("run", "--report", "junit", "--results", "taken")
    assert status == 2
    assert "scenarios/bad.yaml:1:1: MISSING_KEY" in err


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


def test_a_tag_that_nobody_has_ends_with_2(drills: Any) -> None:
    """With the tags that there are."""
    status, _, err = drills("run", "--tag", "riks")
    assert status == 2
    assert err == "error: no drill has tag 'riks'; nothing was run; known tags: risk\n"


@pytest.mark.parametrize("results", ["taken", "taken/results", "x" * 300], ids=["file", "below", "long"])
def test_a_results_folder_that_cannot_be_ends_with_2_before_anything_runs(
    drills: Any, tmp_path: Path, results: str
) -> None:
    """A file in its place is left as it is, and is no finding about the drills."""
    (tmp_path / "taken").write_text("mine")
    status, out, err = drills("run", "--results", results)
    assert (status, out) == (2, "")
    assert f"error: {results}: no results can be written there" in err
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_report_that_cannot_be_written_ends_with_2(drills: Any, tmp_path: Path) -> None:
    """A failure to write is no verdict, and no traceback."""
    (tmp_path / "drill-results" / "results.json").mkdir(parents=True)
    status, _, err = drills("run")
    assert status == 2
    assert re.fullmatch(r"error: .*results\.json.*\n", err)


def test_an_output_of_few_letters_is_enough(drills: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a pipe of an old code page cannot show becomes a question mark, not a traceback."""
    page = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(page, encoding="latin-1", write_through=True))
    assert drills("plan", "scenarios/breach.yaml", "--case", "large")[0] == 0
    assert b"order-too-large[large] ? An order" in page.getvalue()


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_it_asks_for_none(
    drills: Any, monkeypatch: pytest.MonkeyPatch, no_color: str, *, coloured: bool
) -> None:
    """NO_COLOR is heard; what is not a terminal gets plain text."""
    monkeypatch.setenv("NO_COLOR", no_color)
    assert "\x1b[" not in drills("run")[1]
    page = io.StringIO()
    monkeypatch.setattr(page, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", page)
    drills("run")
    assert ("\x1b[32mPASS" in page.getvalue()) is coloured


@pytest.mark.parametrize("operator", ["", " "])
def test_an_operator_of_no_name_is_refused_before_anything_runs(
    drills: Any, tmp_path: Path, operator: str
) -> None:
    """An entry names who held the drill."""
    (tmp_path / "LOG.md").write_text(LOG)
    status, out, _ = drills("run", "--operator", operator, "--log", "LOG.md")
    assert (status, out) == (2, "")
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
    assert "the same drills of this day stand in it already" in out
    assert log.read_text() == text


def test_verify_holds_a_log_against_its_evidence(drills: Any, tmp_path: Path) -> None:
    """0 while all is as it was logged; 1 with every file that was changed or has gone; 2 without a log."""
    (tmp_path / "LOG.md").write_text(LOG)
    drills("run", "--operator", "ada", "--log", "LOG.md")
    assert drills("verify", "LOG.md")[:2] == (0, "LOG.md: its counters and all its evidence hold\n")
    large, larger = sorted((tmp_path / "drill-results" / "history").iterdir())
    large.write_text("another history")
    larger.unlink()
    status, out, _ = drills("verify", "LOG.md")
    assert status == 1
    assert re.findall(r"^LOG\.md:\d+: (\w+): '([^']+)'", out, re.MULTILINE) == [
        ("EVIDENCE_CHANGED", "drill-results/history/order-too-large--large.jsonl"),
        ("EVIDENCE_MISSING", "drill-results/history/order-too-large--larger.jsonl"),
    ]
    status, _, err = drills("verify", "NO.md")
    assert (status, err) == (2, "error: NO.md cannot be read (No such file or directory); check the path\n")


def test_a_log_that_is_not_one_ends_with_2(drills: Any, tmp_path: Path) -> None:
    """And stays as it was; it is found before a drill is run."""
    (tmp_path / "LOG.md").write_text("# Shopping\n")
    assert drills("run", "--operator", "ada", "--log", "LOG.md")[0] == 2
    assert drills("run", "--operator", "ada", "--log", "NO.md")[0] == 2
    assert (tmp_path / "LOG.md").read_text() == "# Shopping\n"
    assert not (tmp_path / "drill-results").exists()


def test_a_log_that_cannot_be_written_ends_with_2_before_anything_runs(
    drills: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that is protected was protected on purpose."""
    (tmp_path / "LOG.md").write_text(LOG)
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK or path.name != "LOG.md")
    status, out, err = drills("run", "--operator", "ada", "--log", "LOG.md")
    assert (status, out) == (2, "")
    assert err == "error: LOG.md cannot be written; nothing was run; make file and folder writable\n"
    assert not (tmp_path / "drill-results").exists()


def test_evidence_that_a_log_could_not_point_to_ends_with_2(drills: Any, tmp_path: Path) -> None:
    """A log points to evidence by relative paths; what lies elsewhere is refused before a drill is run."""
    (tmp_path / "LOG.md").write_text(LOG)
    away = tmp_path.parent / "away"
    status, _, err = drills("run", "--operator", "ada", "--log", "LOG.md", "--results", str(away))
    assert status == 2
    assert "give --results a folder below this one" in err
    assert not away.exists()


def test_list_says_which_drills_a_tag_picks(drills: Any, tmp_path: Path) -> None:
    """The same as `run --tag`, looked at before anything is run; nothing to list is no list."""
    other = BREACH.replace("order-too-large", "other").replace("[risk]", "[risk, monthly, 5, {a: b}]")
    (tmp_path / "scenarios" / "other.yaml").write_text(other)
    status, out, _ = drills("list", "--tag", "risk", "--tag", "monthly")
    assert (status, [line.split()[0] for line in out.splitlines()]) == (0, ["other", "1"])
    status, _, err = drills("list", "--tag", "monthy")
    assert status == 2
    assert err.startswith("error: no drill has tag 'monthy'; nothing was run; known tags: risk, monthly, 5")


def test_list_names_every_drill(drills: Any) -> None:
    """Id, playbook number, track and title; a count."""
    status, out, _ = drills("list")
    assert status == 0
    assert "order-too-large" in out
    assert "An order above the limit pages" in out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("drill: 5", "breach.yaml:1:8: WRONG_TYPE: drill is 5; expected a text"),
        ("drill: [a]", "breach.yaml:1:8: WRONG_TYPE: drill is ['a']; expected a text"),
        ("track: {a: b}", "breach.yaml:1:8: WRONG_TYPE: track is {'a': 'b'}; expected a text"),
        ("playbook: x", "breach.yaml:1:11: WRONG_TYPE: playbook is 'x'; expected a whole number"),
        ("tags: 5", "breach.yaml:1:7: WRONG_TYPE: tags is 5; expected a list"),
        ("tags: abc", "breach.yaml:1:7: WRONG_TYPE: tags is 'abc'; expected a list"),
        ("cases: 5", "breach.yaml:1:8: WRONG_TYPE: cases is 5; expected keys and values"),
        ("around: 5", "breach.yaml:1:9: WRONG_TYPE: around is 5; expected a text"),
    ],
)
def test_list_refuses_a_heading_of_the_wrong_type(drills: Any, tmp_path: Path, wrong: str, said: str) -> None:
    """With its place."""
    key = wrong.partition(":")[0]
    head = {"drill": "a", "title": "b", "playbook": "3", "track": "paper"}
    lines = [wrong, *(f"{name}: {value}" for name, value in head.items() if name != key)]
    (tmp_path / "scenarios" / "breach.yaml").write_text("\n".join(lines))
    status, out, err = drills("list")
    assert (status, out) == (2, "")
    assert said in err


def test_list_prints_one_line_for_each_drill(drills: Any, tmp_path: Path) -> None:
    """A title cannot steer the terminal."""
    path = tmp_path / "scenarios" / "breach.yaml"
    path.write_text(BREACH.replace("title: An order", r'title: "\e[31mAn\n" #'))
    assert r"\x1b[31mAn\n" in drills("list")[1]


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


def test_new_says_why_a_folder_cannot_be_made(drills: Any, tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "taken").write_text("mine")
    status, _, err = drills("new", "mine", "--folder", "taken")
    assert (status, err) == (2, "error: taken cannot be made a folder: File exists\n")


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
