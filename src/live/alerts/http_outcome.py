"""What a status means beyond "not delivered": whether to come back, and when (RFC 9110, 15 and 10.2.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from live.contracts import Outcome

if TYPE_CHECKING:
    from live.contracts import HttpResponse

SUCCESS = range(200, 300)
REDIRECTS = range(300, 400)
CLIENT_ERRORS = range(400, 500)
COME_BACK = frozenset([408, 409, 421, 425, 429])


def is_page(response: HttpResponse) -> bool:
    """Whether a page of HTML came back: the answer of somebody in between, such as a captive portal."""
    return response.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def taken(response: HttpResponse) -> Outcome:
    """Delivered on 2xx, unless a page came back; whoever can redirect could read every alert."""
    if response.status not in SUCCESS:
        return Outcome(f"http_{response.status}")
    return Outcome("unexpected_answer") if is_page(response) else Outcome()


def with_status(outcome: Outcome, response: HttpResponse) -> Outcome:
    """The outcome, with what the status and the headers of the answer say."""
    if not outcome.reason:
        return outcome
    refused = response.status in CLIENT_ERRORS and response.status not in COME_BACK
    permanent = outcome.permanent or refused or response.status in REDIRECTS
    return replace(
        outcome,
        permanent=permanent,
        retry_after=outcome.retry_after or response.headers.get("retry-after", ""),
    )
