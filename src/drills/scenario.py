"""A validated drill, and the door through which scenario files are loaded.

A file with `cases:` or `around:` gives several scenarios, with ids such as `drill[case]`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from drills.errors import UnusableInputError
from drills.registry import load_plugins
from drills.scenario_errors import ScenarioError, ScenarioErrors
from drills.scenario_files import find_scenario_files
from live.registry import RegistryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from drills.contracts import Where
    from drills.given import PortfolioSpec
    from drills.series import SeriesSpec
    from drills.yaml_nodes import Source
    from live.candles import Candle
    from live.config import LiveConfig

__all__ = ["Fault", "Scenario", "ScenarioError", "ScenarioErrors", "ScenarioStep", "load_scenarios"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls one target.

    Attributes:
        target: A destination (`webhook`, `webhook#2`, `exchange`) or a symbol of `given.candles`.
        name: Name of the fault's leaf.
        params: Its validated parameters.
    """

    target: str
    name: str
    params: Any


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One item of `steps`.

    Attributes:
        at: When, after the start.
        for_: How long its faults stand; None to the end of the drill, and for steps that stage no fault.
        name: The step's leaf, or `fault`.
        params: Its validated parameters; a tuple of `Fault` when it stages faults.
        where: Its place in the file.
    """

    at: timedelta
    for_: timedelta | None
    name: str
    params: Any
    where: Where


@dataclass(frozen=True, slots=True)
class Scenario:
    """One drill, validated: one file, or one case of a file.

    Attributes:
        id: Unique: the drill's id, with the case in brackets when there is one.
        drill: Id of the drill.
        case: Name of the case; empty when the file has none.
        title: What the drill shows.
        playbook: Number of the scenario in the playbook.
        runbook: Anchor of the runbook section that is rehearsed; may be empty.
        track: paper, shadow or testnet.
        start: Instant 0, timezone-aware UTC.
        seed: Seed of all chance.
        tags: Words to select drills by.
        config: The configuration, laid over the defaults.
        given_portfolio: What the account holds at the start; None when it is not known.
        candles: What is said of the price series, by symbol.
        series: The candles of each series.
        steady: Whether the given portfolio must be OK before the first step.
        tick: How often the clock ticks; None when the candles decide.
        until: The last instant; None when the last event decides.
        steps: What happens.
        expect: What must be seen: by expectation, the validated value and the places of its items.
        file: The scenario file; data files are named relative to its folder.
        source: The file as it was read, with the case's values filled in.
    """

    id: str
    drill: str
    case: str
    title: str
    playbook: int
    runbook: str
    track: str
    start: datetime
    seed: int
    tags: tuple[str, ...]
    config: LiveConfig
    given_portfolio: PortfolioSpec | None
    candles: Mapping[str, SeriesSpec]
    series: Mapping[str, Sequence[Candle]] = field(repr=False)
    steady: bool
    tick: timedelta | None
    until: timedelta | None
    steps: tuple[ScenarioStep, ...]
    expect: Mapping[str, tuple[Any, list[Where]]]
    file: Path
    source: Source = field(repr=False, compare=False)

    def where(self, path: Sequence[str | int]) -> Where:
        """The place of a path such as `("steps", 0)`, or of its nearest part that exists."""
        return self.source.where(path)


def load_scenarios(paths: Sequence[Path], plugins: Sequence[str] = ()) -> list[Scenario]:
    """Load scenario files and folders; folders are searched to any depth, in the order of the names.

    Args:
        paths: Files and folders.
        plugins: Modules with leaves of the user's own.

    Raises:
        UnusableInputError: a plugin cannot be used.
        ScenarioErrors: all errors of all files.
    """
    try:
        load_plugins(plugins)
    except RegistryError as error:
        raise UnusableInputError(str(error)) from None
    from drills.scenario_reader import read_scenarios

    errors: list[ScenarioError] = []
    scenarios: list[Scenario] = []
    for path in find_scenario_files(paths):
        try:
            scenarios += read_scenarios(path)
        except ScenarioErrors as refused:
            errors += refused.errors
    errors += _duplicates(scenarios)
    if errors:
        raise ScenarioErrors(errors)
    return scenarios


def _duplicates(scenarios: Sequence[Scenario]) -> list[ScenarioError]:
    first: dict[str, Scenario] = {}
    errors = []
    for scenario in scenarios:
        before = first.setdefault(scenario.drill, scenario)
        if before.file != scenario.file:
            source = scenario.source
            message = f"{scenario.drill!r} is the id of the drill in {before.where(('drill',))} already"
            remedy = "give it an id of its own"
            errors.append(source.error(source.mark(("drill",)), "DUPLICATE_DRILL", message, remedy))
    return errors
