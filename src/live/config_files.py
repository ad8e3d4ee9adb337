"""What every way into the configuration shares: TOML files, the plugins that they name, unknown keys."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from live.config_errors import ConfigError, Problem, collect
from live.registry import RegistryError, load_plugin, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike


def read_toml(path: PathLike[str] | str) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        ConfigError: the file cannot be read or is not TOML; the message names the file and the line.
    """
    import tomllib
    from pathlib import Path

    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError([Problem((), f"{path}: is not TOML: {error}")]) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError([Problem((), f"{path}: cannot be read ({why}); nothing was configured")]) from None


def load_plugins(names: object) -> None:
    """Add the leaves of modules to their registries.

    Raises:
        ConfigError: `names` is no list, or a module cannot be imported, holds no leaf, or one that breaks a
            law; all of them at once.
    """
    if not isinstance(names, list):
        raise ConfigError([Problem((), f"got {names!r}; expected a list of module names")])
    problems: list[Problem] = []
    for name in names:
        with collect(problems), as_config_error():
            load_plugin(name)
    if problems:
        raise ConfigError(problems)


@contextmanager
def as_config_error() -> Iterator[None]:
    """Tell what is wrong with leaves as what is wrong with the configuration that needs them."""
    try:
        yield
    except RegistryError as error:
        raise ConfigError(Problem((), line) for line in str(error).splitlines()) from None


def unknown_keys(values: Mapping[str, Any], known: Iterable[str]) -> list[Problem]:
    """A problem for every key that is not known, with the nearest that is."""
    names = list(known)
    return [
        Problem((key,), f"unknown key {key!r}; {nearest(str(key), names)}")
        for key in values
        if key not in names
    ]
