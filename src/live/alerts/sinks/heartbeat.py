"""A sign of life to somebody outside, who raises the alarm when it stops: a dead man's switch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import HttpSink
from live.alerts.payload import as_payload
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_url import SecretUrls  # noqa: TC001 - configuration types are read at run time
from live.codes import HEARTBEAT
from live.contracts import HttpResponse, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import Delivery, Wiring
    from live.events import AlertEvent, AlertLevel

SUCCESS = range(200, 300)


class HeartbeatAlertSink(HttpSink):
    """Posts heartbeats of an `AlertDispatcher` and nothing else; any 2xx is a delivery.

    Each is worth something only while it is fresh, so one that does not arrive is not tried again.
    """

    name = "heartbeat"

    @dataclass(frozen=True, slots=True)
    class Config:
        """Keys of the sink.

        Attributes:
            heartbeat_urls: Where it posts to: a service that alarms when nothing has come for a while.
            webhook_timeout_seconds: The most that one destination may hold the caller, in seconds.
        """

        heartbeat_urls: SecretUrls
        webhook_timeout_seconds: Seconds = DEFAULT_DEADLINE

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> HeartbeatAlertSink:
        """A sink as the configuration says."""
        return cls(config.heartbeat_urls, config.webhook_timeout_seconds, min_level, wiring=wiring)

    def deliver(self, event: AlertEvent) -> list[Delivery]:
        """Post a heartbeat; every other alert is for other sinks."""
        return super().deliver(event) if event.code == HEARTBEAT else []

    def render(self, event: AlertEvent) -> Mapping[str, Any]:
        """The heartbeat as a JSON object."""
        return as_payload(event)

    def classify(self, response: HttpResponse) -> Outcome:
        """Delivered on 2xx."""
        return Outcome() if response.status in SUCCESS else Outcome(f"http_{response.status}")
