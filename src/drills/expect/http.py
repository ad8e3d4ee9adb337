"""`expect: {http: {webhook: {requests: 1, answers: [503]}}}`: what arrived at a destination.

A mail and a notice to Apprise are requests too; the answer to a mail is the code of the mail server. Only the
destinations that are listed are judged; `webhook` stands for all addresses of that sink.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from drills.contracts import Expectation, Judgement, Verdict
from drills.judging.destinations import Endpoint
from drills.judging.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drills.contracts import Where
    from drills.history import History, Record


class Requests(Texts):
    """The requests of one destination; `contains` and `lacks` look at their bodies."""

    requests: int | None = Field(None, ge=0, strict=True, description="How many arrived")
    answers: list[int | str] | None = Field(
        None, description="What they were answered, in order: a status, or timeout, dns, tls, reset, refused"
    )


class Http(Expectation):
    """How many requests arrived at a destination, what was in them, and how they were answered."""

    name = "http"
    Params = Annotated[dict[Endpoint, Requests], Field(min_length=1)]

    def judge(
        self, history: History, expected: dict[str, Requests], where: Sequence[Where]
    ) -> Iterable[Judgement]:
        """Judge each destination that is listed."""
        for destination, requests in expected.items():
            arrived = [one for one in history.of("http") if _is_at(destination, one.data["destination"])]
            at_s = arrived[0].at_s if arrived else None
            for wrong in _wrong(requests, destination, arrived):
                yield Judgement(Verdict.FAIL, "HTTP_MISMATCH", wrong, where[0], at_s)


def _is_at(expected: str, destination: str) -> bool:
    return expected in (destination, destination.partition("#")[0])


def _wrong(expected: Requests, destination: str, arrived: Sequence[Record]) -> Iterator[str]:
    answers = [record.data["answer"] for record in arrived]
    if expected.requests is not None and expected.requests != len(arrived):
        yield f"requests to {destination}: expected {expected.requests}, got {len(arrived)} {answers}"
    if expected.answers is not None and expected.answers != answers:
        yield f"answers of {destination}: expected {expected.answers}, got {answers}"
    bodies = [str(record.data["request"]) for record in arrived]
    yield from expected.wrong(bodies, f"request to {destination}")
