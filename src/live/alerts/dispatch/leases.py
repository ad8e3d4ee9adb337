"""Who serves which destination, when several processes share an outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.dispatch.owner import is_gone

if TYPE_CHECKING:
    from live.alerts.dispatch.database import Database

# a clock that was set back must not leave a destination to nobody for a day
_TAKE = (
    "INSERT INTO lease VALUES (:to, :owner, :until) ON CONFLICT (destination) DO UPDATE"
    " SET owner = :owner, until = :until"
    " WHERE owner = :owner OR until <= :now OR until > :now + 86400"
)


class Leases:
    """One process at a time for each destination."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def take(self, destination: str, owner: str, now: float, until: float) -> bool:
        """Be the one process that serves a destination until then; False when another one is."""
        found = self._db.rows("SELECT owner FROM lease WHERE destination = ?", (destination,))
        if found and found[0][0] != owner and is_gone(found[0][0]):
            self.free(found[0][0])
        with self._db.writing():
            values = {"to": destination, "owner": owner, "until": until, "now": now}
            return self._db.change(_TAKE, values) == 1

    def served(self, destination: str, now: float) -> bool:
        """Whether some process serves a destination: it has a lease while anything is due there."""
        sql = "SELECT owner FROM lease WHERE destination = ? AND until > ?"
        found = self._db.rows(sql, (destination, now))
        return bool(found) and not is_gone(found[0][0])

    def free(self, owner: str) -> None:
        """Serve nothing any more."""
        with self._db.writing():
            self._db.change("DELETE FROM lease WHERE owner = ?", (owner,))
