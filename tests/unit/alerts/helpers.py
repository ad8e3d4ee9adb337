"""A far end on a scripted transport and a scripted clock, and an alert to send there."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from live.contracts import HttpResponse, MailReply, TransportError, Wiring
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import Delivery, HttpRequest, Mail, Notice

OK = HttpResponse(200, b"ok")
HELD_S = 0.25


def alert(
    level: AlertLevel = AlertLevel.CRITICAL,
    message: str = "limit 500.00 EUR, order 2000.00 EUR",
    context: Any = None,
    code: str = "RISK_LIMIT_VIOLATION_ORDERS",
) -> AlertEvent:
    """An alert of the order check."""
    ts = datetime(2026, 1, 27, tzinfo=UTC)
    return AlertEvent(ts, level, "live_risk.orders", code, message, {} if context is None else context)


def hardly_alerts() -> list[Any]:
    """What a careless caller may send in place of an alert."""
    ts = datetime(2026, 1, 27, tzinfo=UTC)
    wrong: Any = AlertEvent
    return [
        None,
        "text",
        7,
        object(),
        wrong(ts, "LOUD", "a", "B", "c"),
        wrong(None, None, None, None, None, 7),
    ]


class Bench:
    """Everything that a sink is connected to, and what it did with it."""

    def __init__(self, answers: Mapping[str, HttpResponse | str] | None = None) -> None:
        """Answer each destination as scripted, 200 `ok` unless told; a text is the kind of a failure."""
        self.answers = dict(answers or {})
        self.requests: list[HttpRequest] = []
        self.mails: list[Mail] = []
        self.notices: list[Notice] = []
        self.deadlines: list[float] = []
        self.deliveries: list[Delivery] = []
        self.stderr = io.StringIO()
        self._passed_s = 0.0

    @property
    def wiring(self) -> Wiring:
        """What sinks are given."""
        return Wiring(self, self, self.deliveries.append, self.stderr, mail=self, notices=self)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Destination, state and reason of every delivery; the fallback is marked."""
        mark = {True: " (fallback)", False: ""}
        return [
            (f"{one.destination}{mark[one.fallback]}", one.state.value, one.reason) for one in self.deliveries
        ]

    def payload(self, number: int = -1) -> Any:
        """The JSON of a request."""
        return json.loads(self.requests[number].body)

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """The transport: take note, let time pass, answer."""
        self.requests.append(request)
        return self._answer(request.destination, deadline_s)

    def send(self, mail: Mail, *, deadline_s: float) -> MailReply:
        """The way out for mail: the status is the code."""
        self.mails.append(mail)
        return MailReply(self._answer(mail.destination, deadline_s).status)

    def notify(self, notice: Notice, *, deadline_s: float) -> bool:
        """The way out for notices: anything but 200 is not taken."""
        self.notices.append(notice)
        return self._answer(notice.destination, deadline_s) == OK

    def _answer(self, destination: str, deadline_s: float) -> HttpResponse:
        self.deadlines.append(deadline_s)
        self._passed_s += HELD_S
        answer = self.answers.get(destination, OK)
        if isinstance(answer, str):
            raise TransportError(answer)
        return answer

    def now(self) -> datetime:
        """The clock: it stands still."""
        return datetime(2026, 1, 27, tzinfo=UTC)

    def monotonic(self) -> float:
        """The clock: time passes only while a destination is tried."""
        return self._passed_s
