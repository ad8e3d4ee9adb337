"""The steps of a scenario: each does exactly one thing, and each fault stands where it can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drills.problems import words
from drills.registry import STEPS
from drills.scenario import Fault, ScenarioStep
from live.alerts.delivery import RemoteSink
from live.alerts.secret_url import SecretUrls
from live.registry import SINKS, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from drills.grammar import Grammar
    from drills.problems import Problems
    from drills.yaml_nodes import Path
    from live.config import LiveConfig

TIMES = ("at", "for", "times")
EXCHANGE = "exchange"


def mapping(value: Any) -> Mapping[str, Any]:
    """The value, when it is keys and values; else none of them."""
    return value if isinstance(value, dict) else {}


class StepReader:
    """Reads the steps of one case; what is wrong with them goes to `problems`."""

    def __init__(
        self, data: Mapping[str, Any], live: LiveConfig | None, models: Grammar, problems: Problems
    ) -> None:
        """Know the case.

        Args:
            data: Its plain values.
            live: Its configuration; None when that cannot be used.
            models: The grammar.
            problems: Where errors go.
        """
        steps = data.get("steps")
        self._steps = [mapping(step) for step in steps] if isinstance(steps, list) else []
        self._symbols = list(mapping(mapping(data.get("given")).get("candles")))
        self._models = models
        self._problems = problems
        self._targets = [*self._symbols, *self._endpoints(live)] if live else None

    def faults(self) -> list[tuple[Fault, ...]]:
        """The faults of every step, in the order of the steps."""
        for number, step in enumerate(self._steps):
            self._check_shape(("steps", number), step)
        return [tuple(self._faults_of(("steps", number), step)) for number, step in enumerate(self._steps)]

    def steps(self, models: Sequence[Any], faults: Sequence[tuple[Fault, ...]]) -> Iterator[ScenarioStep]:
        """The steps, from their validated models and faults."""
        for number, (model, staged) in enumerate(zip(models, faults, strict=True)):
            where = self._problems.source.where(("steps", number))
            name = next(name for name in self._steps[number] if name not in TIMES)
            params = staged if name == "fault" else getattr(model, name)
            for _ in range(model.times):
                yield ScenarioStep(model.at, model.for_, name, params, where)

    def _check_shape(self, path: Path, step: Mapping[str, Any]) -> None:
        acts = [name for name in step if name not in TIMES]
        if len(acts) != 1:
            found = " and ".join(acts) or "nothing"
            remedy = "make each a step of its own" if acts else f"add one of fault, {', '.join(STEPS)}"
            self._problems.add(path, "BAD_STEP", f"{words(path)} does {found}", remedy)
        if "for" in step and "fault" not in step:
            message = f"{words(path)} has a duration, and only faults last"
            self._problems.add((*path, "for"), "BAD_STEP", message, "leave `for` out", key=True)

    def _faults_of(self, path: Path, step: Mapping[str, Any]) -> Iterator[Fault]:
        if "fault" in step and step["fault"] in ({}, None):
            self._problems.add(
                (*path, "fault"), "BAD_STEP", "a fault without a target", "write {TARGET: {FAULT: …}}"
            )
        for target, said in mapping(step.get("fault")).items():
            place = (*path, "fault", target)
            if self._targets is not None and target not in self._targets:
                message = f"nothing in this drill goes through {target!r}, so a fault there would not show"
                self._problems.add(place, "UNKNOWN_TARGET", message, nearest(target, self._targets), key=True)
            elif isinstance(said, dict):
                yield from self._fault(place, target, said)

    def _fault(self, path: Path, target: str, said: dict[str, Any]) -> Iterator[Fault]:
        on_series = target in self._symbols
        model = self._models.series_fault if on_series else self._models.endpoint_fault
        checked = self._problems.validated(model, said, path)
        if len(said) != 1:
            found = " and ".join(said) or "no fault"
            self._problems.add(
                path, "BAD_STEP", f"{words(path)} has {found}", "write one fault; two are two steps"
            )
        elif checked is not None:
            name = next(iter(said))
            yield Fault(target, name, getattr(checked, name))

    def _endpoints(self, live: LiveConfig) -> Iterator[str]:
        """Where requests go: remote sinks, each of their addresses, and the exchanges that are called."""
        for name, settings in live.alerts.settings.items():
            if issubclass(SINKS[name], RemoteSink):
                addresses = _addresses(settings)
                yield name
                yield from (f"{name}#{number}" for number in range(1, addresses + 1) if addresses > 1)
        calls = [mapping(step.get("exchange_call")).get("endpoint", EXCHANGE) for step in self._steps]
        yield from dict.fromkeys([EXCHANGE, *map(str, calls)])


def _addresses(settings: Any) -> int:
    """How many addresses a sink's configuration holds; people who share one mail server are none."""
    values = [getattr(settings, name) for name in settings.__dataclass_fields__]
    return max((len(value) for value in values if isinstance(value, SecretUrls)), default=0)
