"""Alerts below the configured level go nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.dispatch.stage import Passing, Stage, Stopped
from live.alerts.level_filter import suppressed_by_level

if TYPE_CHECKING:
    from live.events import AlertLevel


class LevelFilter(Stage):
    """The first stage: what is too quiet costs nothing."""

    def __init__(self, min_level: AlertLevel) -> None:
        """Let through from `min_level` on."""
        self._min_level = min_level

    def judge(self, passing: Passing, now: float) -> Passing | Stopped:  # noqa: ARG002 - the level does not depend on the time
        """Stop what is below the level."""
        reason = suppressed_by_level(passing.event, self._min_level)
        return Stopped("suppressed", reason) if reason else passing
