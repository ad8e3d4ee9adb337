"""What every sink does with an alert: filter, attempt every destination, tell of each, fall back."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

from live.alerts.addresses import names_of
from live.alerts.attempt import attempt, tell
from live.alerts.fallback import fall_back
from live.alerts.http_outcome import with_status
from live.alerts.level_filter import suppressed_by_level
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_url import SecretUrls
from live.alerts.serialise import to_body
from live.alerts.wiring import default_wiring
from live.contracts import Delivery, DeliveryState, Destination, HttpRequest, Outcome, Sink
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from live.contracts import HttpResponse, Wiring
    from live.events import AlertEvent

JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "live-drills"}


class DeliveringSink(Sink):
    """A sink that delivers at once, one destination after the other."""

    def __init__(self, min_level: AlertLevel, wiring: Wiring | None) -> None:
        self.min_level = AlertLevel(min_level)
        self.wiring = wiring or default_wiring()

    def send(self, event: AlertEvent) -> None:
        """Deliver one alert; when no remote destination took it, write it to stderr."""
        fall_back(event, self.deliver(event), self.wiring)

    def deliver(self, event: AlertEvent) -> list[Delivery]:
        """Try every destination once, without a fallback, and tell the observer of each."""
        reason = suppressed_by_level(event, self.min_level)
        return [self._deliver_to(destination, event, reason) for destination in self.destinations()]

    def _deliver_to(self, destination: Destination, event: AlertEvent, suppressed: str) -> Delivery:
        if suppressed:
            state = DeliveryState.SUPPRESSED
            delivery = Delivery(event, destination.name, state, suppressed, remote=destination.remote)
        else:
            delivery = attempt(destination, event, self.wiring)
        return tell(self.wiring.observer, delivery)


class LocalSink(DeliveringSink):
    """A sink on this machine: one destination of the sink's name."""

    @abstractmethod
    def write(self, event: AlertEvent) -> Outcome:
        """Write one alert; may raise."""

    def destinations(self) -> Sequence[Destination]:
        """The one place that this sink writes to."""
        return [Destination(self.name, self.write)]


class RemoteSink(DeliveringSink):
    """A sink on other machines, behind one of the doors of the wiring: in drills faults can stand there."""

    def names(self, count: int) -> list[str]:
        """Names of its destinations: `webhook`, or `webhook#1`, `webhook#2` when there are several."""
        return names_of(self.name, count)


class HttpSink(RemoteSink):
    """A sink that posts JSON to one or more secret URLs: `render` and `classify`, no I/O, no retry."""

    def __init__(
        self,
        urls: Sequence[str] | str | SecretUrls,
        timeout_seconds: float = DEFAULT_DEADLINE,
        min_level: AlertLevel = AlertLevel.INFO,
        *,
        wiring: Wiring | None = None,
    ) -> None:
        """Post to every one of `urls`.

        Args:
            urls: One URL or several; each is a destination of its own.
            timeout_seconds: The most that one destination may hold the caller, in seconds, all told.
            min_level: Alerts below it are not sent.
            wiring: What the sink is connected to; the network and the machine's clock unless given.

        Raises:
            ValueError: a URL or the timeout is not usable; no URL is quoted.
        """
        super().__init__(min_level, wiring)
        self.urls = SecretUrls.of(urls)
        self.timeout_seconds = Seconds.of(timeout_seconds)

    secret: str = ""
    """What stands in the body and nobody may read; empty for none."""

    def headers(self, event: AlertEvent, body: bytes) -> Mapping[str, str]:  # noqa: ARG002 - most sinks have none
        """Headers beside the usual ones: a signature of the body."""
        return {}

    @abstractmethod
    def render(self, event: AlertEvent) -> Mapping[str, Any]:
        """The JSON object that is posted for an alert."""

    @abstractmethod
    def classify(self, response: HttpResponse) -> Outcome:
        """What an answer means."""

    def destinations(self) -> Sequence[Destination]:
        """One destination per URL: `webhook`, or `webhook#1`, `webhook#2` when there are several."""
        return [
            Destination(name, partial(self._post, name, number), remote=True)
            for number, name in enumerate(self.names(len(self.urls)))
        ]

    def _post(self, destination: str, number: int, event: AlertEvent) -> Outcome:
        try:
            body = to_body(self.render(event))
            headers = {**JSON_HEADERS, **self.headers(event, body)}
        except Exception as error:  # noqa: BLE001 - it would raise as often as it is tried, and hold all others
            return Outcome(f"raised_{type(error).__name__}", permanent=True)
        request = HttpRequest(destination, self.urls[number].reveal(), body, headers, self.secret)
        response = self.wiring.transport.post(request, deadline_s=self.timeout_seconds)
        return with_status(self.classify(response), response)
