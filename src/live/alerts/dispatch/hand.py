"""The hand: what `send` was given, and nobody has judged and recorded yet.

In memory, or, for an outbox that is a file, in a journal beside it as well.
"""

from __future__ import annotations

from collections import deque
from threading import RLock
from typing import TYPE_CHECKING

from live.alerts.dispatch.journal import Mark
from live.alerts.dispatch.record import to_record

if TYPE_CHECKING:
    from live.alerts.dispatch.journal import Journal
    from live.events import AlertEvent

MOST = 1_000
"""So many may be in it; whoever sends more takes over what there is first."""
AT_ONCE = 64
"""So many are recorded in one change."""
LONG = 4 * 2**20
"""A journal of so many bytes is emptied as soon as all of it is recorded."""


class Hand:
    """Alerts in the order in which they came. Any thread may put one in, one at a time takes them out."""

    def __init__(self, journal: Journal | None, *, takes: bool) -> None:
        """Empty; it takes nothing where nobody takes over."""
        self._journal, self._takes, self._keeps = journal, takes, False
        self._handed: deque[tuple[int, AlertEvent]] = deque()
        self._lock, self._writing = RLock(), False
        self._number = self._size = 0

    def __len__(self) -> int:
        return len(self._handed)

    def put(self, event: AlertEvent) -> bool:
        """Take an alert; False when whoever sends it has to record it himself."""
        if not self._takes or len(self._handed) >= MOST:
            return False
        text = "" if self._journal is None else to_record(event)
        with self._lock:
            if not self._takes or self._writing:  # the handler of a signal sends while we do
                return False
            self._writing = True
            try:
                self._number += 1
                if self._journal:
                    self._size += self._journal.write(self._number, text)
                self._handed.append((self._number, event))
            except OSError:
                self._takes = False  # a line that is cut off must remain the last
                return False
            finally:
                self._writing = False
        return True

    def take(self) -> tuple[list[AlertEvent], Mark | None]:
        """Take out the oldest, and how far the journal is recorded as soon as they are."""
        taken = [self._handed.popleft() for _ in range(min(AT_ONCE, len(self._handed)))]
        mark = Mark(self._journal.name, taken[-1][0]) if taken and self._journal and not self._keeps else None
        return [event for _, event in taken], mark

    def tidy(self) -> None:
        """Empty a long journal, when all that was taken out is recorded."""
        if self._journal and self._size >= LONG:
            with self._lock:
                if self._takes and not self._handed:
                    self._journal.truncate()
                    self._size = 0

    def shut(self) -> None:
        """Take nothing any more."""
        with self._lock:
            self._takes = False

    def keep(self) -> None:
        """What was taken out may not be recorded: the next process finds the journal as it is."""
        if self._journal:
            self._keeps = True
            self.shut()

    def end(self) -> str:
        """Let the journal go; its name where it is gone with all that was recorded of it, else empty."""
        self.shut()
        journal, self._journal = self._journal, None
        if journal is None:
            return ""
        gone = not self._keeps and not self._handed
        if gone:
            journal.delete()
        journal.close()
        return journal.name if gone else ""

    def leave(self) -> None:
        """Let the journal go as it is: it belongs to another process, or to the next."""
        self._takes = False  # no lock: in a fork nobody is left who could free it
        self._handed.clear()
        if self._journal:
            self._journal.close()
