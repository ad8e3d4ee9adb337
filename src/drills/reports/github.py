"""Annotations for GitHub Actions: each finding beside the line of the scenario that it contradicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Report, Verdict
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.contracts import Judgement
    from drills.run import DrillResult

COMMANDS = {Verdict.FAIL: "error", Verdict.UNKNOWN: "warning"}


class Github(Report):
    """Workflow commands: FAIL is an error, UNKNOWN a warning; a drill that passed says nothing."""

    name = "github"
    filename = "annotations.txt"

    def render(self, results: Sequence[DrillResult]) -> str:
        """A line per finding."""
        return "".join(_line(result, judgement) for result in results for judgement in result.judgements)


def _line(result: DrillResult, judgement: Judgement) -> str:
    where = judgement.where or result.scenario.where(())
    title = f"{judgement.code} in {result.scenario.id}"
    place = f"file={_property(where.file)},line={where.line},col={where.column},title={_property(title)}"
    near = f" (nearest: {judgement.nearest})" if judgement.nearest else ""
    return f"::{COMMANDS[judgement.verdict]} {place}::{_data(f'{judgement.message}{near}')}\n"


def _data(text: str) -> str:
    """A text as a workflow command carries it: its line breaks and percent signs are escaped."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
