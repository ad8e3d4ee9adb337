"""Thresholds with which alarms on a history stay within a budget.

Every alarm of the history counts as false. The thresholds that kinds name (`CandleKind.sensitivity`) move
along a ladder of factors: the kind that speaks most is dulled first, and where there is room kinds are
sharpened, if they find more faults by it. What is suggested was run: its counts are measured ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drills.replay.candle_summary import PER
from drills.replay.placed import alarms_of
from live.contracts import CandleKind
from live.registry import GUARDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import polars as pl

    from drills.replay.watched import Watched
    from live.config import LiveDataConfig

    FindsMore = Callable[[LiveDataConfig, Sequence[str]], Collection[str]]

LADDER = (0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0)
"""What all thresholds of a kind are multiplied by; a kind that needs more had better be switched off."""
PRESENT = LADDER.index(1.0)
DIGITS = 3
"""Significant digits of a suggested threshold."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a search came to.

    Attributes:
        config: The configuration with the suggested thresholds.
        changed: Old and new thresholds of each kind that has others now.
        before: Alarms on the history by code, as the configuration is.
        after: The same as suggested.
        fixed: Codes whose alarms no threshold moves.
    """

    config: LiveDataConfig
    changed: Mapping[str, Mapping[str, tuple[Any, Any]]]
    before: Mapping[str, int]
    after: Mapping[str, int]
    fixed: tuple[str, ...]

    def meets(self, budget: float, bars: int) -> bool:
        """Whether it stays within so many alarms per 10,000 bars."""
        return sum(self.after.values()) <= budget * bars / PER


def movable(config: LiveDataConfig) -> dict[str, type[CandleKind]]:
    """Kinds that name thresholds, by their names."""
    leaves = {name: GUARDS[name] for name in config.guards}
    return {name: leaf for name, leaf in leaves.items() if issubclass(leaf, CandleKind) and leaf.sensitivity}


def scaled(config: LiveDataConfig, steps: Mapping[str, int]) -> LiveDataConfig:
    """The configuration with the thresholds of each kind at its step of the ladder."""
    guards = dict(config.guards)
    for name, kind in movable(config).items():
        if steps[name] != PRESENT:
            old = guards[name]
            values = {key: _times(getattr(old, key), LADDER[steps[name]]) for key in kind.sensitivity}
            guards[name] = replace(old, **values)
    return replace(config, guards=guards)


def _times(value: float, factor: float) -> float:
    new = float(f"{value * factor:.{DIGITS}g}")
    return max(1, round(new)) if isinstance(value, int) else new


def suggested(history: pl.DataFrame, watched: Watched, budget: float, finds_more: FindsMore) -> Suggestion:
    """The sharpest thresholds within the budget, or the dullest there are when it cannot be met.

    Args:
        history: The bars.
        watched: The series, with the configuration as it is.
        budget: Alarms per 10,000 bars.
        finds_more: Which kinds find more faults with another configuration; others are not sharpened.
    """
    search = _Search(history, watched)
    steps = search.fitted(int(budget * history.height / PER + 1e-9))
    sharper = [name for name, step in steps.items() if step < PRESENT]
    better = finds_more(scaled(watched.config, steps), sharper) if sharper else ()
    steps |= {name: PRESENT for name in sharper if name not in better}
    config, after = scaled(watched.config, steps), search.counts(steps)
    changed = {name: _moved(name, watched.config, config) for name, step in steps.items() if step != PRESENT}
    mine = {code for kind in search.kinds.values() for code in kind.codes}
    before = search.counts(dict.fromkeys(steps, PRESENT))
    return Suggestion(config, changed, before, after, tuple(code for code in after if code not in mine))


def _moved(name: str, old: LiveDataConfig, new: LiveDataConfig) -> dict[str, tuple[Any, Any]]:
    keys = movable(old)[name].sensitivity
    return {key: (getattr(old.guards[name], key), getattr(new.guards[name], key)) for key in keys}


class _Search:
    """Counts of alarms at settings, each run once."""

    def __init__(self, history: pl.DataFrame, watched: Watched) -> None:
        self.kinds = movable(watched.config)
        self._history = history
        self._watched = watched.in_small_parts(history.height * len(LADDER))
        self._known: dict[tuple[int, ...], dict[str, int]] = {}

    def counts(self, steps: Mapping[str, int]) -> dict[str, int]:
        """Alarms by code."""
        key = tuple(steps.values())
        if key not in self._known:
            config = scaled(self._watched.config, steps)
            codes = [one.code for one in alarms_of(replace(self._watched, config=config).said(self._history))]
            self._known[key] = {code: codes.count(code) for code in sorted(set(codes))}
        return self._known[key]

    def fitted(self, allowed: int) -> dict[str, int]:
        """Steps of the kinds: first dulled until the alarms fit, then sharpened while they do."""
        steps = dict.fromkeys(self.kinds, PRESENT)
        while self._total(steps) > allowed:
            loud = [name for name in steps if steps[name] < len(LADDER) - 1 and self._of(name, steps)]
            if not loud:
                return steps
            steps[max(loud, key=lambda name: self._of(name, steps))] += 1
        return self._sharpened(steps, allowed)

    def _sharpened(self, steps: dict[str, int], allowed: int) -> dict[str, int]:
        open_ = set(steps)
        while open_:
            name = min(sorted(open_), key=lambda one: (-steps[one], self._of(one, steps)))
            lower = steps | {name: steps[name] - 1}
            if steps[name] > 0 and self._total(lower) <= allowed:
                steps = lower
            else:
                open_.discard(name)
        return steps

    def _total(self, steps: Mapping[str, int]) -> int:
        return sum(self.counts(steps).values())

    def _of(self, name: str, steps: Mapping[str, int]) -> int:
        """Alarms of one kind."""
        return sum(self.counts(steps).get(code, 0) for code in self.kinds[name].codes)
