"""How far each journal is recorded; changed together with the alerts that come out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.alerts.dispatch.database import Database
    from live.alerts.dispatch.journal import Mark

_MARK = "INSERT INTO journal VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = excluded.number"


class JournalTable:
    """The last line of each that is in the outbox."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def recorded(self, name: str) -> int:
        """The number of that line; 0 when none is."""
        found = self._db.rows("SELECT number FROM journal WHERE name = ?", (name,))
        return int(found[0][0]) if found else 0

    def mark(self, mark: Mark) -> None:
        """All up to a line is recorded, with the change that this is a part of."""
        self._db.change(_MARK, mark)

    def forget_gone(self) -> None:
        """Forget those that are deleted: whoever does so may die before he can say it here."""
        for (name,) in self._db.rows("SELECT name FROM journal"):
            if not Path(self._db.file).with_name(name).exists():
                with self._db.writing():
                    self._db.change("DELETE FROM journal WHERE name = ?", (name,))
