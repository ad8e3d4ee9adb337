"""What the HTTP transport promises: an answer or one word of why not, within one hard deadline."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from freezegun import freeze_time

from live.alerts.httpcore_transport import HttpcoreTransport
from live.contracts import HttpRequest, HttpResponse, TransportError
from tests.contracts.misbehaving import MisbehavingServer, running, unused_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contracts.far_ends import MockedFarEnd, RealFarEnd

ENOUGH_S = 30.0
SHORT_S = 0.3
GUARD_S = 20.0
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")


def post(transport: HttpcoreTransport, url: str, deadline_s: float = ENOUGH_S) -> HttpResponse:
    """Post two bytes."""
    return transport.post(HttpRequest("webhook", url, b"{}"), deadline_s=deadline_s)


def failure_of(transport: HttpcoreTransport, url: str, deadline_s: float = ENOUGH_S) -> str:
    """The kind of failure that a post ends with."""
    with pytest.raises(TransportError) as caught:
        post(transport, url, deadline_s)
    return caught.value.kind


def comes_back(call: Callable[[], str]) -> str:
    """What a call gives; fails instead of hanging when it does not come back."""
    outcome: list[str] = []
    thread = threading.Thread(target=lambda: outcome.append(call()), daemon=True)
    thread.start()
    thread.join(GUARD_S)
    assert outcome, "the call was held far beyond its deadline, or raised"
    return outcome[0]


def test_an_answer_comes_back_with_status_and_body(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd
) -> None:
    """A well-behaved server is heard, and gets the body as it was given."""
    response = post(transport, far_end.url("ok"))
    assert (response.status, response.body) == (200, b"ok")
    assert far_end.bodies == [b"{}"]


@pytest.mark.parametrize("status", ["404", "503"])
def test_a_bad_status_is_an_answer(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd, status: str
) -> None:
    """What a status means is for the sink to say, not for the transport."""
    assert post(transport, far_end.url(status)).status == int(status)


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        ("dns", "dns"),
        ("refused", "refused"),
        ("reset", "reset"),
        ("hang_up", "reset"),
        ("garbage", "protocol"),
    ],
)
def test_a_failure_has_a_kind(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd, behaviour: str, kind: str
) -> None:
    """Every way to get no answer has its own word."""
    assert failure_of(transport, far_end.url(behaviour)) == kind


def test_an_answer_that_ends_early_is_a_reset(transport: HttpcoreTransport, real: RealFarEnd) -> None:
    """Half an answer is none."""
    assert failure_of(transport, real.url("short")) == "reset"


def test_a_redirect_is_not_followed(transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd) -> None:
    """Whoever can redirect could read every alert."""
    assert post(transport, far_end.url("redirect")).status == 302
    assert len(far_end.bodies) == 1


def test_an_answer_is_read_up_to_a_bound(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd
) -> None:
    """A huge answer costs 64 KiB and not all of the memory."""
    assert len(post(transport, far_end.url("huge")).body) == 64 * 1024


@pytest.mark.parametrize("behaviour", ["hang", "drip_headers", "drip_body"])
def test_no_server_holds_the_caller_beyond_the_deadline(
    transport: HttpcoreTransport, server: MisbehavingServer, real: RealFarEnd, behaviour: str
) -> None:
    """The deadline is for the whole exchange: a byte now and then does not extend it."""
    kind = comes_back(lambda: failure_of(transport, real.url(behaviour), SHORT_S))
    assert kind == "timeout"
    assert server.hung_up.wait(GUARD_S), "the connection outlived the deadline"


def test_a_name_server_that_hangs_does_not_hold_the_caller(
    transport: HttpcoreTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking up a name counts towards the deadline."""
    answered = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_hints: answered.wait(GUARD_S) and [])
    kind = comes_back(lambda: failure_of(transport, "https://slow.invalid/", SHORT_S))
    answered.set()
    assert kind == "timeout"


def test_one_that_hangs_does_not_spoil_the_next(transport: HttpcoreTransport, real: RealFarEnd) -> None:
    """After a timeout the transport works as before."""
    assert failure_of(transport, real.url("hang"), SHORT_S) == "timeout"
    assert post(transport, real.url("ok")).status == 200


def test_it_can_be_used_inside_a_running_event_loop(transport: HttpcoreTransport, real: RealFarEnd) -> None:
    """A caller that is asynchronous itself gets its answer too."""

    async def caller() -> int:
        return post(transport, real.url("ok")).status

    assert asyncio.run(caller()) == 200


@pytest.mark.parametrize("real_asyncio", [True, False])
def test_a_frozen_wall_clock_does_not_stop_the_deadline(
    transport: HttpcoreTransport, real: RealFarEnd, *, real_asyncio: bool
) -> None:
    """Tests that freeze the time still get their timeout."""
    with freeze_time("2026-01-27", real_asyncio=real_asyncio):
        assert post(transport, real.url("ok")).status == 200
        assert comes_back(lambda: failure_of(transport, real.url("hang"), SHORT_S)) == "timeout"


def test_a_closed_transport_starts_anew(
    transport: HttpcoreTransport, server: MisbehavingServer, real: RealFarEnd
) -> None:
    """Closing ends the connections that are kept; it is no end."""
    assert post(transport, real.url("kept")).status == 200
    assert not server.hung_up.is_set()
    transport.close()
    assert server.hung_up.wait(GUARD_S)
    assert post(transport, real.url("ok")).status == 200


def test_a_kept_connection_that_is_closed_as_the_next_request_comes_is_no_failure(
    transport: HttpcoreTransport, server: MisbehavingServer, real: RealFarEnd
) -> None:
    """Any server ends idle connections; nothing is wrong with it, so the request goes on a new one."""
    assert post(transport, real.url("once")).status == 200
    assert post(transport, real.url("ok")).status == 200
    assert len(server.bodies) == 2


def test_a_receiver_that_reads_nothing_does_not_hold_the_caller(
    transport: HttpcoreTransport, server: MisbehavingServer, real: RealFarEnd
) -> None:
    """Sending counts towards the deadline too, however much there is to send."""
    server.deaf = True
    request = HttpRequest("webhook", real.url("ok"), b"x" * 32 * 1024 * 1024)

    def kind() -> str:
        with pytest.raises(TransportError) as caught:
            transport.post(request, deadline_s=SHORT_S)
        return caught.value.kind

    assert comes_back(kind) == "timeout"


def test_an_address_that_is_dead_leaves_time_for_the_next(
    transport: HttpcoreTransport, real: RealFarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several addresses of a host the first may lead nowhere."""
    port = urlsplit(real.url("ok")).port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", one)) for one in (unused_port(), port)]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_hints: found)
    assert post(transport, "http://two.invalid/ok").status == 200


def test_a_name_in_another_alphabet_is_looked_up_as_idna_says(
    transport: HttpcoreTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a browser would ask for."""
    asked: list[object] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda host, *_args, **_hints: asked.append(host))
    assert failure_of(transport, "https://b\u00fccher.example/\u00e4") == "dns"
    assert asked == ["xn--bcher-kva.example"]


def test_the_proxy_of_the_environment_is_used(
    server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not reach the network directly says so once, for every program."""
    monkeypatch.setenv("HTTP_PROXY", f"http://me%40home:h%3Aush%C3%A9@127.0.0.1:{server.port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    transport = HttpcoreTransport()
    assert post(transport, "http://far.invalid/ok/x").status == 200
    assert server.heads[0].startswith("POST http://far.invalid/ok/x HTTP/1.1")
    login = base64.b64encode("me@home:h:ushé".encode()).decode()
    assert f"proxy-authorization: basic {login}".lower() in server.heads[0].lower()
    transport.close()


def served_over_tls() -> ssl.SSLContext:
    """A server context with a certificate that nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(transport: HttpcoreTransport) -> None:
    """An alert is not told to whoever happens to answer."""
    with running(MisbehavingServer(), served_over_tls()) as server:
        assert failure_of(transport, f"https://127.0.0.1:{server.port}/ok") == "tls"
    assert server.bodies == []


def test_a_certificate_that_is_trusted_is_accepted() -> None:
    """An operator's own authority can be named."""
    transport = HttpcoreTransport(verify=ssl.create_default_context(cafile=str(SELF_SIGNED)))
    with running(MisbehavingServer(), served_over_tls()) as server:
        assert post(transport, f"https://127.0.0.1:{server.port}/ok").status == 200
        transport.close()


EXITS = """
import socket, time
socket.getaddrinfo = lambda *_args, **_hints: time.sleep(600)
from live.alerts.httpcore_transport import HttpcoreTransport
from live.contracts import HttpRequest, TransportError
try:
    HttpcoreTransport().post(HttpRequest("webhook", "https://slow.invalid/", b""), deadline_s=0.2)
except TransportError as error:
    print(error.kind)
"""

FORKS = """
import os, sys
from live.alerts.httpcore_transport import HttpcoreTransport
from live.contracts import HttpRequest
transport, request = HttpcoreTransport(), HttpRequest("webhook", sys.argv[1], b"")
print(transport.post(request, deadline_s=30).status, flush=True)
child = os.fork()
if child == 0:
    print(transport.post(request, deadline_s=30).status, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(transport.post(request, deadline_s=30).status, flush=True)
"""


def printed_by(program: str, *arguments: str) -> list[str]:
    """What a program prints, line by line; it must end by itself and say nothing on stderr."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def test_a_lookup_that_hangs_does_not_hold_up_the_exit() -> None:
    """The interpreter ends although a name server has not answered yet."""
    assert printed_by(EXITS) == ["timeout"]


def test_it_works_on_both_sides_of_a_fork(real: RealFarEnd) -> None:
    """A child process begins with connections of its own."""
    assert printed_by(FORKS, real.url("ok")) == ["200", "200", "200"]
