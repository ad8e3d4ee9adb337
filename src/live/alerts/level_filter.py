"""The level filter: an alert below a sink's level is not sent there, and that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.events import AlertEvent, AlertLevel

BELOW_MIN_LEVEL = "below_min_level"


def suppressed_by_level(event: AlertEvent, min_level: AlertLevel) -> str:
    """The name of this rule if the alert is below `min_level`, else empty; an unreadable level passes."""
    level = getattr(event, "level", None)
    return BELOW_MIN_LEVEL if isinstance(level, int) and level < min_level else ""
