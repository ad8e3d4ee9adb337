"""The pytest plugin: every drill is a test.

A test that takes the argument `drill` is run once for every drill under the folders of the ini option
`drill_paths`, or of its own marker `@pytest.mark.drill_paths("my/scenarios")`:

    def test_drill(drill):
        drill.passes()

`fake_http` is respx: it stands for the network in tests of the real transport. It knows nothing of time: a
hang that is mocked there proves nothing.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import respx

    from drills.run import DrillResult
    from drills.scenario import Scenario
    from drills.virtual_time import WallClock


class DrillFailedError(AssertionError):
    """A drill did not pass; the text is its timeline."""


class Drill:
    """One drill, ready to be run."""

    def __init__(self, scenario: Scenario, wall: WallClock) -> None:
        """Know the scenario, and the wall clock that is frozen already."""
        self.scenario = scenario
        self._wall = wall

    def run(self) -> DrillResult:
        """Stage and judge it."""
        from drills.run import run_drill

        return run_drill(self.scenario, self._wall)

    def passes(self) -> DrillResult:
        """Stage and judge it, and fail the test unless the verdict is PASS.

        Raises:
            DrillFailedError: the verdict is FAIL or UNKNOWN.
        """
        from drills.contracts import Verdict
        from drills.timeline import explain

        __tracebackhide__ = True
        result = self.run()
        if result.verdict is not Verdict.PASS:
            raise DrillFailedError(explain(result))
        return result


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the scenarios are, and which plugins they need."""
    parser.addini(
        "drill_paths", "Scenario files and folders of the tests that take `drill`.", "args", ["scenarios"]
    )
    parser.addini("drill_plugins", "Modules with rules, guards, sinks, steps, … of your own.", "args", [])


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "drill_paths(*paths): scenario files and folders of this test")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a drill; a scenario that cannot be loaded stops the collection with all its errors."""
    if "drill" not in metafunc.fixturenames:
        return
    scenarios = _load(metafunc)
    metafunc.parametrize("drill", scenarios, ids=[scenario.id for scenario in scenarios], indirect=True)


@pytest.fixture
def drill(request: pytest.FixtureRequest, frozen_wall: WallClock) -> Drill:
    """One drill of the scenarios that are configured."""
    return Drill(request.param, frozen_wall)


@pytest.fixture(scope="module")
def frozen_wall() -> Iterator[WallClock]:
    """The wall clock, frozen once for all drills of a module."""
    from drills.virtual_time import frozen_wall_clock

    with frozen_wall_clock() as wall:
        yield wall


@pytest.fixture
def fake_http() -> Iterator[respx.MockRouter]:
    """Every HTTP request of the test goes to respx; one that no route expects fails."""
    import respx

    with respx.mock(assert_all_called=False) as router:
        yield router


def _load(metafunc: pytest.Metafunc) -> list[Scenario]:
    from drills.scenario import ScenarioErrors, load_scenarios

    marker = metafunc.definition.get_closest_marker("drill_paths")
    names = marker.args if marker else metafunc.config.getini("drill_paths")
    paths = [metafunc.config.rootpath / Path(name) for name in names]
    try:
        with _kept_for_the_session():
            return load_scenarios(paths, plugins=metafunc.config.getini("drill_plugins"))
    except ScenarioErrors as errors:
        raise pytest.UsageError(str(errors)) from None


@contextmanager
def _kept_for_the_session() -> Iterator[None]:
    """Spare the garbage collector what stays to the end; to look at it over and over takes half the time."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collected:
            gc.enable()
