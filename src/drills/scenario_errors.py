"""What is wrong with scenario files: all errors of all files at once, each with its place and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drills.contracts import Where

INDENT = "    "
WINDOW = 100


@dataclass(frozen=True, slots=True)
class ScenarioError:
    """One thing that is wrong with a scenario file.

    Attributes:
        where: File, line and column of the offending token.
        code: What kind of error it is: `UNKNOWN_KEY`, `NEGATIVE_TIME`, …
        message: What was found, with the value that triggered it.
        remedy: What to write instead.
        text: The offending line; empty when there is none to show.
        width: Length of the offending token in characters.
    """

    where: Where
    code: str
    message: str
    remedy: str
    text: str = ""
    width: int = 1

    def __str__(self) -> str:
        head = f"{self.where}:{self.where.column}: {self.code}: {self.message}; {self.remedy}"
        return "\n".join([head, *self._excerpt()])

    def _excerpt(self) -> list[str]:
        if not self.text.strip():
            return []
        column = self.where.column - 1
        left = 0 if column + self.width <= WINDOW else max(0, column - WINDOW // 2)
        shown = self.text[left : left + WINDOW]
        width = max(1, min(self.width, len(shown) - (column - left)))
        return [f"{INDENT}{shown}", f"{INDENT}{' ' * (column - left)}{'^' * width}"]


class ScenarioErrors(UnusableInputError):  # noqa: N818 - it is the errors, all of them
    """Scenario files that cannot be used. `errors` holds all errors, by file and line; each is shown once."""

    def __init__(self, errors: Iterable[ScenarioError]) -> None:
        def place(error: ScenarioError) -> tuple[str, int, int]:
            return error.where.file, error.where.line, error.where.column

        self.errors = tuple(sorted(dict.fromkeys(errors), key=place))
        super().__init__("\n".join(str(error) for error in self.errors))
