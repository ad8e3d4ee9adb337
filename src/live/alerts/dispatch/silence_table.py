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

    def add(self, row: SilenceRow) -> int:
        """Silence what matches; the number of the silence."""
        with self._db.writing():
            sql = f"INSERT INTO silence ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) RETURNING number"  # noqa: S608 - our own words
            ((number,),) = self._db.rows(sql, row)
            return int(number)

    def end(self, number: int, now: float) -> bool:
        """End one before its time; False when none of that number holds."""
        with self._db.writing():
            sql = "UPDATE silence SET until = ? WHERE number = ? AND until > ?"
            return self._db.change(sql, (now, number, now)) == 1

    def holding(self, now: float) -> list[SilenceRow]:
        """Those that hold."""
        return list(self.numbered(now).values())

    def numbered(self, now: float) -> dict[int, SilenceRow]:
        """Those that hold, by their numbers."""
        sql = f"SELECT number, {_COLUMNS} FROM silence WHERE until > ? ORDER BY number"  # noqa: S608 - our own words
        return {number: SilenceRow(*row) for number, *row in self._db.rows(sql, (now,))}
