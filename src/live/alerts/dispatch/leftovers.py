"""What a process that is gone has left in the outbox, and nobody serves or knows of any more."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from live.alerts.addresses import sink_of
from live.alerts.dispatch.inbox import Handed
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.journal import Journal, JournalError, Mark
from live.alerts.dispatch.lane import LEASE_S
from live.alerts.dispatch.lanes import is_heartbeat
from live.alerts.dispatch.record import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from live.alerts.dispatch.journal import Line
    from live.alerts.dispatch.outbox import Outbox
    from live.alerts.dispatch.recorder import Recorder
    from live.alerts.dispatch.stages.grouping import Groups

EVERY_S = 5.0
"""So often it is looked for: as far as anybody knows, the other process lives on."""
NOT_CONFIGURED = "not_configured"
_AT_ONCE = 100


class Leftovers:
    """Looks for them now and then, and lets them go the way of our own alerts.

    Attributes:
        unserved: Destinations for which alerts wait, and which nobody serves.
        unread: Journals that cannot be read, and why.
    """

    def __init__(
        self,
        recorder: Recorder,
        groups: Groups,
        keep_s: float,
        accept: Callable[[Sequence[Handed], Mark], None],
    ) -> None:
        """Know what to do with it.

        Args:
            recorder: The outbox.
            groups: Take what was held.
            keep_s: What is for a destination that is configured nowhere is kept so long: it may come back.
            accept: Judges and records what was handed over.
        """
        self.unserved: set[str] = set()
        self.unread: tuple[str, ...] = ()
        self._accept = accept
        self._recorder, self._groups, self._keep_s = recorder, groups, keep_s
        self._next = 0.0

    def look(self, now: float) -> None:
        """Take over what nobody else will.

        Raises:
            OutboxError: the outbox cannot be used.
        """
        if now < self._next:
            return
        self._next = later(now, EVERY_S)
        outbox = self._recorder.outbox
        self._adopt(outbox)
        # whoever lives lets go of a group sooner
        self._groups.adopt(outbox.held_groups(now, self._groups.longest_s + LEASE_S))
        for name in outbox.destinations():
            if name not in self._recorder.lanes and not outbox.leases.served(name, now):
                self._take_over(name, now)

    def _adopt(self, outbox: Outbox) -> None:
        """Record what was handed over to a process that is gone, and not recorded by it."""
        unread = list[str]()
        for path in Journal.left_beside(outbox.database.file):
            try:
                self._adopt_one(outbox, path)
            except JournalError as error:
                unread.append(str(error))
        outbox.journals.forget_gone()
        for why in unread:
            if why not in self.unread:
                self._recorder.unread(why)
        self.unread = tuple(unread)

    def _adopt_one(self, outbox: Outbox, path: str) -> None:
        journal = Journal.opened(path)
        if journal is None:
            return
        with closing(journal):
            for line in outbox.journals.left(journal):
                self._accept_line(line, Mark(journal.name, line.number))
            if not self._recorder.failure:
                journal.delete()

    def _accept_line(self, line: Line, mark: Mark) -> None:
        event = readable(line.text)
        if event is None:
            self._recorder.unreadable(line.text, self._recorder.now(), mark)
        else:
            self._accept([Handed(event)], mark)

    def _take_over(self, name: str, now: float) -> None:
        """Let another address of the sink have it; where there is none, say so, and give it up in time."""
        row = self._recorder.outbox.next(name, now - LEASE_S)  # whoever served it would have begun by now
        if row is None:
            return
        heir = next((lane for lane in self._recorder.lanes if sink_of(lane) == sink_of(name)), None)
        if heir is not None:
            self._recorder.readdress(name, heir)
            return
        if name not in self.unserved and not is_heartbeat(name):
            self.unserved.add(name)
            self._recorder.unserved(name, NOT_CONFIGURED, now - row.first_at)
        self._give_up(name, now)

    def _give_up(self, name: str, now: float) -> None:
        """A CRITICAL goes to the fallback now; what is not urgent is kept."""
        keep_s = 0.0 if is_heartbeat(name) else self._keep_s
        for _ in range(_AT_ONCE):
            row = self._recorder.outbox.next(name, now - LEASE_S)
            if row is None or not (row.urgent or now - row.first_at >= keep_s):
                return
            self._recorder.give_up(row, NOT_CONFIGURED)
