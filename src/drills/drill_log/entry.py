"""What a log says about one drill."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Literal

from drills.drill_log.findings import DrillLogError
from drills.drill_log.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

Result = Literal["PASS", "ISSUES", "UNKNOWN"]
TRACKS = ("paper", "shadow", "testnet")

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DrillLogEntry:
    """One drill, ready to be logged. All texts are plain text: they are escaped when the log is written.

    Attributes:
        date: When it was run; aware, UTC.
        operator: Who ran it.
        track: `paper`, `shadow` or `testnet`.
        scenario_id: Id of the scenario; with `history_sha256` and the day the identity of this entry.
        scenario_title: What the scenario is about, in a few words.
        playbook: Number and title of the playbook's scenario; None for a drill outside the playbook.
        preconditions: What had to hold before, backups included.
        steps: What was done. The first line of a step says it; further lines are the command that does it.
        command: The command that reproduces the whole drill.
        observations: What was seen.
        result: `PASS`, `ISSUES` or `UNKNOWN`. `PASS` needs at least one criterion and all of them met.
        criteria: Success criteria, each with whether it was met; None where nobody can tell.
        thresholds: The thresholds in force: key, and value with unit.
        evidence: Relative path and SHA-256 of each file of evidence.
        follow_ups: What is to be done now.
        history_sha256: Identity of the run's history.

    Raises:
        DrillLogError: The entry cannot be logged; all reasons at once.
    """

    date: datetime
    operator: str
    track: str
    scenario_id: str
    scenario_title: str
    playbook: tuple[int, str] | None
    preconditions: tuple[str, ...]
    steps: tuple[str, ...]
    command: str
    observations: tuple[str, ...]
    result: Result
    criteria: tuple[tuple[str, bool | None], ...]
    thresholds: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    follow_ups: tuple[str, ...]
    history_sha256: str

    def __post_init__(self) -> None:
        """Refuse what must not stand in a log."""
        problems = [f"drill {self.scenario_id!r}: {problem}" for problem in self._problems()]
        if problems:
            raise DrillLogError(problems)

    @property
    def identity(self) -> tuple[str, str, str]:
        """Scenario, history and day: held again on another day, it is another drill."""
        return self.scenario_id, self.history_sha256, f"{self.date:%Y-%m-%d}"

    @property
    def criteria_met(self) -> int:
        """How many criteria were met."""
        return sum(met is True for _, met in self.criteria)

    def _problems(self) -> Iterator[str]:
        if self.date.utcoffset() != timedelta(0):
            yield f"date {self.date.isoformat()} is not in UTC; give an aware datetime in UTC"
        if self.track not in TRACKS:
            yield f"track {self.track!r} is not one of {', '.join(TRACKS)}; drills never run on another track"
        if not _SHA256.fullmatch(self.history_sha256):
            yield f"history {self.history_sha256!r} is no SHA-256; give 64 lower-case hexadecimal digits"
        texts = {"operator": self.operator, "scenario title": self.scenario_title, "command": self.command}
        for name, text in texts.items():
            if not clean(text):
                yield f"the {name} is empty; a log entry needs it"
        if self.playbook and not clean(self.playbook[1]):
            yield f"scenario {self.playbook[0]} of the playbook has no title; a log entry needs it"
        if not self.scenario_id or clean(self.scenario_id) != self.scenario_id:
            yield "the scenario id is empty or holds line breaks or stray blanks; give the scenario's id"
        yield from self._result_problems()
        yield from self._evidence_problems()

    def _result_problems(self) -> Iterator[str]:
        if self.result not in {"PASS", "ISSUES", "UNKNOWN"}:
            yield f"result {self.result!r} is not PASS, ISSUES or UNKNOWN"
        if self.result == "PASS" and not self.criteria:
            yield "result PASS without a criterion proves nothing; name the criteria or log it as UNKNOWN"
        if self.result == "PASS" and self.criteria_met < len(self.criteria):
            met = f"{self.criteria_met} of {len(self.criteria)}"
            yield f"result PASS with {met} criteria met; log it as ISSUES or UNKNOWN"

    def _evidence_problems(self) -> Iterator[str]:
        for path, sha256 in self.evidence:
            if not is_relative(path):
                yield f"evidence {path!r} is no relative path below the log's root; name it from there"
            if not _SHA256.fullmatch(sha256):
                yield f"evidence {path!r}: {sha256!r} is no SHA-256; give 64 lower-case hexadecimal digits"


def is_relative(path: str) -> bool:
    """Whether a path is a plain relative one, with `/`, that does not leave the folder it is relative to."""
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    anchored = posix.is_absolute() or bool(windows.anchor) or path.startswith("~") or "\\" in path
    return bool(posix.parts) and clean(path) == path and not anchored and ".." not in posix.parts
