"""The lanes of a dispatcher: one for each destination of its sinks, and of what stands by for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from live.alerts.addresses import named, sink_of
from live.alerts.dispatch.config import HEARTBEAT_SINK
from live.alerts.dispatch.lane import Lane
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from live.alerts.dispatch.config import DispatchConfig
    from live.contracts import Destination, Sink, Wiring


def is_heartbeat(name: str) -> bool:
    """Whether a destination hears signs of life, and no alerts."""
    return sink_of(name) == HEARTBEAT_SINK


def make_lanes(
    sinks: Sequence[Sink], config: DispatchConfig, wiring: Wiring, rng: Random, owner: str
) -> dict[str, Lane]:
    """A lane for each destination, by its name; those of the fallback that are no sinks come last."""
    stale = replace(config.policy, max_age_s=0.0)  # a sign of life that comes late is none
    lanes = {
        one.name: Lane(
            one, stale if is_heartbeat(one.name) else config.policy, rng, owner, sink.min_interval_s
        )
        for sink in sinks
        for one in sink.destinations()
    }
    for name in config.fallback:
        if not named(name, lanes):
            lanes[name] = Lane(_standing_by(name, wiring), config.policy, rng, owner)
    return lanes


def names_that_hear_acknowledgements(sinks: Sequence[Sink]) -> list[str]:
    """The destinations that are told when somebody takes an alert on."""
    return [one.name for sink in sinks if sink.hears_acknowledgements for one in sink.destinations()]


def _standing_by(name: str, wiring: Wiring) -> Destination:
    """A destination of the fallback that is no sink of the configuration: `log` and `stderr` need none."""
    from live.registry import SINKS

    sink = SINKS[name]
    (destination,) = sink.from_config(sink.Config(), AlertLevel.INFO, wiring).destinations()
    return destination
