"""Escalations of what has not ended: dropped when it ends, and whoever was called hears that it has."""

from __future__ import annotations

from collections import deque
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from live.alerts.dispatch.identity import Identity
from live.alerts.dispatch.record import readable
from live.alerts.dispatch.rows import ACKNOWLEDGED, Row
from live.alerts.dispatch.stage import BEFORE, OVER, REMINDS, facts_of

if TYPE_CHECKING:
    from live.alerts.dispatch.database import Database
    from live.events import AlertEvent

MOST, KEYS = 10_000, 16
"""So many alerts are known, and so many keys of each; what is forgotten escalates as if it had not ended."""


class Escalation(NamedTuple):
    """What is known of an alert that escalates.

    Attributes:
        keys: Those under which others stand by.
        called: Destinations that it has escalated to.
    """

    keys: deque[str]
    called: dict[str, None]


class Escalations:
    """What this process has let others stand by for; any thread may ask."""

    def __init__(self) -> None:
        self._known: dict[Identity, Escalation] = {}
        self._lock = RLock()

    def adopt(self, database: Database) -> None:
        """Know what a process that is gone, or another one, has let others stand by for.

        Raises:
            OutboxError: it cannot be read.
        """
        for _, row in escalating(database, MOST):
            event = readable(row.event)
            if event is not None:
                self.stand_by(event)

    def stand_by(self, event: AlertEvent) -> None:
        """Others are called unless somebody takes the alert on. One that stands for several never ends."""
        if "grouped" not in facts_of(event):
            with self._lock:
                self._of(event).keys.append(event.key)

    def is_in_hand(self, event: AlertEvent) -> bool:
        """Whether it reminds of what somebody has taken on, or of what will call others by itself."""
        with self._lock:
            known = self._known.get(Identity.of(event))
        return REMINDS in facts_of(event) and known is not None and not known.called

    def called(self, event: AlertEvent, destination: str) -> None:
        """Nobody has taken it on."""
        with self._lock:
            self._of(event).called[destination] = None

    def ended_by(self, event: AlertEvent) -> Escalation | None:
        """What an alert ends; None when it ends nothing that has escalated or would.

        What has only not come again is over for those who were called, and still calls those who were not.
        """
        facts, identity = facts_of(event), Identity.of(event)
        if facts.get("status") not in OVER:
            return None
        with self._lock:
            known = self._known.pop(identity, None)
            if known is None or BEFORE not in facts:
                return known
            self._known[identity] = known._replace(called={})
            return known._replace(keys=deque())

    def _of(self, event: AlertEvent) -> Escalation:
        identity = Identity.of(event)
        if identity not in self._known and len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        return self._known.setdefault(identity, Escalation(deque(maxlen=KEYS), {}))


def escalating(database: Database, limit: int) -> list[tuple[float, Row]]:
    """What escalates unless somebody takes it on: when, and the alert, the soonest first.

    Raises:
        OutboxError: it cannot be read.
    """
    which = "unless <> '' AND unless = ? ORDER BY due, seq LIMIT ?"  # the first half is that of the index
    sql = f"SELECT due, {', '.join(Row._fields)} FROM delivery WHERE {which}"  # noqa: S608 - our own words
    return [(due, Row(*row)) for due, *row in database.rows(sql, (ACKNOWLEDGED, limit))]
