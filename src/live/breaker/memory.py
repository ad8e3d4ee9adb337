"""What the breaker knows: the store as long as it works, and what could not be stored when it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from live.breaker.scopes import ACCOUNT
from live.breaker.state import NEW, BreakerState
from live.breaker.store import StoreUnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from live.breaker.state import BreakerRecord
    from live.breaker.store import BreakerStore, Change

    Outage = Callable[[str, bool], None]

STORE = "store"


class Memory:
    """Reads and changes records, and never raises for what the store does.

    A store that cannot be read halts the account. What cannot be written stays here; when the store works
    again it is written, unless somebody else has written a higher state there meanwhile.
    """

    def __init__(self, store: BreakerStore, told: Outage) -> None:
        """Remember in `store`.

        Args:
            store: Where records are kept.
            told: Told of an outage, once: why, and whether it is reading that fails.
        """
        self._store = store
        self._told = told
        self._records: dict[str, BreakerRecord] = {}
        self._stored: dict[str, BreakerRecord] = {}
        self._unsaved: dict[str, BreakerRecord | None] = {}
        self._outages: dict[str, str] = {}

    @property
    def failure(self) -> str:
        """Why the store does not work; empty when it does."""
        return "; ".join(self._outages.values())

    def read(self, now: datetime) -> Mapping[str, BreakerRecord]:
        """Every record, by its scope."""
        try:
            self._stored = dict(self._store.read())
        except Exception as error:  # noqa: BLE001 - a store may be foreign code, and one that fails is unreadable
            self._unreadable(_why(error), now)
        else:
            again = self._outages.pop("read", None) is not None
            self._records = self._stored | {
                scope: self._known(scope, self._stored.get(scope, NEW)) for scope in self._unsaved
            }
            if again:
                self._save_the_rest()  # a restart must not undo the halt
        return self._records

    def change(self, scope: str, change: Change, now: datetime) -> BreakerRecord:
        """Replace a record by what `change` makes of it; in memory only when the store does not work."""
        self.read(now)
        try:
            after = self._saved(scope, change)
        except StoreUnreadableError as error:
            self._unreadable(_why(error), now)
        except Exception as error:  # noqa: BLE001 - as above
            self._outage(_why(error), reading=False)
        else:
            self._save_the_rest()
            return after
        if scope not in self._unsaved:
            self._unsaved[scope] = self._stored.get(scope, NEW)
        self._records[scope] = change(self._records.get(scope, NEW))
        return self._records[scope]

    def change_stored(self, scope: str, change: Change, now: datetime) -> BreakerRecord:
        """Replace a record in the store, or not at all.

        Raises:
            StoreUnreadableError: the present record cannot be known.
            StoreUnwritableError: the new one was not stored.
        """
        self.read(now)
        after = self._saved(scope, change)
        self._outages.pop("write", None)
        return after

    def _saved(self, scope: str, change: Change) -> BreakerRecord:
        after = self._store.change(scope, lambda stored: change(self._known(scope, stored)))
        self._unsaved.pop(scope, None)
        self._records[scope] = self._stored[scope] = after
        return after

    def _save_the_rest(self) -> None:
        """Write what could not be written before, now that the store works again."""
        try:
            for scope in list(self._unsaved):
                self._saved(scope, lambda record: record)
        except Exception as error:  # noqa: BLE001 - as above
            self._outage(_why(error), reading=False)
        else:
            self._outages.pop("write", None)

    def _known(self, scope: str, stored: BreakerRecord) -> BreakerRecord:
        """What is in the store, or what is not yet, the higher of the two when both have changed."""
        if scope not in self._unsaved:
            return stored
        mine = self._records.get(scope, NEW)
        others_wrote = stored != self._unsaved[scope]
        return stored if others_wrote and stored.state > mine.state else mine

    def _unreadable(self, why: str, now: datetime) -> None:
        """Halt the account: a state that is not known is the worst one."""
        account = self._records.get(ACCOUNT, NEW)
        if account.state is not BreakerState.HALTED:
            reason = f"the store cannot be read: {why}"
            halted = replace(NEW, state=BreakerState.HALTED, since=now, reason=reason, by=STORE)
            self._records[ACCOUNT] = halted
        self._unsaved.setdefault(ACCOUNT, None)
        self._outage(why, reading=True)

    def _outage(self, why: str, *, reading: bool) -> None:
        kind = "read" if reading else "write"
        if kind not in self._outages:
            self._outages[kind] = why
            self._told(why, reading)


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
