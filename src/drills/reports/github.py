"""Annotations for GitHub Actions: each finding beside the line of the scenario that it contradicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Report, Verdict
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.contracts import Judgement, Where
    from drills.run import DrillResult
    from drills.scenario_errors import ScenarioError

COMMANDS = {Verdict.FAIL: "error", Verdict.UNKNOWN: "warning"}


class Github(Report):
    """Workflow commands: FAIL is an error, UNKNOWN a warning; a drill that passed says nothing."""

    name = "github"
    filename = "annotations.txt"

    def render(self, results: Sequence[DrillResult]) -> str:
        """A line per finding."""
        return "".join(_line(result, judgement) for result in results for judgement in result.judgements)

    def refused(self, errors: Sequence[ScenarioError]) -> str:
        """A line per mistake in a scenario file."""
        return "".join(
            _command("error", one.where, one.code, f"{one.message}; {one.remedy}") for one in errors
        )


def _line(result: DrillResult, judgement: Judgement) -> str:
    where = judgement.where or result.scenario.where(())
    near = f" (nearest: {judgement.nearest})" if judgement.nearest else ""
    title = f"{judgement.code} in {result.scenario.id}"
    return _command(COMMANDS[judgement.verdict], where, title, f"{judgement.message}{near}")


def _command(kind: str, where: Where, title: str, text: str) -> str:
    place = f"file={_property(where.file)},line={where.line},col={where.column},title={_property(title)}"
    return f"::{kind} {place}::{_data(text)}\n"


def _data(text: str) -> str:
    """A text as a workflow command carries it: its line breaks and percent signs are escaped."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
