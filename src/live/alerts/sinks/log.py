"""Alerts as structured log events."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import LocalSink
from live.alerts.lines import one_line
from live.alerts.payload import as_payload
from live.alerts.redact import redact_urls
from live.contracts import Outcome
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from live.contracts import Wiring
    from live.events import AlertEvent

EVENT = "alert.raised"
METHODS = {"CRITICAL": "critical", "WARNING": "warning", "INFO": "info"}
RENAMED = {"ts": "raised_at", "level": "alert_level", "message": "alert_message"}


class LoggingAlertSink(LocalSink):
    """Logs the event "alert.raised" with the alert's fields, at the alert's level.

    A logger of the standard library that lets no INFO through gets such alerts as warnings.
    Without a logger it uses structlog as the application configured it. Where it did not, and for a logger
    of the standard library, the fields are written into the message and stand in `record.alert`.
    """

    name = "log"

    @dataclass(frozen=True, slots=True)
    class Config:
        """Keys of the sink.

        Attributes:
            log_logger_name: Name of the logger.
        """

        log_logger_name: str = "live.alerts"

    def __init__(
        self,
        logger: Any = None,
        logger_name: str = "live.alerts",
        min_level: AlertLevel = AlertLevel.INFO,
        *,
        wiring: Wiring | None = None,
    ) -> None:
        """Log to `logger`, of structlog or the standard library, or to the one named `logger_name`."""
        super().__init__(min_level, wiring)
        self._name = logger_name
        self._given = logger
        self._plain = logger if isinstance(logger, logging.Logger) else logging.getLogger(logger_name)
        self._bound = _bound(self._plain)

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> LoggingAlertSink:
        """A sink with the logger that the wiring brings or the configuration names."""
        return cls(wiring.logger, config.log_logger_name, min_level, wiring=wiring)

    def write(self, event: AlertEvent) -> Outcome:
        """Log one alert; what the logger does not let through, even as a warning, has not been delivered."""
        payload = as_payload(event)
        method = METHODS.get(payload["level"], "critical")
        structured = self._structured()
        if structured is None:
            if not self._lets_through(method):
                method = "warning"  # a logger as Python has it lets no INFO through
            if not self._lets_through(method):
                return Outcome("logger_disabled", permanent=True)
        fields = {RENAMED.get(name, name): value for name, value in payload.items()}
        getattr(self._bound if structured is None else structured, method)(EVENT, **fields)
        return Outcome()

    def _lets_through(self, method: str) -> bool:
        return self._plain.isEnabledFor(getattr(logging, method.upper()))

    def _structured(self) -> Any:
        """A logger of structlog that was given or that the application has configured, else None."""
        import structlog

        if self._given is None:
            return structlog.get_logger(self._name) if structlog.is_configured() else None
        return None if self._given is self._plain else self._given


def _bound(logger: logging.Logger) -> Any:
    """A structlog logger on top of one of the standard library."""
    import structlog

    return structlog.wrap_logger(
        logger, processors=[redact_urls, _as_record], wrapper_class=structlog.stdlib.BoundLogger
    )


def _as_record(_logger: object, _method: str, event: MutableMapping[str, Any]) -> tuple[Any, ...]:
    """A structlog processor: the fields as one line, and beside it as data."""
    fields = {name: value for name, value in event.items() if name != "event"}
    words = (f"{name}={one_line(json.dumps(value, ensure_ascii=False))}" for name, value in fields.items())
    return ("%s", " ".join((str(event["event"]), *words))), {"extra": {"alert": fields}}
