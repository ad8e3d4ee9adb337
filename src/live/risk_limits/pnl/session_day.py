"""Which day a result belongs to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from live.clock import as_utc

if TYPE_CHECKING:
    from datetime import tzinfo

_DAY = timedelta(days=1)
_NOON = time(12)


class SessionDay:
    """Days that begin at a wall-clock time of a time zone, summer time followed.

    A day that begins before noon has the date on which it begins. One that begins at noon or later has the
    next date, as the trade date of currencies and futures does: from 17:00 in New York it is tomorrow.
    Where the wall clock is set back over the start, the day begins the first time; where it leaps over the
    start, when it would have shown it without the leap.
    """

    def __init__(self, zone: str = "UTC", starts: time = time()) -> None:
        """Know where and when a day begins.

        Raises:
            ValueError: there is no such time zone.
        """
        self._zone = _zone(zone)
        self._starts = starts
        self._ahead = _DAY if starts >= _NOON else timedelta()
        self._last = (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), date.max)

    def of(self, at: datetime) -> date:
        """The day that an instant belongs to; a naive one is taken as UTC."""
        begin, end, day = self._last
        if at.tzinfo is None:
            at = as_utc(at)
        if not begin <= at < end:
            self._last = begin, end, day = self._around(as_utc(at))
        return day

    def _around(self, at: datetime) -> tuple[datetime, datetime, date]:
        """The day around an instant: its begin, its end, and its date."""
        local = at.astimezone(self._zone).date()
        if at < self._begin(local):
            local -= _DAY
        return self._begin(local), self._begin(local + _DAY), local + self._ahead

    def _begin(self, local: date) -> datetime:
        return datetime.combine(local, self._starts, self._zone).astimezone(UTC)


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        from zoneinfo import available_timezones

        from live.registry import nearest

        raise ValueError(
            f"unknown time zone {name!r}; {_short(nearest(name, available_timezones()))}"
        ) from None


def _short(hint: str) -> str:
    """The hint, unless it lists hundreds of names."""
    return hint if hint.startswith("did") else "expected a name such as 'America/New_York'"
