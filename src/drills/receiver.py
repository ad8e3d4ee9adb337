"""The far end of every request, mail and notice in a drill: in memory, on virtual time.

It stands behind the three doors of `live`. Every destination answers 200 `ok`, a mail server 250, until a
fault stands on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drills.contracts import Answer
from drills.mail_reader import as_read
from live.contracts import HttpRequest, HttpResponse, MailReply, TransportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from drills.contracts import EndpointFault
    from drills.virtual_time import VirtualClock
    from live.contracts import Mail, Notice

OK, TAKEN = 200, 250
SUCCESS = range(200, 300)
HEALTHY = Answer(response=HttpResponse(OK, b"ok", {"content-type": "text/plain"}))


class Receiver:
    """All destinations of one drill, and the faults that stand on them."""

    def __init__(self, clock: VirtualClock, record: Callable[..., object]) -> None:
        """Answer on `clock`, and tell `record` of every request: destination, answer, request, held_s."""
        self._clock = clock
        self._record = record
        self._faults: dict[str, list[EndpointFault]] = {}

    def begin(self, target: str, fault: EndpointFault) -> None:
        """Let a fault stand on a destination, or on all of a sink: `webhook` covers `webhook#2` too."""
        self._faults.setdefault(target, []).append(fault)

    def heal(self, target: str, fault: EndpointFault) -> None:
        """Take a fault away again."""
        self._faults[target].remove(fault)

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """Answer one request, in virtual time.

        Raises:
            TransportError: the answer would come after the deadline, or a fault says that there is none.
        """
        shown = request.body.decode("utf-8", "replace")
        hidden = shown.replace(request.secret, "***") if request.secret else shown
        return self._answered(request, hidden, deadline_s)

    def send(self, mail: Mail, *, deadline_s: float) -> MailReply:
        """Answer one mail, in virtual time; the status that a fault says is the code of the reply.

        Raises:
            TransportError: as for a request.
        """
        request = HttpRequest(mail.destination, f"smtp://{mail.server.host}", mail.content)
        return MailReply(self._answered(request, as_read(mail.content), deadline_s, healthy=TAKEN).status)

    def notify(self, notice: Notice, *, deadline_s: float) -> bool:
        """Answer one notice, in virtual time; why a service did not take it, Apprise does not say.

        Raises:
            TransportError: the answer would come after the deadline.
        """
        said = f"{notice.title}\n\n{notice.text}"
        try:
            request = HttpRequest(notice.destination, notice.url, said.encode())
            return self._answered(request, said, deadline_s).status in SUCCESS
        except TransportError as error:
            if error.kind == "timeout":
                raise
            return False

    def _answered(
        self, request: HttpRequest, shown: str, deadline_s: float, *, healthy: int = OK
    ) -> HttpResponse:
        """What the far end answers, once that is written down; `healthy` is what it calls 200."""
        answer = self._answer(request)
        held_s = min(answer.after_s, deadline_s)
        self._clock.advance(held_s)
        response = answer.response
        if response is not None and response.status == OK:
            response = replace(response, status=healthy)
        failure = "timeout" if answer.after_s >= deadline_s else answer.failure
        outcome = failure or (response.status if response else "timeout")
        self._record(destination=request.destination, answer=outcome, request=shown, held_s=held_s)
        if failure or response is None:
            raise TransportError(str(outcome))
        return response

    def _answer(self, request: HttpRequest) -> Answer:
        """The last fault that began decides; one on the very destination before one on the whole sink."""
        for target in (request.destination, request.destination.partition("#")[0]):
            if standing := self._faults.get(target):
                return standing[-1].answer(request)
        return HEALTHY
