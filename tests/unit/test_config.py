"""A configuration is refused whole, with every problem at once, or it says exactly what is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inline_snapshot import snapshot

from live.config import LiveConfig
from live.config_errors import ConfigError
from live.registry import GUARDS

if TYPE_CHECKING:
    from pathlib import Path


def test_an_empty_configuration_has_its_defaults() -> None:
    """No limit is in force, alerts go to the log, every guard and watcher has its own defaults."""
    config = LiveConfig.from_mapping({})
    assert set(config.risk.limits.values()) == {None}
    assert config.alerts.sinks == ("log",)
    assert list(config.data.guards) == list(GUARDS)
    assert list(config.watchers) == ["correlation_drift", "exchange_api", "pnl_divergence"]


def test_calendars_are_by_symbol_with_a_default() -> None:
    """A symbol without a calendar of its own has the common one."""
    data = LiveConfig.from_mapping({"live_data": {"calendars": {"EUR/USD": "fx_week"}}}).data
    assert (data.calendar_of("EUR/USD"), data.calendar_of("BTC/EUR")) == ("fx_week", "24x7")


def test_all_problems_are_told_at_once() -> None:
    """Of every section, with the place, what was found, and the nearest name."""
    with pytest.raises(ConfigError) as raised:
        LiveConfig.from_mapping(
            {
                "live_rsk": {},
                "live_risk": {"max_order_notionl": 500, "max_open_positions": float("nan")},
                "live_data": {"calendar": "XNYX", "gap": {"nonsense": 1}, "gab": {}},
                "live_alerts": {"sinks": ["slak_webhook"], "enabled": "ture"},
                "live_watchers": {"exchange_api": {"window_calls": "many"}},
            }
        )
    assert [one[:90] for one in str(raised.value).splitlines()] == snapshot(
        [
            "live_rsk: unknown key 'live_rsk'; did you mean 'live_risk'?",
            "live_risk.max_order_notionl: unknown key 'max_order_notionl'; did you mean 'max_order_noti",
            "live_risk.max_open_positions: got nan; expected a whole number, zero or more, such as 5; l",
            "live_data.gab: unknown key 'gab'; did you mean 'gap'?",
            "live_data.gap.nonsense: unknown key 'nonsense'; known: odds, tolerated_bars",
            "live_data.calendar: unknown calendar 'XNYX'; did you mean 'XNYS'?",
            "live_alerts.enabled: expected true or false, got 'ture'",
            "live_alerts.sinks: unknown sink 'slak_webhook'; did you mean 'slack_webhook'?",
            "live_watchers.exchange_api.window_calls: got 'many'; Input should be a valid integer",
        ]
    )


@pytest.mark.parametrize(
    "section", ["live_risk", "live_data", "live_alerts", "live_watchers", "live_breaker"]
)
def test_a_section_that_is_no_table_is_refused(section: str) -> None:
    """A list or a number under a section's name is a mistake, not an empty section."""
    with pytest.raises(ConfigError, match=f"{section}: got 5; expected a table"):
        LiveConfig.from_mapping({section: 5})


def test_the_breaker_is_off_unless_switched_on() -> None:
    """Its keys are read like any others."""
    assert not LiveConfig.from_mapping({}).breaker.enabled
    table = {"enabled": True, "confirm": 3, "rearm_roles": ["head_of_risk"]}
    breaker = LiveConfig.from_mapping({"live_breaker": table}).breaker
    assert (breaker.enabled, breaker.confirm, breaker.rearm_roles) == (True, 3, ("head_of_risk",))


def test_a_breaker_behind_limits_that_are_off_is_refused() -> None:
    """It refuses orders through the limits, so it would stop nothing."""
    with pytest.raises(ConfigError, match=r"live_breaker.enabled: is true while live_risk.enabled is false"):
        LiveConfig.from_mapping({"live_breaker": {"enabled": True}, "live_risk": {"enabled": False}})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"confrm": 2}, "live_breaker.confrm: unknown key 'confrm'; did you mean 'confirm'"),
        ({"confirm": 5}, "live_breaker: confirm is 5 of a window of 3"),
        ({"confirm": 2}, "live_breaker.enabled: is not said, and the rest of the table has no effect"),
        ({"confirm": 2.5}, "live_breaker.confirm: got 2.5"),
        ({"rearm_roles": "risk_owner"}, "live_breaker.rearm_roles: got 'risk_owner'"),
        ({"cool_down_s": float("inf")}, "live_breaker.cool_down_s: got inf"),
    ],
)
def test_a_breaker_that_cannot_work_is_refused(table: dict[str, object], message: str) -> None:
    """With its place and its number."""
    with pytest.raises(ConfigError, match=message):
        LiveConfig.from_mapping({"live_breaker": table})


def test_a_file_that_is_not_there_configures_nothing(tmp_path: Path) -> None:
    """And says so."""
    with pytest.raises(ConfigError, match=r"live.toml: cannot be read .*nothing was configured"):
        LiveConfig.from_toml(tmp_path / "live.toml")


def test_a_file_that_is_not_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    """The parser knows where."""
    path = tmp_path / "live.toml"
    path.write_text("[live_risk]\nmax_order_notional = \n")
    with pytest.raises(ConfigError, match=r"live.toml: is not TOML: .*line 2"):
        LiveConfig.from_toml(path)


def test_the_shipped_example_loads(pytestconfig: pytest.Config) -> None:
    """The configuration that the README works with is a good one."""
    config = LiveConfig.from_toml(pytestconfig.rootpath / "examples" / "live.toml")
    assert config.risk.limits["max_order_notional"] == 1000.0


@pytest.mark.parametrize(
    "section", ["live_alerts", "plugins", "live_watchers", "https://hooks.slack.com/services/hush"]
)
def test_an_address_in_the_wrong_table_is_as_secret(section: str) -> None:
    """No error quotes what follows its host."""
    with pytest.raises(ConfigError) as refused:
        LiveConfig.from_mapping({section: "https://hooks.slack.com/services/hush"})
    assert "hush" not in str(refused.value)
    assert "hush" not in repr(refused.value.problems)
