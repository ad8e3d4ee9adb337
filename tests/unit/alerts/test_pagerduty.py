"""What PagerDuty is sent, and what its answers mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from live.alerts import LiveAlertsConfig, PagerDutyAlertSink
from live.config_errors import ConfigError
from live.contracts import HttpResponse, Outcome
from live.events import AlertLevel
from tests.unit.alerts.dispatch.bench import alert

KEY = "abcdef0123456789abcdef0123456789"
SINK = PagerDutyAlertSink(KEY, "https://events.pagerduty.com/v2/enqueue")


def rendered(**changes: Any) -> Any:
    """The event of an alert."""
    return SINK.render(replace(alert(level=AlertLevel.CRITICAL), **changes))


def test_an_alert_triggers_an_incident_of_its_identity() -> None:
    """The same source, code and subject are the same incident."""
    event = rendered()
    assert (event["event_action"], event["dedup_key"]) == ("trigger", "live_data.gap DATA_GAP AAA")
    payload = event["payload"]
    assert (payload["severity"], payload["source"], payload["class"]) == (
        "critical",
        "live_data.gap",
        "DATA_GAP",
    )
    assert payload["summary"] == "DATA_GAP: DATA_GAP of AAA"


def test_what_is_over_is_resolved() -> None:
    """Under the same key."""
    event = rendered(context={"subject": "AAA", "status": "resolved"})
    assert (event["event_action"], event["dedup_key"]) == ("resolve", "live_data.gap DATA_GAP AAA")


def test_long_texts_are_cut_where_pagerduty_would_refuse_them() -> None:
    """Visibly."""
    event = rendered(message="x" * 5_000, context={"subject": "y" * 500})
    assert len(event["payload"]["summary"]) <= 1_024
    assert len(event["dedup_key"]) <= 255
    assert "…" in event["payload"]["summary"]


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (202, b'{"status":"success"}', Outcome()),
        (200, b"<html>portal</html>", Outcome("unexpected_answer")),
        (400, b'{"message":"invalid routing key"}', Outcome("http_400")),
        (429, b"", Outcome("http_429")),
        (500, b"", Outcome("http_500")),
    ],
)
def test_an_answer_is_understood(status: int, body: bytes, outcome: Outcome) -> None:
    """Nothing of it is repeated: it may quote the key."""
    assert SINK.classify(HttpResponse(status, body)) == outcome


def test_the_key_shows_nowhere() -> None:
    """Neither in a representation nor in an error of the configuration."""
    assert KEY not in repr(SINK) + repr(vars(SINK)).replace(repr(SINK.secret), "")
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict({"sinks": ["pagerduty"], "pagerduty_routing_key": KEY[:-1]})
    assert "pagerduty_routing_key: is no integration key; expected 32 letters and digits" in str(
        refused.value
    )
    assert KEY[:-1] not in str(refused.value)
