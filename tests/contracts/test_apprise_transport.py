"""Apprise itself, against a real server on loopback: it is heard in time, and nobody hears of its URLs."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

from live.alerts import AppriseAlertSink
from live.alerts.apprise_transport import MOST_UNDER_WAY, AppriseTransport, transport_for
from live.alerts.service_url import ServiceUrls
from live.contracts import Notice, TransportError
from tests.contracts.misbehaving import unused_port
from tests.contracts.test_alert_sinks import EVENT

if TYPE_CHECKING:
    from tests.contracts.misbehaving import MisbehavingServer

ENOUGH_S = 30.0
SHORT_S = 0.3
GUARD_S = 20.0
CANARY = "CANARY-c71a05"


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Apprise takes a second to load, which is no part of any deadline."""
    transport_for(ServiceUrls.of("json://localhost"))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands between Apprise and loopback."""
    monkeypatch.setenv("NO_PROXY", "*")


def notice(
    port: int, behaviour: str, text: str = "text", destination: str = "apprise", level: str = "CRITICAL"
) -> Notice:
    """A notice to a service that posts JSON."""
    url = f"json://me:{CANARY}@127.0.0.1:{port}/{behaviour}/{CANARY}"
    return Notice(destination, url, level, "title", text)


def test_a_service_takes_it(server: MisbehavingServer) -> None:
    """Title, text and level arrive."""
    assert AppriseTransport().notify(notice(server.port, "ok"), deadline_s=ENOUGH_S)
    (body,) = server.bodies
    assert b'"title": "title"' in body
    assert b'"message": "text"' in body
    assert b'"type": "failure"' in body


@pytest.mark.parametrize(
    ("level", "kind"), [("INFO", b"info"), ("WARNING", b"warning"), ("LOUD", b"failure")]
)
def test_a_level_has_a_name_there(server: MisbehavingServer, level: str, kind: bytes) -> None:
    """What is no level is the loudest one."""
    assert AppriseTransport().notify(notice(server.port, "ok", level=level), deadline_s=ENOUGH_S)
    assert b'"type": "' + kind in server.bodies[0]


def test_one_alert_after_the_other_goes_at_once(server: MisbehavingServer) -> None:
    """Apprise would wait seconds between two of them."""
    transport = AppriseTransport()
    for _ in range(3):
        assert transport.notify(notice(server.port, "ok"), deadline_s=ENOUGH_S)
    assert len(server.bodies) == 3


@pytest.mark.parametrize("behaviour", ["404", "503", "reset", "garbage"])
def test_a_service_does_not_take_it(server: MisbehavingServer, behaviour: str) -> None:
    """Whatever the reason, Apprise knows only that."""
    assert not AppriseTransport().notify(notice(server.port, behaviour), deadline_s=ENOUGH_S)


def test_nobody_there() -> None:
    """A port that nobody listens on has not taken it either."""
    assert not AppriseTransport().notify(notice(unused_port(), "ok"), deadline_s=ENOUGH_S)


@pytest.mark.parametrize("behaviour", ["hang", "drip_headers", "drip_body"])
def test_no_service_holds_the_caller_beyond_the_deadline(server: MisbehavingServer, behaviour: str) -> None:
    """Not even one that sends a byte now and then."""
    outcome: list[str] = []

    def call() -> None:
        try:
            AppriseTransport().notify(notice(server.port, behaviour), deadline_s=SHORT_S)
        except TransportError as error:
            outcome.append(error.kind)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(GUARD_S)
    assert outcome == ["timeout"]


def test_what_hangs_is_bounded(server: MisbehavingServer) -> None:
    """A dead service does not fill the process with threads, and another one is reached all the same."""
    transport = AppriseTransport()
    kinds = []
    for _ in range(MOST_UNDER_WAY + 2):
        with pytest.raises(TransportError) as caught:
            transport.notify(notice(server.port, "drip_body"), deadline_s=SHORT_S)
        kinds.append(caught.value.kind)
    assert kinds == ["timeout"] * MOST_UNDER_WAY + ["busy"] * 2
    assert transport.notify(notice(server.port, "ok", destination="apprise#2"), deadline_s=ENOUGH_S)


def test_a_text_that_a_service_has_no_room_for_is_cut_visibly(server: MisbehavingServer) -> None:
    """What is left ends with how long it was."""
    assert AppriseTransport().notify(notice(server.port, "ok", "x" * 50_000), deadline_s=ENOUGH_S)
    assert b"x\\u2026(50000 characters)" in server.bodies[0]


@pytest.mark.parametrize("behaviour", ["ok", "503", "reset", "hang", "drip_body"])
def test_no_output_shows_the_url(
    server: MisbehavingServer,
    behaviour: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Apprise and what it stands on log URLs; here nothing of it comes out."""
    for name in ("", "apprise", "urllib3", "requests"):
        caplog.set_level(1, logger=name)
    sink = AppriseAlertSink([notice(server.port, behaviour).url], SHORT_S)
    sink.send(EVENT)
    with pytest.raises(ValueError, match="Apprise has no service"):
        AppriseAlertSink([f"nonsense://{CANARY}"])
    shown = "".join([*capfd.readouterr(), caplog.text, repr(vars(sink))])
    assert CANARY not in shown
    assert "127.0.0.1" not in shown


def test_what_others_log_through_it_passes(caplog: pytest.LogCaptureFixture) -> None:
    """An application that uses Apprise itself reads its lines as ever."""
    import apprise

    caplog.set_level(logging.DEBUG, logger="apprise")
    assert apprise.Apprise.instantiate("nonsense://x") is None
    assert "nonsense" in caplog.text
