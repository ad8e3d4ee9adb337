"""Running a drill: whatever the code under test does, it is written down and judged."""

from __future__ import annotations

import logging
import sqlite3
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from drills.contracts import Verdict
from drills.run import run_drills
from drills.scenario import load_scenarios
from live.registry import GUARDS, SINKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drills.run import DrillResult

HEAD = """\
drill: {name}
title: A drill of code that is not ours
playbook: 3
track: paper
start: 2026-01-27T00:00:00Z
"""
GUARD = """\
from dataclasses import dataclass

from live.contracts import CandleGuard, Finding
from live.events import AlertLevel


@dataclass(frozen=True, slots=True)
class NoKeys:
    pass


class Parrot(CandleGuard):
    name, codes, Config = "parrot", ("PARROT",), NoKeys

    def __init__(self, series, config):
        if series.symbol == "DEAD":
            raise OSError("it is no more")

    def on_candle(self, candle, now):
        yield Finding("PARROT", AlertLevel.WARNING, candle.symbol, "a candle", {})

    def on_tick(self, now):
        return ()
"""
SINK = """\
from dataclasses import dataclass, replace

from live.alerts.delivery import LocalSink
from live.contracts import Outcome


@dataclass(frozen=True, slots=True)
class NoKeys:
    pass


class Copier(LocalSink):
    name, Config = "copier", NoKeys

    @classmethod
    def from_config(cls, config, min_level, wiring):
        return cls(min_level, wiring)

    def deliver(self, event):
        return super().deliver(replace(event))

    def write(self, event):
        return Outcome()
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Run files, each with a body of its own, beside plugins that are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    Path("parrot_guard.py").write_text(GUARD, encoding="utf-8")
    Path("copier_sink.py").write_text(SINK, encoding="utf-8")

    def ran(*bodies: str) -> list[DrillResult]:
        for number, body in enumerate(bodies):
            text = HEAD.format(name=f"drill-{number}") + dedent(body)
            Path(f"drill-{number}.yaml").write_text(text, encoding="utf-8")
        return run_drills(load_scenarios([Path()]))

    yield ran
    GUARDS.forget(["parrot"])
    SINKS.forget(["copier"])
    for name in ("parrot_guard", "copier_sink"):
        sys.modules.pop(name, None)


def test_a_code_of_a_plugin_that_the_file_itself_names_is_known(run: Any) -> None:
    """Plugins come before everything that may speak of them, also in the first file of a run."""
    [result] = run(
        """\
        config: {plugins: [parrot_guard]}
        given: {candles: {BTC/EUR: {timeframe: 1m, close: 100x2}}}
        steps: []
        expect: {alerts: [{at: 1m, code: PARROT}, {at: 2m, code: PARROT}]}
        """
    )
    assert result.judgements == ()


def test_a_guard_that_cannot_be_set_up_fails_its_own_drill_alone(run: Any) -> None:
    """What it raises is evidence, and the drills after it are run."""
    dead, alive = run(
        """\
        config: {plugins: [parrot_guard]}
        given: {candles: {DEAD: {timeframe: 1m, close: 100x2}}}
        steps: []
        expect: {silence: true}
        """,
        """\
        steps: [{at: 0s, check_orders: []}]
        expect: {silence: true}
        """,
    )
    assert dead.verdict is Verdict.FAIL
    assert dead.history.of("error")[0].data["message"] == "it is no more"
    assert dead.history.of("error")[0].data["where"] == "drill-0.yaml:7"
    assert alive.verdict is Verdict.PASS


def test_the_delivery_of_an_alert_that_was_never_raised_is_not_lost(run: Any) -> None:
    """A sink that delivers something else than what it was given does not look like one that is silent."""
    [result] = run(
        """\
        config:
          plugins: [copier_sink]
          live_risk: {max_order_notional: 500}
          live_alerts: {sinks: [log, copier]}
        steps: [{at: 0s, check_orders: [{symbol: A, side: BUY, notional: 600}]}]
        expect: {alerts: [{at: 0s, code: RISK_LIMIT_VIOLATION_ORDERS}]}
        """
    )
    assert [one.code for one in result.judgements] == ["CONSERVATION_VIOLATED"] * 2


def test_logging_that_is_disabled_outside_changes_no_history(run: Any) -> None:
    """The same bytes come of every process, and its logging is as it was afterwards."""
    body = """\
        config: {live_risk: {max_order_notional: 500}}
        steps: [{at: 0s, check_orders: [{symbol: A, side: BUY, notional: 600}]}]
        expect: {alerts: [{at: 0s, code: RISK_LIMIT_VIOLATION_ORDERS, delivered: {log: once}}]}
        """
    [usual] = run(body)
    logging.disable(logging.CRITICAL)
    try:
        [quiet] = run(body)
        assert logging.root.manager.disable == logging.CRITICAL
    finally:
        logging.disable(logging.NOTSET)
    assert quiet.history.as_jsonl() == usual.history.as_jsonl()
    assert quiet.verdict is Verdict.PASS


def test_structlog_that_is_configured_outside_changes_no_history(run: Any) -> None:
    """The log lines of a drill are evidence, which an application's own set-up must not swallow."""
    body = """\
        config: {live_risk: {max_order_notional: 500}}
        steps: [{at: 0s, check_orders: [{symbol: A, side: BUY, notional: 600}]}]
        expect: {alerts: [{at: 0s, code: RISK_LIMIT_VIOLATION_ORDERS}], log: {contains: [alert.raised]}}
        """
    [usual] = run(body)
    structlog.configure()
    try:
        [configured] = run(body)
    finally:
        structlog.reset_defaults()
    assert configured.history.as_jsonl() == usual.history.as_jsonl()
    assert configured.verdict is Verdict.PASS


LOSSY = """\
drill: lossy
title: A feed loses a third of its bars
playbook: 1
track: paper
start: 2026-01-27T00:00:00Z
seed: 5
given:
  candles:
    BTC/EUR: {timeframe: 1m, close: "100+1x60"}
steps:
  - at: 0s
    fault: {BTC/EUR: {drop: {share: 0.3}}}
expect:
  log: {lacks: [nothing]}
"""


def test_chance_is_the_same_wherever_the_file_stands(tmp_path: Path) -> None:
    """A copy of a drill in another folder has the same history: it is the seed that decides."""
    histories = []
    for folder in (tmp_path / "here", tmp_path / "there"):
        folder.mkdir()
        (folder / "lossy.yaml").write_text(LOSSY, encoding="utf-8")
        (result,) = run_drills(load_scenarios([folder]))
        histories.append([(one.at_s, one.data["ts"]) for one in result.history.of("candle")])
    assert histories[0] == histories[1]
    assert 5 < len(histories[0]) < 35


def test_a_drill_leaves_no_outbox_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the one that it was given nor the one in its place: Python would complain at any time."""
    connect, opened = sqlite3.connect, list[sqlite3.Connection]()

    def remembered(*args: Any, **more: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **more))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", remembered)
    run_drills(load_scenarios([Path("scenarios/4-alert-delivery/dispatch-outbox-lost.yaml")]))
    assert len(opened) == 2
    for one in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            one.execute("SELECT 1")
