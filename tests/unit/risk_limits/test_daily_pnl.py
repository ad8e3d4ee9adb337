"""Where the result of a day comes from: a registry, the snapshot, recorded events."""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from live.risk_limits import RiskCheckSeverity
from live.risk_limits.account import NOTHING_KNOWN
from live.risk_limits.daily_pnl import DailyPnl
from tests.unit.risk_limits.support import NAN, NOW, limits, order, portfolio, position

if TYPE_CHECKING:
    from pathlib import Path

    from live.risk_limits import LiveRiskLimits

OK, WARNING, BREACH = RiskCheckSeverity
HEADER = "ts,realized_pnl_net\n"
LOSS = position(size=1, mark_price=100, realized_pnl=-30, unrealized_pnl=-12)


def told(engine: LiveRiskLimits, **check: Any) -> tuple[float, str]:
    """The day's result and its source."""
    metrics = engine.check_orders([order(notional=1)], **check).metrics
    return metrics["daily_pnl"], metrics["daily_pnl_source"]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry file that is not there yet."""
    return tmp_path / "pnl.csv"


def write(registry: Path, *rows: str, header: str = HEADER) -> None:
    """A new version of the registry, a second later than the one before."""
    later = registry.stat().st_mtime + 1 if registry.exists() else 0
    registry.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    os.utime(registry, (later, later))


def test_without_any_source_the_day_has_brought_nothing() -> None:
    """And the metrics say that nobody said so."""
    assert told(limits()) == (0.0, "none")


def test_recorded_events_add_up_over_the_utc_day() -> None:
    """Exactly, and a naive instant is UTC."""
    engine = limits()
    for _ in range(10):
        engine.record_pnl(-0.1, at=NOW)
    engine.record_pnl(-5, at=datetime(2026, 1, 28, 8, tzinfo=timezone(timedelta(hours=9))))
    engine.record_pnl(-7, at=datetime(2026, 1, 27))  # noqa: DTZ001 - that is the point
    engine.record_pnl(-1000, at=NOW + timedelta(days=1))
    assert told(engine) == (-13.0, "events")


@pytest.mark.parametrize("amount", [NAN, "5", None, True])
def test_an_event_that_is_no_number_makes_its_day_unknown(amount: Any) -> None:
    """Other days are what they were."""
    engine = limits(max_daily_loss_abs=500)
    engine.record_pnl(amount, at=NOW)
    (reason,) = engine.check_orders([order(notional=1)]).reasons
    assert f"PnL unknown: an amount of {amount!r} was recorded" in reason.replace('"', "'").replace("\\", "")
    assert engine.check_orders([order(notional=1)], current_date=date(2026, 1, 26)).allowed


def test_the_snapshot_says_what_is_closed_and_what_is_open() -> None:
    """Together they are the day's result."""
    assert told(limits(), portfolio=portfolio(LOSS)) == (-42.0, "snapshot")


def test_events_and_the_open_result_of_the_snapshot_add_up() -> None:
    """What was closed today is no longer in the snapshot."""
    engine = limits()
    engine.record_pnl(-1000, at=NOW)
    held = portfolio(position(size=1, mark_price=90, entry_price=100))
    assert told(engine, portfolio=held) == (-1010.0, "snapshot+events")


@pytest.mark.parametrize(("recorded", "expected"), [(-1000, -1012.0), (5, -42.0)])
def test_where_snapshot_and_events_contradict_the_worse_one_counts(recorded: float, expected: float) -> None:
    """Neither may hide a loss that the other one knows."""
    engine = limits()
    engine.record_pnl(recorded, at=NOW)
    assert told(engine, portfolio=portfolio(LOSS)) == (expected, "snapshot+events")


def test_a_registry_is_summed_over_the_utc_day(registry: Path) -> None:
    """Further columns and empty lines are ignored; an instant of another zone belongs to its UTC day."""
    write(
        registry,
        "2026-01-27T00:00:00Z,-100.5,btc",
        "2026-01-27 23:59:59,20,eth",
        "",
        "2026-01-28T08:00:00+09:00,-1,jp",
        "2026-01-28T00:00:00+00:00,-5000,btc",
        "2026-01-26,-5000,btc",
        header="ts,realized_pnl_net,note\n",
    )
    engine = limits(daily_pnl_registry=registry)
    assert told(engine) == (-81.5, "registry")
    assert told(engine, current_date=date(2026, 1, 26)) == (-5000.0, "registry")
    assert told(engine, current_date=date(2020, 1, 1)) == (0.0, "registry")


def test_a_registry_goes_before_the_other_sources(registry: Path) -> None:
    """It is the only one, once it is configured."""
    write(registry, "2026-01-27,-1")
    engine = limits(daily_pnl_registry=str(registry))
    engine.record_pnl(-1000, at=NOW)
    assert told(engine, portfolio=portfolio(LOSS)) == (-1.0, "registry")


def test_a_registry_can_be_switched_off(registry: Path) -> None:
    """Then the snapshot and the events speak."""
    engine = limits(daily_pnl_registry=registry, use_experiments_for_daily_pnl=False)
    assert told(engine, portfolio=portfolio(LOSS)) == (-42.0, "snapshot")


def test_without_a_registry_file_the_switch_does_nothing() -> None:
    """No path is configured, so the snapshot speaks."""
    assert told(limits(use_experiments_for_daily_pnl=True), portfolio=portfolio(LOSS)) == (-42.0, "snapshot")


def test_a_registry_is_read_again_when_its_time_or_size_has_changed(registry: Path) -> None:
    """And not before: the order path does not wait for a file."""
    write(registry, "2026-01-27,-1")
    engine = limits(daily_pnl_registry=registry)
    assert told(engine) == (-1.0, "registry")
    before = registry.stat().st_mtime
    registry.write_text(f"{HEADER}2026-01-27,-5\n", encoding="utf-8")
    os.utime(registry, (before, before))
    assert told(engine) == (-1.0, "registry")
    write(registry, "2026-01-27,-5")
    assert told(engine) == (-5.0, "registry")


def test_a_registry_that_comes_back_is_trusted_again(registry: Path) -> None:
    """Missing, then there, then broken, then sound."""
    engine = limits(daily_pnl_registry=registry, max_daily_loss_abs=500)
    severities = [engine.check_orders([order(notional=1)]).severity]
    for rows in (["2026-01-27,-1"], ["2026-01-27,?"], ["2026-01-27,-2"]):
        write(registry, *rows)
        severities.append(engine.check_orders([order(notional=1)]).severity)
    assert severities == [BREACH, OK, BREACH, OK]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, ": cannot be read (No such file or directory)"),
        (b"", ":1: column 'ts' is missing; the header must name ts and realized_pnl_net"),
        (
            b"ts,pnl\n",
            ":1: column 'realized_pnl_net' is missing; the header must name ts and realized_pnl_net",
        ),
        (b"2026-01-27,5\n", ":1: column 'ts' is missing; the header must name ts and realized_pnl_net"),
        (b"ts,realized_pnl_net\n2026-01-27,1.000\n2026-01-27,5 EUR\n", ":3: realized_pnl_net is '5 EUR'"),
        (b'ts,realized_pnl_net\n2026-01-27,"1.000,00"\n', ":2: realized_pnl_net is '1.000,00'"),
        (b"ts,realized_pnl_net\n2026-01-27,\n", ":2: realized_pnl_net is ''"),
        (b"ts,realized_pnl_net\n2026-01-27\n", ":2: realized_pnl_net is None"),
        (b"ts,realized_pnl_net\n2026-01-27,nan\n", ":2: realized_pnl_net is 'nan'"),
        (b"ts,realized_pnl_net\n2026-01-27,1e999\n", ":2: realized_pnl_net is '1e999'"),
        (b"ts,realized_pnl_net\n27.01.2026,5\n", ":2: ts is '27.01.2026'"),
        (b"ts,realized_pnl_net\n,5\n", ":2: ts is ''"),
        (b"\xff\xfe\x00", ": is not UTF-8 text"),
        (b"ts,realized_pnl_net\n2026-01-27,5\x00\n", None),
    ],
)
def test_a_registry_that_cannot_be_understood_makes_the_day_unknown(
    registry: Path, content: bytes | None, why: str | None
) -> None:
    """An entry is refused, with file and line; an exit is not."""
    if content is not None:
        registry.write_bytes(content)
    engine = limits(daily_pnl_registry=registry, max_daily_loss_abs=500, max_daily_loss_pct=5)
    entry = engine.check_orders([order(notional=1)])
    assert (entry.severity, len(entry.reasons)) == (BREACH, 2)
    assert all("PnL unknown: " in reason for reason in entry.reasons)
    assert why is None or f"{registry}{why}" in entry.reasons[0]
    leaving = engine.check_orders([order("SELL", quantity=1)], portfolio=portfolio(LOSS))
    assert leaving.severity is WARNING


def test_an_unknown_day_is_an_unknown_portfolio() -> None:
    """The full reason."""
    engine = limits(daily_pnl_registry="no-such.csv", max_daily_loss_abs=500)
    result = engine.evaluate_portfolio(portfolio(as_of=datetime(2026, 1, 27, tzinfo=UTC)))
    why = "PnL unknown: no-such.csv: cannot be read (No such file or directory)"
    assert result.reasons == [f"max_daily_loss_abs_unknown(limit=500.00, reason='{why}')"]


def test_results_of_several_threads_add_up() -> None:
    """None is lost between reading the sum and writing it."""
    results = DailyPnl()

    def record() -> None:
        for _ in range(500):
            results.record(-1, NOW)

    threads = [threading.Thread(target=record) for _ in range(4)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
    assert results.of(NOW.date(), NOTHING_KNOWN).amount == -2000


def test_an_unreadable_registry_is_a_breach_although_no_loss_limit_is_in_force(tmp_path: Path) -> None:
    """It was configured to be heard. Exits pass, and a loss limit that is in force says it alone."""
    held = portfolio(position(size=1, mark_price=100))
    engine = limits(max_order_notional=500, daily_pnl_registry=tmp_path / "none.csv")
    entry = engine.check_orders([order(notional=10)], portfolio=held)
    assert (entry.allowed, len(entry.reasons)) == (False, 1)
    assert entry.reasons[0].startswith("daily_pnl_unknown(reason='PnL unknown: ")
    assert not engine.evaluate_portfolio(held).allowed
    assert engine.check_orders([order("SELL", quantity=1)], portfolio=held).allowed
    both = limits(max_daily_loss_abs=500, daily_pnl_registry=tmp_path / "none.csv")
    assert [detail.limit_name for detail in both.evaluate_portfolio(held).limit_details] == [
        "max_daily_loss_abs"
    ]
