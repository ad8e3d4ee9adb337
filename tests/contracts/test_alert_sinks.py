"""What the remote sinks make of real and mocked answers, and that no address leaks on any path."""

from __future__ import annotations

import io
import json
import logging
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from live.alerts import (
    AlertEvent,
    AlertLevel,
    SlackWebhookAlertSink,
    WebhookAlertSink,
    build_alert_sink_from_config,
)
from live.clock import SystemClock
from live.contracts import HttpRequest, TransportError, Wiring
from tests.contracts.far_ends import CANARY

if TYPE_CHECKING:
    from live.alerts.delivery import HttpSink
    from live.alerts.httpcore_transport import HttpcoreTransport
    from live.contracts import Delivery
    from tests.contracts.far_ends import MockedFarEnd, RealFarEnd

EVENT = AlertEvent(
    datetime(2026, 1, 27, tzinfo=UTC),
    AlertLevel.CRITICAL,
    "live_risk.orders",
    "RISK_LIMIT_VIOLATION_ORDERS",
    "Live risk limit violation: max_order_notional 2000.00 EUR, limit 500.00 EUR",
    {"worst_limit": "max_order_notional"},
)
BEHAVIOURS = ["ok", "503", "dns", "refused", "reset", "hang_up", "garbage", "hang", "redirect", "portal"]


def sent(sink_type: type[HttpSink], transport: HttpcoreTransport, url: str) -> list[tuple[str, str, str]]:
    """Send one alert: destination, state and reason of everything that became of it."""
    seen: list[Delivery] = []
    wiring = Wiring(transport, SystemClock(), seen.append, io.StringIO())
    sink_type(url, 0.5, wiring=wiring).send(EVENT)
    return [(one.destination, one.state.value, one.reason) for one in seen]


FELL_BACK = ("stderr", "delivered", "")


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("404", "http_404"),
        ("503", "http_503"),
        ("redirect", "http_302"),
        ("dns", "dns"),
        ("refused", "refused"),
        ("reset", "reset"),
        ("garbage", "protocol"),
        ("hang", "timeout"),
    ],
)
@pytest.mark.parametrize("sink_type", [WebhookAlertSink, SlackWebhookAlertSink])
def test_a_failure_is_dead_with_its_reason_and_falls_back(
    transport: HttpcoreTransport,
    far_end: MockedFarEnd | RealFarEnd,
    sink_type: type[HttpSink],
    behaviour: str,
    reason: str,
) -> None:
    """Each way to fail is told apart, and the alert is on stderr in every case."""
    deliveries = sent(sink_type, transport, far_end.url(behaviour))
    assert deliveries == [(sink_type.name, "dead", reason), FELL_BACK]


@pytest.mark.parametrize("behaviour", ["ok", "204"])
def test_a_webhook_has_it_on_every_2xx(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd, behaviour: str
) -> None:
    """A generic receiver may answer whatever it likes."""
    assert sent(WebhookAlertSink, transport, far_end.url(behaviour)) == [("webhook", "delivered", "")]


def test_a_webhook_does_not_take_a_page_for_an_answer(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd
) -> None:
    """The portal of a network answers 200 to everything."""
    portal = sent(WebhookAlertSink, transport, far_end.url("portal"))
    assert portal == [("webhook", "dead", "unexpected_answer"), FELL_BACK]


def test_slack_has_it_only_when_it_says_ok(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd
) -> None:
    """A captive portal answers 200 to everything, and shows nothing to anybody."""
    assert sent(SlackWebhookAlertSink, transport, far_end.url("ok")) == [("slack_webhook", "delivered", "")]
    portal = sent(SlackWebhookAlertSink, transport, far_end.url("portal"))
    assert portal == [("slack_webhook", "dead", "unexpected_answer"), FELL_BACK]


def test_a_webhook_receives_the_alert_as_json(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd
) -> None:
    """The receiver reads the whole alert, and where its runbook is."""
    sent(WebhookAlertSink, transport, far_end.url("ok"))
    assert json.loads(far_end.bodies[0]) == {
        "ts": "2026-01-27T00:00:00+00:00",
        "level": "CRITICAL",
        "source": "live_risk.orders",
        "code": "RISK_LIMIT_VIOLATION_ORDERS",
        "message": "Live risk limit violation: max_order_notional 2000.00 EUR, limit 500.00 EUR",
        "context": {"worst_limit": "max_order_notional"},
        "runbook": "docs/RUNBOOKS_AND_INCIDENT_HANDLING.md#risk_limit_violation_orders",
    }


@pytest.fixture
def all_logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any library logs, at the most talkative level."""
    for name in ("", "httpx", "httpcore", "asyncio", "live.alerts"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_no_output_shows_the_address(
    transport: HttpcoreTransport,
    far_end: MockedFarEnd | RealFarEnd,
    all_logs: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    behaviour: str,
) -> None:
    """The address is the password: logs, stderr, representations and deliveries are searched for it."""
    url = far_end.url(behaviour)
    seen: list[Delivery] = []
    both = {
        "webhook_urls": url,
        "slack_webhook_urls": [url, url],
        "webhook_timeout_seconds": 0.5,
        "allow_private_urls": True,
    }
    config: dict[str, Any] = {"sinks": ["log", "stderr", "webhook", "slack_webhook"], **both}
    config["allow_private_urls"] = True
    sink = build_alert_sink_from_config(config, transport=transport, observer=seen.append)
    assert sink is not None
    sink.send(EVENT)
    fallback_alone = build_alert_sink_from_config({**config, "sinks": "webhook"}, transport=transport)
    assert fallback_alone is not None
    fallback_alone.send(EVENT)
    shown = "".join(
        [*capfd.readouterr(), all_logs.text, repr(all_logs.records), repr(seen), repr(vars(sink))]
    )
    assert EVENT.code in shown
    assert CANARY not in shown


@pytest.mark.parametrize(
    "behaviour", [one for one in BEHAVIOURS if one not in {"ok", "redirect", "portal", "503"}]
)
def test_no_traceback_shows_the_address(
    transport: HttpcoreTransport, far_end: MockedFarEnd | RealFarEnd, behaviour: str
) -> None:
    """Even a traceback with its causes and all local variables keeps the secret."""
    with pytest.raises(TransportError) as caught:
        transport.post(HttpRequest("webhook", far_end.url(behaviour), b"{}"), deadline_s=0.5)
    seen: BaseException | None = caught.value
    while seen is not None:
        own_frames = traceback.TracebackException.from_exception(seen, capture_locals=True)
        text = "".join(own_frames.format(chain=False)).replace(repr(far_end), "")
        assert CANARY not in text
        seen = seen.__cause__ or seen.__context__


def test_the_logs_of_others_pass(
    transport: HttpcoreTransport, real: RealFarEnd, all_logs: pytest.LogCaptureFixture
) -> None:
    """An application's own requests through the same library are logged as ever."""
    import httpx

    sent(WebhookAlertSink, transport, real.url("ok"))
    assert "HTTP Request" not in all_logs.text
    httpx.post(real.url("503"), content=b"")
    assert "HTTP Request" in all_logs.text
