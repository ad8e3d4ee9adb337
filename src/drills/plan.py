"""What a drill does, and when: a sorted list of events, pure data.

Things due at the same instant happen in this order: a fault heals, a fault begins, a candle arrives, a step is
taken, the clock ticks; among equals the file's order decides. A fault without `for:` heals after everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from drills.durations import clock_time, format_duration
from drills.registry import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from drills.contracts import Where
    from drills.scenario import Fault, Scenario, ScenarioStep
    from drills.series import SeriesSpec
    from live.candles import Candle

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 5


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
    """

    events: tuple[PlannedEvent, ...]
    series: Mapping[str, Sequence[Candle]]
    timeframes: Mapping[str, timedelta]
    sources: Mapping[str, str]

    @property
    def end(self) -> timedelta:
        """The instant of the last event."""
        return self.events[-1].at if self.events else timedelta()

    def describe(self) -> str:
        """The timeline, a line an event; runs of candles and of ticks are one line each."""
        lines: list[str] = []
        for background, events in groupby(self.events, _in_the_background):
            lines += _run_lines(events, self.timeframes) if background else map(_staged_line, events)
        return "\n".join(lines)


def make_plan(scenario: Scenario) -> Plan:
    """Plan a scenario. The same scenario gives the same plan."""
    timeframes = {symbol: spec.timeframe for symbol, spec in scenario.candles.items()}
    sources = {symbol: source_of(spec) for symbol, spec in scenario.candles.items()}
    events = [*_faults(scenario), *_steps(scenario), *_candles(scenario)]
    end = scenario.until or max((event.at for event in events), default=timedelta())
    events += [*_ticks(scenario, end), *_last_heals(scenario, end)]
    return Plan(tuple(sorted(events, key=lambda event: event.place)), scenario.series, timeframes, sources)


def _faults(scenario: Scenario) -> Iterator[PlannedEvent]:
    for number, step, fault in _numbered_faults(scenario):
        params = (fault.target, fault.params)
        yield _event(step.at, Kind.FAULT_BEGINS, number, fault.name, params, step.where, number)
        if step.for_ is not None:
            yield _event(
                step.at + step.for_, Kind.FAULT_HEALS, number, fault.name, params, step.where, number
            )


def _last_heals(scenario: Scenario, end: timedelta) -> Iterator[PlannedEvent]:
    for number, step, fault in _numbered_faults(scenario):
        if step.for_ is None:
            params = (fault.target, fault.params)
            yield PlannedEvent(end, LAST, number, Kind.FAULT_HEALS, fault.name, params, step.where, number)


def _numbered_faults(scenario: Scenario) -> Iterator[tuple[int, ScenarioStep, Fault]]:
    staged = [(step, fault) for step in scenario.steps if step.name == "fault" for fault in step.params]
    return ((number, step, fault) for number, (step, fault) in enumerate(staged))


def _steps(scenario: Scenario) -> Iterator[PlannedEvent]:
    for seq, step in enumerate(scenario.steps):
        if step.name != "fault":
            yield _event(step.at, Kind.STEP, seq, step.name, step.params, step.where)


def _candles(scenario: Scenario) -> Iterator[PlannedEvent]:
    """A candle arrives when it is complete."""
    for number, (symbol, candles) in enumerate(scenario.series.items()):
        delay = scenario.candles[symbol].timeframe - (scenario.start - EPOCH)
        where = scenario.where(("given", "candles", symbol))
        for candle in candles:
            yield _event(candle.ts - EPOCH + delay, Kind.CANDLE, number, symbol, candle, where)


def _ticks(scenario: Scenario, end: timedelta) -> Iterator[PlannedEvent]:
    tick = tick_of(scenario.tick, scenario.candles.values())
    where = scenario.where(("tick",))
    for number in range(1, end // tick + 1 if tick else 0):
        yield _event(number * tick, Kind.TICK, 0, "", None, where)


def tick_of(said: timedelta | None, candles: Iterable[SeriesSpec]) -> timedelta | None:
    """How often the clock ticks: as the scenario says, else with the shortest bar; None when it never does."""
    return said or min((spec.timeframe for spec in candles), default=None)


def source_of(spec: SeriesSpec) -> str:
    """Where the candles of a series come from, in a few words."""
    if spec.file is not None:
        return f"file {spec.file}"
    return f"made up, seed {spec.synthetic.seed}" if spec.synthetic is not None else "written in the scenario"


def _event(
    at: timedelta, kind: Kind, seq: int, name: str, params: Any, where: Where, fault: int = -1
) -> PlannedEvent:
    return PlannedEvent(at, kind.value, seq, kind, name, params, where, fault)


def _in_the_background(event: PlannedEvent) -> bool:
    return event.kind in (Kind.CANDLE, Kind.TICK)


def _run_lines(events: Iterable[PlannedEvent], timeframes: Mapping[str, timedelta]) -> Iterator[str]:
    """Candles and ticks between two staged events: a line for each series, and one for the clock."""
    runs: dict[tuple[Kind, str], list[PlannedEvent]] = {}
    for event in events:
        runs.setdefault((event.kind, event.name), []).append(event)
    for (kind, name), run in runs.items():
        plural = "" if len(run) == 1 else "s"
        what = (
            f"candle{plural} {name} {format_duration(timeframes[name])}"
            if kind is Kind.CANDLE
            else f"tick{plural}"
        )
        yield _line(run[0].at, run[-1].at, f"{len(run)} {what}")


def _staged_line(event: PlannedEvent) -> str:
    if event.kind is Kind.STEP:
        text = f"{event.name} {STEPS[event.name]().summary(event.params)}"
    else:
        target, params = event.params
        verb = "begins" if event.kind is Kind.FAULT_BEGINS else "heals"
        details = f" {_shown(params)}" if event.kind is Kind.FAULT_BEGINS else ""
        text = f"fault {verb} {target}: {event.name}{details}"
    return f"{_line(event.at, event.at, text)}  ({event.where})"


def _line(first: timedelta, last: timedelta, text: str) -> str:
    span = clock_time(first) if first == last else f"{clock_time(first)} … {clock_time(last)}"
    return f"{span:<19}  {text}"


def _shown(params: Any) -> str:
    if isinstance(params, timedelta):
        return format_duration(params)
    said = getattr(params, "model_fields_set", None)
    if said is None:
        return "" if params is True else str(params)
    return ", ".join(
        f"{name} {_shown(getattr(params, name))}" for name in type(params).model_fields if name in said
    )
