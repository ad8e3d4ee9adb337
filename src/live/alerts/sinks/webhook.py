"""Alerts as JSON to any webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import HttpSink
from live.alerts.http_outcome import is_page
from live.alerts.payload import as_payload
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_url import SecretUrls  # noqa: TC001 - configuration types are read at run time
from live.alerts.signature import UNSIGNED, SigningSecret, key_of, signed_headers
from live.contracts import HttpResponse, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import Wiring
    from live.events import AlertEvent, AlertLevel

SUCCESS = range(200, 300)


class WebhookAlertSink(HttpSink):
    """Posts ts, level, source, code, message, context and runbook; any 2xx is a delivery."""

    name = "webhook"

    @dataclass(frozen=True, slots=True)
    class Config:
        """Keys of the sink.

        Attributes:
            webhook_urls: Where it posts to.
            webhook_timeout_seconds: The most that one destination may hold the caller, in seconds.
            webhook_secret: What signs every request, `whsec_…`; nothing is signed when it is empty.
        """

        webhook_urls: SecretUrls
        webhook_timeout_seconds: Seconds = DEFAULT_DEADLINE
        webhook_secret: SigningSecret = UNSIGNED

    signing = UNSIGNED

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> WebhookAlertSink:
        """A sink as the configuration says."""
        sink = cls(config.webhook_urls, config.webhook_timeout_seconds, min_level, wiring=wiring)
        sink.signing = config.webhook_secret
        return sink

    def headers(self, event: AlertEvent, body: bytes) -> Mapping[str, str]:
        """The signature, where there is a secret."""
        if not self.signing:
            return {}
        at_s = int(self.wiring.clock.now().timestamp())
        return signed_headers(self.signing, key_of(event, body), at_s, body)

    def render(self, event: AlertEvent) -> Mapping[str, Any]:
        """The alert as a JSON object."""
        return as_payload(event)

    def classify(self, response: HttpResponse) -> Outcome:
        """Delivered on 2xx; a redirect is a failure, because whoever can redirect could read every alert."""
        if response.status not in SUCCESS:
            return Outcome(f"http_{response.status}")
        return Outcome("unexpected_answer") if is_page(response) else Outcome()
