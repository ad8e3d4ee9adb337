"""The store of the breaker in a drill: it outlives the monitor, and fails on command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from live.breaker import MemoryStore, StoreUnreadableError, StoreUnwritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from live.breaker import BreakerRecord

StoreMood = Literal["sound", "unreadable", "unwritable"]


class DrilledStore(MemoryStore):
    """A store in memory.

    Attributes:
        mood: Whether it works, and what it refuses when it does not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mood: StoreMood = "sound"

    def read(self) -> Mapping[str, BreakerRecord]:
        """Every record, by its scope.

        Raises:
            StoreUnreadableError: the drill wants it so.
        """
        if self.mood == "unreadable":
            raise StoreUnreadableError("the drill has made the store unreadable")
        return super().read()

    def change(self, scope: str, change: Callable[[BreakerRecord], BreakerRecord]) -> BreakerRecord:
        """Replace one record.

        Raises:
            StoreUnreadableError: the drill wants it so.
            StoreUnwritableError: the drill wants it so.
        """
        self.read()
        if self.mood == "unwritable":
            raise StoreUnwritableError("the drill has made the store unwritable")
        return super().change(scope, change)
