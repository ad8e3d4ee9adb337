"""How far each journal is recorded; changed together with the alerts that come out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.alerts.dispatch.database import Database
    from live.alerts.dispatch.journal import Journal, Line, Mark

_MARK = "INSERT INTO journal VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = excluded.number"
_AHEAD = "INSERT OR IGNORE INTO journal_ahead VALUES (?, ?)"


class JournalTable:
    """The last line of each that is in the outbox with all before it, and those after it that are."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def left(self, journal: Journal) -> Iterator[Line]:
        """The lines of a journal that are not recorded.

        Raises:
            JournalError: it cannot be read.
        """
        found = self._db.rows("SELECT number FROM journal WHERE name = ?", (journal.name,))
        ahead = {
            number
            for (number,) in self._db.rows("SELECT number FROM journal_ahead WHERE name = ?", (journal.name,))
        }
        after = int(found[0][0]) if found else 0
        return (line for line in journal.lines(after) if line.number not in ahead)

    def mark(self, mark: Mark) -> None:
        """All up to a line is recorded, and some after it, with the change that this is a part of."""
        self._db.change(_MARK, mark[:2])
        if mark.ahead:
            self._db.change("DELETE FROM journal_ahead WHERE name = ? AND number <= ?", mark[:2])
        for number in mark.ahead:
            self._db.change(_AHEAD, (mark.journal, number))

    def forget_gone(self) -> None:
        """Forget those that are deleted: whoever does so may die before he can say it here."""
        for (name,) in self._db.rows("SELECT name FROM journal"):
            if not Path(self._db.file).with_name(name).exists():
                with self._db.writing():
                    self._db.change("DELETE FROM journal WHERE name = ?", (name,))
                    self._db.change("DELETE FROM journal_ahead WHERE name = ?", (name,))
