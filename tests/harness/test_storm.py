"""A drill of very many alerts: judged alert by alert, in time that grows with their number and not faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drills.contracts import Verdict
from drills.run import run_drill
from drills.scenario import load_scenarios

if TYPE_CHECKING:
    from pathlib import Path

DRILL = """
drill: storm
title: A hundred thousand equal alerts are two posts, and one that differs is not held up
playbook: 7
runbook: when-nothing-arrives
track: paper
start: 2026-01-27T00:00:00Z
until: 10m
config:
  live_alerts: {{sinks: [webhook], dispatch: {{}}}}
steps:
  - at: 1s
    raise_alerts: {{code: DATA_GAP, subject: AAA, count: {count}}}
  - at: 2s
    raise_alerts: {{code: DATA_STALE, source: live_data.stale, level: CRITICAL, subject: AAA}}
expect:
  alerts:
    - {{at: 1s, code: DATA_GAP, level: WARNING, delivered: {{webhook: once}}}}
    - {{at: 1s, code: DATA_GAP, level: WARNING, times: {more}, delivered: {{webhook: coalesced}}}}
    - {{at: 2s, code: DATA_STALE, level: CRITICAL, delivered: {{webhook: once}}}}
    - {{at: 5m1s, code: DATA_GAP, level: INFO, message: repeated {more} times, delivered: {{webhook: once}}}}
    - {{at: 5m2s, code: DATA_STALE, level: INFO, message: RESOLVED, delivered: {{webhook: once}}}}
  http:
    webhook: {{at: [1s, 2s, 5m1s, 5m2s], accepted: [DATA_GAP, DATA_STALE, RESOLVED, RESOLVED]}}
"""


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_a_storm_is_judged_alert_by_alert(tmp_path: Path, count: int) -> None:
    """Each of them is coalesced, and every expectation finds its own."""
    path = tmp_path / "storm.yaml"
    path.write_text(DRILL.format(count=count, more=count - 1), encoding="utf-8")
    (scenario,) = load_scenarios([path])
    result = run_drill(scenario)
    assert result.judgements == ()
    assert result.verdict is Verdict.PASS
