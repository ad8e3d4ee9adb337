"""The inbox: what `send` was given, and nobody has judged and recorded yet.

In memory, or, for an outbox that is a file, in a journal beside it as well.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from live.alerts.dispatch.identity import Identity
from live.alerts.dispatch.journal import Mark
from live.alerts.dispatch.record import to_record
from live.alerts.payload import is_plain
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class _Waiting(NamedTuple):
    """An alert that is in the inbox, and its number."""

    number: int
    event: AlertEvent
    text: str


class Inbox:
    """Alerts in the order in which they came, a CRITICAL and what is about the same before all others.

    Any thread may put one in, one at a time takes them out.
    """

    def __init__(self, journal: Journal | None, *, takes: bool) -> None:
        """Empty; it takes nothing where nobody takes over."""
        self._journal, self._takes, self._keeps = journal, takes, False
        self._handed: deque[_Waiting] = deque()
        self._ahead: deque[_Waiting] = deque()  # these go first
        self._gone = set[int]()  # their numbers, and those of what has gone so, until their turn has come
        self._hurries = False
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
        hurries = event.level >= AlertLevel.CRITICAL
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
            self._handed.append(_Waiting(self._number, event, text))
            if hurries:
                self._hurries = True
        except OSError:
            self._takes = False  # a line that is cut off must remain the last
            return False
        finally:
            self._lock.release()
        return True

    def take(self) -> tuple[list[Handed], Mark | None]:
        """Take out those whose turn it is, and how far the journal is recorded as soon as they are."""
        if self._hurries and not self._ahead and len(self._handed) > AT_ONCE:
            self._let_pass()
        taken: list[_Waiting] = []
        while len(taken) < AT_ONCE and (one := self._next()) is not None:
            taken.append(one)
        return [Handed(one.event, one.text) for one in taken], self._mark(taken)

    def _let_pass(self) -> None:
        """Bring forward what is urgent, and all about the same: a change of its level is told in order."""
        self._hurries = False  # before anything is looked at: more may come meanwhile
        waiting = [one for one in tuple(self._handed) if one.number not in self._gone]
        abouts = map(_about, (one.event for one in waiting if one.event.level >= AlertLevel.CRITICAL))
        urgent = {about for about in abouts if about is not None}
        codes = {about.code for about in urgent}  # quicker to look at
        ahead = [one for one in waiting if _code(one.event) in codes and _about(one.event) in urgent]
        self._ahead.extend(ahead)  # first: whoever is interrupted in between sends twice rather than never
        self._gone.update([one.number for one in ahead])

    def _next(self) -> _Waiting | None:
        if self._ahead:
            return self._ahead.popleft()
        while self._handed:
            one = self._handed.popleft()
            if one.number not in self._gone:
                return one
            self._gone.remove(one.number)
        return None

    def _mark(self, taken: Sequence[_Waiting]) -> Mark | None:
        if not taken or self._journal is None or self._keeps:
            return None
        numbers = [one.number for one in taken]
        number = self._handed[0].number - 1 if self._handed else max(numbers)
        return Mark(self._journal.name, number, tuple(one for one in numbers if one > number))

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
        self._ahead.clear()
        if self._journal is not None:
            self._journal.close()


def _code(event: AlertEvent) -> str:
    """The code of an alert; empty where it cannot be said."""
    try:
        return str(event.code)
    except Exception:  # noqa: BLE001 - as below
        return ""


def _about(event: AlertEvent) -> Identity | None:
    """What an alert is about; None where it cannot be said."""
    try:
        return Identity.of(event)
    except Exception:  # noqa: BLE001 - a subject may be foreign code
        return None
