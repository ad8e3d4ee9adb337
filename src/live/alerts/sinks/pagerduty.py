"""Alerts to PagerDuty, Events API v2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from live.alerts.delivery import HttpSink
from live.alerts.http_outcome import taken
from live.alerts.payload import as_payload
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_text import SecretText
from live.alerts.secret_url import SecretUrls
from live.alerts.serialise import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import HttpResponse, Outcome, Wiring
    from live.events import AlertEvent, AlertLevel

MAX_SUMMARY, MAX_KEY, KEY_LENGTH = 1_024, 255, 32
SEVERITIES = {"INFO": "info", "WARNING": "warning", "CRITICAL": "critical"}
ACTIONS = {"resolved": "resolve", "withdrawn": "resolve", "acknowledged": "acknowledge"}
USUAL = SecretUrls.of("https://events.pagerduty.com/v2/enqueue")


class RoutingKey(SecretText):
    """The integration key of a service."""

    __slots__ = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Read what a caller or a configuration gives.

        Raises:
            ValueError: it is no such key; it is not quoted.
        """
        key = super().of(given)
        if not (len(key.reveal()) == KEY_LENGTH and key.reveal().isalnum()):
            raise ValueError(f"is no integration key; expected {KEY_LENGTH} letters and digits")
        return key


class PagerDutyAlertSink(HttpSink):
    """Triggers an incident for what an alert is about, and acknowledges and resolves it as a dispatcher says.

    Alerts of one source, code and subject are one incident: that is their `dedup_key`.
    """

    name = "pagerduty"
    hears_acknowledgements = True

    @dataclass(frozen=True, slots=True)
    class Config:
        """Keys of the sink.

        Attributes:
            pagerduty_routing_key: Integration key of the service, 32 letters and digits.
            pagerduty_url: Where events go; the service region of the EU has another one.
            webhook_timeout_seconds: The most that one destination may hold the caller, in seconds.
        """

        pagerduty_routing_key: RoutingKey
        pagerduty_url: SecretUrls = USUAL
        webhook_timeout_seconds: Seconds = DEFAULT_DEADLINE

    def __init__(self, routing_key: RoutingKey | str, *args: Any, **wired: Any) -> None:
        """Trigger on the service of that key; everything else as for any sink that posts.

        Raises:
            ValueError: the key, the URL or the timeout is not usable; none is quoted.
        """
        super().__init__(*args, **wired)
        self.secret = RoutingKey.of(routing_key).reveal()

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> PagerDutyAlertSink:
        """A sink as the configuration says."""
        key, url, timeout_s = (
            config.pagerduty_routing_key,
            config.pagerduty_url,
            config.webhook_timeout_seconds,
        )
        return cls(key, url, timeout_s, min_level, wiring=wiring)

    def render(self, event: AlertEvent) -> Mapping[str, Any]:
        """The alert as an event of the API."""
        from live.alerts.dispatch.identity import Identity

        alert = as_payload(event)
        context = alert["context"] if isinstance(alert["context"], dict) else {}
        identity = Identity.of(event)
        return {
            "routing_key": self.secret,
            "event_action": ACTIONS.get(str(context.get("status")), "trigger"),
            "dedup_key": clean_text(str(identity), MAX_KEY),
            "payload": {
                "summary": clean_text(f"{alert['code']}: {alert['message']}", MAX_SUMMARY),
                "source": alert["source"],
                "severity": SEVERITIES.get(alert["level"], "critical"),
                "timestamp": alert["ts"],
                "component": identity.subject,
                "class": alert["code"],
                "custom_details": {"id": alert.get("id", ""), "runbook": alert["runbook"], **context},
            },
        }

    def classify(self, response: HttpResponse) -> Outcome:
        """Delivered on 2xx; what PagerDuty says is wrong is not repeated, because it may quote the key."""
        return taken(response)
