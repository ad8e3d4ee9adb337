"""The configuration of the risk limits: `[live_risk]`. Values are checked and never coerced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import time
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from live.amounts import finite
from live.config_errors import ConfigError, Problem, collect
from live.config_files import as_config_error, load_plugins, read_toml, unknown_keys
from live.contracts import Sense, Unit
from live.instruments import Instrument
from live.orders import strategy_name
from live.registry import RULES, nearest
from live.risk_limits.pnl.session_day import SessionDay
from live.risk_limits.soundness import is_name, seconds
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from live.contracts import RiskRule, Setting

SECTION = "live_risk"
_HOURS_AND_MINUTES = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MISPLACED = f"stands outside the table [{SECTION}], where it has no effect; move it into the table"
_EXAMPLES = {Unit.MONEY: "500.0", Unit.PERCENT: "5.0", Unit.COUNT: "5", Unit.QUANTITY: "0.001"}
_EXAMPLES |= {Unit.RATIO: "3.0", Unit.SECONDS: "60.0"}


@dataclass(frozen=True, init=False)
class LiveRiskConfig:
    """What the risk limits are, and how they act.

    Every registered rule brings the key of its limit: `max_order_notional`, `max_symbol_exposure_notional`,
    `max_total_exposure_notional`, `max_open_positions`, `max_daily_loss_abs`, `max_daily_loss_pct`,
    `live_trade_min_size`, and those of plugins. They read like attributes: `config.max_order_notional`.

    Attributes:
        enabled: False lets everything pass unjudged, but for what exceeds an absolute ceiling or a breaker
            refuses.
        base_currency: What money is counted in.
        block_on_violation: Whether a breach pages (CRITICAL) or warns; it is refused either way.
        warning_threshold_factor: At which part of a limit a warning begins, above 0 and up to 1.
        use_experiments_for_daily_pnl: Whether `daily_pnl_registry` is asked, where it is set.
        daily_pnl_registry: CSV or Parquet file with the columns `ts` and `realized_pnl_net`, relative to the
            working directory.
        daily_pnl_registry_poll_s: After how many seconds the registry is looked at again.
        session_time_zone: Where a day's result is counted from: `America/New_York`.
        session_day_starts: When a day begins there; at noon or later it has the date of the day after.
        starting_cash: What a daily loss in percent refers to, in the base currency.
        starting_peak_equity: The highest equity before the start, that a drawdown is counted from.
        instruments: What is known of instruments, by symbol: a table `[live_risk.instruments."SYMBOL"]` each.
        fx_rates: What one unit of a currency is worth in the base currency: `[live_risk.fx_rates]`.
        strategies: Limits of single strategies by name and key: a table `[live_risk.strategies.NAME]` each.
        limits: Every limit by its key; None where it is switched off.
        settings: Every key that rules declare beside their limits, with its value.
    """

    enabled: bool = True
    base_currency: str = "EUR"
    block_on_violation: bool = True
    warning_threshold_factor: float = 0.8
    use_experiments_for_daily_pnl: bool = True
    daily_pnl_registry: str | None = None
    daily_pnl_registry_poll_s: float = 1.0
    session_time_zone: str = "UTC"
    session_day_starts: time = time()
    starting_cash: float | None = None
    starting_peak_equity: float | None = None
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    fx_rates: Mapping[str, float] = field(default_factory=dict)
    strategies: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    limits: Mapping[str, float | None] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __init__(self, /, **values: Any) -> None:
        """Take the values of the keys; a key that is not given has its default, a limit is then off.

        Raises:
            ConfigError: unknown keys and unusable values, all of them at once.
        """
        rules = _rules()
        settings = {one.key: one for rule in rules.values() for one in rule.settings}
        problems = unknown_keys(values, [*_GENERAL, *rules, *settings])
        checked = _defaults() | {"limits": dict.fromkeys(rules) | _limits(values, rules, problems)}
        checked["settings"] = _settings(values, rules, settings, problems)
        for key, check in _GENERAL.items():
            if key in values:
                with collect(problems, key):
                    checked[key] = check(values[key])
        if problems:
            raise ConfigError(problems)
        for key, value in checked.items():
            object.__setattr__(self, key, value)

    def __getattr__(self, key: str) -> float | None:
        """The limit of that key; None where it is switched off."""
        limits: Mapping[str, float | None] = self.__dict__.get("limits", {})
        try:
            return limits[key]
        except KeyError:
            raise AttributeError(f"no limit {key!r}; {nearest(key, limits)}") from None

    def but(self, **changes: Any) -> LiveRiskConfig:
        """The same configuration with other values of some keys.

        Raises:
            ConfigError: unknown keys and unusable values, all of them at once.
        """
        general = {key: getattr(self, key) for key in _GENERAL if key != "instruments"}
        described = {
            symbol: {
                one.name: getattr(instrument, one.name) for one in fields(instrument) if one.name != "symbol"
            }
            for symbol, instrument in self.instruments.items()
        }
        return LiveRiskConfig(
            **{**self.limits, **self.settings, **general, "instruments": described, **changes}
        )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> LiveRiskConfig:
        """The configuration that a flat mapping of keys describes.

        Raises:
            ConfigError: it is no mapping, or holds unknown keys or unusable values; all of them at once.
        """
        if not isinstance(values, Mapping):
            raise ConfigError([Problem((), f"got {shown(values)}; expected a table of keys and values")])
        return cls(**{str(key): value for key, value in values.items()})

    @classmethod
    def load(
        cls, source: Mapping[str, Any] | PathLike[str] | str, over: Mapping[str, Any] | None = None
    ) -> LiveRiskConfig:
        """The configuration that a mapping or a TOML file describes; plugins that it names are loaded.

        Args:
            source: Flat keys, or a table `live_risk` among others; a TOML file must have that table.
            over: Keys that are laid over those of the source.

        Raises:
            ConfigError: the file cannot be read, has no such table, or holds what cannot be used.
        """
        over = over or {}
        if isinstance(source, Mapping):
            return (
                cls._from_tables(source, over) if SECTION in source else cls.from_mapping({**source, **over})
            )
        if not isinstance(source, (str, PathLike)):
            raise _refused(source, "a mapping, or the path of a TOML file")
        tables = read_toml(source)
        try:
            return cls._from_tables(tables, over)
        except ConfigError as error:
            raise ConfigError(problem.under(str(source)) for problem in error.problems) from None

    @classmethod
    def _from_tables(cls, tables: Mapping[str, Any], over: Mapping[str, Any]) -> LiveRiskConfig:
        if SECTION not in tables:
            raise ConfigError(
                [Problem((SECTION,), "the table is missing; without it no limit would be in force")]
            )
        problems = [Problem((key,), _MISPLACED) for key in tables if key in _GENERAL or key in _rules()]
        with collect(problems, "plugins"):
            load_plugins(tables.get("plugins", []))
        with collect(problems, SECTION):
            table = tables[SECTION]
            config = cls.from_mapping({**table, **over} if isinstance(table, Mapping) else table)
        if problems:
            raise ConfigError(problems)
        return config


def _rules() -> dict[str, RiskRule]:
    with as_config_error():
        return {rule.key: rule for rule in RULES.values()}


def _defaults() -> dict[str, Any]:
    general = (one for one in fields(LiveRiskConfig) if one.name in _GENERAL)
    return {one.name: {} if one.default is MISSING else one.default for one in general}


def _limits(
    values: Mapping[str, Any], rules: Mapping[str, RiskRule], problems: list[Problem]
) -> dict[str, Any]:
    limits = {}
    for key, rule in rules.items():
        with collect(problems, key):
            limits[key] = _limit(values.get(key), rule.unit)
    return limits


def _settings(
    values: Mapping[str, Any],
    rules: Mapping[str, RiskRule],
    settings: Mapping[str, Setting],
    problems: list[Problem],
) -> dict[str, Any]:
    """The keys beside the limits, and the lists of names that limits are about."""
    checked = {key: setting.default for key, setting in settings.items()}
    for key in settings:
        if key in values:
            with collect(problems, key):
                checked[key] = _checked(settings[key].check, values[key])
    names = (key for key, rule in rules.items() if rule.unit is Unit.NAMES)
    return checked | {key: _names(values.get(key)) for key in names}


def _checked(check: Callable[[object], Any], value: object) -> Any:
    try:
        return check(value)
    except (TypeError, ValueError) as error:
        raise _refused(value, str(error)) from None


def _names(value: object) -> tuple[str, ...] | None:
    """A list of names; what is none has been complained about as the limit already."""
    return tuple(value) if isinstance(value, (list, tuple)) else None


def _limit(value: object, unit: Unit) -> float | None:
    if value is None:
        return None
    if unit is Unit.NAMES:
        if isinstance(value, (list, tuple)) and all(map(is_name, value)):
            return 0
        raise _refused(value, 'a list of names, such as ["BTC/EUR"]; leave the key out to switch it off')
    number = finite(value)
    if unit is Unit.COUNT and number >= 0 and number.is_integer():
        return int(number)
    if unit is not Unit.COUNT and number > 0:
        return number
    raise _refused(
        value, f"a {_wanted(unit)}, such as {_EXAMPLES[unit]}; leave the key out to switch the limit off"
    )


def _wanted(unit: Unit) -> str:
    return "whole number, zero or more" if unit is Unit.COUNT else f"finite number above zero ({unit})"


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise _refused(value, "true or false")
    return value


def _currency(value: object) -> str:
    if not isinstance(value, str) or not value.isalnum():
        raise _refused(value, "the code of a currency, such as 'EUR'")
    return value


def _factor(value: object) -> float:
    number = finite(value)
    if not 0 < number <= 1:
        raise _refused(
            value,
            "a number above 0 and up to 1: the part of a limit at which the warning begins, such as 0.8",
        )
    return number


def _path(value: object) -> str | None:
    if value is not None and not (isinstance(value, (str, PathLike)) and str(value)):
        raise _refused(value, "the path of a CSV or Parquet file; leave the key out to do without")
    return None if value is None else fspath(value)


def _poll(value: object) -> float:
    poll_s: float = _checked(seconds(1.0), value)
    return poll_s


def _zone(value: object) -> str:
    if not isinstance(value, str):
        raise _refused(value, "the name of a time zone, such as 'America/New_York'")
    try:
        SessionDay(value)
    except ValueError as error:
        raise ConfigError([Problem((), str(error))]) from None
    return value


def _time(value: object) -> time:
    known = value
    if isinstance(value, str) and _HOURS_AND_MINUTES.fullmatch(value):
        known = time.fromisoformat(value)
    if not isinstance(known, time) or known.tzinfo is not None:
        raise _refused(value, "a time of day, hours and minutes, such as '17:00'")
    return known


def _cash(value: object) -> float | None:
    if value is not None and not finite(value) > 0:
        raise _refused(
            value, "a finite number above zero (base currency); leave the key out to use the equity"
        )
    return None if value is None else finite(value)


def _instruments(value: object) -> dict[str, Instrument]:
    if not isinstance(value, Mapping):
        raise _refused(value, "a table of instruments by symbol")
    from live.validation import read_dataclass

    problems: list[Problem] = []
    read: dict[str, Instrument] = {}
    for symbol, described in value.items():
        with collect(problems, symbol):
            if not isinstance(described, Mapping):
                raise _refused(described, "a table of keys and values")
            read[symbol] = _sound(read_dataclass(Instrument, {**described, "symbol": symbol}))
    if problems:
        raise ConfigError(problems)
    return read


def _sound(instrument: Instrument) -> Instrument:
    if instrument.calendar:
        from live.calendars import calendar_named

        try:
            calendar_named(instrument.calendar)
        except ValueError as error:
            raise ConfigError([Problem(("calendar",), str(error))]) from None
    amounts = ("tick", "lot", "multiplier", "outstanding")
    wrong = [
        name for name in amounts if not (getattr(instrument, name) is None or getattr(instrument, name) > 0)
    ]
    if wrong:
        raise ConfigError(
            Problem((name,), f"got {shown(getattr(instrument, name))}; expected a number above zero")
            for name in wrong
        )
    return instrument


def _strategies(value: object) -> dict[str, dict[str, float | None]]:
    if not isinstance(value, Mapping):
        raise _refused(value, "a table of tables with limits, by the name of the strategy")
    fitting = {
        key: rule
        for key, rule in _rules().items()
        if rule.sense is not Sense.LOSS and rule.unit is not Unit.NAMES
    }
    problems: list[Problem] = []
    read: dict[str, dict[str, float | None]] = {}
    for name, limits in value.items():
        with collect(problems, name):
            if not isinstance(limits, Mapping):
                raise _refused(limits, "a table of limits")
            wrong = unknown_keys(limits, fitting)
            read[name] = _limits(limits, fitting, wrong)
            if wrong:
                raise ConfigError(wrong)
    known: dict[str, str] = {}
    for name in read:
        first = known.setdefault(strategy_name(name), name)
        if first != name:
            problems.append(Problem((name,), f"is the same strategy as {first!r}, in other cases"))
    if problems:
        raise ConfigError(problems)
    return read


def _fx_rates(value: object) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise _refused(value, "a table of rates by currency, such as {USD = 0.92}")
    wrong = [currency for currency, rate in value.items() if not finite(rate) > 0]
    if wrong:
        expected = "expected a finite number above zero: base currency for one unit"
        raise ConfigError(Problem((name,), f"got {shown(value[name])}; {expected}") for name in wrong)
    return {str(currency): finite(rate) for currency, rate in value.items()}


def _refused(value: object, expected: str) -> ConfigError:
    return ConfigError([Problem((), f"got {shown(value)}; expected {expected}")])


_GENERAL: Mapping[str, Callable[[object], Any]] = {
    "enabled": _bool,
    "base_currency": _currency,
    "block_on_violation": _bool,
    "warning_threshold_factor": _factor,
    "use_experiments_for_daily_pnl": _bool,
    "daily_pnl_registry": _path,
    "daily_pnl_registry_poll_s": _poll,
    "session_time_zone": _zone,
    "session_day_starts": _time,
    "starting_cash": _cash,
    "starting_peak_equity": _cash,
    "instruments": _instruments,
    "fx_rates": _fx_rates,
    "strategies": _strategies,
}
