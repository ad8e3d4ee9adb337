"""What sinks are connected to unless they are given something else."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from live.clock import SystemClock
from live.contracts import DeliveryState, Wiring

if TYPE_CHECKING:
    from live.contracts import Delivery, HttpTransport, MailTransport


def default_wiring() -> Wiring:
    """The network, the machine's clock, and a log line for every alert that did not arrive."""
    return Wiring(default_transport(), SystemClock(), log_failure)


@cache
def default_transport() -> HttpTransport:
    """The one transport that sinks share unless they are given another."""
    from live.alerts.httpcore_transport import HttpcoreTransport

    return HttpcoreTransport()


@cache
def default_mail_transport() -> MailTransport:
    """The one way out for mail that sinks share unless they are given another."""
    from live.alerts.smtp_transport import SmtpTransport

    return SmtpTransport()


def log_failure(delivery: Delivery) -> None:
    """Log an alert that ended dead, without its content."""
    if delivery.state is DeliveryState.DEAD:
        text = "alert.delivery_failed destination=%s reason=%s code=%s"
        code = getattr(delivery.event, "code", None)
        logging.getLogger("live.alerts").warning(text, delivery.destination, delivery.reason, code)
