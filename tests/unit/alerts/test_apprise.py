"""Alerts through Apprise: what it is handed, and what a configuration may say of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from live.alerts import AppriseAlertSink, LiveAlertsConfig, build_alert_sink_from_config
from live.alerts.service_url import ServiceUrl
from live.config_errors import ConfigError
from live.contracts import HttpResponse
from tests.unit.alerts.helpers import Bench, alert, hardly_alerts

FIRST, SECOND = "json://me:hush@first.example/hush", "tgram://123456789:hush/42"


def test_each_service_gets_a_title_and_a_text() -> None:
    """The same that a mail says; each URL is a destination of its own, with the deadline to itself."""
    bench = Bench()
    AppriseAlertSink([FIRST, SECOND], 1.5, wiring=bench.wiring).send(alert(context={"n": 1}))
    assert bench.told == [("apprise#1", "delivered", ""), ("apprise#2", "delivered", "")]
    assert [notice.url for notice in bench.notices] == [FIRST, SECOND]
    assert bench.deadlines == [1.5, 1.5]
    notice = bench.notices[0]
    assert notice.level == "CRITICAL"
    assert notice.title == "CRITICAL RISK_LIMIT_VIOLATION_ORDERS: limit 500.00 EUR, order 2000.00 EUR"
    assert json.loads(notice.text.partition("context:")[2]) == {"n": 1}


@pytest.mark.parametrize("broken", hardly_alerts())
def test_what_is_hardly_an_alert_is_sent_as_far_as_it_goes(broken: Any) -> None:
    """An alert that is half wrong is still an alert."""
    bench = Bench()
    AppriseAlertSink(FIRST, wiring=bench.wiring).send(broken)
    assert bench.told == [("apprise", "delivered", "")]


@pytest.mark.parametrize(
    ("answer", "reason"), [(HttpResponse(503), "not_taken"), ("timeout", "timeout"), ("busy", "busy")]
)
def test_what_was_not_taken_is_dead_with_its_reason(answer: HttpResponse | str, reason: str) -> None:
    """Apprise does not say why a service did not take it; and the alert is on stderr."""
    bench = Bench({"apprise": answer})
    AppriseAlertSink(FIRST, wiring=bench.wiring).send(alert())
    assert bench.told == [("apprise", "dead", reason), ("stderr (fallback)", "delivered", "")]


def test_a_url_shows_its_scheme_and_hardly_more() -> None:
    """What stands where a web address has its host can be a token."""
    bench = Bench()
    sink = AppriseAlertSink([FIRST, SECOND], wiring=bench.wiring)
    sink.send(alert())
    assert "hush" not in repr([vars(sink), bench.notices, bench.deliveries])
    assert str(ServiceUrl(SECOND)) == "tgram://***/***"
    assert repr(ServiceUrl("discord://4711/hush")) == "ServiceUrl('discord://***/***')"


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ([], "apprise_urls: is missing; the sink 'apprise' needs it"),
        ("hush", "apprise_urls: URL 1: is no URL; expected what Apprise asks for"),
        (["json://fine/hush", "", 7], "apprise_urls: URL 2: is empty; URL 3: expected text, got int"),
        ("json://host/hu sh", "apprise_urls: URL 1: holds white space or control characters"),
    ],
)
def test_a_mistake_is_an_error_that_quotes_no_url(urls: Any, expected: str) -> None:
    """The message numbers them, and keeps the secret."""
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict({"sinks": ["apprise"], "apprise_urls": urls})
    assert str(refused.value).startswith(expected)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("key", ["webhook_urls", "min_level", "sinks"])
def test_a_url_in_the_wrong_place_is_as_secret(key: str) -> None:
    """Not even its second part is shown, which for a web address would be the host."""
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict({key: "tgram://123456789:hush/42"})
    assert "123456789" not in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_service_that_apprise_does_not_know_is_refused_at_the_start() -> None:
    """And not found out with the first alert."""
    with pytest.raises(ConfigError) as refused:
        build_alert_sink_from_config(
            {"sinks": ["apprise"], "apprise_urls": [FIRST, "nonsense://hush", "tgram://hush"]}
        )
    assert [str(problem)[:45] for problem in refused.value.problems] == [
        "apprise_urls: URL 2: Apprise has no service f",
        "apprise_urls: URL 3: Apprise has no service f",
    ]
    assert "hush" not in str(refused.value)


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for only where the sink is switched on."""
    monkeypatch.setattr("live.alerts.service_url.find_spec", lambda _name: None)
    with pytest.raises(
        ConfigError, match=r"apprise_urls: needs Apprise.*pip install 'live-drills\[apprise\]'"
    ):
        LiveAlertsConfig.from_dict({"sinks": ["apprise"], "apprise_urls": FIRST})
    assert LiveAlertsConfig.from_dict({"sinks": ["log"]}).sinks == ("log",)
