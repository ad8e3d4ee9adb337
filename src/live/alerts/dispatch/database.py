"""The file of the outbox: SQLite in write-ahead mode, its errors, its transactions, and who folds the log.

A commit is in the operating system's hands when it returns, so it survives the death of the process; `flush`
brings a group of them to the disk, where a loss of power must not lose them either (what `synchronous = FULL`
does at each commit). The log is never checkpointed by the thread that commits.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any

from live.alerts.dispatch.schema import LATER, TABLES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MEMORY = ":memory:"
BUSY_S = 2.0
CHECKPOINT_AFTER = 1_000
"""So many commits are folded into the file at once."""
_PAUSE_S = 0.01
_TABLES_OF_OTHERS = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
_COUNT = (
    "INSERT INTO tally VALUES (?, ?, ?, ?)"
    " ON CONFLICT (destination, state, reason) DO UPDATE SET number = number + excluded.number"
)


class OutboxError(Exception):
    """The outbox cannot be used; the message says why."""


class Database:
    """One connection that any thread may use, one at a time.

    Attributes:
        path: An SQLite file, or `:memory:`.
        file: The same without links, wherever the program goes.
    """

    def __init__(self, path: str) -> None:
        """Open the file, and make it where there is none.

        Raises:
            OutboxError: it cannot be opened or made, or is no outbox.
        """
        self.path = path
        # the program may go to another folder, and SQLite keeps its log beside what a link leads to
        self.file = path if path == MEMORY else os.path.realpath(path)
        self._lock = RLock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._commits = 0
        self._is_writing = False
        self._errors = _Errors(path)
        with self._errors:
            self._db = sqlite3.connect(
                self.file, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def rows(self, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """What a query finds.

        Raises:
            OutboxError: it cannot be read.
        """
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except (sqlite3.Error, OSError) as error:
                raise OutboxError(f"{self.path}: {error}") from None

    def change(self, sql: str, values: Any = ()) -> int:
        """Do one thing; within `writing` as a part of it, else for itself. How many rows that concerned.

        Raises:
            OutboxError: it is not done.
        """
        with self._lock:
            try:
                found = self._db.execute(sql, values).rowcount
            except (sqlite3.Error, OSError) as error:
                raise OutboxError(f"{self.path}: {error}") from None
            self._commits += not self._db.in_transaction
            return found

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Do all that is done in here, or nothing of it.

        Raises:
            OutboxError: nothing is done.
        """
        with self._lock:
            if self._is_writing:  # one of our own methods within another
                yield
                return
            with self._errors:
                before = dict(self._counts)  # a counter's own copy counts anew
                try:  # whoever interrupts even the first step leaves nothing open
                    self._is_writing = True
                    self._db.execute("BEGIN IMMEDIATE")
                    yield
                    self._put_counts()
                    self._db.execute("COMMIT")
                except BaseException:
                    self._counts = Counter(before)
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                    raise
                finally:
                    self._is_writing = False
                self._counts.clear()
                self._commits += 1

    def count(self, destinations: Iterable[str], state: str, reason: str, number: int = 1) -> None:
        """Count alerts that have ended; written with the next change."""
        with self._lock:
            for destination in destinations:
                self._counts[destination, state, reason] += number

    def write_counts(self) -> None:
        """Write them now."""
        with self._lock:
            if self._counts:
                with self.writing():
                    pass

    def flush(self) -> None:
        """Bring what was recorded to the disk."""
        if self.path != MEMORY:
            with self._errors, open(f"{self.file}-wal", "rb") as log:  # noqa: PTH123 - the path is text
                os.fsync(log.fileno())

    def checkpoint(self) -> None:
        """Fold the log into the file, as far as nobody reads or writes; for a thread that has time."""
        if self.path != MEMORY and self._commits >= CHECKPOINT_AFTER:
            self._commits = 0
            with self._errors:
                other = sqlite3.connect(self.file, timeout=0.0, isolation_level=None)
                try:
                    other.execute("PRAGMA wal_checkpoint(PASSIVE)")
                finally:
                    other.close()

    def copy(self, other: Database, tables: Sequence[str], destinations: Sequence[str]) -> None:
        """Copy tables of another file, and what it has counted and not written; of deliveries only some."""
        marks = ", ".join("?" * len(destinations))
        with self._lock, self._errors:
            self._db.execute("ATTACH DATABASE ? AS other", (other.file,))
            try:
                with self.writing():
                    for table in tables:
                        some = f" WHERE destination IN ({marks})" if table == "delivery" else ""
                        self._db.execute(
                            f"INSERT INTO {table} SELECT * FROM other.{table}{some}",  # noqa: S608 - our own words
                            tuple(destinations) if some else (),
                        )
                    self._counts.update(other._counts)
            finally:
                self._db.execute("DETACH DATABASE other")

    def close(self) -> None:
        """Write what is counted, and let the file go."""
        with self._lock, self._errors:
            try:
                self.write_counts()
            finally:
                self._db.close()

    def _prepare(self) -> None:
        strangers = [name for (name,) in self._db.execute(_TABLES_OF_OTHERS)]  # before the version is read
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise OutboxError(
                f"{self.path}: has schema version {version}; this program knows version {VERSION}"
            )
        if version == 0 and strangers:
            whose = f"is the database of another program ({', '.join(strangers[:3])})"
            raise OutboxError(f"{self.path}: {whose}; name a file of its own")
        self._write_ahead()
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA wal_autocheckpoint = 0")
        if version == 0:
            self._db.execute("BEGIN IMMEDIATE")
            (again,) = self._db.execute("PRAGMA user_version").fetchone()
            if again == 0:  # no other process was faster
                for table in TABLES:
                    self._db.execute(table)
                self._db.execute(f"PRAGMA user_version = {VERSION}")
            self._db.execute("COMMIT")
        for one in LATER:
            self._db.execute(one)
        (sound,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise OutboxError(f"{self.path}: is damaged ({' '.join(sound.split())})")

    def _write_ahead(self) -> None:
        """Enter write-ahead mode; at this step alone SQLite does not wait for another process, so we do."""
        for left in range(int(BUSY_S / _PAUSE_S), -1, -1):
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if not left or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(_PAUSE_S)
            else:
                return

    def _put_counts(self) -> None:
        if self._counts:
            self._db.executemany(_COUNT, [(*place, number) for place, number in self._counts.items()])


class _Errors:
    """What SQLite and the system say in here is said as ours, with the file's name. It can be used again."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.Error | OSError):
            raise OutboxError(f"{self._path}: {error}") from None
