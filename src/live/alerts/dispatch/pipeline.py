"""The stages that an alert passes, in their order, and what time brings out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.dispatch.stage import Passing, Stage, Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Pipeline:
    """Stages in a row. Silences and inhibitions come before repeats and groups: what is muted is no news."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        """Pass alerts through `stages`, in their order."""
        self._stages = tuple(stages)

    def judge(self, passing: Passing, now: float, begin: int = 0) -> Passing | Stopped:
        """What becomes of an alert that enters at the stage of that number."""
        for number, stage in enumerate(self._stages[begin:], start=begin + 1):
            judged = stage.judge(passing, now)
            if isinstance(judged, Stopped):
                for later in self._stages[number:] if judged.muted else ():
                    later.missed(passing, now)
                return judged
            passing = judged
        return passing

    def due(self) -> float | None:
        """When time brings out something."""
        return min((due for stage in self._stages if (due := stage.due()) is not None), default=None)

    def release(self, now: float) -> Iterator[tuple[Passing, Passing | Stopped]]:
        """What time has brought out, and what the stages after make of it."""
        for number, stage in enumerate(self._stages):
            for passing in stage.release(now):
                yield passing, self.judge(passing, now, number + 1)
