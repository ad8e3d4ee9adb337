"""A venue that falls silent is told once, and not once for each of its series.

A venue delivers while one of its series is neither stale nor late and has a bar that the silent ones lack.
When none does and two series or more are stale, that is one alert; series that become stale later join it.
When the venue delivers again, what is still silent a minute later is told series by series.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from live.codes import DATA_VENUE_SILENT
from live.contracts import FeedGuard, Finding
from live.events import AlertLevel
from live.states import items, moment, numbers, plain, seconds, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from live.contracts import CandleGuard, FeedState

SETTLES = timedelta(minutes=1)
"""So long the others may take when a venue delivers again; a bar's time where bars are shorter."""
NAMED = 5
"""So many series are named in the message; the context has all."""


class VenueSilence:
    """Holds back what guards say of silent feeds until all of a tick is known."""

    def __init__(self, venue_of: Callable[[str], str]) -> None:
        """Ask `venue_of` where a symbol is traded; empty when nobody says, and then nothing is held back."""
        self._venue_of = venue_of
        self._venues: dict[str, Venue] = {}
        self._asked: dict[str, list[Asked]] = {}

    def on_tick(self, guard: CandleGuard, now: datetime) -> Iterable[Finding]:
        """What a guard finds as time passes, unless it is held back for `findings`."""
        found = guard.on_tick(now)
        venue = self._venue_of(guard.series.symbol) if isinstance(guard, FeedGuard) else ""
        if not venue or not isinstance(guard, FeedGuard):
            return found
        self._asked.setdefault(venue, []).append(Asked(guard, tuple(found)))
        return ()

    def findings(self, now: datetime) -> Iterator[Finding]:
        """What there is to say of the venues, now that every guard has been asked.

        Raises:
            ExceptionGroup: what guards raised; what was found is told all the same.
        """
        asked, self._asked = self._asked, {}
        failures = []
        for name, guards in asked.items():
            try:
                yield from self._venues.setdefault(name, Venue(name)).judge(guards, now)
            except Exception as error:  # noqa: BLE001 - a guard may be foreign code
                failures.append(error)
        if failures:
            raise ExceptionGroup("guards that failed; what was found is told", failures)

    def saved(self) -> dict[str, Any]:
        """Which venues are silent, and which series are still owed a word; JSON values."""
        return {name: venue.saved() for name, venue in self._venues.items()}

    def restore(self, state: Any, now: datetime) -> None:  # noqa: ARG002 - a silence lasts while nobody looks
        """Go on from what was saved.

        Raises:
            ValueError: it is no such state; nothing has changed.
        """
        venues = {name: Venue(name) for name in table(state)}
        for name, venue in venues.items():
            venue.restore(state[name])
        self._venues = venues


class Asked(NamedTuple):
    """A guard, and what it found at this tick."""

    guard: FeedGuard
    found: tuple[Finding, ...]


class Feed(NamedTuple):
    """A guard, and what it knows of its feed."""

    guard: FeedGuard
    state: FeedState


class Venue:
    """One venue, which delivers or is silent."""

    def __init__(self, name: str) -> None:
        """Begin with one that delivers."""
        self._name = name
        self._is_silent = False
        self._stopped: datetime | None = None
        self._owed: dict[tuple[str, str], datetime] = {}

    def judge(self, asked: Sequence[Asked], now: datetime) -> Iterator[Finding]:
        """What is to be said, of the venue or of single series."""
        new = [replace(found, by=one.guard.name) for one in asked for found in one.found]
        if not (new or self._is_silent or self._owed):
            return
        try:
            feeds = [Feed(one.guard, one.guard.feed(now)) for one in asked]
        except Exception:
            yield from new
            raise
        silent = [feed for feed in feeds if feed.state.stale]
        if self._is_silent:
            if _delivers(feeds, self._stopped):
                yield self._is_back(silent, now)
            return
        new += self._settled(feeds, now)
        stopped = max((feed.state.complete for feed in silent if feed.state.complete), default=None)
        several = len({feed.guard.series.symbol for feed in silent}) > 1
        if not new or not several or _delivers(feeds, stopped):
            yield from new
            return
        self._is_silent, self._stopped, self._owed = True, stopped, {}
        yield self._finding(silent)

    def saved(self) -> list[Any]:
        """All that it knows, as JSON values."""
        owed = [[*key, *plain([seconds(due)])] for key, due in self._owed.items()]
        return [*plain((float(self._is_silent), seconds(self._stopped))), owed]

    def restore(self, state: Any) -> None:
        """Go on from what was saved.

        Raises:
            ValueError: it is no such state.
        """
        *known, owed = items(state) or [()]
        silent, stopped = numbers(known, 2)
        self._is_silent, self._stopped = silent == 1.0, moment(stopped)
        for one in items(owed):
            symbol, guard, *due = items(one)
            at = moment(*numbers(due, 1))
            if not (isinstance(symbol, str) and isinstance(guard, str) and at):
                raise ValueError(f"has {one!r} for a series that is owed a word")
            self._owed[symbol, guard] = at

    def _is_back(self, silent: Sequence[Feed], now: datetime) -> Finding:
        self._is_silent = False
        self._owed = {_key(feed): now + min(feed.guard.series.timeframe, SETTLES) for feed in silent}
        symbols = _symbols(silent)
        text = f"{self._name}: delivers again; {_counted(symbols)} still silent" + _named(symbols)
        context = {"status": "resolved", "venue": self._name, "count": len(symbols), "symbols": symbols}
        return Finding(DATA_VENUE_SILENT, AlertLevel.WARNING, self._name, text, context, by="stale")

    def _settled(self, feeds: Sequence[Feed], now: datetime) -> list[Finding]:
        """Series that are still silent although the venue has been back for a while."""
        asked = {key: feed.state.stale for feed in feeds if (key := _key(feed)) in self._owed}
        due = [key for key, stale in asked.items() if stale and now >= self._owed[key]]
        over = {key for key, stale in asked.items() if not stale}
        self._owed = {key: at for key, at in self._owed.items() if key not in (*due, *over)}
        return [replace(found, by=key[1]) for key in due if (found := asked[key])]

    def _finding(self, silent: Sequence[Feed]) -> Finding:
        symbols = _symbols(silent)
        opened = sorted(feed.state.newest for feed in silent if feed.state.newest)
        oldest, newest = (opened[0], opened[-1]) if opened else (None, None)
        text = f"{self._name}: {_counted(symbols)} silent, newest bar {_text(newest)}, oldest {_text(oldest)}"
        context = {
            "status": "raised",
            "venue": self._name,
            "count": len(symbols),
            "symbols": symbols,
            "oldest": oldest,
            "newest": newest,
        }
        text += _named(symbols)
        return Finding(DATA_VENUE_SILENT, AlertLevel.CRITICAL, self._name, text, context, by="stale")


def _delivers(feeds: Sequence[Feed], stopped: datetime | None) -> bool:
    """Whether a feed is on time, and has a bar that was complete after the silent ones stopped."""
    on_time = [feed.state.complete for feed in feeds if not feed.state.stale and not feed.state.is_late]
    return any(complete is not None and (stopped is None or complete > stopped) for complete in on_time)


def _key(feed: Feed) -> tuple[str, str]:
    return feed.guard.series.symbol, feed.guard.name


def _symbols(feeds: Sequence[Feed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(feed.guard.series.symbol for feed in feeds))


def _counted(symbols: Sequence[str]) -> str:
    return "1 series is" if len(symbols) == 1 else f"{len(symbols)} series are"


def _named(symbols: Sequence[str]) -> str:
    more = f" and {len(symbols) - NAMED} more" if len(symbols) > NAMED else ""
    return f": {', '.join(symbols[:NAMED])}{more}" if symbols else ""


def _text(at: datetime | None) -> str:
    return "none since the watch began" if at is None else f"opened {at:%Y-%m-%dT%H:%M:%SZ}"
