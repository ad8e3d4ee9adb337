"""`fault: {webhook: {hang: true}}`: the destination takes the request and never answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from drills.contracts import Answer, EndpointFault

if TYPE_CHECKING:
    from live.contracts import HttpRequest


class Hang(EndpointFault):
    """No answer, ever: the caller is held until its own deadline."""

    name = "hang"
    Params = Literal[True]

    def answer(self, request: HttpRequest) -> Answer:  # noqa: ARG002 - every request hangs
        """Nothing, for longer than anybody waits."""
        return Answer(after_s=math.inf)
