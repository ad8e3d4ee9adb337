"""The reference of the controls is what the code says, and every control has a drill."""

from __future__ import annotations

from drills.reference import controls_page
from drills.scenario import load_scenarios
from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs" / "reference" / "controls.md").read_text(encoding="utf-8")


def test_the_page_is_fresh() -> None:
    """After a change of a rule, a guard, a watcher or a drill: `make reference`."""
    assert controls_page(load_scenarios([ROOT / "scenarios"])) == PAGE


def test_every_control_has_a_drill() -> None:
    """A control that no drill has seen fire is a hope."""
    assert "| drills | none |" not in PAGE
