"""The only place in `live` that reads the wall clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock: UTC for instants, monotonic for durations."""

    def now(self) -> datetime:
        """The present instant, timezone-aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; only differences mean anything."""
        return time.monotonic()


def as_utc(instant: datetime) -> datetime:
    """An instant in UTC; a naive one is taken as UTC already."""
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC)


def instant(value: object) -> datetime | None:
    """An instant in UTC, None for what is none; a naive one is taken as UTC."""
    try:
        return as_utc(value) if isinstance(value, datetime) and _exists(value) else None
    except OverflowError:
        return None


def _exists(value: datetime) -> bool:
    return value == value  # noqa: PLR0124 - pandas' NaT is a datetime that does not equal itself
