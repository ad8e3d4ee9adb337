"""YAML in documents.

A mapping with `drill` is a whole scenario: it must load, and its verdict must be PASS, or what `verdict=FAIL`
says. A mapping with other keys of a scenario is a part of one: it must load once the keys that it lacks are
filled in. A mapping with `jobs` is a workflow: each job must have steps. `plugin=MODULE` names a module with
leaves that it needs. Anything else is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from drills.contracts import Verdict
from drills.errors import UnusableInputError
from drills.run import run_drills
from drills.scenario import Scenario, ScenarioErrors, load_scenarios
from drills.timeline import explain
from tests.docs.blocks import Block, BlockError

if TYPE_CHECKING:
    from pathlib import Path

FILLING = {
    "drill": "part-of-a-scenario",
    "title": "A part of a scenario, completed",
    "playbook": 3,
    "track": "paper",
    "start": "2026-01-27T00:00:00Z",
    "given": {"candles": {"BTC/EUR": {"timeframe": "1m", "close": "30000+10x60"}}},
    "steps": [{"at": "0s", "check_orders": [{"symbol": "BTC/EUR", "side": "BUY", "notional": 1.0}]}],
    "expect": {"silence": True},
}


def check_yaml(block: Block, folder: Path) -> None:
    """Check a block of YAML in the folder that the document is followed in.

    Raises:
        BlockError: it is not what it should be.
    """
    values = _mapping(block)
    if "jobs" in values:
        _check_workflow(block, values)
        return
    scenarios = _load(block, folder, values)
    if "drill" in values:
        _check_verdicts(block, scenarios)


def _mapping(block: Block) -> dict[str, Any]:
    try:
        values = yaml.safe_load(block.text)
    except yaml.YAMLError as error:
        raise BlockError(block, f"not YAML: {error}") from error
    if not isinstance(values, dict):
        raise BlockError(block, "a block of YAML is a mapping: name the keys that it stands under")
    return values


def _check_workflow(block: Block, values: dict[str, Any]) -> None:
    idle = [name for name, job in values["jobs"].items() if not job.get("steps")]
    if idle:
        raise BlockError(block, f"jobs without steps: {', '.join(idle)}")


def _load(block: Block, folder: Path, values: dict[str, Any]) -> list[Scenario]:
    missing = {} if "drill" in values else {key: value for key, value in FILLING.items() if key not in values}
    path = folder / block.options.get("title", f"scenarios/{block.document.stem}-{block.line}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text + (yaml.safe_dump(missing) if missing else ""), encoding="utf-8")
    try:
        return load_scenarios([path], plugins=block.options.get("plugin", "").split())
    except (ScenarioErrors, UnusableInputError) as error:
        raise BlockError(block, str(error)) from error
    finally:
        if "title" not in block.options:
            path.unlink()


def _check_verdicts(block: Block, scenarios: list[Scenario]) -> None:
    expected = Verdict[block.options.get("verdict", "PASS")]
    for result in run_drills(scenarios):
        if result.verdict is not expected:
            raise BlockError(block, f"{result.scenario.id} is {result.verdict.name}\n{explain(result)}")
