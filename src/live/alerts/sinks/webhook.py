"""Alerts as JSON to any webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import HttpSink
from live.alerts.http_outcome import taken
from live.alerts.payload import as_payload
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_url import SecretUrls  # noqa: TC001 - configuration types are read at run time
from live.alerts.signature import UNSIGNED, SigningSecret, key_of, signed_headers
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from live.contracts import HttpResponse, Outcome, Wiring
    from live.events import AlertEvent


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

    def __init__(
        self,
        urls: Sequence[str] | str | SecretUrls,
        timeout_seconds: float = DEFAULT_DEADLINE,
        min_level: AlertLevel = AlertLevel.INFO,
        *,
        wiring: Wiring | None = None,
        signing: SigningSecret | str = UNSIGNED,
    ) -> None:
        """Sign with the secret `signing`; everything else as for any sink that posts.

        Raises:
            ValueError: a URL, the timeout or the secret is not usable; none is quoted.
        """
        super().__init__(urls, timeout_seconds, min_level, wiring=wiring)
        self.signing = SigningSecret.of(signing)

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> WebhookAlertSink:
        """A sink as the configuration says."""
        urls, timeout_s, signing = config.webhook_urls, config.webhook_timeout_seconds, config.webhook_secret
        return cls(urls, timeout_s, min_level, wiring=wiring, signing=signing)

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
        return taken(response)
