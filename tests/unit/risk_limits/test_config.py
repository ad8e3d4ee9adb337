"""The configuration of the risk limits: checked, never coerced."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from inline_snapshot import snapshot

from live.config_errors import ConfigError
from live.risk_limits import LiveRiskConfig, LiveRiskLimits
from tests.unit.risk_limits.support import INF, NAN, order

if TYPE_CHECKING:
    from pathlib import Path

KEYS = [
    "live_trade_min_size",
    "max_daily_loss_abs",
    "max_daily_loss_pct",
    "max_open_positions",
    "max_order_notional",
    "max_symbol_exposure_notional",
    "max_total_exposure_notional",
]


def problems(source: Any, starting_cash: Any = None) -> list[str]:
    """What is wrong with a configuration."""
    with pytest.raises(ConfigError) as refused:
        LiveRiskLimits.from_config(source, starting_cash)
    return [str(problem) for problem in refused.value.problems]


def test_without_any_key_every_limit_is_off() -> None:
    """And the general keys have their defaults."""
    config = LiveRiskConfig()
    assert set(KEYS) < set(config.limits)
    assert set(config.limits.values()) == {None}
    assert (config.enabled, config.base_currency, config.block_on_violation) == (True, "EUR", True)
    assert (config.warning_threshold_factor, config.use_experiments_for_daily_pnl) == (0.8, True)
    assert (config.daily_pnl_registry, config.starting_cash) == (None, None)


def test_limits_read_like_attributes_and_as_a_mapping() -> None:
    """None is a limit that is switched off."""
    config = LiveRiskConfig(max_order_notional=500, max_open_positions=5, max_daily_loss_abs=None)
    assert (config.max_order_notional, config.max_open_positions, config.max_daily_loss_abs) == (
        500.0,
        5,
        None,
    )
    assert config.limits["max_order_notional"] == 500.0


def test_a_misspelt_attribute_names_the_nearest_limit() -> None:
    """The same help as for a misspelt key."""
    with pytest.raises(
        AttributeError, match="no limit 'max_ordr_notional'; did you mean 'max_order_notional'"
    ):
        _ = LiveRiskConfig().max_ordr_notional


def test_equal_values_make_equal_configurations() -> None:
    """However the numbers were written."""
    assert LiveRiskConfig(max_order_notional=500) == LiveRiskConfig(max_order_notional=Decimal(500))
    assert LiveRiskConfig(max_order_notional=500) != LiveRiskConfig(max_order_notional=501)


def test_every_problem_is_told_at_once_with_its_remedy() -> None:
    """What was found, what is expected, and how a limit is switched off."""
    source = {
        "max_order_notionl": 500,
        "max_order_notional": "500 EUR",
        "max_total_exposure_notional": NAN,
        "max_symbol_exposure_notional": -1,
        "max_open_positions": 2.5,
        "max_daily_loss_abs": 0,
        "max_daily_loss_pct": True,
        "live_trade_min_size": "1.000,00",
        "enabled": "yes",
        "base_currency": "",
        "block_on_violation": 1,
        "warning_threshold_factor": 80,
        "use_experiments_for_daily_pnl": None,
        "daily_pnl_registry": 7,
        "daily_pnl_registry_poll_s": -1,
        "session_time_zone": "Europe/Berln",
        "session_day_starts": "24:00",
        "starting_cash": -5,
    }
    assert "\n".join(problems(source)) == snapshot("""\
max_order_notionl: unknown key 'max_order_notionl'; did you mean 'max_order_notional'?
live_trade_min_size: got '1.000,00'; expected a finite number above zero (base units), such as 0.001; leave the key out to switch the limit off
max_daily_loss_abs: got 0; expected a finite number above zero (base currency), such as 500.0; leave the key out to switch the limit off
max_daily_loss_pct: got True; expected a finite number above zero (%), such as 5.0; leave the key out to switch the limit off
max_open_positions: got 2.5; expected a whole number, zero or more, such as 5; leave the key out to switch the limit off
max_order_notional: got '500 EUR'; expected a finite number above zero (base currency), such as 500.0; leave the key out to switch the limit off
max_symbol_exposure_notional: got -1; expected a finite number above zero (base currency), such as 500.0; leave the key out to switch the limit off
max_total_exposure_notional: got nan; expected a finite number above zero (base currency), such as 500.0; leave the key out to switch the limit off
enabled: got 'yes'; expected true or false
base_currency: got ''; expected the code of a currency, such as 'EUR'
block_on_violation: got 1; expected true or false
warning_threshold_factor: got 80; expected a number above 0 and up to 1: the part of a limit at which the warning begins, such as 0.8
use_experiments_for_daily_pnl: got None; expected true or false
daily_pnl_registry: got 7; expected the path of a CSV or Parquet file; leave the key out to do without
daily_pnl_registry_poll_s: got -1; expected a number of seconds, zero or more, such as 1.0
session_time_zone: unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?
session_day_starts: got '24:00'; expected a time of day, hours and minutes, such as '17:00'
starting_cash: got -5; expected a finite number above zero (base currency); leave the key out to use the equity\
""")  # noqa: E501 - a message is longer than a line


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "value",
    [NAN, INF, -INF, -1, True, "500", "500 EUR", "1.000,00", [500], {}, pytest.param(10**5000, id="int")],
)
def test_a_limit_that_is_no_sound_number_is_refused(key: str, value: Any) -> None:
    """It is never guessed what a text or a bool may have meant."""
    (problem,) = problems({key: value})
    assert problem.startswith(f"{key}: got ")
    assert "leave the key out to switch the limit off" in problem


@pytest.mark.parametrize("key", [key for key in KEYS if key != "max_open_positions"])
def test_zero_is_no_limit(key: str) -> None:
    """It would refuse everything, where many a writer means nothing."""
    assert "above zero" in problems({key: 0})[0]


def test_zero_open_positions_is_a_limit() -> None:
    """An account that must stay flat."""
    assert LiveRiskConfig(max_open_positions=0).max_open_positions == 0


@pytest.mark.parametrize("factor", [0, -0.1, 1.01, NAN, "0.8", True, None])
def test_the_warning_factor_lies_above_zero_and_up_to_one(factor: Any) -> None:
    """A percentage or a text is a mistake."""
    assert problems({"warning_threshold_factor": factor})[0].startswith("warning_threshold_factor: got ")


def test_a_mapping_may_be_flat_or_hold_a_table() -> None:
    """Other tables beside it are none of its business."""
    flat = LiveRiskLimits.from_config({"max_order_notional": 500})
    table = LiveRiskLimits.from_config({"live_risk": {"max_order_notional": 500}, "general": {"x": 1}})
    assert flat.config == table.config


def test_the_argument_starting_cash_goes_before_the_key() -> None:
    """The caller knows the account."""
    source = {"live_risk": {"starting_cash": 1000}}
    assert LiveRiskLimits.from_config(source, 2000).config.starting_cash == 2000
    assert LiveRiskLimits.from_config(source).config.starting_cash == 1000
    assert problems(source, "2000")[0].startswith("live_risk.starting_cash: got '2000'")


def test_a_toml_file_needs_its_table(tmp_path: Path) -> None:
    """A file without one must not look like a file that switches all limits off."""
    file = tmp_path / "live.toml"
    file.write_text("[general]\nx = 1\n", encoding="utf-8")
    assert problems(file) == [
        f"{file}.live_risk: the table is missing; without it no limit would be in force"
    ]


def test_a_toml_file_is_read(tmp_path: Path) -> None:
    """By path or by name."""
    file = tmp_path / "live.toml"
    file.write_text("[live_risk]\nmax_order_notional = 500\n", encoding="utf-8")
    for source in (file, str(file)):
        limits = LiveRiskLimits.from_config(source)
        assert not limits.check_orders([order(notional=500)]).allowed


@pytest.mark.parametrize("content", [b"[live_risk", b"\xff\xfe\x00", b"live_risk = 5", b"[live_risk]\nx = 1"])
def test_a_toml_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes) -> None:
    """Broken, binary, no table, unknown key."""
    file = tmp_path / "live.toml"
    file.write_bytes(content)
    assert str(file) in problems(file)[0]


@pytest.mark.parametrize("source", ["no-such.toml", ".", "nul\0.toml"])
def test_a_file_that_cannot_be_opened_is_named(source: str) -> None:
    """Missing, a folder, no possible name."""
    assert problems(source)[0].endswith("nothing was configured")


@pytest.mark.parametrize("source", [None, 5, ["max_order_notional"]])
def test_a_source_that_is_neither_mapping_nor_path_is_refused(source: Any) -> None:
    """With what it should have been."""
    assert problems(source)[0].endswith("expected a mapping, or the path of a TOML file")


def test_a_key_beside_its_table_is_refused() -> None:
    """A limit that has no effect must not look like one that has."""
    source = {"live_risk": {}, "max_order_notional": 500, "enabled": False, "max_else": 1}
    text = "stands outside the table [live_risk], where it has no effect; move it into the table"
    assert problems(source) == [f"max_order_notional: {text}", f"enabled: {text}"]


def test_a_configuration_can_be_copied_and_sent_to_another_process() -> None:
    """It is plain data."""
    config = LiveRiskConfig(max_order_notional=500)
    assert pickle.loads(pickle.dumps(config)) == copy.deepcopy(config) == config  # noqa: S301 - our own


def test_a_table_that_is_no_table_is_refused() -> None:
    """`live_risk = 5`."""
    assert problems({"live_risk": 5}) == ["live_risk: got 5; expected a table of keys and values"]
