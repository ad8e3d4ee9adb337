"""What the way out for mail promises: a code or one word of why not, within one hard deadline."""

from __future__ import annotations

import logging
import ssl
import subprocess
import sys
import threading
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from freezegun import freeze_time

from live.alerts.smtp_transport import SmtpTransport
from live.contracts import Mail, MailSecurity, MailServer, TransportError
from tests.contracts.mail_servers import (
    DRIP,
    HANG,
    HANG_UP,
    PASSWORD,
    RESET,
    SELF_SIGNED,
    USER,
    PostOffice,
    encoded,
    open_office,
    rude,
)
from tests.contracts.misbehaving import unused_port

if TYPE_CHECKING:
    from collections.abc import Callable

ENOUGH_S = 30.0
SHORT_S = 0.3
GUARD_S = 20.0
FROM, DESK, BOSS = "alerts@example.com", "desk@example.com", "boss@example.com"
CONTENT = b"Subject: over\r\n\r\n.dot first\r\nend\r\n"


def mail(port: int, security: MailSecurity = MailSecurity.PLAIN, user: str = "", password: str = "") -> Mail:
    """A message for two people."""
    return Mail("email", MailServer("127.0.0.1", port, security, user, password), FROM, (DESK, BOSS), CONTENT)


def trusting() -> SmtpTransport:
    """A way out that trusts the certificate of our servers."""
    return SmtpTransport(verify=ssl.create_default_context(cafile=str(SELF_SIGNED)))


def code_of(message: Mail, transport: SmtpTransport | None = None, deadline_s: float = ENOUGH_S) -> int:
    """The code that a message ends with."""
    return (transport or trusting()).send(message, deadline_s=deadline_s).code


def failure_of(message: Mail, transport: SmtpTransport | None = None, deadline_s: float = ENOUGH_S) -> str:
    """The kind of failure that a message ends with."""
    with pytest.raises(TransportError) as caught:
        code_of(message, transport, deadline_s)
    return caught.value.kind


def comes_back(call: Callable[[], str]) -> str:
    """What a call gives; fails instead of hanging when it does not come back."""
    outcome: list[str] = []
    thread = threading.Thread(target=lambda: outcome.append(call()), daemon=True)
    thread.start()
    thread.join(GUARD_S)
    assert outcome, "the call was held far beyond its deadline, or raised"
    return outcome[0]


@pytest.fixture
def office() -> PostOffice:
    """A server that is not open yet."""
    return PostOffice()


def test_a_message_arrives_as_it_was_handed_in(office: PostOffice) -> None:
    """One message for everybody, byte for byte, dots at the beginning of lines included."""
    with open_office(office):
        assert code_of(mail(office.port)) == 250
    assert office.taken == [(FROM, [DESK, BOSS], CONTENT, False)]


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_it_goes_encrypted_and_logs_in(office: PostOffice, security: MailSecurity) -> None:
    """Either way to TLS carries message and password."""
    is_tls = security is MailSecurity.TLS
    with open_office(office, starttls=not is_tls, tls=is_tls):
        assert code_of(mail(office.port, security, USER, PASSWORD)) == 250
    assert office.logged_in == [(USER, PASSWORD)]
    assert [encrypted for *_, encrypted in office.taken] == [True]


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(office: PostOffice, security: MailSecurity) -> None:
    """Neither alert nor password is told to whoever happens to answer."""
    is_tls = security is MailSecurity.TLS
    with open_office(office, starttls=not is_tls, tls=is_tls):
        assert failure_of(mail(office.port, security, USER, PASSWORD), SmtpTransport()) == "tls"
    assert (office.taken, office.logged_in) == ([], [])


def test_a_certificate_of_another_host_is_refused(office: PostOffice) -> None:
    """Trusted, but not for the name that was asked for."""
    with open_office(office, tls=True):
        message = mail(office.port, MailSecurity.TLS)
        message = replace(message, server=replace(message.server, host="localhost"))
        assert failure_of(message) == "tls"
    assert office.taken == []


def test_a_server_without_starttls_gets_nothing(office: PostOffice) -> None:
    """Whoever strips the offer out of the greeting does not get the message in the clear."""
    with open_office(office):
        assert failure_of(mail(office.port, MailSecurity.STARTTLS)) == "tls"
    assert office.taken == []


def test_a_wrong_password_is_told_from_a_refusal(office: PostOffice) -> None:
    """It does not become right by itself."""
    with open_office(office, starttls=True):
        assert failure_of(mail(office.port, MailSecurity.STARTTLS, USER, "wrong")) == "auth"
    assert office.taken == []


def test_a_server_that_nobody_can_log_in_to_is_no_way_out(office: PostOffice) -> None:
    """A configured user is not left out in silence."""
    with rude({"EHLO": "250 no logins"}) as server:
        assert failure_of(mail(server.port, MailSecurity.PLAIN, USER, PASSWORD)) == "auth"
    assert [line for line in server.lines if line.startswith(("AUTH", "MAIL"))] == []
    assert office.taken == []


def test_a_login_that_fails_for_now_is_a_refusal_for_now() -> None:
    """454 may be tried again."""
    script = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "454 later"}
    with rude(script) as server:
        assert code_of(mail(server.port, MailSecurity.PLAIN, USER, PASSWORD)) == 454


@pytest.mark.parametrize("code", [421, 451, 452, 550, 552, 554])
@pytest.mark.parametrize("command", ["", "EHLO", "MAIL", "RCPT", "DATA", "."])
def test_a_refusal_is_its_code_wherever_it_comes(command: str, code: int) -> None:
    """The greeting, the sender, a recipient, or the message itself."""
    script = {command: f"{code} no", "HELO": f"{code} no"} if command == "EHLO" else {command: f"{code} no"}
    with rude(script) as server:
        assert code_of(mail(server.port)) == code


def test_a_real_server_refuses(office: PostOffice) -> None:
    """The same by a server that follows the standard."""
    with open_office(office):
        office.replies = {"DATA": "554 spam"}
        assert code_of(mail(office.port)) == 554
        office.replies = {"MAIL": "451 later"}
        assert code_of(mail(office.port)) == 451


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        ({DESK: "550 who?"}, 550),
        ({DESK: "550 who?", BOSS: "451 full"}, 451),
        ({DESK: "450 later"}, 450),
    ],
)
def test_a_recipient_who_is_refused_is_not_passed_over(
    office: PostOffice, refused: dict[str, str], code: int
) -> None:
    """Whoever can get the message gets it, and the mildest refusal is told."""
    office.refused = refused
    with open_office(office):
        assert code_of(mail(office.port)) == code
    assert [people for _, people, *_ in office.taken] == ([[BOSS]] if BOSS not in refused else [])


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ({"": RESET}, "reset"),
        ({"": HANG_UP}, "reset"),
        ({"DATA": HANG_UP}, "reset"),
        ({".": RESET}, "reset"),
        ({"": "SSH-2.0-OpenSSH_9.6"}, "protocol"),
        ({"": "HTTP/1.1 400 Bad Request"}, "protocol"),
        ({"DATA": "250 taken"}, "protocol"),
        ({"MAIL": "250-" + "x" * 10_000}, "protocol"),
        ({".": "hm"}, "protocol"),
        ({".": "299 no such code"}, "protocol"),
    ],
)
def test_what_is_no_reply_is_no_delivery(script: dict[str, str], kind: str) -> None:
    """A server that says anything else than it should has not taken the message."""
    with rude(script) as server:
        assert failure_of(mail(server.port)) == kind


def test_nobody_there() -> None:
    """A port that nobody listens on, and a name that does not exist."""
    assert failure_of(mail(unused_port())) == "refused"
    nowhere = replace(mail(25).server, host="nonexistent.invalid")
    assert failure_of(replace(mail(25), server=nowhere)) == "dns"


@pytest.mark.parametrize("security", [MailSecurity.PLAIN, MailSecurity.TLS, MailSecurity.STARTTLS])
@pytest.mark.parametrize("behaviour", [HANG, DRIP])
def test_no_server_holds_the_caller_beyond_the_deadline(security: MailSecurity, behaviour: str) -> None:
    """Not even one that says a byte now and then, nor in a handshake; and the connection ends with it."""
    with rude({"": behaviour}) as server:
        kind = comes_back(lambda: failure_of(mail(server.port, security), deadline_s=SHORT_S))
        if security is MailSecurity.TLS and behaviour is DRIP:
            assert kind == "tls"  # what drips is no handshake
            return
        assert kind == "timeout"
        if behaviour is HANG:
            assert server.gone.wait(GUARD_S), "the connection outlived the deadline"


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA", "."])
def test_a_server_that_stops_halfway_does_not_hold_the_caller(command: str) -> None:
    """The one deadline is for all of the conversation."""
    with rude({command: HANG}) as server:
        kind = comes_back(lambda: failure_of(mail(server.port), deadline_s=SHORT_S))
        assert kind == "timeout"
        assert server.gone.wait(GUARD_S), "the connection outlived the deadline"


def test_nothing_goes_out_behind_the_back_of_a_caller_who_has_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that answers late does not let the message go late."""
    answered, asked = threading.Event(), threading.Event()
    look_up = __import__("socket").getaddrinfo

    def late(*args: object, **hints: object) -> object:
        asked.set()
        answered.wait(GUARD_S)
        return look_up(*args, **hints)

    with rude({}) as server:
        monkeypatch.setattr("socket.getaddrinfo", late)
        assert comes_back(lambda: failure_of(mail(server.port), deadline_s=SHORT_S)) == "timeout"
        assert asked.is_set()
        answered.set()
        assert server.gone.wait(GUARD_S), "the conversation goes on"
        assert server.lines == []


def test_one_that_hangs_does_not_spoil_the_next(office: PostOffice) -> None:
    """Every message has a conversation of its own."""
    transport = trusting()
    with rude({"": HANG}) as server, open_office(office):
        assert failure_of(mail(server.port), transport, SHORT_S) == "timeout"
        assert code_of(mail(office.port), transport) == 250


@pytest.mark.parametrize("real_asyncio", [True, False])
def test_a_frozen_wall_clock_does_not_stop_the_deadline(*, real_asyncio: bool) -> None:
    """Tests that freeze the time still get their timeout."""
    with rude({"": HANG}) as server, freeze_time("2026-01-27", real_asyncio=real_asyncio):
        assert comes_back(lambda: failure_of(mail(server.port), deadline_s=SHORT_S)) == "timeout"


def test_the_machine_does_not_look_itself_up(monkeypatch: pytest.MonkeyPatch, office: PostOffice) -> None:
    """It greets with its address: asking for its own name can take longer than any deadline."""

    def never(*_args: object) -> str:
        raise AssertionError

    for name in ("getfqdn", "gethostbyaddr", "gethostbyname"):
        monkeypatch.setattr(f"socket.{name}", never)
    with rude({}) as server:
        assert code_of(mail(server.port)) == 250
    assert server.lines[0] == "ehlo [127.0.0.1]"
    assert office.taken == []


SCRIPTS: list[dict[str, str]] = [
    {},
    {"": HANG},
    {"": RESET},
    {"": "junk"},
    {"AUTH": f"535 {PASSWORD} is wrong"},
    {"RCPT": "550 no"},
]


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_no_output_shows_the_password(
    script: dict[str, str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Logs, stderr, representations and tracebacks with all local variables are searched for it."""
    caplog.set_level(logging.DEBUG)
    greeting = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 come in"}
    with rude({**greeting, **script}) as server:
        message = mail(server.port, MailSecurity.PLAIN, USER, PASSWORD)
        try:
            hangs = HANG in script.values()
            shown = repr(trusting().send(message, deadline_s=SHORT_S if hangs else ENOUGH_S))
        except TransportError as error:
            shown = "".join(_told(error))
        if not script:
            assert f"AUTH PLAIN {encoded(PASSWORD)}" in server.lines
    shown += "".join([*capfd.readouterr(), caplog.text, repr(message)])
    assert PASSWORD not in shown
    assert encoded(PASSWORD) not in shown


def _told(error: BaseException) -> list[str]:
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.TracebackException.from_exception(seen, capture_locals=True)
        told += [line for line in frames.format(chain=False) if "script = " not in line]
        seen = seen.__cause__ or seen.__context__
    return told


EXITS = """
import socket, time
socket.getaddrinfo = lambda *_args, **_hints: time.sleep(600)
from live.alerts.smtp_transport import SmtpTransport
from live.contracts import Mail, MailServer, TransportError
try:
    SmtpTransport().send(Mail("email", MailServer("slow.invalid", 25), "a@b", ("c@d",), b""), deadline_s=0.2)
except TransportError as error:
    print(error.kind)
"""


def test_a_lookup_that_hangs_does_not_hold_up_the_exit() -> None:
    """The interpreter ends although a name server has not answered yet."""
    done = subprocess.run(
        [sys.executable, "-c", EXITS], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("timeout\n", "")
