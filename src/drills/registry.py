"""Every kind of leaf that `drills` has: steps, faults, expectations, invariants and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drills.contracts import EndpointFault, Expectation, Invariant, Report, SeriesFault, Step
from live.registry import ALL as LIVE
from live.registry import Registry, RegistryError, load_plugin, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

STEPS: Registry[type[Step]] = Registry("step", "drills.steps", Step, "live_drills.steps")
ENDPOINT_FAULTS: Registry[type[EndpointFault]] = Registry(
    "fault of a destination", "drills.faults", EndpointFault, "live_drills.faults"
)
SERIES_FAULTS: Registry[type[SeriesFault]] = Registry(
    "fault of a series", "drills.faults", SeriesFault, "live_drills.faults"
)
EXPECTATIONS: Registry[type[Expectation]] = Registry(
    "expectation", "drills.expect", Expectation, "live_drills.expectations"
)
INVARIANTS: Registry[type[Invariant]] = Registry(
    "invariant", "drills.invariants", Invariant, "live_drills.invariants"
)
REPORTS: Registry[type[Report]] = Registry("report", "drills.reports", Report, "live_drills.reports")

ALL: tuple[Registry[Any], ...] = (
    *LIVE,
    *(STEPS, ENDPOINT_FAULTS, SERIES_FAULTS, EXPECTATIONS, INVARIANTS, REPORTS),
)


def load_plugins(names: Iterable[str]) -> None:
    """Import modules by name, and add every leaf in them to the registry of its kind.

    Raises:
        RegistryError: a module cannot be imported, holds no leaf of any kind, or holds one that breaks a law.
    """
    for name in names:
        load_plugin(name, ALL)


def fault_named(name: str) -> type[EndpointFault | SeriesFault]:
    """The fault of that name, whatever it befalls.

    Raises:
        RegistryError: there is none; the message names the nearest one.
    """
    if name in ENDPOINT_FAULTS:
        return ENDPOINT_FAULTS[name]
    if name in SERIES_FAULTS:
        return SERIES_FAULTS[name]
    text = f"unknown fault {name!r}; {nearest(name, [*ENDPOINT_FAULTS, *SERIES_FAULTS])}"
    raise RegistryError(text)
