"""Where the state of the breaker is kept: the contract, and a store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from live.breaker.state import NEW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from live.breaker.state import BreakerRecord

    Change = Callable[[BreakerRecord], BreakerRecord]


class StoreUnreadableError(Exception):
    """What is stored cannot be known; the message says why."""


class StoreUnwritableError(Exception):
    """A change was not stored; the message says why."""


class BreakerStore(Protocol):
    """Keeps a record per scope. Others may write to the same place at the same time."""

    def read(self) -> Mapping[str, BreakerRecord]:
        """Every record, by its scope.

        Raises:
            StoreUnreadableError: they cannot be known.
        """

    def change(self, scope: str, change: Change) -> BreakerRecord:
        """Replace one record by what `change` makes of it, with nobody writing in between.

        What `change` raises is passed on, and nothing is written then.

        Raises:
            StoreUnreadableError: the present record cannot be known.
            StoreUnwritableError: the new one was not stored.
        """


class MemoryStore:
    """Keeps records as long as the object lives: for tests, and for drills that restart the monitor."""

    def __init__(self) -> None:
        self._records: dict[str, BreakerRecord] = {}

    def read(self) -> Mapping[str, BreakerRecord]:
        """Every record, by its scope."""
        return dict(self._records)

    def change(self, scope: str, change: Change) -> BreakerRecord:
        """Replace one record."""
        self._records[scope] = change(self._records.get(scope, NEW))
        return self._records[scope]
