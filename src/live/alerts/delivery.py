"""From an alert to what became of it: filter, attempt every destination, record, fall back.

Nothing here raises: whatever goes wrong with an alert is the reason of a delivery.
"""

from __future__ import annotations

import logging
import sys
from abc import abstractmethod
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from live.alerts.level_filter import suppressed_by_level
from live.alerts.payload import as_line
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_url import SecretUrls
from live.alerts.serialise import to_json
from live.clock import SystemClock
from live.contracts import (
    Delivery,
    DeliveryState,
    Destination,
    HttpRequest,
    Outcome,
    Sink,
    TransportError,
    Wiring,
)
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from live.contracts import DeliveryObserver, HttpResponse, HttpTransport
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


class HttpSink(DeliveringSink):
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

    @abstractmethod
    def render(self, event: AlertEvent) -> Mapping[str, Any]:
        """The JSON object that is posted for an alert."""

    @abstractmethod
    def classify(self, response: HttpResponse) -> Outcome:
        """What an answer means."""

    def destinations(self) -> Sequence[Destination]:
        """One destination per URL: `webhook`, or `webhook#1`, `webhook#2` when there are several."""
        several = len(self.urls) > 1
        names = [f"{self.name}#{number}" if several else self.name for number in range(1, len(self.urls) + 1)]
        return [
            Destination(name, partial(self._post, name, number), remote=True)
            for number, name in enumerate(names)
        ]

    def _post(self, destination: str, number: int, event: AlertEvent) -> Outcome:
        body = to_json(self.render(event)).encode()
        request = HttpRequest(destination, self.urls[number].reveal(), body, JSON_HEADERS)
        return self.classify(self.wiring.transport.post(request, deadline_s=self.timeout_seconds))


def attempt(destination: Destination, event: AlertEvent, wiring: Wiring) -> Delivery:
    """Try a destination once; an exception is a reason: a transport error's kind, else `raised_<type>`."""
    began = wiring.clock.monotonic()
    reason = _reason_of(destination, event)
    state = DeliveryState.DEAD if reason else DeliveryState.DELIVERED
    held_s = wiring.clock.monotonic() - began
    return Delivery(event, destination.name, state, reason, held_s, remote=destination.remote)


def _reason_of(destination: Destination, event: AlertEvent) -> str:
    try:
        return destination.attempt(event).reason
    except TransportError as error:
        return error.kind
    except Exception as error:  # noqa: BLE001 - a sink never raises into the order path
        return f"raised_{type(error).__name__}"


def tell(observer: DeliveryObserver, delivery: Delivery) -> Delivery:
    """Tell the observer, whose own failure is logged and stops nothing."""
    try:
        observer(delivery)
    except Exception as error:  # noqa: BLE001 - who watches deliveries must not break them
        logging.getLogger("live.alerts").error("alert.observer_failed error=%s", type(error).__name__)  # noqa: TRY400 - a traceback may show addresses
    return delivery


def fall_back(event: AlertEvent, deliveries: Sequence[Delivery], wiring: Wiring) -> None:
    """Write an alert to stderr when it was for remote destinations and none of them took it."""
    remote = [
        delivery
        for delivery in deliveries
        if delivery.remote and delivery.state is not DeliveryState.SUPPRESSED
    ]
    reached = any(delivery.state is DeliveryState.DELIVERED for delivery in remote)
    if not remote or reached or _on_stderr(deliveries):
        return
    why = ", ".join(f"{delivery.destination}: {delivery.reason}" for delivery in remote)
    began = wiring.clock.monotonic()
    reason = write_line(f"ALERT NOT DELIVERED ({why}) {as_line(event)}", wiring.stderr)
    state = DeliveryState.DEAD if reason else DeliveryState.DELIVERED
    held_s = wiring.clock.monotonic() - began
    tell(wiring.observer, Delivery(event, "stderr", state, reason, held_s, fallback=True))


def _on_stderr(deliveries: Sequence[Delivery]) -> bool:
    written = [one.destination for one in deliveries if one.state is DeliveryState.DELIVERED]
    return "stderr" in written


def write_line(line: str, stream: TextIO | None) -> str:
    """Write a line to a stream, stderr if None; the reason if that failed, else empty."""
    target = sys.stderr if stream is None else stream
    try:
        _write_whole(target, f"{line}\n")
    except Exception:  # noqa: BLE001 - a closed terminal must not stop an order path
        return "unwritable"
    return ""


def _write_whole(target: TextIO, line: str) -> None:
    try:
        target.write(line)
    except UnicodeEncodeError:
        target.write(line.encode("ascii", "backslashreplace").decode())
    target.flush()


def default_wiring() -> Wiring:
    """The network, the machine's clock, and a log line for every alert that did not arrive."""
    return Wiring(default_transport(), SystemClock(), log_failure)


@cache
def default_transport() -> HttpTransport:
    """The one transport that sinks share unless they are given another."""
    from live.alerts.httpx_transport import HttpxTransport

    return HttpxTransport()


def log_failure(delivery: Delivery) -> None:
    """Log an alert that ended dead, without its content."""
    if delivery.state is DeliveryState.DEAD:
        text = "alert.delivery_failed destination=%s reason=%s code=%s"
        code = getattr(delivery.event, "code", None)
        logging.getLogger("live.alerts").warning(text, delivery.destination, delivery.reason, code)
