"""`expect: {http: {webhook: {requests: 1, answers: [503]}}}`: what arrived at a destination.

A mail and a notice to Apprise are requests too; the answer to a mail is the code of the mail server. Only the
destinations that are listed are judged; `webhook` stands for all addresses of that sink.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from drills.contracts import Expectation, Judgement, Verdict
from drills.durations import Duration  # noqa: TC001 - the model is read at run time
from drills.judging.destinations import Endpoint
from drills.judging.texts import Texts
from drills.words import instant, microseconds, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drills.contracts import Where
    from drills.history import History, Record


ACCEPTED = range(200, 300)
TICK = timedelta(microseconds=1)


class Requests(Texts):
    """The requests of one destination; `contains` and `lacks` look at their bodies."""

    requests: int | None = Field(None, ge=0, strict=True, description="How many arrived")
    at: list[Duration] | None = Field(None, description="When each was sent")
    accepted: list[str] | None = Field(
        None, description="A part of each request that was answered 2xx, in their order, and of no others"
    )
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


def _wrongly_accepted(expected: Requests, destination: str, arrived: Sequence[Record]) -> Iterator[str]:
    if expected.accepted is None:
        return
    bodies = [str(record.data["request"]) for record in arrived if record.data["answer"] in ACCEPTED]
    if len(bodies) != len(expected.accepted):
        yield f"{destination} accepted {len(bodies)} requests instead of {len(expected.accepted)}"
    for number, (phrase, body) in enumerate(zip(expected.accepted, bodies, strict=False), start=1):
        if phrase not in body:
            got = shortened(body, 120)
            yield f"accepted request {number} of {destination} does not hold {phrase!r}: {got}"


def _is_at(expected: str, destination: str) -> bool:
    return expected in (destination, destination.partition("#")[0])


def _wrong(expected: Requests, destination: str, arrived: Sequence[Record]) -> Iterator[str]:
    answers = [record.data["answer"] for record in arrived]
    if expected.requests is not None and expected.requests != len(arrived):
        yield f"requests to {destination}: expected {expected.requests}, got {len(arrived)} {answers}"
    if expected.answers is not None and expected.answers != answers:
        yield f"answers of {destination}: expected {expected.answers}, got {answers}"
    if expected.at is not None:
        instants = [microseconds(record.at_s) for record in arrived]
        if instants != [one // TICK for one in expected.at]:
            got = [instant(record.at_s) for record in arrived]
            meant = [instant(one / timedelta(seconds=1)) for one in expected.at]
            yield f"instants of requests to {destination}: expected {meant}, got {got}"
    yield from _wrongly_accepted(expected, destination, arrived)
    bodies = [str(record.data["request"]) for record in arrived]
    yield from expected.wrong(bodies, f"request to {destination}")
