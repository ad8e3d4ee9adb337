"""From the nodes of one scenario file to validated scenarios, with everything that is wrong at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from drills.cases import expand
from drills.defaults import with_defaults
from drills.durations import format_duration
from drills.grammar import grammar
from drills.instants import EPOCH, make_instants_relative, read_instant
from drills.plan import tick_of
from drills.problems import Problems, words
from drills.scenario import Scenario, ScenarioStep
from drills.scenario_errors import ScenarioErrors
from drills.scenario_steps import StepReader, mapping
from drills.series import SeriesError, SeriesSpec, load_candles
from drills.yaml_source import NO_KEYS, read_source
from live.config import LiveConfig
from live.config_errors import ConfigError
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from drills.cases import Case
    from drills.contracts import Where
    from drills.scenario_errors import ScenarioError
    from live.candles import Candle

LATEST = datetime.max.replace(tzinfo=UTC)
MOST_TICKS = 1_000_000


def read_scenarios(path: Path) -> list[Scenario]:
    """The scenarios of one file, one per case.

    Raises:
        ScenarioErrors: everything that is wrong with it.
    """
    problems = Problems(read_source(path))
    scenarios: list[Scenario] = []
    errors: list[ScenarioError] = []
    for case in _cases(problems):
        reader = _Reader(case, path)
        scenarios += reader.read()
        errors += reader.problems.errors
    if errors or problems.errors:
        raise ScenarioErrors([*problems.errors, *errors])
    return scenarios


def _cases(problems: Problems) -> list[Case]:
    if isinstance(problems.source.root.value, dict):
        return expand(problems)
    problems.add((), *NO_KEYS)
    return []


class _Reader:
    """Makes a scenario of one case, and collects everything that is wrong with it."""

    def __init__(self, case: Case, path: Path) -> None:
        self.problems = Problems(case.source)
        self._case = case
        self._path = path
        self._data: dict[str, Any] = case.source.root.plain()
        self._specs = dict(self._sound_specs())

    def read(self) -> list[Scenario]:
        """The scenario; nothing when anything is wrong with it."""
        start = self._start()
        config = self._live()  # first, because its plugins bring leaves and codes of their own
        make_instants_relative(self._data, start, self.problems)
        model = self.problems.validated(grammar().file, self._data)
        reader = StepReader(self._data, config, grammar(), self.problems)
        faults = reader.faults()
        until = model.until if model else None
        series = {symbol: self._played(symbol, start, until) for symbol in self._specs}
        self._check_feeds()
        if model is None or config is None or self.problems.errors:
            return []
        steps = tuple(reader.steps(model.steps, faults))
        self._check_reach(model)
        return [] if self.problems.errors else [self._scenario(model, config, start, series, steps)]

    def _sound_specs(self) -> Iterator[tuple[str, SeriesSpec]]:
        """The series that can be read; the others are reported with the rest of the file."""
        for symbol, said in mapping(mapping(self._data.get("given")).get("candles")).items():
            with suppress(ValidationError):
                yield symbol, SeriesSpec.model_validate(said)

    def _check_feeds(self) -> None:
        """Another feed is one of a series that is played, with bars of the same length."""
        markets = {symbol: spec for symbol, spec in self._specs.items() if spec.feed_of is None}
        for name, spec in self._specs.items():
            place = ("given", "candles", name, "feed_of")
            if spec.feed_of is None:
                continue
            if spec.feed_of not in markets:
                message = f"{spec.feed_of!r} is no series that has feeds; {nearest(spec.feed_of, markets)}"
                self.problems.add(place, "UNKNOWN_SERIES", message, "name a series of given.candles")
            elif spec.timeframe != (market := markets[spec.feed_of]).timeframe:
                theirs, its = format_duration(market.timeframe), format_duration(spec.timeframe)
                message = f"bars of {name} last {its}, those of {spec.feed_of} {theirs}"
                self.problems.add(place, "BAD_SERIES", message, "give both the same timeframe")

    def _start(self) -> datetime:
        """Instant 0: what the file says, else the first candle of its data files."""
        if "start" not in self._data:
            return self._first_candle()
        try:
            return read_instant(self._data["start"])
        except PydanticCustomError:
            return EPOCH  # reported with the rest of the file

    def _first_candle(self) -> datetime:
        files = {symbol: spec for symbol, spec in self._specs.items() if spec.file is not None}
        if not files:
            message = "start is missing, and no data file says when its first candle begins"
            self.problems.add((), "MISSING_KEY", message, "add `start: 2026-01-27T00:00:00Z`")
        firsts = [candle.ts for each in files.items() for candle in self._candles(*each, EPOCH)[:1]]
        return min(firsts, default=EPOCH)

    def _candles(self, symbol: str, spec: SeriesSpec, start: datetime) -> list[Candle]:
        """Every candle of a series; a file that cannot be read is an error now, not amid a run."""
        folder, place = self._path.parent, ("given", "candles", symbol, "file")
        if spec.file is not None and not (folder / spec.file).is_file():
            message = f"there is no file {spec.file!r} beside this scenario"
            self.problems.add(place, "MISSING_FILE", message, "name it relative to the scenario's folder")
            return []
        try:
            return load_candles(symbol, spec, start, folder)
        except SeriesError as error:
            self.problems.say(place, str(error), "BAD_SERIES")
            return []

    def _played(self, symbol: str, start: datetime, until: timedelta | None) -> list[Candle]:
        """The candles that open at the start or later, and are complete when the drill ends."""
        spec = self._specs[symbol]
        candles = self._candles(symbol, spec, start)
        last = LATEST if until is None else start + until
        played = [candle for candle in candles if start <= candle.ts <= last - spec.timeframe]
        if candles and not played:
            message = f"no candle of {symbol} falls into the drill, which starts at {start.isoformat()}"
            place = ("given", "candles", symbol)
            self.problems.add(
                place, "NO_CANDLES", message, "move start or until, or choose other candles", key=True
            )
        return played

    def _live(self) -> LiveConfig | None:
        config = self._data.get("config", {})
        if not isinstance(config, dict):
            return None  # reported with the rest of the file
        try:
            return LiveConfig.from_mapping(with_defaults(config))
        except ConfigError as error:
            self.problems.add_config(error)
            return None

    def _check_reach(self, model: Any) -> None:
        """No step lies behind the end, and the clock does not tick for ever."""
        ends = [step.at + (step.for_ or timedelta()) for step in model.steps]
        end = model.until or max(ends, default=timedelta())
        for number, last in enumerate(ends):
            if last > end:
                over = f"{format_duration(last)}, and the drill at {format_duration(end)}"
                message, remedy = f"{words(('steps', number))} ends at {over}", "make `until` later"
                self.problems.add(("steps", number), "OUT_OF_REACH", message, remedy)
        tick = tick_of(model.tick, self._specs.values())
        if tick and end // tick > MOST_TICKS:
            message = f"the clock would tick {end // tick:,} times; {MOST_TICKS:,} are possible"
            self.problems.add(("tick",), "TOO_LARGE", message, "write a longer `tick`")

    def _scenario(
        self,
        model: Any,
        config: LiveConfig,
        start: datetime,
        series: Mapping[str, Sequence[Candle]],
        steps: tuple[ScenarioStep, ...],
    ) -> Scenario:
        case = self._case.name
        return Scenario(
            id=f"{model.drill}[{case}]" if case else model.drill,
            drill=model.drill,
            case=case,
            title=model.title,
            playbook=model.playbook,
            runbook=model.runbook,
            track=model.track,
            start=start,
            seed=model.seed,
            tags=tuple(model.tags),
            config=config,
            given_portfolio=model.given.portfolio,
            candles=model.given.candles,
            series=series,
            steady=model.given.steady,
            tick=model.tick,
            until=model.until,
            steps=steps,
            expect={
                name: (getattr(model.expect, name), self._places(name))
                for name in self._data.get("expect", {})
            },
            file=self._path,
            source=self._case.source,
        )

    def _places(self, name: str) -> list[Where]:
        """The places of the items of an expectation, or of the whole of it."""
        source, items = self.problems.source, self._data["expect"][name]
        count = len(items) if isinstance(items, list) else 0
        return [source.where(("expect", name, number)) for number in range(count)] or [
            source.where(("expect", name))
        ]
