"""Alerts to the log and to stderr."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from live.alerts import LoggingAlertSink, StderrAlertSink
from live.events import AlertLevel
from tests.unit.alerts.helpers import Bench, alert, hardly_alerts

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = {
    "raised_at": "2026-01-27T00:00:00+00:00",
    "alert_level": "CRITICAL",
    "source": "live_risk.orders",
    "code": "RISK_LIMIT_VIOLATION_ORDERS",
    "alert_message": "limit 500.00 EUR, order 2000.00 EUR",
    "context": {"value": "NaN", "at": "https://host/***"},
    "runbook": "docs/RUNBOOKS_AND_INCIDENT_HANDLING.md#risk_limit_violation_orders",
}
CONTEXT = {"value": float("nan"), "at": "https://host/hush"}
LEVELS = pytest.mark.parametrize(
    ("level", "name"),
    [(AlertLevel.INFO, "INFO"), (AlertLevel.WARNING, "WARNING"), (AlertLevel.CRITICAL, "CRITICAL")],
)


@pytest.fixture
def structlog_configured() -> Iterator[None]:
    """An application that has configured structlog."""
    structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()])
    yield
    structlog.reset_defaults()


def test_without_structlog_configured_it_logs_to_the_named_logger(caplog: pytest.LogCaptureFixture) -> None:
    """The alert is a line that any formatter shows, and its fields stand beside it as data."""
    LoggingAlertSink(logger_name="desk.alerts").send(alert(context=CONTEXT))
    record = caplog.records[0]
    assert (record.name, record.levelname) == ("desk.alerts", "CRITICAL")
    assert record.getMessage().startswith(
        'alert.raised raised_at="2026-01-27T00:00:00+00:00" alert_level="CRITICAL"'
    )
    assert vars(record)["alert"] == FIELDS


@LEVELS
def test_a_logger_of_the_standard_library_is_accepted(
    caplog: pytest.LogCaptureFixture, level: AlertLevel, name: str
) -> None:
    """The alert's level is the record's."""
    caplog.set_level(logging.INFO)
    LoggingAlertSink(logging.getLogger("mine")).send(alert(level))
    assert [(record.name, record.levelname) for record in caplog.records] == [("mine", name)]


@LEVELS
def test_a_structlog_logger_is_accepted(level: AlertLevel, name: str) -> None:
    """It gets the event and its fields as they are."""
    with structlog.testing.capture_logs() as logged:
        LoggingAlertSink(structlog.get_logger()).send(alert(level, context=CONTEXT))
    assert logged == [{"event": "alert.raised", "log_level": name.lower(), **FIELDS, "alert_level": name}]


def test_where_the_application_configured_structlog_that_is_used(
    structlog_configured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The application's own processors decide what becomes of it."""
    assert structlog_configured is None
    LoggingAlertSink().send(alert())
    assert '"event": "alert.raised", "level": "critical"' in capsys.readouterr().out


def test_a_logger_that_lets_nothing_through_has_not_delivered() -> None:
    """Nobody is told that an alert was logged when it was not."""
    logger = logging.getLogger("muted")
    logger.setLevel(logging.CRITICAL)
    bench = Bench()
    LoggingAlertSink(logger, wiring=bench.wiring).send(alert(AlertLevel.WARNING))
    assert bench.told == [("log", "dead", "logger_disabled")]


def test_a_last_word_is_logged_where_the_program_has_set_no_level() -> None:
    """Python lets warnings through then: that something is over is logged as one, and its own level told."""
    logger, records = logging.getLogger("as.python.has.it"), io.StringIO()
    logger.setLevel(logging.WARNING)
    logger.addHandler(logging.StreamHandler(records))
    bench = Bench()
    LoggingAlertSink(logger, wiring=bench.wiring).send(alert(AlertLevel.INFO))
    assert bench.told == [("log", "delivered", "")]
    assert 'alert_level="INFO"' in records.getvalue()


def test_what_a_logger_does_not_let_through_is_not_tried_again() -> None:
    """Its level is a matter of configuration: trying for days would hold up what it does let through."""
    logger = logging.getLogger("muted for good")
    logger.setLevel(logging.CRITICAL)
    assert LoggingAlertSink(logger).write(alert(AlertLevel.WARNING)).permanent


def test_a_logger_that_raises_stops_nothing() -> None:
    """A broken logger is the reason of a delivery that is dead."""

    class Broken:
        def critical(self, *_args: object, **_fields: object) -> None:
            raise OSError("disk full")

    bench = Bench()
    LoggingAlertSink(Broken(), wiring=bench.wiring).send(alert())
    assert bench.told == [("log", "dead", "raised_OSError")]


def test_stderr_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that matters, readable as it stands."""
    StderrAlertSink().send(alert(context=CONTEXT))
    assert capsys.readouterr().err == (
        "2026-01-27T00:00:00+00:00 CRITICAL live_risk.orders RISK_LIMIT_VIOLATION_ORDERS "
        'limit 500.00 EUR, order 2000.00 EUR {"value": "NaN", "at": "https://host/***"} '
        "docs/RUNBOOKS_AND_INCIDENT_HANDLING.md#risk_limit_violation_orders\n"
    )


@pytest.mark.parametrize("trick", ["\n", "\r", "\x1b[2J", "\u2028", "\u202e", "\x00", "\x85"])
def test_nothing_can_forge_a_line(trick: str, caplog: pytest.LogCaptureFixture) -> None:
    """Line ends and control characters are written as escapes, on stderr and in the log."""
    stream = io.StringIO()
    forged = alert(message=f"harmless{trick}CRITICAL", context={trick: trick})
    StderrAlertSink(stream).send(forged)
    LoggingAlertSink().send(forged)
    for line in (stream.getvalue().removesuffix("\n"), caplog.records[0].getMessage()):
        assert trick not in line
        assert line.isprintable()


def test_a_stream_that_knows_only_ascii_gets_escapes() -> None:
    """A poor terminal loses no alert."""
    terminal = io.TextIOWrapper(io.BytesIO(), "ascii")
    StderrAlertSink(terminal).send(alert(message="Überschuss"))
    terminal.seek(0)
    assert "\\xdcberschuss" in terminal.read()


def test_a_closed_stream_is_a_delivery_that_is_dead() -> None:
    """Nothing is raised, and nothing is claimed."""
    stream, bench = io.StringIO(), Bench()
    stream.close()
    StderrAlertSink(stream, wiring=bench.wiring).send(alert())
    assert bench.told == [("stderr", "dead", "unwritable")]


@pytest.mark.parametrize("broken", hardly_alerts())
@pytest.mark.parametrize("sink_type", [LoggingAlertSink, StderrAlertSink])
def test_what_is_hardly_an_alert_is_shown_as_far_as_it_goes(sink_type: Any, broken: Any) -> None:
    """A sink takes whatever it is given."""
    bench = Bench()
    sink_type(wiring=bench.wiring).send(broken)
    assert [state for _, state, _ in bench.told] == ["delivered"]
