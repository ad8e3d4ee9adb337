"""What the log says of a drill: taken from its scenario and its history, and nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pytest

from drills.evidence import history_name
from drills.log_entry import log_entry
from drills.run import run_drill
from drills.scenario import load_scenarios

if TYPE_CHECKING:
    from drills.drill_log import DrillLogEntry

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
HELD = datetime(2026, 3, 2, tzinfo=UTC)


def entry_of(file: str) -> DrillLogEntry:
    """The entry of a shipped drill."""
    result = run_drill(load_scenarios([SHIPPED / file])[0])
    hashes = {history_name(result.scenario.id): result.history.sha256()}
    return log_entry(result, "ada", HELD, PurePath("drill-results"), hashes)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "3-risk-limits/order-notional-breach.yaml",
            {"max_order_notional": "1000 (EUR)", "warning_threshold_factor": "0.8"},
        ),
        (
            "1-data-quality/eurusd-gap.yaml",
            {"live_data.gap.tolerated_bars": "0", "live_data.jump.at_once_moves": "25.0"},
        ),
        (
            "2-pnl-and-venues/exchange-api-hiccup.yaml",
            {"live_watchers.exchange_api.max_consecutive_failures": "3"},
        ),
        ("4-alert-delivery/webhook-hangs.yaml", {"live_alerts.webhook_timeout_seconds": "2.5 (s)"}),
        (
            "4-alert-delivery/mail-server-hangs.yaml",
            {"live_alerts.email_timeout_seconds": "1.5 (s)", "live_alerts.webhook_timeout_seconds": "3 (s)"},
        ),
    ],
)
def test_the_thresholds_in_force_are_those_that_the_drill_is_judged_by(
    file: str, expected: dict[str, str]
) -> None:
    """Limits, guards of the series that are played, the watcher that is tried, and deadlines."""
    assert expected.items() <= dict(entry_of(file).thresholds).items()


def test_what_plays_no_part_is_no_threshold() -> None:
    """A drill of a watcher says nothing about limits that are off, candles or other watchers."""
    keys = [key for key, _ in entry_of("2-pnl-and-venues/pnl-divergence.yaml").thresholds]
    assert {key.rpartition(".")[0] for key in keys} <= {"live_watchers.pnl_divergence", "live_alerts"}


def test_the_command_stands_once() -> None:
    """Under the steps, as what repeats them."""
    entry = entry_of("3-risk-limits/order-notional-breach.yaml")
    assert entry.command.startswith("drills run ")
    assert not [step for step in entry.steps if entry.command in step]
