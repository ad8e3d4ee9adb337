"""What is wrong with a log, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One thing that is wrong in a log.

    Attributes:
        file: Name of the log.
        line: Its line, from 1.
        code: What is wrong: `LOG_TABLE_MISSING`, `EVIDENCE_CHANGED`, …
        message: Expected and got.
        remedy: What to do about it.
    """

    file: str
    line: int
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}: {self.message}; {self.remedy}"


class Findings:
    """The findings in one log, as they are made."""

    def __init__(self, file: str) -> None:
        """Begin with none."""
        self.all: list[LogFinding] = []
        self._file = file

    def add(self, line: int, code: str, message: str, remedy: str) -> None:
        """Note one; the line is numbered from 0, as the parser does."""
        self.all.append(LogFinding(self._file, line + 1, code, message, remedy))


class DrillLogError(UnusableInputError):
    """A log or an entry that cannot be used: all its problems at once. Nothing was written.

    Attributes:
        problems: One text a problem, with the place, the consequence and the remedy.
    """

    def __init__(self, problems: Iterable[object]) -> None:
        """Take the problems, in the order in which they are shown."""
        self.problems = tuple(str(problem) for problem in problems)
        super().__init__("\n".join((*self.problems, "nothing was written to the log")))
