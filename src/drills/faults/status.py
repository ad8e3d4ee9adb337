"""`fault: {webhook: {status: 503}}`, or `{status: {code: 429, retry_after: 30s, body: no}}`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from drills.contracts import Answer, EndpointFault
from drills.durations import Duration
from live.contracts import HttpResponse

if TYPE_CHECKING:
    from live.contracts import HttpRequest


HttpStatus = Annotated[int, Field(ge=100, le=599)]


class StatusAnswer(BaseModel):
    """An answer in full: `code` is the HTTP status, `retry_after` becomes a header in whole seconds."""

    model_config = ConfigDict(extra="forbid")

    code: HttpStatus
    body: str = ""
    retry_after: Duration | None = None
    content_type: str = "text/plain"


class Status(EndpointFault):
    """The destination answers with a status of its own, and a body."""

    name = "status"
    Params = HttpStatus | StatusAnswer

    def answer(self, request: HttpRequest) -> Answer:  # noqa: ARG002 - every request has the same answer
        """The scripted answer, at once."""
        said = self.params if isinstance(self.params, StatusAnswer) else StatusAnswer(code=self.params)
        headers = {"content-type": said.content_type}
        if said.retry_after is not None:
            headers["retry-after"] = str(said.retry_after // timedelta(seconds=1))
        return Answer(response=HttpResponse(said.code, said.body.encode(), headers))
