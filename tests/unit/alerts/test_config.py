"""`[live_alerts]`: every mistake is a clear error, and all of them are told at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from live.alerts import AlertLevel, LiveAlertsConfig
from live.alerts.dispatch.config import read_instant
from live.config_errors import ConfigError

ADDRESS = "https://hooks.slack.com/services/hush"


def problems_of(**values: Any) -> list[str]:
    """What is wrong with a table."""
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict(values)
    return [str(problem) for problem in refused.value.problems]


def test_an_empty_table_alerts_to_the_log() -> None:
    """Nobody loses alerts by configuring nothing."""
    config = LiveAlertsConfig.from_dict({})
    assert (config.enabled, config.min_level, config.sinks) == (True, AlertLevel.WARNING, ("log",))
    assert config.settings["log"].log_logger_name == "live.alerts"


def test_every_key_is_read() -> None:
    """The documented keys, all in one table."""
    config = LiveAlertsConfig.from_dict(
        {
            "enabled": False,
            "min_level": "CRITICAL",
            "sinks": ["stderr", "webhook", "slack_webhook", "log"],
            "log_logger_name": "desk.alerts",
            "webhook_urls": [ADDRESS, f"{ADDRESS}2"],
            "slack_webhook_urls": ADDRESS,
            "webhook_timeout_seconds": 2,
        }
    )
    assert (config.enabled, config.min_level) == (False, AlertLevel.CRITICAL)
    assert list(config.settings) == ["stderr", "webhook", "slack_webhook", "log"]
    assert config.settings["log"].log_logger_name == "desk.alerts"
    webhook, slack = config.settings["webhook"], config.settings["slack_webhook"]
    assert [url.reveal() for url in webhook.webhook_urls] == [ADDRESS, f"{ADDRESS}2"]
    assert [url.reveal() for url in slack.slack_webhook_urls] == [ADDRESS]
    assert webhook.webhook_timeout_seconds == slack.webhook_timeout_seconds == 2.0


@pytest.mark.parametrize("level", ["warning", "Warning", "WARNING", 20, AlertLevel.WARNING])
def test_a_level_may_be_a_name_or_its_number(level: object) -> None:
    """Names count in any case."""
    assert LiveAlertsConfig.from_dict({"min_level": level}).min_level is AlertLevel.WARNING


def test_a_lone_sink_counts_as_a_list_of_one() -> None:
    """`sinks = "stderr"` says what it means."""
    assert LiveAlertsConfig.from_dict({"sinks": "stderr"}).sinks == ("stderr",)


def test_addresses_of_sinks_that_are_off_may_be_empty() -> None:
    """A template with empty lists in it is fine until its sink is switched on."""
    assert LiveAlertsConfig.from_dict({"webhook_urls": [], "slack_webhook_urls": []}).sinks == ("log",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"enabled": "ture"}, "enabled: expected true or false, got 'ture'"),
        ({"enabled": 1}, "enabled: expected true or false, got 1"),
        ({"min_level": "WARNIG"}, "min_level: unknown level 'WARNIG'; did you mean 'WARNING'?"),
        ({"min_level": 25}, "min_level: expected one of INFO, WARNING, CRITICAL, got 25"),
        ({"min_level": True}, "min_level: expected one of INFO, WARNING, CRITICAL, got True"),
        ({"min_level": 20.5}, "min_level: expected one of INFO, WARNING, CRITICAL, got 20.5"),
        ({"sinks": ["slack_webook"]}, "sinks: unknown sink 'slack_webook'; did you mean 'slack_webhook'?"),
        ({"sinks": ["log", "log"]}, "sinks: sink 'log' is named twice"),
        ({"sinks": {"log": 1}}, "sinks: expected a list of sink names, got {'log': 1}"),
        ({"sinks": [["log"]]}, "sinks: unknown sink ['log']"),
        ({"sinks": "webhook"}, "webhook_urls: is missing; the sink 'webhook' needs it"),
        ({"sinks": "webhook", "webhook_urls": []}, "webhook_urls: is missing; the sink 'webhook' needs it"),
        ({"webhook_urls": ""}, "webhook_urls: URL 1: is empty"),
        ({"webhook_urls": ["https://a/hush", "hush"]}, "webhook_urls: URL 2: has no scheme http or https"),
        (
            {"slack_webhook_urls": {"hush": 1}},
            "slack_webhook_urls: expected a URL or a list of URLs, got dict",
        ),
        (
            {"webhook_timeout_seconds": 0},
            "webhook_timeout_seconds: expected seconds above 0 and finite, got 0",
        ),
        ({"webhook_timeout_seconds": float("nan")}, "webhook_timeout_seconds: expected seconds above 0"),
        ({"webhook_timeout_seconds": float("inf")}, "webhook_timeout_seconds: expected seconds above 0"),
        ({"webhook_timeout_seconds": "3"}, "webhook_timeout_seconds: expected a number of seconds, got '3'"),
        (
            {"webhook_timeout_seconds": True},
            "webhook_timeout_seconds: expected a number of seconds, got True",
        ),
        ({"log_logger_name": 7}, "log_logger_name: got 7"),
        ({"webhok_urls": ADDRESS}, "webhok_urls: unknown key; did you mean 'webhook_urls'?"),
        ({7: "hush"}, "7: unknown key"),
    ],
)
def test_a_mistake_is_an_error_that_names_the_remedy(values: dict[str, Any], expected: str) -> None:
    """Nothing misspelt becomes a default, and nothing secret is quoted."""
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict(values)
    assert len(refused.value.problems) == 1
    assert str(refused.value).startswith(expected)
    assert "hush" not in str(refused.value)


def test_all_mistakes_are_told_at_once() -> None:
    """One run of the program is enough to find them."""
    told = problems_of(
        enabled="no", min_level="loud", sinks=["lgo", "webhook"], webhook_timeout_seconds=-1, urls=[]
    )
    assert [line.partition(":")[0] for line in told] == [
        "urls",
        "enabled",
        "min_level",
        "sinks",
        "webhook_timeout_seconds",
        "webhook_urls",
    ]


def test_all_mistakes_of_a_dispatch_are_told_at_once() -> None:
    """Wrong types do not hide wrong values, nor a wrong table its neighbours; each has its place."""
    route = {"sinks": ["webhok"], "min_level": "warn", "escalate_after_s": -4, "escalate_to": ["pager"]}
    told = problems_of(
        sinks=["log"],
        dispatch={
            "outbx": "x",
            "resolve_after_s": "5m",
            "repeat_s": float("nan"),
            "group_wait_s": -1,
            "critical_deadline_s": 0,
            "fallback": [],
            "routes": [
                {"sinks": ["log"], "match": {"surce": "live_risk"}},
                route,
                {"sinks": ["wbhook"], "match": {"code": "DATA_GAPS"}},
            ],
            "silences": [{"until": "tomorrow", "author": "", "reason": "x"}],
            "inhibitions": [{"by": {"code": "DATA_STALE"}}],
        },
    )
    assert told == [
        "dispatch.repeat_s: got nan; Input should be a finite number",
        "dispatch.resolve_after_s: got '5m'; Input should be a valid number",
        "dispatch.routes.0.match.surce: unknown key 'surce'; did you mean 'source'?",
        "dispatch.routes.1: min_level is 'warn'; one of INFO, WARNING, CRITICAL",
        "dispatch.routes.1: escalate_after_s is -4.0 s; it must be above 0 s",
        "dispatch.silences.0: needs an author and a reason",
        "dispatch.silences.0: is from None to 'tomorrow'; write instants such as 2026-01-27T00:00:00Z",
        "dispatch.inhibitions.0.what: is missing",
        "dispatch.outbx: unknown key 'outbx'; did you mean 'outbox'?",
        "dispatch: critical_deadline_s is 0.0 s; it must be above 0 s",
        "dispatch: group_wait_s is -1.0 s; it must be 0 s or more",
        "dispatch: fallback is empty; a CRITICAL that does not arrive would reach nobody: name 'stderr'",
        "dispatch: routes name 'wbhook', which is no sink; did you mean 'webhook'?",
        "dispatch: match names the code 'DATA_GAPS', which is none; did you mean 'DATA_GAP'?",
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            {"sinks": "heartbeat", "heartbeat_urls": "https://watch.example/x"},
            "sinks: 'heartbeat' hears no alerts; add a sink that does, such as 'log'",
        ),
        (
            {"dispatch": {"routes": [{"sinks": ["log"]}, {"sinks": ["log"], "match": {"code": "DATA_GAP"}}]}},
            "dispatch: routes.0 fits every alert, so those after it decide nothing; put it last",
        ),
    ],
)
def test_what_would_leave_alerts_to_nobody_is_refused(values: dict[str, Any], told: str) -> None:
    """It can be read, and cannot be meant."""
    (problem,) = problems_of(**values)
    assert problem.startswith(told)


@pytest.mark.parametrize("until", [date(2027, 1, 1), "2027-01-01", "2027-01-01T00:00:00Z"])
def test_a_silence_until_a_day_ends_as_it_begins(until: date | str) -> None:
    """TOML has days of its own; in UTC, like every instant that names no zone."""
    assert read_instant(until) == datetime(2027, 1, 1, tzinfo=UTC)
    LiveAlertsConfig.from_dict({"dispatch": {"silences": [{"until": until, "author": "a", "reason": "b"}]}})


@pytest.mark.parametrize(
    ("match", "told"),
    [
        ({"code": "DATA_GAP"}, ""),
        ({"source": "live_data"}, ""),
        ({"source": "desk.reports"}, ""),
        (
            {"source": "live_dat"},
            "match names the source 'live_dat', which is none; did you mean 'live_data'?",
        ),
        ({"source": "live_data.gaps"}, "did you mean 'live_data.gap'?"),
        ({"code": "DATA_GAPP"}, "match names the code 'DATA_GAPP', which is none"),
    ],
)
@pytest.mark.parametrize("kind", ["routes", "silences", "inhibitions"])
def test_a_match_that_can_fit_nothing_is_refused(match: dict[str, str], told: str, kind: str) -> None:
    """It would silence nothing, or never escalate; sources of a program's own are not known here."""
    tables: dict[str, dict[str, Any]] = {
        "routes": {"sinks": ["log"], "match": match},
        "silences": {"until": "2026-03-01T02:00:00Z", "author": "ops", "reason": "upgrade", "match": match},
        "inhibitions": {"by": {"code": "DATA_STALE"}, "what": match},
    }
    values: dict[str, Any] = {"sinks": ["log"], "dispatch": {kind: [tables[kind]]}}
    if not told:
        LiveAlertsConfig.from_dict(values)
        return
    (problem,) = problems_of(**values)
    assert told in problem


def test_a_table_must_be_one() -> None:
    """A list is no table."""
    with pytest.raises(ConfigError, match="expected a table, got list"):
        LiveAlertsConfig.from_dict([])  # type: ignore[arg-type]  # wrong on purpose


def test_a_configuration_can_be_printed() -> None:
    """Its representation keeps the addresses."""
    config = LiveAlertsConfig.from_dict({"sinks": "webhook", "webhook_urls": ADDRESS})
    assert "hush" not in repr(config)
    assert "https://hooks.slack.com/***" in repr(config)


@pytest.mark.parametrize(
    "values",
    [
        {"sinks": ADDRESS},
        {"sinks": [ADDRESS]},
        {"min_level": ADDRESS},
        {"enabled": ADDRESS},
        {"log_logger_name": [ADDRESS]},
        {"webhook_timeout_seconds": ADDRESS, "sinks": "webhook", "webhook_urls": ADDRESS},
        {ADDRESS: True},
    ],
    ids=lambda values: str(next(iter(values))),
)
def test_an_address_in_the_wrong_place_is_as_secret(values: dict[str, Any]) -> None:
    """Whoever mixes two keys up reads which, and finds no password in the logs of the start."""
    problems = problems_of(**values)
    assert problems
    assert [one for one in problems if "hush" in one] == []
    assert "https://hooks.slack.com/***" in "".join(problems)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://alerts.example/x", "is http, so everybody on the way can read and forge alerts"),
        ("https://127.0.0.1/x", "is an address within this machine or network"),
        ("https://10.1.2.3/x", "is an address within this machine or network"),
        ("https://[::1]:8443/x", "is an address within this machine or network"),
        ("https://169.254.169.254/latest", "is an address within this machine or network"),
        ("https://localhost/x", "is an address within this machine or network"),
        ("https://localhost./x", "is an address within this machine or network"),
        ("https://127.1/x", "is an address within this machine or network"),
        ("https://0x7f000001/x", "is an address within this machine or network"),
        ("https://10.0.0.1./x", "is an address within this machine or network"),
        ("https://hooks.corp.internal/x", "is an address within this machine or network"),
    ],
)
def test_an_address_that_is_not_https_to_a_public_host_has_to_be_meant(url: str, why: str) -> None:
    """An alert says what is held and lost: it does not go just anywhere by a slip."""
    values = {"sinks": ["webhook"], "webhook_urls": ["https://alerts.example/ok", url]}
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict(values)
    assert f"webhook_urls: URL 2: {why}; set allow_private_urls = true" in str(refused.value)
    assert LiveAlertsConfig.from_dict({**values, "allow_private_urls": True}).sinks == ("webhook",)
