"""Every shipped drill, as a test of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drills.pytest_plugin import Drill


def test_drill(drill: Drill) -> None:
    """What is staged is alerted as expected, delivered as expected, and nothing else is."""
    drill.passes()
