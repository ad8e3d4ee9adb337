"""What every way into the configuration shares: a TOML file, and the plugins that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.config_errors import ConfigError, Problem
from live.registry import RegistryError, load_plugin

if TYPE_CHECKING:
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
        ConfigError: `names` is no list, or one of the modules cannot be imported or holds no leaf.
    """
    if not isinstance(names, list):
        raise ConfigError([Problem((), f"got {names!r}; expected a list of module names")])
    for name in names:
        try:
            load_plugin(name)
        except RegistryError as error:
            raise ConfigError([Problem((), str(error))]) from None
