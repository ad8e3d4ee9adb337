"""A dispatcher whose lanes work when a test says so, on a clock that a test moves."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any

from live.alerts.dispatch.dispatcher import AlertDispatcher
from live.alerts.dispatch.driver import INBOX
from live.alerts.dispatch.owner import forget
from live.contracts import HttpResponse, TransportError
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.contracts import Delivery, HttpRequest

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


class ByHand:
    """A driver that does nothing by itself."""

    takes_over = False

    def __init__(self, *, takes_over: bool | None = None) -> None:
        """Take over what was handed over when the test says so, or let `send` record it."""
        if takes_over is not None:
            self.takes_over = takes_over

    def start(self, dispatcher: AlertDispatcher) -> None:
        """Know the dispatcher."""
        self.dispatcher = dispatcher

    def wake(self, names: Iterable[str]) -> None:
        """The test will come; a lane that is not there is a mistake, as with any driver."""
        assert all(name in (INBOX, *self.dispatcher.lanes) for name in names)

    def drain(self, seconds: float) -> bool:  # noqa: ARG002 - nothing takes time here
        """Do what is due."""
        self.work()
        return self.dispatcher.idle()

    def stop(self) -> None:
        """There is nothing to stop."""

    def work(self) -> None:
        """Let every lane do all that is due at this instant."""
        self.dispatcher.tick()
        busy = True
        while busy:
            busy = False
            for lane in self.dispatcher.lanes.values():
                taken = self.dispatcher.begin(lane)
                if taken is not None:
                    busy = True
                    self.dispatcher.end(lane, *taken, lane.attempt(taken[1]))


class Bench:
    """A dispatcher with one webhook, or other sinks; the far end answers what `answers` says, else 200.

    Attributes:
        at: The instant; the test moves it forward.
        ahead: How far the wall clock is ahead of it, below zero after it was set back.
        answers: What the next requests get: a status, or the kind of a failure.
        sent: Requests, as bodies.
        told: Every delivery that ended.
        stderr: What was written to standard error.
    """

    def __init__(
        self,
        sinks: tuple[str, ...] = ("webhook",),
        *,
        path: str = ":memory:",
        addresses: int = 1,
        first_key: int = 1,
        takes_over: bool | None = None,
        **dispatch: Any,
    ) -> None:
        self.at = NOON
        self.ahead = timedelta()
        self.answers: list[int | str] = []
        self.sent: list[str] = []
        self.told: list[Delivery] = []
        self.stderr = io.StringIO()
        self.driver = ByHand(takes_over=takes_over)
        keys = count(first_key)
        config = {
            "sinks": list(sinks),
            "webhook_urls": [f"https://receiver.invalid/{number}" for number in range(addresses)],
            "slack_webhook_urls": ["https://hooks.slack.invalid/x"],
            "pagerduty_routing_key": "0123456789abcdef0123456789abcdef",
            "heartbeat_urls": ["https://watch.invalid/x"],
            "dispatch": {"outbox": path, "group_wait_s": 0, **dispatch},
        }
        self.dispatcher = AlertDispatcher.from_config(
            config,
            transport=self,
            clock=self,
            observer=self.told.append,
            stderr=self.stderr,
            driver=self.driver,
            keys=lambda: f"key-{next(keys)}",
            rng=Random(7),  # noqa: S311 - spreads load, guards no secret
        )

    def now(self) -> datetime:
        """Where the test has moved the wall clock."""
        return self.at + self.ahead

    def monotonic(self) -> float:
        """Seconds that have passed since noon, whatever the wall clock says."""
        return (self.at - NOON).total_seconds()

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - at once
        """Answer as the test says."""
        self.sent.append(request.body.decode())
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, str):
            raise TransportError(answer)
        return HttpResponse(answer, b"ok" if answer < 300 else b"")

    def pass_s(self, seconds: float) -> None:
        """Let time pass in steps of a second, and the lanes work."""
        until = self.at + timedelta(seconds=seconds)
        while self.at < until:
            self.at = min(until, self.at + timedelta(seconds=1))
            self.driver.work()

    def kill(self) -> None:
        """Let the process be gone, with all that it has not written down."""
        forget(self.dispatcher)
        self.dispatcher._inbox.leave()  # noqa: SLF001 - as the system does

    def send(
        self, code: str = "DATA_GAP", subject: str = "AAA", level: AlertLevel = AlertLevel.WARNING
    ) -> None:
        """Raise an alert now."""
        self.dispatcher.send(alert(code, subject, level, ts=self.now()))

    def sums(self, destination: str = "webhook") -> dict[str, int]:
        """How many are in which state there, without those that are zero."""
        health = self.dispatcher.health()
        (found,) = [one for one in health.destinations if one.name == destination]
        return {state: number for state, number in found.counts.items() if number}


def alert(
    code: str = "DATA_GAP",
    subject: str = "AAA",
    level: AlertLevel = AlertLevel.WARNING,
    *,
    ts: datetime = NOON,
    source: str = "live_data.gap",
) -> AlertEvent:
    """An alert about a subject."""
    return AlertEvent(ts, level, source, code, f"{code} of {subject}", {"subject": subject})
