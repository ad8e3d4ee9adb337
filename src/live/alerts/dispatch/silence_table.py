"""Silences that somebody has set by hand; every process on the outbox obeys them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from live.alerts.dispatch.database import Database

_COLUMNS = "source, code, subject, until, author, reason"


class SilenceRow(NamedTuple):
    """What is silent until when, and who wants it why.

    Attributes:
        source: Source, or where it begins; empty for every one. So are code and subject.
        until: When it ends, in seconds since 1970.
    """

    source: str
    code: str
    subject: str
    until: float
    author: str
    reason: str


class SilenceTable:
    """Silences, the oldest first."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, row: SilenceRow) -> None:
        """Silence what matches."""
        with self._db.writing():
            self._db.change(f"INSERT INTO silence ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - our own words

    def holding(self, now: float) -> list[SilenceRow]:
        """Those that hold."""
        sql = f"SELECT {_COLUMNS} FROM silence WHERE until > ? ORDER BY number"  # noqa: S608 - our own words
        return [SilenceRow(*row) for row in self._db.rows(sql, (now,))]
