"""The inbox: what `send` was given, and nobody has judged and recorded yet.

In memory, or, for an outbox that is a file, in a journal beside it as well.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from live.alerts.dispatch.journal import Mark
from live.alerts.dispatch.record import to_record
from live.alerts.payload import is_plain

if TYPE_CHECKING:
    from live.alerts.dispatch.journal import Journal
    from live.events import AlertEvent

MOST = 25_000
"""So many may be in it; whoever sends more takes some over first."""
AT_ONCE = 64
"""So many are recorded in one change."""
_PATIENCE_S = 0.001
"""The handler of a signal that interrupts whoever writes would wait for ever."""


class Handed(NamedTuple):
    """An alert that was handed over.

    Attributes:
        event: The alert.
        text: Its record, where it has one already.
    """

    event: AlertEvent
    text: str = ""


class Inbox:
    """Alerts in the order in which they came. Any thread may put one in, one at a time takes them out."""

    def __init__(self, journal: Journal | None, *, takes: bool) -> None:
        """Empty; it takes nothing where nobody takes over."""
        self._journal, self._takes, self._keeps = journal, takes, False
        self._handed: deque[tuple[int, AlertEvent, str]] = deque()
        self._lock, self._number = Lock(), 0

    def __len__(self) -> int:
        return len(self._handed)

    @property
    def portions(self) -> int:
        """How often to take out until all that is in it now has been."""
        return -(-len(self._handed) // AT_ONCE)

    @property
    def is_full(self) -> bool:
        """Whether some have to be taken over first."""
        return len(self._handed) >= MOST or (self._journal is not None and self._journal.is_large)

    @property
    def unread(self) -> tuple[str, ...]:
        """What nobody records before this process has ended, and why; nothing where all is."""
        if self._journal is None or not self._keeps:
            return ()
        return (f"{self._journal.path}: recording it was interrupted; the next process sends what it holds",)

    def put(self, event: AlertEvent) -> bool:
        """Take an alert; False when whoever sends it has to record it himself."""
        if not self._takes:
            return False
        # whoever sent it may change what it shows
        text = "" if self._journal is None and is_plain(event.context) else to_record(event)
        if not self._lock.acquire(timeout=_PATIENCE_S):
            return False
        try:
            if not self._takes:
                return False
            if self._journal is not None:
                self._journal.write(self._number + 1, text)
            self._number += 1
            self._handed.append((self._number, event, text))
        except OSError:
            self._takes = False  # a line that is cut off must remain the last
            return False
        finally:
            self._lock.release()
        return True

    def take(self) -> tuple[list[Handed], Mark | None]:
        """Take out the oldest, and how far the journal is recorded as soon as they are."""
        taken = [self._handed.popleft() for _ in range(min(AT_ONCE, len(self._handed)))]
        mark = Mark(self._journal.name, taken[-1][0]) if taken and self._journal and not self._keeps else None
        return [Handed(event, text) for _, event, text in taken], mark

    def tidy(self) -> None:
        """Empty the journal, when all that was in it is recorded."""
        if self._journal is None or self._keeps or not self._lock.acquire(timeout=_PATIENCE_S):
            return
        try:
            if not self._handed:
                self._journal.truncate()
        finally:
            self._lock.release()

    def shut(self) -> None:
        """Take nothing any more; what is being put in is waited for."""
        self._takes = False
        if self._lock.acquire(timeout=_PATIENCE_S):
            self._lock.release()

    def keep(self) -> None:
        """What was taken out may not be recorded: the next process finds the journal as it is."""
        self._keeps, self._takes = True, False

    def close(self) -> None:
        """Let the journal go, and with it the file where all of it is recorded."""
        self.shut()
        if self._journal is not None:
            if not self._keeps and not self._handed:
                self._journal.delete()
            self._journal.close()

    def leave(self) -> None:
        """Let the journal go as it is: it belongs to another process, or to the next."""
        self._takes = False  # no lock: in a fork nobody is left who could free it
        self._handed.clear()
        if self._journal is not None:
            self._journal.close()
