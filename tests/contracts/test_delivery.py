"""The durable delivery in real time: one body for a mocked network and a real server; and real mail."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from live.alerts import AlertDispatcher
from live.events import AlertLevel
from tests.contracts.mail_servers import PostOffice, open_office
from tests.unit.alerts.dispatch.bench import alert

if TYPE_CHECKING:
    from pathlib import Path

    from live.alerts.httpcore_transport import HttpcoreTransport
    from tests.contracts.far_ends import MockedFarEnd, RealFarEnd

LONG_S = 20.0
DISPATCH = {"base_s": 0.01, "longest_s": 0.02, "fallback": ["stderr"], "critical_deadline_s": LONG_S}


def delivered(
    far_end: MockedFarEnd | RealFarEnd, transport: HttpcoreTransport, outbox: Path
) -> tuple[dict[str, int], str]:
    """How a CRITICAL ends at a webhook, and what stands on stderr then."""
    shown = io.StringIO()
    config: dict[str, Any] = {
        "sinks": ["webhook"],
        "webhook_urls": [far_end.url("ok")],
        "webhook_timeout_seconds": 0.5,
        "allow_private_urls": True,
        "dispatch": {**DISPATCH, "outbox": str(outbox)},
    }
    one = AlertDispatcher.from_config(config, transport=transport, stderr=shown)
    one.send(alert(level=AlertLevel.CRITICAL))
    assert one.close(LONG_S)
    after = AlertDispatcher.from_config(config, transport=transport, stderr=shown)
    (sums,) = [dict(found.counts) for found in after.health().destinations if found.name == "webhook"]
    after.close()
    return sums, shown.getvalue()


@pytest.mark.parametrize("failure", ["503", "429", "reset", "hang_up", "garbage", "portal", "hang"])
def test_an_alert_arrives_once_it_can(
    far_end: MockedFarEnd | RealFarEnd, transport: HttpcoreTransport, tmp_path: Path, failure: str
) -> None:
    """After two failures of any kind, under the key that it had at the first attempt."""
    far_end.script = [failure, failure]
    sums, shown = delivered(far_end, transport, tmp_path / "outbox.sqlite")
    assert (sums, shown) == ({"delivered": 1}, "")
    assert len(far_end.bodies) == 3
    assert len({json.loads(body)["id"] for body in far_end.bodies}) == 1


@pytest.mark.parametrize("refusal", ["400", "403", "404", "410", "redirect"])
def test_what_is_refused_for_good_falls_back_at_once(
    far_end: MockedFarEnd | RealFarEnd, transport: HttpcoreTransport, tmp_path: Path, refusal: str
) -> None:
    """It is a dead letter after one request, and whoever reads stderr has it."""
    far_end.script = [refusal]
    sums, shown = delivered(far_end, transport, tmp_path / "outbox.sqlite")
    assert sums == {"dead": 1}
    assert len(far_end.bodies) == 1
    assert "DATA_GAP of AAA" in shown
    assert "ALERT_SINK_REFUSES" in shown


def test_mail_that_is_put_off_is_taken_once(tmp_path: Path) -> None:
    """By a server that follows the standard and asks to come back twice."""
    office = PostOffice()
    office.put_off = 2
    with open_office(office):
        config: dict[str, Any] = {
            "sinks": ["email"],
            "email_host": "127.0.0.1",
            "email_port": office.port,
            "email_security": "plain",
            "email_allow_plaintext": True,
            "email_from": "alerts@example.com",
            "email_to": ["desk@example.com"],
            "allow_private_urls": True,
            "dispatch": {**DISPATCH, "outbox": str(tmp_path / "outbox.sqlite")},
        }
        one = AlertDispatcher.from_config(config)
        one.send(alert())
        assert one.drain(LONG_S)
        (sums,) = [found.counts for found in one.health().destinations if found.name == "email"]
        one.close()
    assert (sums, office.put_off, len(office.taken)) == ({"delivered": 1}, 0, 1)
