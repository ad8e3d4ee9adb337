"""The whole configuration, the tables of one TOML file.

They are `[live_risk]`, `[live_data]`, `[live_alerts]`, `[live_watchers]` and `[live_breaker]`.

An unknown table or key, a wrong type and a number that is not finite are refused, all at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from live.alerts.config import LiveAlertsConfig, without_addresses
from live.breaker.config import BreakerConfig
from live.config_errors import ConfigError, Problem, collect, in_file
from live.config_files import load_plugins, read_toml, unknown_keys
from live.halts import Halt, read_halts
from live.registry import CROSS_GUARDS, GUARDS, WATCHERS, Registry, nearest
from live.risk_limits import LiveRiskConfig
from live.timetable import calendar_of_bars
from live.validation import read_dataclass

SECTIONS = ("live_risk", "live_data", "live_alerts", "live_watchers", "live_breaker", "plugins")
GENERAL = ("calendar", "calendars", "state_file")
_UNSAID = "is not said, and the rest of the table has no effect without it; write enabled = true, or false"
_NO_GATE = "is true while live_risk.enabled is false, which judges no order; switch both on or both off"


@dataclass(frozen=True, slots=True)
class LiveDataConfig:
    """`[live_data]`: calendars, halts, and a table per guard.

    Attributes:
        calendar: Calendar of every symbol that has none of its own.
        calendars: Calendars by symbol.
        state_file: File in which guards keep what they know, for the next process; empty for none.
        halts: Stretches in which nothing trades although the calendar says so.
        guards: The configuration of every guard of one series, by the guard's name.
        across: The configuration of every guard of all series together, by its name.
    """

    calendar: str = "24x7"
    calendars: Mapping[str, str] = field(default_factory=dict)
    state_file: str = ""
    halts: tuple[Halt, ...] = ()
    guards: Mapping[str, Any] = field(default_factory=dict)
    across: Mapping[str, Any] = field(default_factory=dict)

    def calendar_of(self, symbol: str) -> str:
        """Name of the calendar that says when bars of this symbol are due."""
        return self.calendars.get(symbol, self.calendar)

    def may_be_negative(self, symbol: str) -> bool:
        """Whether prices of this symbol may be zero or below."""
        return symbol in self.guards["not_positive"].negative_prices


@dataclass(frozen=True, slots=True)
class LiveConfig:
    """Everything that `live.monitor` needs to know.

    Attributes:
        risk: Limits and how they act.
        data: Calendars and guards.
        alerts: Where alerts go.
        watchers: The configuration of every watcher, by the watcher's name.
        breaker: When trading is halted, and who lets it in again.
    """

    risk: LiveRiskConfig
    data: LiveDataConfig
    alerts: LiveAlertsConfig
    watchers: Mapping[str, Any]
    breaker: BreakerConfig = field(default_factory=BreakerConfig)

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> LiveConfig:
        """Validate a mapping of sections; a section that is not there has its defaults.

        Raises:
            ConfigError: all problems of all sections.
        """
        problems = unknown_keys(values, SECTIONS)
        with collect(problems, "plugins"):
            load_plugins(values.get("plugins", []))
        with collect(problems, "live_risk"):
            risk = LiveRiskConfig.from_mapping(_table(values, "live_risk"))
        with collect(problems, "live_data"):
            data = _read_data(_table(values, "live_data"))
        with collect(problems, "live_alerts"):
            alerts = LiveAlertsConfig.from_dict(_table(values, "live_alerts"))
        with collect(problems, "live_watchers"):
            tables = _table(values, "live_watchers")
            problems += [one.under("live_watchers") for one in unknown_keys(tables, WATCHERS)]
            watchers = _read_leaves(WATCHERS, tables)
        with collect(problems, "live_breaker"):
            breaker = read_dataclass(BreakerConfig, _table(values, "live_breaker"))
            if "enabled" not in values.get("live_breaker", {"enabled": False}):
                raise ConfigError([Problem(("enabled",), _UNSAID)])
        if not problems:
            problems = _unknown_relatives(risk, data)
        if not problems and breaker.enabled and not risk.enabled:
            problems = [Problem(("live_breaker", "enabled"), _NO_GATE)]
        if problems:
            raise ConfigError(without_addresses(problems))
        return cls(risk, data, alerts, watchers, breaker)

    @classmethod
    def from_toml(cls, path: Path | str) -> LiveConfig:
        """Read a TOML file.

        Raises:
            ConfigError: the file cannot be read, is not TOML, or does not hold what it should.
        """
        values = read_toml(Path(path))
        with in_file(path):
            return cls.from_mapping(values)


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = values.get(name, {})
    if not isinstance(table, Mapping):
        raise ConfigError([Problem((), f"got {table!r}; expected a table of keys and values")])
    return table


def _read_data(values: Mapping[str, Any]) -> LiveDataConfig:
    general = {key: value for key, value in values.items() if key in GENERAL}
    leaves = {key: value for key, value in values.items() if key not in general and key != "halts"}
    problems: list[Problem] = []
    problems += unknown_keys(leaves, (*GUARDS, *CROSS_GUARDS))
    with collect(problems):
        guards = _read_leaves(GUARDS, leaves)
    with collect(problems):
        across = _read_leaves(CROSS_GUARDS, leaves)
    with collect(problems, "halts"):
        halts = read_halts(values.get("halts", ()))
    with collect(problems):
        config = read_dataclass(LiveDataConfig, general)
        for place, name in [("calendar", config.calendar), *config.calendars.items()]:
            with collect(problems, *(("calendar",) if place == "calendar" else ("calendars", place))):
                _check_calendar(name)
    if problems:
        raise ConfigError(problems)
    return replace(config, halts=halts, guards=guards, across=across)


def _unknown_relatives(risk: LiveRiskConfig, data: LiveDataConfig) -> list[Problem]:
    """Symbols that may have the same prices, and that nobody describes where instruments are described."""
    place, known = ("live_data", "same_price", "related"), risk.instruments
    named = dict.fromkeys(symbol for group in data.across["same_price"].related for symbol in group)
    return [
        Problem(place, f"unknown symbol {one!r}; {nearest(one, known)}, described in live_risk.instruments")
        for one in named
        if known and one not in known
    ]


def _check_calendar(name: str) -> None:
    try:
        calendar_of_bars(name)
    except ValueError as error:
        raise ConfigError([Problem((), str(error))]) from None


def _read_leaves(registry: Registry[Any], tables: Mapping[str, Any]) -> dict[str, Any]:
    """A `Config` for every leaf of a kind: from its table where there is one, else the defaults."""
    problems: list[Problem] = []
    configs = {}
    for name in registry:
        with collect(problems, name):
            configs[name] = read_dataclass(registry[name].Config, _table(tables, name))
    if problems:
        raise ConfigError(problems)
    return configs
