"""What `drills list` shows: read from the files alone, without what it takes to validate or to run them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.scenario_errors import ScenarioError, ScenarioErrors
from drills.scenario_files import find_scenario_files
from drills.yaml_source import read_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from drills.yaml_nodes import Node, Source

REQUIRED = ("drill", "title", "playbook", "track")


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a scenario file.

    Attributes:
        drill: Id of the drill.
        title: What it shows.
        playbook: Number of the scenario in the playbook.
        track: paper, shadow or testnet.
        tags: Words to select drills by.
        file: The file, as messages name it.
        cases: The names of its cases; empty when it has none.
        around: The limit that it goes around; empty when there is none.
    """

    drill: str
    title: str
    playbook: int
    track: str
    tags: tuple[str, ...]
    file: str
    cases: tuple[str, ...]
    around: str


def list_scenarios(paths: Sequence[Path]) -> list[Heading]:
    """The headings of scenario files, in the order in which `load_scenarios` loads them.

    Args:
        paths: Files, and folders that are searched to any depth.

    Raises:
        ScenarioErrors: files that cannot be read, or have no heading.
    """
    errors: list[ScenarioError] = []
    headings = []
    for path in find_scenario_files(paths):
        try:
            headings.append(_heading(read_source(path)))
        except ScenarioErrors as refused:
            errors += refused.errors
    if errors:
        raise ScenarioErrors(errors)
    return headings


def _heading(source: Source) -> Heading:
    top: Mapping[str, Node] = source.root.value if isinstance(source.root.value, dict) else {}
    missing = [key for key in REQUIRED if key not in top]
    if missing or source.errors:
        raise ScenarioErrors([*source.errors, *(_missing(source, key) for key in missing)])
    drill, title, playbook, track = (top[key].plain() for key in REQUIRED)
    tags = top["tags"].plain() if "tags" in top else []
    cases = top["cases"].plain() if "cases" in top else ()
    around = top["around"].plain() if "around" in top else ""
    return Heading(drill, title, playbook, track, tuple(tags), source.file, tuple(cases), around)


def _missing(source: Source, key: str) -> ScenarioError:
    return source.error(source.root.mark, "MISSING_KEY", f"{key} is missing", "add it")
