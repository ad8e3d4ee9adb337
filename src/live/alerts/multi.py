"""Several sinks as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.attempt import attempt, tell
from live.alerts.delivery import DeliveringSink
from live.alerts.fallback import fall_back
from live.alerts.wiring import default_wiring
from live.contracts import Destination, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.contracts import AlertSink, Delivery, Wiring
    from live.events import AlertEvent


class MultiAlertSink:
    """Sends every alert to every sink; one that fails keeps nothing from the others.

    When the alert was for remote destinations and none of them took it, it goes to stderr, once.
    """

    def __init__(self, sinks: Iterable[AlertSink], *, wiring: Wiring | None = None) -> None:
        """Send to `sinks`, in their order; any object with a `send` counts as one."""
        self.sinks = tuple(sinks)
        self.wiring = wiring or default_wiring()

    def send(self, event: AlertEvent) -> None:
        """Deliver one alert everywhere."""
        fall_back(event, self.deliver(event), self.wiring)

    def deliver(self, event: AlertEvent) -> list[Delivery]:
        """Try every destination of every sink once, without a fallback."""
        return [delivery for sink in self.sinks for delivery in self._deliver_by(sink, event)]

    def _deliver_by(self, sink: AlertSink, event: AlertEvent) -> list[Delivery]:
        if isinstance(sink, DeliveringSink | MultiAlertSink):
            return sink.deliver(event)
        foreign = Destination(type(sink).__name__, lambda alert: _sent(sink, alert))
        return [tell(self.wiring.observer, attempt(foreign, event, self.wiring))]


def _sent(sink: AlertSink, event: AlertEvent) -> Outcome:
    sink.send(event)
    return Outcome()
