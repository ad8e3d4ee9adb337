"""Alerts through Apprise, which knows more than a hundred services."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import RemoteSink
from live.alerts.payload import as_payload
from live.alerts.plain_text import text_of, title_of
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.service_url import ServiceUrls
from live.contracts import Destination, Notice, Outcome
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.contracts import NoticeTransport, Wiring
    from live.events import AlertEvent

NOT_TAKEN = "not_taken"


class AppriseAlertSink(RemoteSink):
    """Sends a title and a text to each service; Apprise says whether one took it, and nothing else."""

    name = "apprise"

    @dataclass(frozen=True, slots=True)
    class Config:
        """Keys of the sink; it needs the extra `apprise`.

        Attributes:
            apprise_urls: The services, as Apprise writes them.
            apprise_timeout_seconds: The most that one of them may hold the caller, in seconds.
        """

        apprise_urls: ServiceUrls
        apprise_timeout_seconds: Seconds = DEFAULT_DEADLINE

    def __init__(
        self,
        urls: Sequence[str] | str | ServiceUrls,
        timeout_seconds: float = DEFAULT_DEADLINE,
        min_level: AlertLevel = AlertLevel.INFO,
        *,
        wiring: Wiring | None = None,
    ) -> None:
        """Send to every one of `urls`.

        Args:
            urls: One URL or several; each is a destination of its own.
            timeout_seconds: The most that one destination may hold the caller, in seconds, all told.
            min_level: Alerts below it are not sent.
            wiring: What the sink is connected to; Apprise and the machine's clock unless given.

        Raises:
            ConfigError: Apprise is not there, or knows no service for a URL; no URL is quoted.
            ValueError: a URL or the timeout is not usable; no URL is quoted.
        """
        super().__init__(min_level, wiring)
        self.urls = ServiceUrls.of(urls)
        self.timeout_seconds = Seconds.of(timeout_seconds)
        self._transport = self.wiring.notices or _apprise_for(self.urls)

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> AppriseAlertSink:
        """A sink as the configuration says."""
        return cls(config.apprise_urls, config.apprise_timeout_seconds, min_level, wiring=wiring)

    def destinations(self) -> Sequence[Destination]:
        """One destination per URL: `apprise`, or `apprise#1`, `apprise#2` when there are several."""
        return [
            Destination(name, partial(self._notify, name, number), remote=True)
            for number, name in enumerate(self.names(len(self.urls)))
        ]

    def _notify(self, destination: str, number: int, event: AlertEvent) -> Outcome:
        url = self.urls[number].reveal()
        level = as_payload(event)["level"]
        notice = Notice(destination, url, level, title_of(event), text_of(event))
        is_taken = self._transport.notify(notice, deadline_s=self.timeout_seconds)
        return Outcome() if is_taken else Outcome(NOT_TAKEN)


def _apprise_for(urls: ServiceUrls) -> NoticeTransport:
    """Apprise, after it has looked at the URLs; imported here because that takes it a second."""
    from live.alerts.apprise_transport import transport_for

    return transport_for(urls)
