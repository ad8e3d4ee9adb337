"""Finds scenario files in the paths that a user names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drills.contracts import Where
from drills.scenario_errors import ScenarioError, ScenarioErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUFFIXES = (".yaml", ".yml")


def find_scenario_files(paths: Sequence[Path]) -> list[Path]:
    """Every scenario file once.

    A file below the working directory is named from there, so that messages and evidence are the same
    wherever that directory is.

    Args:
        paths: Files, and folders that are searched to any depth in the order of the names.

    Raises:
        ScenarioErrors: a path does not exist, or a folder holds no scenario; nothing is never a pass.
    """
    errors: list[ScenarioError] = []
    found: dict[Path, Path] = {}
    here = Path.cwd()
    for path in paths:
        files = list(_files_in(path))
        if not files:
            errors.append(_nothing_at(path))
        for file in files:
            resolved = file.resolve()
            found.setdefault(resolved, resolved.relative_to(here) if resolved.is_relative_to(here) else file)
    if errors:
        raise ScenarioErrors(errors)
    return list(found.values())


def _files_in(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return [path] if path.exists() else []
    return sorted(_walk(path))


def _walk(folder: Path) -> Iterator[Path]:
    for suffix in SUFFIXES:
        yield from (path for path in folder.rglob(f"*{suffix}") if path.is_file())


def _nothing_at(path: Path) -> ScenarioError:
    where = Where(path.as_posix(), 1)
    if path.exists():
        return ScenarioError(
            where, "NO_SCENARIO", "no *.yaml in this folder", "nothing was run; name another folder"
        )
    return ScenarioError(
        where, "MISSING_FILE", "there is no such file or folder", "nothing was run; check the path"
    )
