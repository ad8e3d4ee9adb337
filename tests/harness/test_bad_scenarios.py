"""The harness can fail: a copy of each shipped scenario that is wrong in one place must not pass.

The message of each stands beside it as a text file. When wording changes on purpose, write them anew with
`pytest tests/harness/test_bad_scenarios.py --inline-snapshot=create,fix` and read the difference.
"""

from __future__ import annotations

import difflib
from contextlib import chdir
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from inline_snapshot import external_file

from drills.contracts import Verdict
from drills.run import run_drill
from drills.scenario import load_scenarios
from drills.timeline import explain

if TYPE_CHECKING:
    from drills.scenario import Scenario
    from drills.virtual_time import WallClock

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "scenarios"
BAD = Path(__file__).parent / "bad"
COPIES = sorted(path.relative_to(BAD).as_posix() for path in BAD.rglob("*.yaml"))
LINES_OF_ONE_CHANGE = 3


@pytest.fixture(scope="module")
def cases() -> dict[str, list[Scenario]]:
    """The cases of every copy, read before time stands still: libraries take instants for what they are."""
    with chdir(ROOT):
        loaded = load_scenarios([BAD])
    return {name: list(each) for name, each in groupby(loaded, _name)}


def _name(scenario: Scenario) -> str:
    return scenario.file.resolve().relative_to(BAD).as_posix()


@pytest.mark.parametrize("name", COPIES)
def test_a_wrong_copy_fails_with_this_message(
    name: str, cases: dict[str, list[Scenario]], frozen_wall: WallClock
) -> None:
    """The story of every case that does not pass is exactly the text beside the wrong copy."""
    with chdir(ROOT):
        results = [run_drill(scenario, frozen_wall) for scenario in cases[name]]
    failed = [result for result in results if result.verdict is not Verdict.PASS]
    assert {result.verdict for result in failed} == {Verdict.FAIL}
    assert "\n".join(explain(result) for result in failed) == external_file((BAD / name).with_suffix(".txt"))


@pytest.mark.parametrize("name", COPIES)
def test_a_wrong_copy_is_wrong_in_one_place(name: str) -> None:
    """Only a small difference shows that this very difference is what the harness notices."""
    good, bad = ((folder / name).read_text(encoding="utf-8").splitlines() for folder in (GOOD, BAD))
    opcodes = difflib.SequenceMatcher(None, good, bad, autojunk=False).get_opcodes()
    changes = [opcode for opcode in opcodes if opcode[0] != "equal"]
    assert len(changes) == 1
    _, begin, end, bad_begin, bad_end = changes[0]
    assert max(end - begin, bad_end - bad_begin) <= LINES_OF_ONE_CHANGE
