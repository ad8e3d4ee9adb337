"""What was asked about one history beyond its alarms: power, and thresholds for a budget."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from drills.replay.curves import CURVES
from drills.replay.power import Chance, power
from drills.replay.power_text import budget_text, power_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import polars as pl

    from drills.replay.curves import Curve
    from drills.replay.power import Point
    from drills.replay.watched import Watched
    from live.config import LiveDataConfig


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of each history.

    Attributes:
        power: Whether faults are placed in it.
        budget: Alarms per 10,000 bars that thresholds are sought for; None for no search.
        chance: How faults are placed.
    """

    power: bool = False
    budget: float | None = None
    chance: Chance = field(default_factory=Chance)

    @property
    def any(self) -> bool:
        """Whether anything is asked."""
        return self.power or self.budget is not None


class Measured:
    """Answers about one history."""

    def __init__(self, history: pl.DataFrame, watched: Watched, questions: Questions) -> None:
        """Measure what is found as the guards are.

        Raises:
            UnusableInputError: the history is too short.
        """
        self._history, self._watched, self._asked = history, watched, questions
        self.powers = self._power(watched.config, CURVES)

    def texts(self) -> list[str]:
        """What was asked for, in its order."""
        parts = [power_text(CURVES, self.powers, self._asked.chance.places)] if self._asked.power else []
        return parts if self._asked.budget is None else [*parts, self._budget(self._asked.budget)]

    def _budget(self, budget: float) -> str:
        from drills.replay.budget import suggested

        made = suggested(self._history, self._watched, budget, self._finds_more)
        codes = {code for name in made.changed for code in _codes(name)}
        then = self._power(made.config, _of(codes)) if codes else {}
        return budget_text(budget, self._history.height, made, self.powers, then)

    def _finds_more(self, config: LiveDataConfig, names: Sequence[str]) -> list[str]:
        """Kinds of which more faults are found with that configuration."""
        then = self._power(config, _of({code for name in names for code in _codes(name)}))
        more = {name for name, points in then.items() if _hits(points) > _hits(self.powers[name])}
        return [name for name in names if any(curve.name in more for curve in _of(_codes(name)))]

    def _power(self, config: LiveDataConfig, curves: Sequence[Curve]) -> dict[str, list[Point]]:
        return power(self._history, replace(self._watched, config=config), curves, self._asked.chance)


def _codes(name: str) -> Collection[str]:
    from live.registry import GUARDS

    return GUARDS[name].codes


def _of(codes: Collection[str]) -> list[Curve]:
    """Curves of faults that are called by one of these."""
    return [curve for curve in CURVES if set(curve.codes) & set(codes)]


def _hits(points: Sequence[Point]) -> int:
    return sum(one.found for one in points)
