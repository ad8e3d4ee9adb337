"""What must come together: codes, runbooks, playbook, drills, their silent twins and their wrong copies."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from drills.headings import list_scenarios
from drills.playbook import PLAYBOOK
from drills.scenario import load_scenarios
from live.breaker import BreakerConfig
from live.codes import alert_codes
from live.registry import CROSS_GUARDS, GUARDS, RULES, WATCHERS
from live.risk_limits import LiveRiskConfig

if TYPE_CHECKING:
    from drills.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "scenarios"
BAD = Path(__file__).parent / "bad"
TWIN = "twin:"
PLAYBOOK_PAGE = "INCIDENT_SIMULATION_AND_DRILLS.md"


def drills() -> dict[str, list[Scenario]]:
    """All cases of every shipped drill, by the drill's id."""
    scenarios = sorted(load_scenarios([SHIPPED]), key=lambda scenario: scenario.drill)
    return {drill: list(cases) for drill, cases in groupby(scenarios, key=lambda scenario: scenario.drill)}


def headings(document: str) -> list[str]:
    """The headings of a document in docs/, as text."""
    tokens = MarkdownIt("commonmark").parse((ROOT / "docs" / document).read_text(encoding="utf-8"))
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


def anchor(heading: str) -> str:
    """The anchor that code forges give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def thresholds() -> list[tuple[str, str, str]]:
    """Every number that the playbook gives in brackets after a key: its table, the key and the number."""
    found, table = [], ""
    pattern = r"`\[?live_(?:data\.|watchers\.|(?=breaker))(\w+)(?:\.(\w+))?\]?`|`(\w+)`"
    for line in (ROOT / "docs" / PLAYBOOK_PAGE).read_text(encoding="utf-8").splitlines():
        table = "" if line.startswith("## ") else table
        for match in re.finditer(pattern + r"(?: \(([0-9.]+))?", line):
            table = match[1] or table
            if match[4]:
                found.append((table, match[2] or match[3], match[4]))
    return found


DRILLS = drills()
AROUND = {heading.around for heading in list_scenarios([SHIPPED])}
RUNBOOKS = headings("RUNBOOKS_AND_INCIDENT_HANDLING.md")
ANCHORS = set(map(anchor, RUNBOOKS))
PAGES = headings(PLAYBOOK_PAGE)
THRESHOLDS = thresholds()
BREACHED = {
    name
    for cases in DRILLS.values()
    for scenario in cases
    if "checks" in scenario.expect
    for check in scenario.expect["checks"][0]
    for name in check.breached or ()
}
EXPECTED_SOURCES = {
    (alert.code, alert.source)
    for cases in DRILLS.values()
    for scenario in cases
    if "alerts" in scenario.expect
    for alert in scenario.expect["alerts"][0]
}
EXPECTED_CODES = {code for code, _ in EXPECTED_SOURCES}


def alerts(drill: str) -> bool:
    """Whether any case of a drill expects an alert."""
    return any("alerts" in scenario.expect for scenario in DRILLS[drill])


def test_there_are_enough_drills() -> None:
    """The library is not thinned out unnoticed."""
    assert len(DRILLS) >= 24
    real = [drill for drill, cases in DRILLS.items() if "real-candles" in cases[0].tags]
    assert len(real) >= 6


@pytest.mark.parametrize("code", alert_codes())
def test_every_alert_code_has_a_runbook_section(code: str) -> None:
    """Whoever gets the alert finds what to do under the link that it carries."""
    assert code in RUNBOOKS


@pytest.mark.parametrize("code", alert_codes())
def test_every_alert_code_has_a_drill_that_expects_it(code: str) -> None:
    """An alert that no drill ever raises may be dead code."""
    assert code in EXPECTED_CODES


GUARD_CODES = [
    (name, code) for registry in (GUARDS, CROSS_GUARDS) for name in registry for code in registry[name].codes
]


@pytest.mark.parametrize(("name", "code"), GUARD_CODES)
def test_every_kind_of_candle_alert_has_a_drill_in_which_its_guard_raises_it(name: str, code: str) -> None:
    """By its own source, so that no other guard speaks in its place."""
    assert (code, f"live_data.{name}") in EXPECTED_SOURCES


@pytest.mark.parametrize("name", [*GUARDS, *CROSS_GUARDS])
def test_every_guard_of_candles_has_a_drill_in_which_it_only_just_stays_silent(name: str) -> None:
    """A case of `just-short-of-an-alarm`, or a silent drill that is tagged so."""
    silent = [scenario for cases in DRILLS.values() for scenario in cases if "silence" in scenario.expect]
    cases = {scenario.case for scenario in silent if scenario.drill == "just-short-of-an-alarm"}
    tags = {tag.removeprefix("short-of:") for scenario in silent for tag in scenario.tags}
    assert name.replace("_", "-") in cases or name in tags


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_a_drill_that_it_refuses_in(name: str) -> None:
    """A limit that no drill ever reaches may guard nothing."""
    prefix = RULES[name].per_subject or name
    assert any(one == name or one.startswith(f"{prefix}_") for one in BREACHED)


WITHOUT_A_BOUNDARY = {
    "allowed_symbols": "a list of names",
    "restricted_symbols": "a list of names",
    "lot_tick_misfits": "fits or does not",
    "max_self_trades": "crosses or does not",
    "out_of_hours_orders": "open or closed",
    "undescribed_instruments": "described or not",
    "unlimited_strategies": "limited or not",
    "unsound_shorts": "sound or not",
}


@pytest.mark.parametrize("name", sorted(rule.name for rule in RULES.values()))
def test_every_rule_with_a_number_is_drilled_around_it(name: str) -> None:
    """At every place where its verdict turns."""
    rule = next(rule for rule in RULES.values() if rule.name == name)
    assert (f"live_risk.{rule.key}" in AROUND) != (name in WITHOUT_A_BOUNDARY)


@pytest.mark.parametrize(("number", "name"), PLAYBOOK.items())
def test_every_playbook_scenario_has_a_chapter_and_drills(number: int, name: str) -> None:
    """What the playbook describes can be held."""
    assert f"Scenario {number} – {name}" in PAGES
    assert any(scenario.playbook == number for cases in DRILLS.values() for scenario in cases)


@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_belongs_to_the_playbook_and_to_a_runbook_section(name: str) -> None:
    """Its number and its anchor exist, and its file has its name."""
    for scenario in DRILLS[name]:
        assert scenario.playbook in PLAYBOOK
        assert scenario.runbook in ANCHORS
        assert scenario.file.stem == name


@pytest.mark.parametrize("name", [name for name in DRILLS if alerts(name)])
def test_a_drill_that_alerts_has_a_twin_that_stays_silent(name: str) -> None:
    """The tag `twin:NAME` names a drill of the same playbook scenario in which nothing may be alerted."""
    first = DRILLS[name][0]
    twins = [tag.removeprefix(TWIN) for tag in first.tags if tag.startswith(TWIN)]
    assert len(twins) == 1, f"{name} names {len(twins)} twins; add one tag {TWIN}NAME"
    for scenario in DRILLS[twins[0]]:
        assert "silence" in scenario.expect
        assert "silent" in scenario.tags
        assert scenario.playbook == first.playbook


@pytest.mark.parametrize("name", [name for name in DRILLS if not alerts(name)])
def test_a_silent_drill_is_the_twin_of_another(name: str) -> None:
    """Silence alone proves nothing; beside the drill that it belongs to it does."""
    assert any(f"{TWIN}{name}" in scenario.tags for cases in DRILLS.values() for scenario in cases)


@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_has_a_wrong_copy(name: str) -> None:
    """It is shown that the drill can fail."""
    copy = BAD / DRILLS[name][0].file.resolve().relative_to(SHIPPED)
    assert copy.is_file()


def test_a_wrong_copy_belongs_to_a_drill() -> None:
    """No wrong copy outlives its drill."""
    shipped = {path.relative_to(SHIPPED) for path in SHIPPED.rglob("*.yaml")}
    assert {path.relative_to(BAD) for path in BAD.rglob("*.yaml")} <= shipped


@pytest.mark.parametrize(("table", "name", "number"), THRESHOLDS)
def test_a_threshold_of_the_playbook_is_the_default(table: str, name: str, number: str) -> None:
    """Operators read numbers in the playbook: those in force unless a configuration says otherwise."""
    leaves: list[Any] = [*GUARDS.values(), *WATCHERS.values()]
    defaults: dict[str, Any] = {"": LiveRiskConfig(), "breaker": BreakerConfig()} | {
        leaf.name: leaf.Config() for leaf in leaves
    }
    assert getattr(defaults[table], name) == float(number)
