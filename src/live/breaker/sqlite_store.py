"""The state of the breaker in an SQLite file: it survives a restart, and another process sees it."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from threading import RLock
from typing import TYPE_CHECKING

from live.breaker.rows import COLUMNS, record_of, row_of
from live.breaker.state import NEW
from live.breaker.store import StoreUnreadableError, StoreUnwritableError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from live.breaker.state import BreakerRecord
    from live.breaker.store import Change

VERSION = 1
BUSY_S = 0.5
_TABLE = """
CREATE TABLE breaker (
    scope TEXT PRIMARY KEY NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    since TEXT,
    reason TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    seen TEXT NOT NULL,
    calm INTEGER NOT NULL,
    run INTEGER NOT NULL,
    run_since TEXT
) STRICT
"""
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM breaker WHERE scope = ?"  # noqa: S608 - names of our own columns
_SELECT_ALL = f"SELECT scope, {', '.join(COLUMNS)} FROM breaker ORDER BY scope"  # noqa: S608 - as above
_PUT = f"INSERT OR REPLACE INTO breaker (scope, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608 - as above


class SqliteStore:
    """One file, in write-ahead mode: readers never wait, and each change is on the disk before it counts."""

    def __init__(self, path: str, *, busy_s: float = BUSY_S) -> None:
        """Know the file; it is opened with the first question, and never made (`live.breaker.begin` does).

        Args:
            path: The file.
            busy_s: How many seconds a change waits for another process that is writing.
        """
        self._path = path
        self._busy_s = busy_s
        self._lock = RLock()
        self._db: sqlite3.Connection | None = None
        self._left_behind: list[sqlite3.Connection] = []
        self._process = 0
        self._opened_file = (0, 0)
        self._version = -1
        self._read: dict[str, BreakerRecord] = {}

    def __del__(self) -> None:
        self.close()

    def read(self) -> Mapping[str, BreakerRecord]:
        """Every record; the table is read again only when another connection has written to the file.

        Raises:
            StoreUnreadableError: the file cannot be opened or understood.
        """
        with self._lock, self._failing(StoreUnreadableError):
            db = self._connection()
            (version,) = db.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._read = {scope: record_of(row) for scope, *row in db.execute(_SELECT_ALL)}
                self._version = version
            return dict(self._read)

    def change(self, scope: str, change: Change) -> BreakerRecord:
        """Replace one record, in one transaction; a record that stays as it is is not written.

        Raises:
            StoreUnreadableError: the file cannot be opened or understood.
            StoreUnwritableError: the file cannot be written, or another process did not let it go.
        """
        with self._lock:
            self.read()
            with self._failing(StoreUnwritableError), self._transaction() as db:
                row = db.execute(_SELECT, (scope,)).fetchone()
                before = NEW if row is None else record_of(row)
                after = change(before)
                if after != before:
                    db.execute(_PUT, (scope, *row_of(after)))
            self._read[scope] = after
            return after

    def close(self) -> None:
        """Let the file go; the next question opens it again."""
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db, self._version = None, -1

    @contextmanager
    def _failing(self, kind: type[Exception]) -> Iterator[None]:
        """Tell what SQLite or a row says as one kind of error, and begin anew with the next question."""
        import sqlite3

        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, OverflowError) as error:
            self.close()
            raise kind(f"{self._path}: {error}") from None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._connection()
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _connection(self) -> sqlite3.Connection:
        if self._process != os.getpid():
            self._leave_behind()
        if self._db is None:
            self._db = self._opened()
            self._opened_file = _identity(self._path)
        elif _identity(self._path) != self._opened_file:
            raise ValueError("was replaced while it was in use")
        return self._db

    def _leave_behind(self) -> None:
        """After a fork the connection is the parent's: using or closing it here would spoil its locks."""
        if self._db is not None:
            self._left_behind.append(self._db)
        self._db, self._version, self._process = None, -1, os.getpid()

    def _opened(self) -> sqlite3.Connection:
        import sqlite3
        from urllib.parse import quote

        if not os.path.lexists(self._path):
            raise ValueError("is not there; put it back, or make a new one with live-ops breaker init")
        db = sqlite3.connect(
            f"file:{quote(os.path.abspath(self._path))}?mode=rw",  # noqa: PTH100 - see _identity
            timeout=self._busy_s,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            _check(db)
        except BaseException:
            db.close()
            raise
        return db


def _identity(path: str) -> tuple[int, int]:
    """Which file a path leads to: one that was moved away would go on being read by whoever has it open."""
    stat = os.stat(path)  # noqa: PTH116 - pathlib takes longer to import than all the rest
    return stat.st_dev, stat.st_ino


def make_table(db: sqlite3.Connection) -> None:
    """Make an empty database a store."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(_TABLE)
    db.execute(f"PRAGMA user_version = {VERSION}")


def _check(db: sqlite3.Connection) -> None:
    """See that the file is a sound store of ours.

    Raises:
        ValueError: it is not.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if not version:
        raise ValueError("is empty, or the database of another program; a breaker's state is not in it")
    if version != VERSION:
        raise ValueError(f"has schema version {version}; this program knows version {VERSION}")
    (sound,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise ValueError(f"is damaged ({sound})")
    db.execute("PRAGMA synchronous = FULL")
    with closing(db.execute(_SELECT_ALL)) as rows:
        rows.fetchone()
