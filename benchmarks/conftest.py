"""Prints each figure beside its target, when all have been taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    Attributes:
        what: The thing in words.
        value: The figure.
        target: What it should reach: at least for rates, below for durations.
        unit: Unit of both.
        at_least: Whether more is better.
    """

    what: str
    value: float
    target: float
    unit: str
    at_least: bool = False

    def __str__(self) -> str:
        met = self.value >= self.target if self.at_least else self.value < self.target
        side = "at least" if self.at_least else "below"
        verdict = "met" if met else "MISSED"
        return f"{self.what:<48} {self.value:>9,.1f} {self.unit:<9} target {side} {self.target:,g}: {verdict}"


@dataclass(frozen=True, slots=True)
class Beside:
    """What a check took beside two of ours in the same run.

    Attributes:
        what: Whose check, and which.
        value: Microseconds in the median.
        verdict: What ours took for its verdict only, on a snapshot that it had read before.
        full: What ours took on a snapshot that it had not read before, with every detail told.
    """

    what: str
    value: float
    verdict: float
    full: float

    def __str__(self) -> str:
        ratios = f"{self.value / self.verdict:>8,.2f} x verdict {self.value / self.full:>8,.3f} x in full"
        return f"{self.what:<76} {self.value:>8,.1f} us {ratios}"


@dataclass(frozen=True, slots=True)
class NotBeside:
    """Why somebody else's check has no figure.

    Attributes:
        what: Whose check.
        reason: The reason.
    """

    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what:<76} {self.reason}"


FIGURES = pytest.StashKey[list[Figure]]()
PEERS = pytest.StashKey[list[Beside | NotBeside]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with no figure."""
    config.stash[FIGURES] = []
    config.stash[PEERS] = []


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> list[Figure]:
    """Where a measurement leaves its figure."""
    return request.config.stash[FIGURES]


@pytest.fixture
def beside(request: pytest.FixtureRequest) -> list[Beside | NotBeside]:
    """Where a comparison leaves its lines."""
    return request.config.stash[PEERS]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures, and those of others beside ours."""
    figures, beside = config.stash[FIGURES], config.stash[PEERS]
    lines: dict[str, Sequence[object]] = {"figures": figures, "one order, beside its peers": beside}
    for title, taken in lines.items():
        if taken:
            terminalreporter.section(title)
        for line in taken:
            terminalreporter.line(str(line))
