"""What is wrong with a configuration: every problem at once, each with its place and its remedy."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: The keys that lead to it, `("live_risk", "max_order_notional")`.
        message: What was found, what was expected, and the remedy.
    """

    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        place = ".".join(str(key) for key in self.path)
        return f"{place}: {self.message}" if place else self.message

    def under(self, *prefix: str | int) -> Problem:
        """The same problem, seen from further out."""
        return Problem((*prefix, *self.path), self.message)


class ConfigError(ValueError):
    """A configuration that cannot be used. `problems` holds all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@contextmanager
def in_file(path: object) -> Iterator[None]:
    """Name the file in every problem that is found in it."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(Problem((), f"{path}: {problem}") for problem in error.problems) from None


@contextmanager
def collect(problems: list[Problem], *prefix: str | int) -> Iterator[None]:
    """Go on after a part that cannot be used: its problems are added to `problems`, seen from further out."""
    try:
        yield
    except ConfigError as error:
        problems.extend(problem.under(*prefix) for problem in error.problems)
