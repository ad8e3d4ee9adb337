"""What a drill does, and when: a sorted list of events, pure data.

Things due at the same instant happen in this order: a fault heals, a fault begins, a candle arrives, a step
is taken, the clock ticks; among equals the order of the file decides. A fault without `for:` heals after
everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from drills.contracts import Where
    from drills.scenario import Fault, Scenario, ScenarioStep
    from drills.series import SeriesSpec
    from live.candles import Candle

LAST = 5
FAULT = "fault"


class Kind(Enum):
    """What an event is; the value is its place among the events of one instant."""

    FAULT_HEALS = 0
    FAULT_BEGINS = 1
    CANDLE = 2
    STEP = 3
    TICK = 4


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One thing that will happen.

    Attributes:
        at: When, after the start.
        priority: Place among the events of the same instant.
        seq: Place among the events of the same instant and priority.
        kind: What it is.
        name: The leaf of a fault or a step, the symbol of a candle; empty for a tick.
        params: Of a fault its target and parameters, of a step its parameters, of a candle the candle.
        where: Its place in the scenario file.
        fault: Number of the fault that begins or heals, the same for both; -1 for other events.
    """

    at: timedelta
    priority: int
    seq: int
    kind: Kind
    name: str
    params: Any
    where: Where
    fault: int = -1

    @property
    def place(self) -> tuple[timedelta, int, int]:
        """What events are sorted by."""
        return self.at, self.priority, self.seq


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a drill does.

    Attributes:
        events: In the order in which they happen.
        series: The candles that are played, by symbol.
        timeframes: Length of a bar of each series.
        sources: Where each series comes from, in a few words.
        markets: Of which series each other feed tells, by its name.
    """

    events: tuple[PlannedEvent, ...]
    series: Mapping[str, Sequence[Candle]]
    timeframes: Mapping[str, timedelta]
    sources: Mapping[str, str]
    markets: Mapping[str, str]

    @property
    def end(self) -> timedelta:
        """The instant of the last event."""
        return self.events[-1].at if self.events else timedelta()

    def describe(self) -> str:
        """The timeline, a line an event; runs of candles and of ticks are one line each."""
        from drills.plan_text import describe

        return describe(self)


def make_plan(scenario: Scenario) -> Plan:
    """Plan a scenario. The same scenario gives the same plan."""
    timeframes = {symbol: spec.timeframe for symbol, spec in scenario.candles.items()}
    sources = {symbol: source_of(spec) for symbol, spec in scenario.candles.items()}
    events = [*_faults(scenario), *_steps(scenario), *_candles(scenario)]
    end = scenario.until or max((event.at for event in events), default=timedelta())
    events += [*_ticks(scenario, end), *_last_heals(scenario, end)]
    markets = {name: spec.feed_of for name, spec in scenario.candles.items() if spec.feed_of is not None}
    ordered = tuple(sorted(events, key=lambda event: event.place))
    return Plan(ordered, scenario.series, timeframes, sources, markets)


def _faults(scenario: Scenario) -> Iterator[PlannedEvent]:
    for number, step, fault in _numbered_faults(scenario):
        yield _of_fault(Kind.FAULT_BEGINS, step.at, number, step, fault)
        if step.for_ is not None:
            yield _of_fault(Kind.FAULT_HEALS, step.at + step.for_, number, step, fault)


def _last_heals(scenario: Scenario, end: timedelta) -> Iterator[PlannedEvent]:
    for number, step, fault in _numbered_faults(scenario):
        if step.for_ is None:
            yield replace(_of_fault(Kind.FAULT_HEALS, end, number, step, fault), priority=LAST)


def _numbered_faults(scenario: Scenario) -> Iterator[tuple[int, ScenarioStep, Fault]]:
    staged = [(step, fault) for step in scenario.steps if step.name == FAULT for fault in step.params]
    return ((number, step, fault) for number, (step, fault) in enumerate(staged))


def _of_fault(kind: Kind, at: timedelta, number: int, step: ScenarioStep, fault: Fault) -> PlannedEvent:
    params = (fault.target, fault.params)
    return PlannedEvent(at, kind.value, number, kind, fault.name, params, step.where, number)


def _steps(scenario: Scenario) -> Iterator[PlannedEvent]:
    kind = Kind.STEP
    for seq, step in enumerate(scenario.steps):
        if step.name != FAULT:
            yield PlannedEvent(step.at, kind.value, seq, kind, step.name, step.params, step.where)


def _candles(scenario: Scenario) -> Iterator[PlannedEvent]:
    """A candle arrives when it is complete."""
    kind = Kind.CANDLE
    for seq, (symbol, candles) in enumerate(scenario.series.items()):
        delay, where = scenario.candles[symbol].timeframe, scenario.where(("given", "candles", symbol))
        for candle in candles:
            at = candle.ts - scenario.start + delay
            yield PlannedEvent(at, kind.value, seq, kind, symbol, candle, where)


def _ticks(scenario: Scenario, end: timedelta) -> Iterator[PlannedEvent]:
    tick, kind = tick_of(scenario.tick, scenario.candles.values()), Kind.TICK
    where = scenario.where(("tick",))
    if tick is not None:
        for number in range(1, end // tick + 1):
            yield PlannedEvent(number * tick, kind.value, 0, kind, "", None, where)


def tick_of(said: timedelta | None, candles: Iterable[SeriesSpec]) -> timedelta | None:
    """How often the clock ticks: as the scenario says, else once a shortest bar; None when it never does."""
    return said or min((spec.timeframe for spec in candles), default=None)


def source_of(spec: SeriesSpec) -> str:
    """Where the candles of a series come from, in a few words."""
    feed = f", a feed of {spec.feed_of}" if spec.feed_of is not None else ""
    if spec.file is not None:
        return f"file {spec.file}{feed}"
    made_up = spec.synthetic
    return (f"made up, seed {made_up.seed}" if made_up is not None else "written in the scenario") + feed
