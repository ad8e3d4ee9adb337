"""`fault: {webhook: {fail: dns}}`: no connection, for one of the reasons that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from drills.contracts import Answer, EndpointFault

if TYPE_CHECKING:
    from live.contracts import HttpRequest


class Fail(EndpointFault):
    """No answer: no name is found, the certificate or the connection is refused or cut, or rubbish comes."""

    name = "fail"
    Params = Literal["dns", "tls", "refused", "reset", "protocol"]

    def answer(self, request: HttpRequest) -> Answer:  # noqa: ARG002 - every request fails
        """The failure, at once."""
        return Answer(failure=self.params)
