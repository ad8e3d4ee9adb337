"""What `drills list` shows: read from the files alone, without what it takes to validate or to run them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.scenario_errors import ScenarioError, ScenarioErrors
from drills.scenario_files import find_scenario_files
from drills.yaml_nodes import shown
from drills.yaml_source import NO_KEYS, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from drills.yaml_nodes import Node, Source

REQUIRED = ("drill", "title", "playbook", "track")
TEXT = (str, "a text")
TYPES: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(("drill", "title", "track", "around"), TEXT),
    "playbook": (int, "a whole number"),
    "tags": (list, "a list"),
    "cases": (dict, "keys and values"),
}


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
    if not isinstance(source.root.value, dict):
        raise ScenarioErrors([*source.errors, source.error(source.root.mark, *NO_KEYS)])
    top: Mapping[str, Node] = source.root.value
    errors = [*source.errors, *_errors_in(source, top)]
    if errors:
        raise ScenarioErrors(errors)
    drill, title, playbook, track = (top[key].plain() for key in REQUIRED)
    tags = top["tags"].plain() if "tags" in top else []
    cases = top["cases"].plain() if "cases" in top else ()
    around = top["around"].plain() if "around" in top else ""
    return Heading(drill, title, playbook, track, tuple(tags), source.file, tuple(cases), around)


def _errors_in(source: Source, top: Mapping[str, Node]) -> Iterator[ScenarioError]:
    for key in REQUIRED:
        if key not in top:
            yield source.error(source.root.mark, "MISSING_KEY", f"{key} is missing", "add it")
    for key, (kind, expected) in TYPES.items():
        if key in top and type(top[key].value) is not kind:
            message = f"{key} is {shown(top[key].plain())}"
            yield source.error(top[key].mark, "WRONG_TYPE", message, f"expected {expected}")
