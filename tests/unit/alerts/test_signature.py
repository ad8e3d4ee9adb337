"""Signed webhooks, as the Standard Webhooks specification has them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from live.alerts import build_alert_sink_from_config
from live.alerts.signature import SigningSecret, signed_headers
from live.config_errors import ConfigError
from live.contracts import HttpResponse
from tests.unit.alerts.dispatch.bench import alert

if TYPE_CHECKING:
    from live.contracts import HttpRequest

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the published example


class Far:
    """Remembers what is posted."""

    requests: list[HttpRequest]

    def __init__(self) -> None:
        self.requests = []

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - at once
        """Take it."""
        self.requests.append(request)
        return HttpResponse(200, b"ok")


def sent(**config: Any) -> HttpRequest:
    """The request of one alert."""
    far = Far()
    urls = {"webhook_urls": ["https://alerts.example/x"]}
    sink = build_alert_sink_from_config({"sinks": ["webhook"], **urls, **config}, transport=far)
    assert sink is not None
    sink.send(alert())
    return far.requests[0]


def test_the_published_example_is_signed_as_published() -> None:
    """Any library for Standard Webhooks verifies it."""
    headers = signed_headers(
        SigningSecret.of(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_with_a_secret_what_is_sent_is_what_is_signed() -> None:
    """Over the very bytes of the body."""
    request = sent(webhook_secret=SECRET)
    key, at_s = request.headers["webhook-id"], int(request.headers["webhook-timestamp"])
    again = signed_headers(SigningSecret.of(SECRET), key, at_s, request.body)
    assert {name: request.headers[name] for name in again} == dict(again)
    assert SECRET not in repr(request)


def test_without_a_secret_nothing_is_signed() -> None:
    """No header pretends anything."""
    assert [name for name in sent().headers if name.startswith("webhook-")] == []


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_short", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "!" * 40, 5]
)
def test_what_is_no_signing_secret_is_refused_and_not_quoted(secret: object) -> None:
    """A short secret would be no secret."""
    with pytest.raises(ConfigError) as refused:
        sent(webhook_secret=secret)
    assert "webhook_secret" in str(refused.value)
    assert "short" not in str(refused.value).replace("no signing secret", "")


def test_the_id_of_a_request_can_stand_in_a_header() -> None:
    """Whatever the key of the alert is."""
    far = Far()
    sink = build_alert_sink_from_config(
        {"sinks": ["webhook"], "webhook_urls": ["https://alerts.example/x"], "webhook_secret": SECRET},
        transport=far,
    )
    assert sink is not None
    sink.send(replace(alert(), key="a\r\nb: ключ"))
    assert re.fullmatch(r"alert-[0-9a-f]{32}", far.requests[0].headers["webhook-id"])
