"""`fault: {webhook: {intermittent: 0.5}}`: this share of requests is answered 503, by seeded chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from drills.contracts import Answer, EndpointFault
from drills.receiver import HEALTHY
from live.contracts import HttpResponse

if TYPE_CHECKING:
    from live.contracts import HttpRequest

UNAVAILABLE = Answer(response=HttpResponse(503, b"", {}))


class Intermittent(EndpointFault):
    """A destination that works now and then."""

    name = "intermittent"
    Params = Annotated[float, Field(gt=0, lt=1)]

    def answer(self, request: HttpRequest) -> Answer:  # noqa: ARG002 - chance alone decides
        """The healthy answer, or none to speak of."""
        return UNAVAILABLE if self.rng.random() < self.params else HEALTHY
