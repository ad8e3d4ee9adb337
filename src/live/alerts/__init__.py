"""Alerts: what they are and how they reach people.

`AlertDispatcher` takes an alert and returns: it records, thins out, delivers and tries again by itself.
`build_alert_sink_from_config` makes the simple sink of a configuration; `sink.send(event)` delivers at once,
best effort, never raises, and holds the caller for a bounded time.
"""

from typing import TYPE_CHECKING, Any

from live.alerts.build import build_alert_sink_from_config
from live.alerts.config import LiveAlertsConfig
from live.alerts.multi import MultiAlertSink
from live.alerts.sinks.apprise import AppriseAlertSink
from live.alerts.sinks.email import EmailAlertSink
from live.alerts.sinks.log import LoggingAlertSink
from live.alerts.sinks.pagerduty import PagerDutyAlertSink
from live.alerts.sinks.slack_webhook import SlackWebhookAlertSink
from live.alerts.sinks.stderr import StderrAlertSink
from live.alerts.sinks.webhook import WebhookAlertSink
from live.contracts import AlertSink
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from live.alerts.dispatch.dispatcher import AlertDispatcher

__all__ = [
    "AlertDispatcher",
    "AlertEvent",
    "AlertLevel",
    "AlertSink",
    "AppriseAlertSink",
    "EmailAlertSink",
    "LiveAlertsConfig",
    "LoggingAlertSink",
    "MultiAlertSink",
    "PagerDutyAlertSink",
    "SlackWebhookAlertSink",
    "StderrAlertSink",
    "WebhookAlertSink",
    "build_alert_sink_from_config",
]


def __getattr__(name: str) -> Any:
    """The dispatcher, when somebody asks for it: it brings SQLite along."""
    if name == "AlertDispatcher":
        from live.alerts.dispatch.dispatcher import AlertDispatcher

        return AlertDispatcher
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
