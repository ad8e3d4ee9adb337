"""The far end of every request in a drill: in memory, on virtual time.

It stands behind the transport contract of `live`. Every destination answers 200 `ok` until a fault stands
on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Answer
from live.contracts import HttpResponse, TransportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from drills.contracts import EndpointFault
    from drills.virtual_time import VirtualClock
    from live.contracts import HttpRequest

HEALTHY = Answer(response=HttpResponse(200, b"ok", {"content-type": "text/plain"}))


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
        answer = self._answer(request)
        held_s = min(answer.after_s, deadline_s)
        self._clock.advance(held_s)
        failure = "timeout" if answer.after_s >= deadline_s else answer.failure
        outcome = failure or (answer.response.status if answer.response else "timeout")
        body = request.body.decode("utf-8", "replace")
        self._record(destination=request.destination, answer=outcome, request=body, held_s=held_s)
        if failure or answer.response is None:
            raise TransportError(str(outcome))
        return answer.response

    def _answer(self, request: HttpRequest) -> Answer:
        """The last fault that began decides; one on the very destination before one on the whole sink."""
        for target in (request.destination, request.destination.partition("#")[0]):
            if standing := self._faults.get(target):
                return standing[-1].answer(request)
        return HEALTHY
