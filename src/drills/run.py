"""Runs a plan, one event at a time, against the unmodified `live` code, and has the history judged.

The phases of one drill:

1. the world is put together on virtual time, with the scenario's configuration;
2. the steady state is checked: the given portfolio must be OK before anything is staged;
3. every planned event happens at its instant; what the code under test raises is written down;
4. the history is judged: expectations and invariants see nothing but the history.
"""

from __future__ import annotations

import shlex
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.history import History
from drills.no_network import no_network
from drills.plan import Kind, make_plan
from drills.registry import STEPS, fault_named
from drills.verdict import judge, verdict_of
from drills.virtual_time import VirtualClock, frozen_wall_clock
from drills.world import World
from live.alerts.serialise import to_jsonable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from drills.contracts import EndpointFault, Judgement, SeriesFault, Verdict
    from drills.plan import Plan, PlannedEvent
    from drills.scenario import Scenario
    from drills.virtual_time import WallClock
    from live.candles import Candle


@dataclass(frozen=True, slots=True)
class DrillResult:
    """How one drill went.

    Attributes:
        scenario: What was staged, and what was expected.
        history: What happened.
        judgements: What is wrong with it; empty when the drill passed.
        series: The candles that were planned, by symbol, for charts.
    """

    scenario: Scenario
    history: History
    judgements: tuple[Judgement, ...]
    series: Mapping[str, Sequence[Candle]]

    @property
    def verdict(self) -> Verdict:
        """The worst of the judgements."""
        return verdict_of(self.judgements)

    @property
    def command(self) -> str:
        """The command that runs this drill again."""
        case = f" --case {shlex.quote(self.scenario.case)}" if self.scenario.case else ""
        return f"drills run {shlex.quote(self.scenario.source.file)}{case}"


def run_drills(
    scenarios: Iterable[Scenario], done: Callable[[DrillResult], object] = id
) -> list[DrillResult]:
    """Run drills one after the other on one frozen wall clock.

    Args:
        scenarios: What to stage.
        done: Told about every drill as it ends.
    """
    results = []
    with frozen_wall_clock() as wall:
        for scenario in scenarios:
            results.append(run_drill(scenario, wall))
            done(results[-1])
    return results


def run_drill(scenario: Scenario, wall: WallClock | None = None) -> DrillResult:
    """Stage one scenario and judge what happened.

    Args:
        scenario: A validated scenario.
        wall: The frozen wall clock of the run; without one, only the injected clock is virtual.
    """
    plan = make_plan(scenario)
    history = History()
    with no_network():
        _Stage(scenario, plan, VirtualClock(scenario.start, wall), history).play()
    return DrillResult(scenario, history, tuple(judge(scenario, history)), plan.series)


class _Stage:
    """One scenario on its world."""

    def __init__(self, scenario: Scenario, plan: Plan, clock: VirtualClock, history: History) -> None:
        self._scenario = scenario
        self._plan = plan
        self._clock = clock
        self._world = World(scenario.config, clock, history, seed=scenario.seed)
        self._standing: dict[int, EndpointFault | SeriesFault] = {}
        self._acts: dict[Kind, Callable[[PlannedEvent], None]] = {
            Kind.FAULT_HEALS: self._heal,
            Kind.FAULT_BEGINS: self._begin,
            Kind.CANDLE: lambda event: self._world.candle_arrives(event.params),
            Kind.STEP: self._step,
            Kind.TICK: lambda _event: self._world.monitor.tick(),
        }

    def play(self) -> None:
        """Every phase up to the judgement."""
        with closing(self._world), self._world.recorded_logs():
            self._prepare()
            for event in self._plan.events:
                self._world.pass_time(event.at)
                with self._errors_recorded(str(event.where)):
                    self._acts[event.kind](event)
            self._world.pass_time(self._scenario.until or self._plan.end)
            self._world.record_undelivered()
            self._world.record("end", steps=len(self._scenario.steps), standing_faults=self._left_standing())

    def _prepare(self) -> None:
        given = self._scenario.given_portfolio
        if given is not None:
            self._world.hold(given)
        for feed, market in self._plan.markets.items():
            self._world.add_feed(feed, market)
        for symbol, candles in self._plan.series.items():
            timeframe = self._plan.timeframes[symbol]
            if symbol not in self._plan.markets:
                with self._errors_recorded(str(self._scenario.where(("given", "candles", symbol)))):
                    self._world.watch(symbol, timeframe)
            self._world.record(
                "series",
                symbol=symbol,
                timeframe_s=timeframe.total_seconds(),
                bars=len(candles),
                first=to_jsonable(candles[0].ts) if candles else None,
                last=to_jsonable(candles[-1].ts) if candles else None,
                source=self._plan.sources[symbol],
            )
        if self._scenario.steady:
            with self._errors_recorded("steady state"):
                self._world.steady_state()

    def _step(self, event: PlannedEvent) -> None:
        step = STEPS[event.name]()
        self._world.record(
            "step", step=event.name, where=str(event.where), summary=step.summary(event.params)
        )
        step.apply(self._world, event.params)

    def _begin(self, event: PlannedEvent) -> None:
        target, params = event.params
        fault = fault_named(event.name)(params, self._world.rng(f"{event.name}:{target}:{event.where.line}"))
        self._standing[event.fault] = fault
        self._world.begin_fault(target, fault)
        self._world.record("fault", fault=event.name, target=target, phase="begin", where=str(event.where))

    def _heal(self, event: PlannedEvent) -> None:
        target, _params = event.params
        self._world.heal_fault(target, self._standing.pop(event.fault))
        self._world.record("fault", fault=event.name, target=target, phase="heal", where=str(event.where))

    def _left_standing(self) -> list[str]:
        return [fault.name for _, fault in sorted(self._standing.items())]

    @contextmanager
    def _errors_recorded(self, where: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever the code under test raises is evidence
            self._world.record("error", where=where, type=type(error).__name__, message=str(error))
