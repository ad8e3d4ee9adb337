"""Where the result of a day comes from: a registry, the snapshot, recorded events."""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from live.risk_limits import DayPnl, RiskCheckSeverity
from live.risk_limits.account import NOTHING_KNOWN
from live.risk_limits.pnl.daily import DailyPnl
from tests.unit.risk_limits.support import NAN, NOW, StandingClock, limits, order, portfolio, position

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
    engine = limits(daily_pnl_registry=registry, daily_pnl_registry_poll_s=0)
    assert told(engine) == (-1.0, "registry")
    before = registry.stat().st_mtime
    registry.write_text(f"{HEADER}2026-01-27,-5\n", encoding="utf-8")
    os.utime(registry, (before, before))
    assert told(engine) == (-1.0, "registry")
    write(registry, "2026-01-27,-5")
    assert told(engine) == (-5.0, "registry")


def test_a_registry_is_looked_at_once_a_second(registry: Path) -> None:
    """However many orders are checked meanwhile; a clock that goes back looks again."""
    write(registry, "2026-01-27,-1")
    clock = StandingClock()
    engine = limits(daily_pnl_registry=registry, clock=clock)
    told_at = {0.0: told(engine)}
    write(registry, "2026-01-27,-500")
    for clock.seconds in (0.5, 0.999, 1.0):
        told_at[clock.seconds] = told(engine)
    assert [amount for amount, _ in told_at.values()] == [-1.0, -1.0, -1.0, -500.0]
    write(registry, "2026-01-27,-600")
    clock.seconds = 0.9
    assert told(engine) == (-600.0, "registry")


def test_a_registry_may_be_a_parquet_file(tmp_path: Path) -> None:
    """Instants with a zone, without one (UTC), texts and dates; whole and decimal numbers."""
    import polars as pl

    instants = [datetime(2026, 1, 27, 0, 30), datetime(2026, 1, 26, 23, 59)]  # noqa: DTZ001 - that is the point
    tokyo = pl.Series(instants).dt.replace_time_zone("Asia/Tokyo")
    amounts = pl.Series(["-1.5", "-2.25"]).str.to_decimal()
    for name, ts, amount, expected in (
        ("naive", instants, [-1.5, -2.25], -1.5),
        ("zone", tokyo, [-1, -2], 0.0),
        ("text", ["2026-01-27T00:30:00Z", "2026-01-26"], amounts, -1.5),
        ("date", [date(2026, 1, 27), date(2026, 1, 26)], [-1.5, -2.25], -1.5),
    ):
        path = tmp_path / f"{name}.PARQUET"
        pl.DataFrame({"ts": ts, "note": "x", "realized_pnl_net": amount}).write_parquet(path)
        assert told(limits(daily_pnl_registry=path)) == (expected, "registry"), name


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"ts": ["2026-01-27"]}, ": column 'realized_pnl_net' is missing; the file must have ts and"),
        ({"ts": ["27.1.26"], "realized_pnl_net": [1.0]}, ": row 1: ts is '27.1.26', not an ISO 8601 instant"),
        ({"ts": [5], "realized_pnl_net": [1.0]}, ": row 1: ts is 5, not an ISO 8601 instant"),
        ({"ts": ["2026-01-27"] * 2, "realized_pnl_net": [1, None]}, ": row 2: realized_pnl_net is None"),
        ({"ts": ["2026-01-27"], "realized_pnl_net": [NAN]}, ": row 1: realized_pnl_net is nan"),
        ({"ts": ["2026-01-27"], "realized_pnl_net": ["5"]}, ": row 1: realized_pnl_net is '5'"),
        (None, ": is not Parquet ("),
    ],
)
def test_a_parquet_file_that_cannot_be_understood_makes_the_day_unknown(
    tmp_path: Path, columns: dict[str, Any] | None, why: str
) -> None:
    """With the row."""
    import polars as pl

    path = tmp_path / "pnl.parquet"
    if columns is None:
        path.write_bytes(b"ts,realized_pnl_net\n2026-01-27,5\n")
    else:
        pl.DataFrame(columns).write_parquet(path)
    engine = limits(daily_pnl_registry=path, max_daily_loss_abs=500)
    (reason,) = engine.check_orders([order(notional=1)]).reasons
    assert f"PnL unknown: {path}{why}" in reason.replace("\\", "")


def test_a_parquet_file_that_is_missing_makes_the_day_unknown(tmp_path: Path) -> None:
    """In the words of a CSV file that is missing."""
    engine = limits(daily_pnl_registry=tmp_path / "none.parquet", max_daily_loss_abs=500)
    (reason,) = engine.check_orders([order(notional=1)]).reasons
    assert "none.parquet: cannot be read (No such file or directory)" in reason


class Desk:
    """A source of results that a desk keeps itself."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[date] = []

    @property
    def version(self) -> int | None:
        """The answer changes with every record."""
        return len(self.answers)

    def of(self, day: date) -> DayPnl:
        """The last answer."""
        self.asked.append(day)
        answer = self.answers[-1]
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]  # a source may say anything


def test_a_source_of_your_own_goes_before_all_others(registry: Path) -> None:
    """It is asked again only when its version has changed."""
    desk = Desk(DayPnl(-7.0, -7.0, "desk"))
    engine = limits(pnl_source=desk, daily_pnl_registry=registry, max_daily_loss_abs=500)
    engine.record_pnl(-1000, at=NOW)
    held = portfolio(LOSS)
    assert [told(engine, portfolio=held) for _ in range(3)] == [(-7.0, "desk")] * 3
    assert desk.asked == [NOW.date()]
    desk.answers.append(DayPnl(-501.0, -501.0, "desk"))
    assert not engine.check_orders([order(notional=1)], portfolio=held).allowed


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (RuntimeError("gone"), "Desk failed with RuntimeError"),
        (None, "Desk said None"),
        (-5.0, "Desk said -5.0"),
        (DayPnl(NAN, NAN, "desk"), "Desk said an amount of nan"),
        (DayPnl("5", 0.0, "desk"), "Desk said an amount of '5'"),  # type: ignore[arg-type]  # the point
    ],
)
def test_a_source_that_fails_or_says_no_number_makes_the_day_unknown(answer: Any, why: str) -> None:
    """For entries; an exit passes."""
    engine = limits(pnl_source=Desk(answer), max_daily_loss_abs=500)
    (reason,) = engine.check_orders([order(notional=1)]).reasons
    assert f"PnL unknown: {why}" in reason.replace('"', "'").replace("\\", "")
    assert engine.check_orders([order("SELL", quantity=1)], portfolio=portfolio(LOSS)).allowed


def test_a_session_day_begins_where_and_when_the_configuration_says(registry: Path) -> None:
    """Events, registry and the clock's day alike: noon UTC is 07:00 in New York, before the day's start."""
    new_york: dict[str, Any] = {"session_time_zone": "America/New_York", "session_day_starts": "08:00"}
    engine = limits(**new_york)
    engine.record_pnl(-1, at=datetime(2026, 1, 26, 12, 59, tzinfo=UTC))
    engine.record_pnl(-2, at=datetime(2026, 1, 26, 13, 0, tzinfo=UTC))
    engine.record_pnl(-4, at=datetime(2026, 1, 27, 12, 59, tzinfo=UTC))
    engine.record_pnl(-8, at=datetime(2026, 1, 27, 13, 0, tzinfo=UTC))
    assert told(engine) == (-6.0, "events")
    write(registry, "2026-01-27T12:59:59Z,-16", "2026-01-27T13:00:00Z,-32", "2026-01-26,-64")
    assert told(limits(daily_pnl_registry=registry, **new_york)) == (-80.0, "registry")


def test_a_registry_that_comes_back_is_trusted_again(registry: Path) -> None:
    """Missing, then there, then broken, then sound."""
    engine = limits(daily_pnl_registry=registry, daily_pnl_registry_poll_s=0, max_daily_loss_abs=500)
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
