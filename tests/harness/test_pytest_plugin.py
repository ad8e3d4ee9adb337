"""The pytest plugin, seen from outside: a whole session in a folder of its own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

SCENARIO = """\
drill: {name}
title: An order above the limit pages
playbook: 3
track: paper
start: 2026-01-27T00:00:00Z
config: {{live_risk: {{max_order_notional: 500}}}}
steps: [{{at: 0s, check_orders: [{{symbol: BTC/EUR, side: BUY, notional: 2000}}]}}]
expect: {{alerts: [{{at: 0s, code: RISK_LIMIT_VIOLATION_ORDERS, level: {level}}}]}}
"""
TEST = "def test_drill(drill):\n    drill.passes()\n"


@pytest.fixture(autouse=True)
def _quick_sessions(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out plugins of others: Hypothesis alone takes a second of every session."""
    del pytester
    others = ("hypothesispytest", "inline_snapshot", "benchmark", "anyio", "respx", "socket")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{name}" for name in others))


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A project with one scenario and one test over all scenarios."""
    pytester.makepyfile(test_drills=TEST)
    folder = pytester.mkdir("scenarios")
    (folder / "one.yaml").write_text(SCENARIO.format(name="one", level="CRITICAL"))
    return folder


def test_every_drill_is_a_test(pytester: pytest.Pytester, project: Path) -> None:
    """With its id as the test's id."""
    (project / "two.yaml").write_text(SCENARIO.format(name="two", level="CRITICAL"))
    result = pytester.runpytest_subprocess("-v")
    result.stdout.fnmatch_lines(["*test_drill[[]one[]] PASSED*", "*test_drill[[]two[]] PASSED*"])


def test_a_drill_that_fails_is_a_test_that_fails(pytester: pytest.Pytester, project: Path) -> None:
    """With the timeline, the place and the command, and no traceback of the harness."""
    (project / "one.yaml").write_text(SCENARIO.format(name="one", level="WARNING"))
    result = pytester.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*ALERT_MISMATCH*one.yaml:8*", "*reproduce: drills run*one.yaml*"])
    assert "run_drill(" not in result.stdout.str()


def test_the_same_drills_run_on_several_processes(pytester: pytest.Pytester, project: Path) -> None:
    """Ids are the same in every worker."""
    (project / "two.yaml").write_text(SCENARIO.format(name="two", level="CRITICAL"))
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=2)


def test_a_scenario_that_cannot_be_loaded_stops_the_session(pytester: pytest.Pytester, project: Path) -> None:
    """With its place; nothing is run half."""
    (project / "bad.yaml").write_text("drill: bad\n")
    result = pytester.runpytest_subprocess()
    assert result.ret not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    assert "bad.yaml:1" in result.stdout.str() + result.stderr.str()


def test_a_test_can_name_its_own_scenarios(pytester: pytest.Pytester, project: Path) -> None:
    """By a marker, relative to the root of the project."""
    (project / "one.yaml").rename(pytester.mkdir("mine") / "one.yaml")
    pytester.makepyfile(test_drills=f"import pytest\n@pytest.mark.drill_paths('mine')\n{TEST}")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_wall_clock_is_virtual_in_drills_only(pytester: pytest.Pytester, project: Path) -> None:
    """Other modules of the same session see the machine's time."""
    del project
    pytester.makepyfile(
        test_a_drill=f"import time\n{TEST}    assert time.time() == 1769472000\n",
        test_other="import time\ndef test_time():\n    assert time.time() > 1769472000\n",
    )
    (pytester.path / "test_drills.py").unlink()
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_fake_http_stands_for_the_network(pytester: pytest.Pytester) -> None:
    """respx, as a fixture: the httpx transport gets what the test says."""
    pytester.makepyfile("""
        from live.alerts import AlertLevel, WebhookAlertSink
        from live.events import AlertEvent
        from datetime import datetime, UTC

        def test_webhook(fake_http):
            route = fake_http.post("https://hooks.example/x").respond(204)
            event = AlertEvent(datetime.now(UTC), AlertLevel.CRITICAL, "s", "C", "m", {})
            WebhookAlertSink(["https://hooks.example/x"], timeout_seconds=5.0).send(event)
            assert route.called
    """)
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_durations_that_pytest_reports_are_real(pytester: pytest.Pytester, project: Path) -> None:
    """A drill that moves the clock by years does not make a test that took years."""
    del project
    report = pytester.path / "junit.xml"
    pytester.runpytest_subprocess("--junitxml", str(report)).assert_outcomes(passed=1)
    durations = re.findall(r' time="([0-9.]+)"', report.read_text())
    assert durations
    assert max(map(float, durations)) < timedelta(days=1).total_seconds()
