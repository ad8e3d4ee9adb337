"""The far end of every request in a drill: in memory, on virtual time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from drills.faults.delay import Delay
from drills.faults.fail import Fail
from drills.faults.hang import Hang
from drills.faults.status import Status, StatusAnswer
from drills.receiver import Receiver
from drills.virtual_time import VirtualClock
from live.alerts.mail_message import mail_of
from live.contracts import HttpRequest, Mail, MailServer, Notice, TransportError
from live.events import AlertEvent, AlertLevel

REQUEST = HttpRequest("webhook#2", "https://receiver.invalid/secret", b'{"code":"X"}')
EVENT = AlertEvent(datetime(2026, 1, 27, tzinfo=UTC), AlertLevel.CRITICAL, "here", "GAP", "5 € late")
MAIL = Mail(
    "email",
    MailServer("mail.invalid", 587, user="me", password="secret"),  # noqa: S106 - no real one
    "a@mail.invalid",
    ("b@mail.invalid",),
    mail_of(EVENT, "a@mail.invalid", ["b@mail.invalid"]),
)
NOTICE = Notice("apprise#2", "json://receiver.invalid/secret", "CRITICAL", "title", "text")
RNG = Random(0)  # noqa: S311 - these faults leave nothing to chance


class Far:
    """A receiver with its clock and all that it recorded."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 1, 27, tzinfo=UTC))
        self.seen: list[dict[str, Any]] = []
        self.receiver = Receiver(self.clock, lambda **data: self.seen.append(data))


def test_a_healthy_destination_answers_at_once() -> None:
    """200 ok, and no time passes."""
    far = Far()
    answer = far.receiver.post(REQUEST, deadline_s=5.0)
    assert (answer.status, answer.body, far.clock.monotonic()) == (200, b"ok", 0.0)


def test_every_request_is_recorded_without_its_address() -> None:
    """What arrived is evidence; where it went is a secret."""
    far = Far()
    far.receiver.post(REQUEST, deadline_s=5.0)
    assert far.seen == [{"destination": "webhook#2", "answer": 200, "request": '{"code":"X"}', "held_s": 0.0}]


def test_a_hang_holds_the_caller_for_its_deadline() -> None:
    """Exactly so long, in virtual seconds, and no longer."""
    far = Far()
    far.receiver.begin("webhook#2", Hang(True, RNG))  # noqa: FBT003 - as the scenario says: {hang: true}
    with pytest.raises(TransportError) as raised:
        far.receiver.post(REQUEST, deadline_s=5.0)
    assert (raised.value.kind, far.clock.monotonic()) == ("timeout", 5.0)


@pytest.mark.parametrize(("delay_s", "outcome"), [(4.999, 200), (5.0, "timeout"), (9.0, "timeout")])
def test_an_answer_at_the_deadline_is_too_late(delay_s: float, outcome: object) -> None:
    """The deadline is the first instant at which nobody waits any more."""
    far = Far()
    far.receiver.begin("webhook#2", Delay(timedelta(seconds=delay_s), RNG))
    _post_anyhow(far)
    assert far.seen[-1]["answer"] == outcome
    assert far.clock.monotonic() == min(delay_s, 5.0)


@pytest.mark.parametrize("kind", ["dns", "tls", "refused", "reset"])
def test_a_failure_comes_at_once_and_says_its_kind(kind: str) -> None:
    """A caller can tell a name that does not resolve from a connection that was cut."""
    far = Far()
    far.receiver.begin("webhook#2", Fail(kind, RNG))
    with pytest.raises(TransportError) as raised:
        far.receiver.post(REQUEST, deadline_s=5.0)
    assert raised.value.kind == kind


def test_an_answer_can_ask_for_patience() -> None:
    """429 with Retry-After in whole seconds."""
    far = Far()
    said = StatusAnswer.model_validate({"code": 429, "retry_after": "1m30s", "body": "rate_limited"})
    far.receiver.begin("webhook#2", Status(said, RNG))
    answer = far.receiver.post(REQUEST, deadline_s=5.0)
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (429, b"rate_limited", "90")


def test_a_fault_on_the_sink_stands_on_all_of_its_destinations() -> None:
    """`webhook` stands for `webhook#2` too, but not for another sink."""
    far = Far()
    far.receiver.begin("webhook", Status(503, RNG))
    assert far.receiver.post(REQUEST, deadline_s=5.0).status == 503
    other = HttpRequest("slack_webhook", "https://receiver.invalid/other", b"{}")
    assert far.receiver.post(other, deadline_s=5.0).status == 200


def test_a_fault_on_the_destination_comes_before_one_on_the_sink() -> None:
    """The more exact target decides, and the last fault that began on it."""
    far = Far()
    far.receiver.begin("webhook", Status(503, RNG))
    far.receiver.begin("webhook#2", Status(500, RNG))
    far.receiver.begin("webhook#2", Status(404, RNG))
    assert far.receiver.post(REQUEST, deadline_s=5.0).status == 404


def test_a_healed_fault_is_gone() -> None:
    """What stood before it decides again."""
    far = Far()
    fault = Status(503, RNG)
    far.receiver.begin("webhook#2", fault)
    far.receiver.heal("webhook#2", fault)
    assert far.receiver.post(REQUEST, deadline_s=5.0).status == 200


def test_a_mail_is_taken_and_written_down_as_it_is_read() -> None:
    """Headers and text decoded; neither server nor password is evidence."""
    far = Far()
    assert far.receiver.send(MAIL, deadline_s=5.0).code == 250
    (seen,) = far.seen
    assert (seen["destination"], seen["answer"]) == ("email", 250)
    assert seen["request"].startswith(
        "From: a@mail.invalid\nTo: b@mail.invalid\nSubject: CRITICAL GAP: 5 € late\n"
    )
    assert "\n\n5 € late\n\nlevel:   CRITICAL\n" in seen["request"]
    assert "secret" not in repr(far.seen)


@pytest.mark.parametrize("code", [421, 451, 550])
def test_the_status_of_a_mail_server_is_its_code(code: int) -> None:
    """What a fault says is what the server replies."""
    far = Far()
    far.receiver.begin("email", Status(code, RNG))
    assert far.receiver.send(MAIL, deadline_s=5.0).code == code


def test_a_mail_server_hangs_and_fails_like_any_destination() -> None:
    """For the deadline, and with the same words."""
    far = Far()
    far.receiver.begin("email", Hang(True, RNG))  # noqa: FBT003 - as the scenario says: {hang: true}
    with pytest.raises(TransportError, match="timeout"):
        far.receiver.send(MAIL, deadline_s=1.5)
    far.receiver.begin("email", Fail("tls", RNG))
    with pytest.raises(TransportError, match="tls"):
        far.receiver.send(MAIL, deadline_s=1.5)
    assert far.clock.monotonic() == 1.5


def test_a_notice_is_taken_or_not() -> None:
    """Apprise tells a hang from the rest, and nothing else: the evidence does."""
    far = Far()
    assert far.receiver.notify(NOTICE, deadline_s=5.0)
    far.receiver.begin("apprise", Fail("dns", RNG))
    assert not far.receiver.notify(NOTICE, deadline_s=5.0)
    far.receiver.begin("apprise#2", Status(503, RNG))
    assert not far.receiver.notify(NOTICE, deadline_s=5.0)
    far.receiver.begin("apprise#2", Hang(True, RNG))  # noqa: FBT003 - as the scenario says: {hang: true}
    with pytest.raises(TransportError, match="timeout"):
        far.receiver.notify(NOTICE, deadline_s=5.0)
    assert [seen["answer"] for seen in far.seen] == [200, "dns", 503, "timeout"]
    assert far.seen[0]["request"] == "title\n\ntext"


def _post_anyhow(far: Far) -> None:
    try:
        far.receiver.post(REQUEST, deadline_s=5.0)
    except TransportError as error:
        assert error.kind == "timeout"  # noqa: PT017 - the two outcomes are told apart by the record
