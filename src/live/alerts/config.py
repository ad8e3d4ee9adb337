"""`[live_alerts]`: whether and where alerts go. Every mistake is an error, and none quotes a URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from live.alerts.addresses import names_of
from live.alerts.dispatch.config import HEARTBEAT_SINK, DispatchConfig
from live.alerts.redact import redact_text
from live.alerts.secret_url import SecretUrls
from live.config_errors import ConfigError, Problem, collect
from live.events import AlertLevel
from live.registry import SINKS, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

OWN_KEYS = ("enabled", "min_level", "sinks", "dispatch", "allow_private_urls")
DEFAULT_SINKS: tuple[str, ...] = ("log",)
MISSING = "is missing"
NAMING = ("fallback", "routes", "silences", "inhibitions")
"""What names sinks, codes or sources in `dispatch`."""


@dataclass(frozen=True, slots=True)
class LiveAlertsConfig:
    """Where alerts go; made by `from_dict`, which knows the defaults.

    Attributes:
        enabled: Whether alerts are sent at all.
        min_level: Alerts below it are not sent, by any sink.
        sinks: Names of the sinks, in the order in which they are served.
        settings: The configuration of each of these sinks, by its name.
        dispatch: How an `AlertDispatcher` thins alerts out and delivers them; None when nothing is said.
    """

    enabled: bool
    min_level: AlertLevel
    sinks: tuple[str, ...]
    settings: Mapping[str, Any]
    dispatch: DispatchConfig | None = None

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> LiveAlertsConfig:
        """Read a mapping with the keys `enabled`, `min_level`, `sinks` and those of every known sink.

        Unless told otherwise, alerts are enabled, from WARNING up, and go to the log.

        Raises:
            ConfigError: all problems at once; paths begin at this mapping.
        """
        if not isinstance(values, Mapping):
            raise ConfigError([Problem((), f"expected a table, got {type(values).__name__}")])
        problems = list(_unknown_keys(values))
        read = _Reader(values, problems)
        enabled = read("enabled", _boolean, default=True)
        min_level = read("min_level", _level, default=AlertLevel.WARNING)
        sinks = read("sinks", _sinks, default=_known_sinks(values.get("sinks", DEFAULT_SINKS)))
        settings = {name: _settings_of(name, values, problems, wanted=name in sinks) for name in SINKS}
        allowed = read("allow_private_urls", _boolean, default=False)
        problems += [] if allowed else _exposed(settings)
        dispatch = _dispatch(values, {name: settings[name] for name in sinks}, problems)
        if problems:
            raise ConfigError(dict.fromkeys(without_addresses(problems)))
        return cls(enabled, min_level, sinks, {name: settings[name] for name in sinks}, dispatch)


def _exposed(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Every address that is not https to a public host."""
    for config in settings.values():
        for one in () if config is None else fields(config):
            value = getattr(config, one.name)
            urls = value if isinstance(value, SecretUrls) else ()
            for number, url in enumerate(urls, start=1):
                if url.exposed:
                    why = f"URL {number}: {url.exposed}; set allow_private_urls = true if that is meant"
                    yield Problem((one.name,), why)


def _dispatch(
    values: Mapping[str, Any], settings: Mapping[str, Any], problems: list[Problem]
) -> DispatchConfig | None:
    from live.alerts.dispatch.matches import unknown_in_matches
    from live.validation import read_dataclass, read_parts

    if "dispatch" not in values:
        return None
    found = list[Problem]()
    with collect(found):
        read = read_dataclass(DispatchConfig, values["dispatch"])
    parts, _ = read_parts(DispatchConfig, values["dispatch"])
    with suppress(ConfigError):  # what this refuses is told already
        named = DispatchConfig(**{name: parts[name] for name in NAMING if parts.get(name)})
        addresses = {name: _addresses(name, config) for name, config in settings.items()}
        wrong = (*named.unknown_names(SINKS, addresses), *unknown_in_matches(named))
        found += [Problem((), text) for text in wrong]
    problems += [problem.under("dispatch") for problem in found]
    return None if found else read


def _addresses(sink: str, config: Any) -> list[str]:
    """What the addresses of a sink are called; none where it could not be read."""
    if config is None:
        return []
    values = [getattr(config, one.name) for one in fields(config)]
    urls = next((value for value in values if isinstance(value, SecretUrls)), ())
    return names_of(sink, len(urls))


def without_addresses(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The same problems with every URL redacted: an address that stands in the wrong place is as secret."""
    for problem in problems:
        path = (redact_text(key) if isinstance(key, str) else key for key in problem.path)
        yield Problem(tuple(path), redact_text(problem.message))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one key after the other, and collects what is wrong."""

    values: Mapping[str, Any]
    problems: list[Problem]

    def __call__(self, key: str, parse: Callable[[Any], T], *, default: T) -> T:
        if key not in self.values:
            return default
        try:
            return parse(self.values[key])
        except ValueError as error:
            self.problems.append(Problem((key,), str(error)))
            return default


def _unknown_keys(values: Mapping[str, Any]) -> Iterator[Problem]:
    known = {*OWN_KEYS, *(key for sink in SINKS.values() for key in _keys_of(sink))}
    for key in values:
        if key not in known:
            yield Problem((key,), f"unknown key; {nearest(str(key), known)}")


def _keys_of(sink: Any) -> list[str]:
    return [one.name for one in fields(sink.Config)]


def _settings_of(name: str, values: Mapping[str, Any], problems: list[Problem], *, wanted: bool) -> Any:
    """The sink's own configuration; of a sink that is not wanted only what is there is checked."""
    from live.validation import read_dataclass

    config = SINKS[name].Config
    given = {
        key: values[key] for key in _keys_of(SINKS[name]) if key in values and values[key] not in ([], ())
    }
    try:
        return read_dataclass(config, given)
    except ConfigError as error:
        problems.extend(_worded(one, name) for one in error.problems if wanted or one.message != MISSING)
        return None


def _worded(problem: Problem, sink: str) -> Problem:
    return (
        Problem(problem.path, f"{MISSING}; the sink {sink!r} needs it")
        if problem.message == MISSING
        else problem
    )


def _boolean(given: object) -> bool:
    if not isinstance(given, bool):
        raise ValueError(f"expected true or false, got {given!r}")  # noqa: TRY004 - configuration errors are values
    return given


def _level(given: object) -> AlertLevel:
    names = [level.name for level in AlertLevel]
    if isinstance(given, str):
        if given.upper() in names:
            return AlertLevel[given.upper()]
        raise ValueError(f"unknown level {given!r}; {nearest(given.upper(), names)}")
    if isinstance(given, bool) or not isinstance(given, int) or given not in tuple(AlertLevel):
        raise ValueError(f"expected one of {', '.join(names)}, got {given!r}")
    return AlertLevel(given)


def _sinks(given: object) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list | tuple):
        raise ValueError(f"expected a list of sink names, got {given!r}")  # noqa: TRY004 - configuration errors are values
    known = list(SINKS)
    wrong = [f"unknown sink {name!r}; {nearest(str(name), known)}" for name in names if name not in known]
    wrong += [f"sink {name!r} is named twice" for name in known if names.count(name) > 1]
    if names and set(map(str, names)) == {HEARTBEAT_SINK}:
        wrong.append(f"{HEARTBEAT_SINK!r} hears no alerts; add a sink that does, such as 'log'")
    if wrong:
        raise ValueError("; ".join(wrong))
    return tuple(names)


def _known_sinks(given: object) -> tuple[str, ...]:
    """Those of a list that has mistakes: what they lack is told with these."""
    known = list(SINKS)
    return tuple(name for name in given if name in known) if isinstance(given, list | tuple) else ()
