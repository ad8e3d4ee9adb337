"""From configuration to sinks, our own and those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from live import alerts
from live.alerts import (
    EmailAlertSink,
    LiveAlertsConfig,
    LoggingAlertSink,
    MultiAlertSink,
    SlackWebhookAlertSink,
    StderrAlertSink,
    WebhookAlertSink,
    build_alert_sink_from_config,
)
from live.config_errors import ConfigError
from live.contracts import HttpResponse
from live.registry import SINKS, load_plugin
from tests.unit.alerts.helpers import Bench, alert

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://receiver.example/hush"


@pytest.mark.parametrize("values", [{"enabled": False}, {"sinks": []}, {"enabled": False, "sinks": []}])
def test_disabled_or_without_sinks_there_is_none(values: dict[str, Any]) -> None:
    """A caller can tell that nobody listens."""
    assert build_alert_sink_from_config(values) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("log", LoggingAlertSink),
        ("stderr", StderrAlertSink),
        ("webhook", WebhookAlertSink),
        ("slack_webhook", SlackWebhookAlertSink),
    ],
)
def test_one_sink_is_returned_as_itself(name: str, kind: type) -> None:
    """The configured name is the sink's own."""
    config = LiveAlertsConfig.from_dict({"sinks": name, "webhook_urls": URL, "slack_webhook_urls": URL})
    assert type(build_alert_sink_from_config(config)) is kind


def test_a_mail_sink_is_built_like_any_other() -> None:
    """Its keys are its own."""
    people = {"email_host": "smtp.example", "email_from": "a@desk.example", "email_to": "b@desk.example"}
    assert type(build_alert_sink_from_config({"sinks": "email", **people})) is EmailAlertSink


def test_several_are_one_in_the_order_of_their_names_in_the_file() -> None:
    """The order of the list is the order in which they are served."""
    sink = build_alert_sink_from_config({"sinks": ["stderr", "log"]})
    assert isinstance(sink, MultiAlertSink)
    assert [type(one) for one in sink.sinks] == [StderrAlertSink, LoggingAlertSink]


def test_a_mapping_with_mistakes_is_refused() -> None:
    """The same errors as from the configuration itself."""
    with pytest.raises(ConfigError, match="unknown sink 'fax'"):
        build_alert_sink_from_config({"sinks": ["fax"]})


def test_what_is_public_is_there() -> None:
    """Every name that the package hands out exists."""
    assert [name for name in alerts.__all__ if not hasattr(alerts, name)] == []


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), "3", None])
def test_a_sink_made_by_hand_needs_a_deadline_too(timeout: Any) -> None:
    """There is no way to make one that hangs."""
    with pytest.raises(ValueError, match="seconds"):
        WebhookAlertSink(URL, timeout)


def test_a_sink_made_by_hand_needs_a_level() -> None:
    """A level that does not exist is refused where it is given."""
    with pytest.raises(ValueError, match="7"):
        WebhookAlertSink(URL, min_level=7)  # type: ignore[arg-type]  # wrong on purpose


@pytest.fixture
def plugin() -> Iterator[str]:
    """A module of a user with one sink in it."""
    load_plugin("tests.unit.alerts.pager_plugin")
    yield "pager"
    SINKS.forget(["pager"])


def test_a_new_sink_is_one_class(plugin: str) -> None:
    """Found, configurable, delivering and falling back like our own, and nothing else was edited."""
    bench = Bench({"pager": HttpResponse(200, b"beep")})
    config = {"sinks": ["log", plugin], "pager_key": "k", "pager_volume": 11}
    for answer in (HttpResponse(200, b"beep"), HttpResponse(200, b"")):
        bench.answers["pager"] = answer
        sink = build_alert_sink_from_config(
            config, transport=bench, observer=bench.deliveries.append, stderr=bench.stderr
        )
        assert sink is not None
        sink.send(alert())
    assert bench.payload() == {"key": "k", "volume": 11, "say": "limit 500.00 EUR, order 2000.00 EUR"}
    assert bench.told == [
        ("log", "delivered", ""),
        ("pager", "delivered", ""),
        ("log", "delivered", ""),
        ("pager", "dead", "silent"),
        ("stderr (fallback)", "delivered", ""),
    ]


def test_its_mistakes_are_told_like_ours(plugin: str) -> None:
    """Missing, mistyped and misspelt keys of a foreign sink are errors with a remedy."""
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict({"sinks": plugin, "pager_volume": "loud", "pager_kee": "k"})
    assert str(refused.value).splitlines() == [
        "pager_kee: unknown key; did you mean 'pager_key'?",
        "pager_key: is missing; the sink 'pager' needs it",
        "pager_volume: got 'loud'; Input should be a valid integer",
    ]
