"""Every extension point of `drills` on one page.

A leaf is one file in the folder of its kind: a step in `drills/steps/`, a fault in `drills/faults/`, an
expectation in `drills/expect/`, an invariant in `drills/invariants/`, a report in `drills/reports/`. The
registry finds it there. The `Params` of a leaf are a pydantic model, or any type that pydantic can
validate: they check its part of a scenario file and make its part of the JSON schema.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from drills.history import History
    from drills.run import DrillResult
    from drills.scenario_errors import ScenarioError
    from drills.world import World
    from live.candles import Candle
    from live.contracts import HttpRequest, HttpResponse


class Verdict(IntEnum):
    """How a drill ended; the worst of its findings."""

    PASS = 0
    UNKNOWN = 1
    FAIL = 2


class Step(ABC):
    """Something that a scenario does at an instant, such as `check_orders` or `observe`."""

    name: ClassVar[str]
    Params: ClassVar[Any]

    @abstractmethod
    def apply(self, world: World, params: Any) -> None:
        """Do it now, through the world's monitor."""

    def summary(self, params: Any) -> str:
        """The step in a few words, for the plan and the timeline."""
        return str(params)


class Fault(ABC):
    """Something that goes wrong for a while: at a destination, or in a price series."""

    name: ClassVar[str]
    Params: ClassVar[Any]

    def __init__(self, params: Any, rng: Random) -> None:
        """Misbehave as `params` say; chance comes from `rng` only."""
        self.params = params
        self.rng = rng


class EndpointFault(Fault):
    """A destination that misbehaves: it answers every request while the fault stands."""

    @abstractmethod
    def answer(self, request: HttpRequest) -> Answer:
        """What this destination does with a request."""


class SeriesFault(Fault):
    """A transformer of a candle stream, while the fault stands.

    Where its parameters have a `share` it befalls so many candles, by seeded chance; else every one.
    """

    def arrive(self, candle: Candle) -> Iterable[Candle]:
        """The candles that arrive instead of this one, whether it is befallen or not."""
        share = getattr(self.params, "share", 1.0)
        return self.transform(candle) if share >= 1.0 or self.rng.random() < share else [candle]

    @abstractmethod
    def transform(self, candle: Candle) -> Iterable[Candle]:
        """What a candle that is befallen becomes: none, the same, another, or several."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the far end does with a request.

    Attributes:
        after_s: Virtual seconds until it does so; from the caller's deadline on, the caller sees a timeout.
        response: What it answers; None when there is a failure instead.
        failure: Kind of the transport error: dns, tls, reset, refused.
    """

    after_s: float = 0.0
    response: HttpResponse | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a scenario file."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that an expectation or an invariant found wrong.

    Attributes:
        verdict: FAIL when the history contradicts what was expected, UNKNOWN when it cannot tell.
        code: What is wrong: `ALERT_MISSING`, `ALERT_UNEXPECTED`, …
        message: Expected and got, at a time, with both numbers and their units.
        where: The line of the scenario that says what was expected; None for invariants.
        at_s: The instant of the divergence, virtual seconds after the start.
        nearest: The near miss: what almost matched, and in which field it differed.
    """

    verdict: Verdict
    code: str
    message: str
    where: Where | None = None
    at_s: float | None = None
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """What an expectation waits for, or did not wait for, as one entry on the timeline.

    Attributes:
        at_s: Where it stands, virtual seconds after the start.
        text: What is expected in a few words; empty when nothing is.
        seq: The record of the history that stands beside it; None when there is none.
        met: Whether the two agree.
    """

    at_s: float
    text: str
    seq: int | None
    met: bool


class Expectation(ABC):
    """A key under `expect:`; judges the history against what the scenario says there."""

    name: ClassVar[str]
    Params: ClassVar[Any]

    @abstractmethod
    def judge(self, history: History, expected: Any, where: Sequence[Where]) -> Iterable[Judgement]:
        """Compare.

        Args:
            history: What happened.
            expected: The validated value of this key, of type `Params`.
            where: The place of each item when the value is a list, else of the value itself.
        """

    def lane(self, history: History, expected: Any) -> Iterable[Due]:  # noqa: ARG002 - most have no instants
        """What stands on the expected side of the timeline."""
        return ()


class Invariant(ABC):
    """Something that must hold in every drill, whatever it expects."""

    name: ClassVar[str]

    @abstractmethod
    def judge(self, history: History) -> Iterable[Judgement]:
        """What the history shows to be violated."""


class Report(ABC):
    """A form in which the results of a run are shown.

    A report has a name (`--report NAME`) and the name of the file that it becomes under the results folder.
    """

    name: ClassVar[str]
    filename: ClassVar[str]

    def __init__(self, *, colour: bool = False) -> None:
        """Whether what shows it has colours; a report that becomes a file is made without."""
        self.colour = colour

    @abstractmethod
    def render(self, results: Sequence[DrillResult]) -> str:
        """The whole report as text; the same results give the same bytes."""

    def refused(self, errors: Sequence[ScenarioError]) -> str:  # noqa: ARG002 - most forms have nothing to say
        """The report of scenario files that cannot be used; empty in a form that has none for them."""
        return ""
