"""From a scenario to a sorted list of events: what happens when, and what comes first at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from inline_snapshot import snapshot

from drills.plan import Kind, Plan, make_plan
from drills.scenario import load_scenarios

HEAD = """\
drill: planned
title: Something is planned
playbook: 1
track: paper
start: 2026-01-27T00:00:00Z
"""
ORDER = "check_orders: [{symbol: BTC/EUR, side: BUY, notional: 100}]"
Planned = Callable[[str], Plan]


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planned:
    """Plan a file of the usual head and a body."""
    monkeypatch.chdir(tmp_path)

    def plan(body: str) -> Plan:
        Path("x.yaml").write_text(HEAD + dedent(body), encoding="utf-8")
        [scenario] = load_scenarios([Path("x.yaml")])
        return make_plan(scenario)

    return plan


def happenings(plan: Plan) -> list[tuple[int, str, str]]:
    """Second, kind and name of every event."""
    return [(round(event.at.total_seconds()), event.kind.name, event.name) for event in plan.events]


def test_at_one_instant_heals_come_before_faults_candles_steps_and_ticks(planned: Planned) -> None:
    """The order is the same in every run, whatever the order in the file."""
    plan = planned(
        f"""\
        config: {{live_alerts: {{sinks: [webhook]}}}}
        given: {{candles: {{BTC/EUR: {{timeframe: 1m, close: "1"}}}}}}
        steps:
          - {{at: 1m, {ORDER}}}
          - {{at: 1m, for: 1m, fault: {{exchange: {{hang: true}}}}}}
          - {{at: 0s, for: 1m, fault: {{webhook: {{status: 503}}}}}}
        """
    )
    assert happenings(plan) == [
        (0, "FAULT_BEGINS", "status"),
        (60, "FAULT_HEALS", "status"),
        (60, "FAULT_BEGINS", "hang"),
        (60, "CANDLE", "BTC/EUR"),
        (60, "STEP", "check_orders"),
        (60, "TICK", ""),
        (120, "FAULT_HEALS", "hang"),
        (120, "TICK", ""),
    ]


def test_equal_events_happen_in_the_order_of_the_file(planned: Planned) -> None:
    """Two steps, or two series, at one instant."""
    plan = planned(
        """\
        given: {candles: {B: {timeframe: 1m, close: "1x2"}, A: {timeframe: 1m, close: "1x2"}}}
        tick: 1h
        steps:
          - {at: 2m, exchange_call: {times: 2}}
          - {at: 2m, exchange_call: {times: 1}}
        """
    )
    assert [name for _, _, name in happenings(plan)[:4]] == ["B", "A", "B", "A"]
    assert [event.params.times for event in plan.events if event.kind is Kind.STEP] == [2, 1]


def test_a_candle_arrives_when_it_is_complete(planned: Planned) -> None:
    """The bar that opens at 00:01 is known at 00:02; a bar that is missing never comes."""
    plan = planned('given: {candles: {A: {timeframe: 1m, close: "1 2 _ 4"}}}\nsteps: []\n')
    candles = [(event.at.total_seconds(), event.params.close) for event in plan.events if event.name == "A"]
    assert candles == [(60, 1), (120, 2), (240, 4)]


def test_the_clock_ticks_with_the_shortest_bar(planned: Planned) -> None:
    """Guards see the time pass at least as often as they see candles."""
    plan = planned(
        """\
        given: {candles: {A: {timeframe: 5m, close: "1"}, B: {timeframe: 2m, close: "1"}}}
        steps: []
        """
    )
    assert [second for second, kind, _ in happenings(plan) if kind == "TICK"] == [120, 240]


def test_without_candles_the_clock_ticks_only_when_it_is_told_to(planned: Planned) -> None:
    """A drill of orders needs no ticks."""
    assert happenings(planned("steps: []\nuntil: 1m\n")) == []
    assert happenings(planned("steps: []\nuntil: 1m\ntick: 20s\n")) == [
        (20, "TICK", ""),
        (40, "TICK", ""),
        (60, "TICK", ""),
    ]


def test_until_lets_time_pass_after_the_last_event(planned: Planned) -> None:
    """So that silence can be noticed."""
    plan = planned('until: 5m\ngiven: {candles: {A: {timeframe: 1m, close: "1"}}}\nsteps: []\n')
    assert plan.end == timedelta(minutes=5)
    assert sum(event.kind is Kind.TICK for event in plan.events) == 5


def test_a_fault_without_duration_heals_after_everything_else(planned: Planned) -> None:
    """It stands to the end, the last candle and the last tick included, and nothing is left standing."""
    plan = planned(
        """\
        given: {candles: {A: {timeframe: 1m, close: "1x2"}}}
        steps: [{at: 30s, fault: {A: {drop: true}}}]
        """
    )
    assert happenings(plan)[-3:] == [(120, "CANDLE", "A"), (120, "TICK", ""), (120, "FAULT_HEALS", "drop")]


def test_every_fault_heals_under_its_own_number(planned: Planned) -> None:
    """Two faults of one kind are told apart."""
    plan = planned(
        """\
        config: {live_alerts: {sinks: [webhook, slack_webhook]}}
        steps: [{at: 0s, for: 1m, fault: {webhook: {delay: 1s}, slack_webhook: {delay: 2s}}}]
        """
    )
    found = [(event.kind.name, event.fault, event.params[0]) for event in plan.events]
    assert found == [
        ("FAULT_BEGINS", 0, "webhook"),
        ("FAULT_BEGINS", 1, "slack_webhook"),
        ("FAULT_HEALS", 0, "webhook"),
        ("FAULT_HEALS", 1, "slack_webhook"),
    ]


def test_a_plan_knows_where_its_series_come_from(planned: Planned) -> None:
    """The evidence names the source of every candle."""
    rows = "ts,open,high,low,close\n2026-01-27T00:00:00Z,1,1,1,1\n"
    Path("prices.csv").write_text(rows, encoding="utf-8")
    plan = planned(
        """\
        given:
          candles:
            A: {timeframe: 1m, close: "1"}
            B: {timeframe: 1h, file: prices.csv}
            C: {timeframe: 1d, synthetic: {bars: 3, seed: 7}}
        steps: []
        """
    )
    assert plan.sources == {"A": "written in the scenario", "B": "file prices.csv", "C": "made up, seed 7"}
    assert {symbol: len(candles) for symbol, candles in plan.series.items()} == {"A": 1, "B": 1, "C": 3}
    assert plan.timeframes["C"] == timedelta(days=1)


def test_the_same_file_gives_the_same_plan(planned: Planned) -> None:
    """Chance has its seed, and nothing else is left to it."""
    body = "given: {candles: {C: {timeframe: 1d, synthetic: {bars: 9, seed: 7}}}}\nsteps: []\n"
    assert repr(planned(body)) == repr(planned(body))  # a volume that is not a number is not equal to itself


def test_a_plan_is_shown_as_a_timeline(planned: Planned) -> None:
    """Runs of candles and ticks are one line each; every staged event has its line in the file."""
    plan = planned(
        f"""\
        config: {{live_alerts: {{sinks: [slack_webhook]}}}}
        given: {{candles: {{BTC/EUR: {{timeframe: 1m, close: "30000+10x60"}}}}}}
        steps:
          - {{at: 0s, {ORDER}}}
          - at: 5m
            for: 2m
            fault: {{slack_webhook: {{status: {{code: 429, retry_after: 30s}}}}}}
          - {{at: 10m30s, fault: {{BTC/EUR: {{drop: true}}, exchange: {{delay: 3s}}}}}}
        """
    )
    assert plan.describe() == snapshot("""\
00:00:00             check_orders: 1 order: BUY BTC/EUR  (x.yaml:9)
00:01:00 … 00:04:00  4 candles BTC/EUR 1m
00:01:00 … 00:04:00  4 ticks
00:05:00             fault begins on slack_webhook: status code 429, retry_after 30s  (x.yaml:10)
00:05:00 … 00:06:00  2 candles BTC/EUR 1m
00:05:00 … 00:06:00  2 ticks
00:07:00             fault heals on slack_webhook  (x.yaml:10)
00:07:00 … 00:10:00  4 candles BTC/EUR 1m
00:07:00 … 00:10:00  4 ticks
00:10:30             fault begins on BTC/EUR: drop  (x.yaml:13)
00:10:30             fault begins on exchange: delay 3s  (x.yaml:13)
00:11:00 … 01:00:00  50 candles BTC/EUR 1m
00:11:00 … 01:00:00  50 ticks
01:00:00             fault heals on BTC/EUR  (x.yaml:13)
01:00:00             fault heals on exchange  (x.yaml:13)\
""")
