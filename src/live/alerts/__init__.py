"""Alerts: what they are and how they reach people.

`build_alert_sink_from_config` makes the sink that a configuration asks for; `sink.send(event)` delivers at
once, best effort, never raises, and holds the caller for a bounded time.
"""

from live.alerts.build import build_alert_sink_from_config
from live.alerts.config import LiveAlertsConfig
from live.alerts.multi import MultiAlertSink
from live.alerts.sinks.apprise import AppriseAlertSink
from live.alerts.sinks.email import EmailAlertSink
from live.alerts.sinks.log import LoggingAlertSink
from live.alerts.sinks.slack_webhook import SlackWebhookAlertSink
from live.alerts.sinks.stderr import StderrAlertSink
from live.alerts.sinks.webhook import WebhookAlertSink
from live.contracts import AlertSink
from live.events import AlertEvent, AlertLevel

__all__ = [
    "AlertEvent",
    "AlertLevel",
    "AlertSink",
    "AppriseAlertSink",
    "EmailAlertSink",
    "LiveAlertsConfig",
    "LoggingAlertSink",
    "MultiAlertSink",
    "SlackWebhookAlertSink",
    "StderrAlertSink",
    "WebhookAlertSink",
    "build_alert_sink_from_config",
]
