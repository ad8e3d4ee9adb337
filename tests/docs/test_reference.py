"""The reference of the controls is what the code says, and every control has a drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.reference import controls_page
from drills.scenario import load_scenarios

if TYPE_CHECKING:
    import pytest


def test_the_page_is_fresh(pytestconfig: pytest.Config) -> None:
    """After a change of a rule, a guard, a watcher or a drill: `make reference`."""
    root = pytestconfig.rootpath
    page = controls_page(load_scenarios([root / "scenarios"]))
    assert (root / "docs" / "reference" / "controls.md").read_text(encoding="utf-8") == page


def test_every_control_has_a_drill(pytestconfig: pytest.Config) -> None:
    """A control that no drill has seen fire is a hope."""
    page = controls_page(load_scenarios([pytestconfig.rootpath / "scenarios"]))
    assert "| drills | none |" not in page
