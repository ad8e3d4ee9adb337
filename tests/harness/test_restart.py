"""The step `restart`: the monitor forgets, its far ends and the breaker's store do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Verdict
from drills.run import run_drills
from drills.scenario import load_scenarios

if TYPE_CHECKING:
    from pathlib import Path

DRILL = """\
drill: restart-while-silent
title: A feed that falls silent after a restart is found all the same
playbook: 1
track: paper
start: 2026-01-27T00:00:00Z
until: 20m
given:
  candles:
    BTC/EUR: {timeframe: 1m, close: "100x5"}
steps:
  - at: 6m
    restart: true
expect:
  alerts:
    - {between: [6m, 20m], code: DATA_STALE, subject: BTC/EUR, delivered: {log: once}}
"""


def test_a_series_is_watched_again_after_a_restart(tmp_path: Path) -> None:
    """Through the same sinks, from that instant on."""
    (tmp_path / "restart-while-silent.yaml").write_text(DRILL, encoding="utf-8")
    (result,) = run_drills(load_scenarios([tmp_path]))
    assert result.judgements == ()
    assert result.verdict is Verdict.PASS
