"""The last resort: an alert that no remote destination took is written to stderr, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.attempt import attempt, tell
from live.alerts.lines import as_line, write_line
from live.contracts import DeliveryState, Destination, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.contracts import Delivery, Wiring
    from live.events import AlertEvent


def fall_back(event: AlertEvent, deliveries: Sequence[Delivery], wiring: Wiring) -> None:
    """Write the alert to stderr, with the reasons, if that is where it has to go.

    A local sink that has it does not make that unnecessary, unless it wrote to stderr itself.
    """
    dead = [one for one in deliveries if one.remote and one.state is DeliveryState.DEAD]
    if not dead or _reached_somebody(deliveries):
        return
    why = ", ".join(f"{one.destination}: {one.reason}" for one in dead)
    line = f"ALERT NOT DELIVERED ({why}) {as_line(event)}"
    stderr = Destination("stderr", lambda _event: Outcome(write_line(line, wiring.stderr)))
    tell(wiring.observer, attempt(stderr, event, wiring, fallback=True))


def _reached_somebody(deliveries: Sequence[Delivery]) -> bool:
    delivered = [one for one in deliveries if one.state is DeliveryState.DELIVERED]
    return any(one.remote or one.destination == "stderr" for one in delivered)
