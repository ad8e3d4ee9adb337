"""Finds scenario files in the paths that a user names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drills.contracts import Where
from drills.scenario_errors import ScenarioError, ScenarioErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUFFIXES = (".yaml", ".yml")


def find_scenario_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Every scenario file once, with its name in messages.

    Args:
        paths: Files, and folders that are searched to any depth in the order of the names.

    Raises:
        ScenarioErrors: a path does not exist, or a folder holds no scenario; nothing is never a pass.
    """
    errors: list[ScenarioError] = []
    found: dict[Path, str] = {}
    here = Path.cwd()
    for path in paths:
        files = list(_files_in(path))
        if not files:
            errors.append(_nothing_at(path))
        for file in files:
            resolved = file.resolve()
            found.setdefault(resolved, _name_of(file, resolved, here))
    if errors:
        raise ScenarioErrors(errors)
    return list(found.items())


def _files_in(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return [path] if path.exists() else []
    return sorted(_walk(path))


def _walk(folder: Path) -> Iterator[Path]:
    for suffix in SUFFIXES:
        yield from (path for path in folder.rglob(f"*{suffix}") if path.is_file())


def _name_of(file: Path, resolved: Path, here: Path) -> str:
    """Seen from the working directory where that is possible, so that evidence is the same everywhere."""
    return resolved.relative_to(here).as_posix() if resolved.is_relative_to(here) else file.as_posix()


def _nothing_at(path: Path) -> ScenarioError:
    where = Where(path.as_posix(), 1)
    if path.exists():
        return ScenarioError(
            where, "NO_SCENARIO", "no *.yaml in this folder", "nothing was run; name another folder"
        )
    return ScenarioError(
        where, "MISSING_FILE", "there is no such file or folder", "nothing was run; check the path"
    )
