"""Prints each figure beside its target, when all have been taken."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


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


FIGURES = pytest.StashKey[list[Figure]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with no figure."""
    config.stash[FIGURES] = []


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> list[Figure]:
    """Where a measurement leaves its figure."""
    return request.config.stash[FIGURES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures."""
    terminalreporter.section("figures")
    for figure in config.stash[FIGURES]:
        terminalreporter.line(str(figure))
