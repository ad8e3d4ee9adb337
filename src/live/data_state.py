"""What the guards of candles know, kept in a store: a restart costs neither statistics nor open alerts.

A part that cannot be taken up, because it is of other settings or no state at all, is told, and those guards
begin anew: nothing is believed that was not understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from live.codes import DATA_STATE_FAILED
from live.contracts import Finding
from live.events import AlertLevel
from live.state_store import StateMissingError, StateUnreadableError, StateUnwritableError
from live.states import entries, table, the_same
from live.timetable import timetable_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from live.bars.watch import SeriesWatch
    from live.candles import Series
    from live.contracts import CandleGuard, CrossGuard
    from live.state_store import StateStore

VERSION = 1
"""Of the form of the state: grows when what was kept before cannot be read any more."""
KEPT_EVERY = timedelta(minutes=1)
STATE = "state"
"""What an alert is about that is about no single series."""
_ANEW = "the guards begin anew, and know what is usual after 200 bars"


class Lasts(Protocol):
    """What can be taken out of a process and put into the next; see `live.contracts.Lasting`."""

    def saved(self) -> Any:
        """What it knows, as values of strict JSON."""

    def restore(self, state: Any, now: datetime) -> None:
        """Go on from what was saved."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """One series and all that guards it.

    Attributes:
        series: The series, with its timetable.
        kinds: The kinds of fault.
        guards: The guards that stand beside them.
    """

    series: Series
    kinds: SeriesWatch
    guards: Iterable[CandleGuard]

    def saved(self) -> dict[str, Any]:
        """See `Lasts`."""
        return {
            "calendar": self.series.calendar,
            "times": timetable_of(self.series).saved(),
            "kinds": self.kinds.saved(),
            "guards": {guard.name: Configured(guard).saved() for guard in self.guards},
        }

    def restore(self, state: Any, now: datetime) -> None:
        """See `Lasts`."""
        parts = entries(state, "calendar", "times", "kinds", "guards")
        the_same(parts["calendar"], self.series.calendar, "calendar")
        self.kinds.restore(parts["kinds"])
        timetable_of(self.series).restore(parts["times"])
        guards = {guard.name: guard for guard in self.guards}
        kept = entries(parts["guards"], *guards)
        for name, guard in guards.items():
            Configured(guard).restore(kept[name], now)


@dataclass(frozen=True, slots=True)
class Configured:
    """A guard, whose state is worth nothing to one that is configured otherwise."""

    guard: CandleGuard | CrossGuard

    def saved(self) -> dict[str, Any]:
        """See `Lasts`."""
        return {"settings": repr(self.guard.config), "state": self.guard.saved()}

    def restore(self, state: Any, now: datetime) -> None:
        """See `Lasts`."""
        parts = entries(state, "settings", "state")
        the_same(parts["settings"], repr(self.guard.config), self.guard.name)
        self.guard.restore(parts["state"], now)


class DataState:
    """Reads what was kept when the first series is watched, and keeps what is known once a minute."""

    def __init__(self, store: StateStore | None) -> None:
        """Keep it in a store, or nowhere when there is none."""
        self._store = store
        self._waiting: dict[str, Any] = {}
        self._is_read = store is None
        self._kept_at: datetime | None = None
        self._fails = False

    def read(self) -> Iterable[Finding]:
        """Read what was kept, the first time that this is asked."""
        if self._is_read or self._store is None:
            return ()
        self._is_read = True
        try:
            self._waiting = dict(_parts(self._store.read()))
        except Exception as error:  # noqa: BLE001 - a store may be foreign code
            return (_refused(STATE, error),)
        return ()

    def take_up(self, name: str, make: Callable[[], Lasts], now: datetime) -> Iterable[Finding]:
        """Put what was kept of one thing into it, which is made anew where that is refused.

        Args:
            name: What it is called in the state: a symbol, or a name that is none.
            make: Makes it as new, and puts it in the place of the one before.
            now: The present instant.
        """
        made, part = make(), self._waiting.pop(name, None)
        if part is None:
            return ()
        try:
            made.restore(part, now)
        except Exception as error:  # noqa: BLE001 - a guard may be foreign code
            make()
            return (_refused(name.removeprefix(SHARED), error),)
        return ()

    def on_tick(self, known: Callable[[], Mapping[str, Lasts]], now: datetime) -> Iterable[Finding]:
        """Keep what is known, when a minute has passed."""
        if self._store is None:
            return ()
        if self._kept_at is not None and timedelta() <= now - self._kept_at < KEPT_EVERY:
            return ()
        return self.keep(known(), now)

    def keep(self, known: Mapping[str, Lasts], now: datetime) -> Iterable[Finding]:
        """Keep what is known, and what nobody has taken up; nothing, before what was kept has been read."""
        if self._store is None or not self._is_read:
            return ()
        self._kept_at, failed = now, self._fails
        try:
            parts = {**self._waiting, **{name: one.saved() for name, one in known.items()}}
            self._store.write({"version": VERSION, "parts": parts})
        except Exception as error:  # noqa: BLE001 - a guard may be foreign code, and a store too
            self._fails = True
            return () if failed else (_not_kept(error),)
        self._fails = False
        return (_kept_again(),) if failed else ()


SHARED = "all series: "
"""How names begin of what is known of all series together; no symbol does."""


def _parts(state: object) -> Mapping[str, Any]:
    """What was kept of each thing.

    Raises:
        ValueError: it is no state, or of another version.
    """
    if state is None:
        return {}
    version = table(state).get("version")
    if version != VERSION:
        raise ValueError(f"is of version {version!r}, and this is version {VERSION}")
    return table(entries(state, "version", "parts")["parts"])


def _refused(name: str, error: Exception) -> Finding:
    """What is not taken up; where nothing is, which every first start comes to, nobody is to be woken."""
    level = AlertLevel.INFO if isinstance(error, StateMissingError) else AlertLevel.WARNING
    why = str(error) if isinstance(error, ValueError | StateUnreadableError) else repr(error)
    return _finding("raised", name, f"what the guards knew is not taken up, it {why}; {_ANEW}", why, level)


def _not_kept(error: Exception) -> Finding:
    why = str(error) if isinstance(error, StateUnwritableError) else repr(error)
    text = f"what the guards know cannot be kept: {why}; after a restart they begin where it was kept last"
    return _finding("raised", STATE, text, why)


def _kept_again() -> Finding:
    return _finding("resolved", STATE, "RESOLVED, what the guards know is kept again", "")


def _finding(
    status: str, subject: str, text: str, why: str, level: AlertLevel = AlertLevel.WARNING
) -> Finding:
    context = {"status": status, "reason": why}
    return Finding(DATA_STATE_FAILED, level, subject, f"{subject}: {text}", context)
