"""The outbox: every alert is recorded before its first attempt, and stays until it has ended.

SQLite in write-ahead mode, in a file or in memory. A commit is in the operating system's hands before `send`
returns, so it survives the death of the process; `flush` brings a group of them to the disk, where a loss of
power must not lose them either (what `synchronous = FULL` does at each commit). The log is never checkpointed
by the thread that adds an alert.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from live.alerts.dispatch.owner import is_gone
from live.alerts.dispatch.schema import TABLES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MEMORY = ":memory:"
BUSY_S = 2.0
_PAUSE_S = 0.01
FULL = "outbox_full"
CHECKPOINT_AFTER = 1_000
"""So many commits are folded into the file at once."""
_A_DAY_S = 86_400.0
_COLUMNS = "seq, key, destination, urgent, event, first_at, attempts, reason, unless, fallback"
_ADD = (
    "INSERT INTO delivery (key, destination, urgent, event, state, first_at, due, held_for, unless, fallback)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COUNT = (
    "INSERT INTO tally VALUES (?, ?, ?, ?)"
    " ON CONFLICT (destination, state, reason) DO UPDATE SET number = number + excluded.number"
)
# a clock that was set back must not let what is due wait for a day
_DUE = "state = 'pending' AND (due <= :now OR due > :now + 86400)"


class OutboxError(Exception):
    """The outbox cannot be used; the message says why."""


class Entry(NamedTuple):
    """An alert on its way to one destination, to be recorded.

    Attributes:
        key: Idempotency key of the alert, the same for all destinations and attempts.
        destination: Where it goes.
        urgent: Whether it goes before all that is not.
        event: The alert, as `record.py` writes it.
        due: Not before this instant, in seconds since 1970.
        held_for: The group that it waits for; empty when it does not.
        unless: What makes it needless: `delivered` elsewhere, or `acknowledged`; empty for what goes anyway.
        fallback: Whether it goes there only because it did not arrive elsewhere.
    """

    key: str
    destination: str
    urgent: bool
    event: str
    due: float
    held_for: str = ""
    unless: str = ""
    fallback: bool = False


class Row(NamedTuple):
    """An alert on its way to one destination, as it was recorded.

    Attributes:
        seq: Its number; older ones are smaller.
        first_at: When it was recorded, in seconds since 1970.
        attempts: How often it was tried.
        reason: Why it did not arrive the last time; empty before the first.
    """

    seq: int
    key: str
    destination: str
    urgent: int
    event: str
    first_at: float
    attempts: int
    reason: str
    unless: str
    fallback: int


class Outbox:
    """What is on its way, what has died, how many have ended how. Any thread may call any method."""

    def __init__(self, path: str = MEMORY, *, max_pending: int = 100_000, max_dead: int = 10_000) -> None:
        """Open the file, and make it where there is none.

        Args:
            path: An SQLite file, or `:memory:`.
            max_pending: So many may wait for one destination; beyond, the oldest that is not urgent dies.
            max_dead: So many dead letters are kept.

        Raises:
            OutboxError: it cannot be opened or made, or is no outbox.
        """
        self.path = path
        self._max_pending, self._max_dead = max_pending, max_dead
        self._lock = RLock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._commits = 0
        with self._errors():
            self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
                self._waiting = Counter(dict(self._db.execute(_WAITING).fetchall()))
            except BaseException:
                self._db.close()
                raise

    def add(self, entries: Sequence[Entry], now: float) -> list[Row]:
        """Record alerts, all or none.

        Returns:
            What had to die to make room.

        Raises:
            OutboxError: they are not recorded.
        """
        if len(entries) == 1 and self._has_room(entries[0]):
            return self._add_one(entries[0], now)
        with self._writing():
            died = [row for entry in entries for row in self._make_room(entry)]
            self._db.executemany(_ADD, [_values(entry, now) for entry in entries])
            for entry in entries:
                self._waiting[entry.destination] += 1
        return died

    def _has_room(self, entry: Entry) -> bool:
        return self._waiting[entry.destination] < self._max_pending

    def _add_one(self, entry: Entry, now: float) -> list[Row]:
        """The most frequent change of all, without the words around it."""
        values = _values(entry, now)
        with self._lock:
            try:
                self._db.execute(_ADD, values)
            except (sqlite3.Error, OSError) as error:
                raise OutboxError(f"{self.path}: {error}") from None
            self._waiting[entry.destination] += 1
            self._commits += 1
        return []

    def count(self, destinations: Iterable[str], state: str, reason: str = "", number: int = 1) -> None:
        """Count alerts that have ended without being recorded; written with the next change."""
        with self._lock:
            for destination in destinations:
                self._counts[destination, state, reason] += number

    def next(self, destination: str, now: float) -> Row | None:
        """The alert that is to be tried now: urgent ones first, older ones first; None when none is due."""
        which = f"destination = :to AND {_DUE} ORDER BY urgent DESC, seq LIMIT 1"
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE {which}"  # noqa: S608 - our own words
        with self._lock, self._errors():
            found = self._db.execute(sql, {"to": destination, "now": now}).fetchone()
            return None if found is None else Row(*found)

    def next_due(self, destination: str) -> float | None:
        """When the first of what waits for a destination is due; None when nothing does."""
        sql = "SELECT min(due) FROM delivery WHERE destination = ? AND state = 'pending'"
        with self._lock, self._errors():
            (due,) = self._db.execute(sql, (destination,)).fetchone()
            return None if due is None else float(due)

    def delivered(self, row: Row, *, remote: bool) -> None:
        """An alert has arrived; what was to go elsewhere only if it did not is needless now."""
        with self._writing():
            self._end(row, "delivered", "")
            if remote and row.urgent:
                self._cancel("key = ? AND unless <> '' AND unless = 'delivered'", row.key)

    def retry(self, row: Row, reason: str) -> None:
        """An alert has not arrived, and is tried again."""
        with self._writing():
            self._db.execute(
                "UPDATE delivery SET attempts = attempts + 1, reason = ? WHERE seq = ?", (reason, row.seq)
            )

    def dead(self, row: Row, reason: str) -> None:
        """An alert is given up; it is kept as a dead letter."""
        with self._writing():
            self._bury(row, reason)
            self._prune()

    def activate(self, row: Row) -> None:
        """What was to go only under a condition goes now, and counts from now on."""
        with self._writing():
            self._db.execute("UPDATE delivery SET unless = '' WHERE seq = ?", (row.seq,))

    def hurry(self, key: str | None, now: float) -> None:
        """Nobody is left who could deliver an alert, or any: what stands by for it is due."""
        sql = (
            "UPDATE delivery SET due = min(due, :now)"
            " WHERE (:key IS NULL OR key = :key) AND unless <> '' AND unless = 'delivered'"
            " AND state = 'pending'"
        )
        with self._writing():
            self._db.execute(sql, {"now": now, "key": key})

    def others_pending(self, row: Row) -> bool:
        """Whether the same alert is still on its way elsewhere, unconditionally."""
        sql = (
            "SELECT 1 FROM delivery WHERE key = ? AND seq <> ? AND state = 'pending' AND unless = '' LIMIT 1"
        )
        with self._lock, self._errors():
            return self._db.execute(sql, (row.key, row.seq)).fetchone() is not None

    def acknowledge(self, key: str) -> int:
        """Somebody has taken an alert on: it does not escalate. How many destinations that spares."""
        with self._writing():
            return self._cancel("key = ? AND unless <> '' AND unless = 'acknowledged'", key)

    def held(self, group: str) -> list[str]:
        """What is held for a group: one of each key, the oldest first."""
        sql = "SELECT key, event FROM delivery WHERE state = 'held' AND held_for = ? ORDER BY seq"
        with self._lock, self._errors():
            return list(dict(self._db.execute(sql, (group,)).fetchall()).values())

    def let_go(self, group: str, now: float) -> list[str]:
        """Let what is held for a group go as it is; the destinations that it goes to."""
        sql = (
            "UPDATE delivery SET state = 'pending', held_for = '', due = ?"
            " WHERE state = 'held' AND held_for = ? RETURNING destination"
        )
        with self._writing():
            return [destination for (destination,) in self._db.execute(sql, (now, group)).fetchall()]

    def coalesced(self, group: str) -> list[tuple[str, str]]:
        """One alert speaks for all that is held for a group: the destinations, and the alerts."""
        sql = "DELETE FROM delivery WHERE state = 'held' AND held_for = ? RETURNING destination, event"
        with self._writing():
            found = self._db.execute(sql, (group,)).fetchall()
            for destination, _ in found:
                self._waiting[destination] -= 1
                self._counts[destination, "coalesced", "grouped"] += 1
        return found

    def held_groups(self) -> list[str]:
        """The groups that something is held for: after a restart nobody else knows them."""
        with self._lock, self._errors():
            sql = "SELECT DISTINCT held_for FROM delivery WHERE state = 'held' ORDER BY held_for"
            return [group for (group,) in self._db.execute(sql)]

    def sums(self) -> dict[str, Counter[str]]:
        """By destination, how many alerts are in each state, since the outbox began."""
        totals: dict[str, Counter[str]] = {}
        with self._lock, self._errors():
            self._write_counts()
            for destination, state, number in self._db.execute(_TOTALS):
                totals.setdefault(destination, Counter())[state] += number
        return totals

    def reasons(self) -> dict[tuple[str, str, str], int]:
        """The same with the reason: by destination, state and reason, of what has ended."""
        with self._lock, self._errors():
            self._write_counts()
            rows = self._db.execute("SELECT * FROM tally ORDER BY destination, state, reason").fetchall()
            return {(destination, state, reason): number for destination, state, reason, number in rows}

    def dead_letters(self, limit: int = 100) -> list[Row]:
        """What was given up, the newest first."""
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE state = 'dead' ORDER BY seq DESC LIMIT ?"  # noqa: S608 - our own words
        with self._lock, self._errors():
            return [Row(*found) for found in self._db.execute(sql, (limit,))]

    def pending(self, limit: int = 100) -> list[Row]:
        """What is on its way, or held, the oldest first."""
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE state <> 'dead' AND unless = '' ORDER BY seq LIMIT ?"  # noqa: S608 - our own words
        with self._lock, self._errors():
            return [Row(*found) for found in self._db.execute(sql, (limit,))]

    def replay(self, now: float, seqs: Iterable[int] | None = None) -> int:
        """Let dead letters be tried again, all unless their numbers are given. How many."""
        with self._writing():
            wanted = set(seqs) if seqs is not None else None
            rows = [row for row in self.dead_letters(-1) if wanted is None or row.seq in wanted]
            sql = "UPDATE delivery SET state = 'pending', attempts = 0, first_at = ?, due = ? WHERE seq = ?"
            for row in rows:
                self._db.execute(sql, (now, now, row.seq))
                self._waiting[row.destination] += 1
        return len(rows)

    def lease(self, destination: str, owner: str, now: float, until: float) -> bool:
        """Be the one process that serves a destination until then; False when another one is."""
        with self._lock, self._errors():
            found = self._db.execute(
                "SELECT owner FROM lease WHERE destination = ?", (destination,)
            ).fetchone()
        if found is not None and found[0] != owner and is_gone(found[0]):
            self.free(found[0])
        sql = (
            "INSERT INTO lease VALUES (:to, :owner, :until) ON CONFLICT (destination) DO UPDATE"
            " SET owner = :owner, until = :until"
            " WHERE owner = :owner OR until <= :now OR until > :now + 86400"
        )
        with self._writing():
            done = self._db.execute(sql, {"to": destination, "owner": owner, "until": until, "now": now})
            return done.rowcount == 1

    def free(self, owner: str) -> None:
        """Serve nothing any more."""
        with self._writing():
            self._db.execute("DELETE FROM lease WHERE owner = ?", (owner,))

    def waiting(self, destination: str) -> int:
        """How many alerts this process knows to wait for a destination, those that stand by included."""
        return max(0, self._waiting[destination])

    def silence(self, source: str, code: str, subject: str, until: float, author: str, reason: str) -> None:  # noqa: PLR0913, PLR0917 - a row
        """Silence what matches until then; an empty field matches everything."""
        with self._writing():
            sql = (
                "INSERT INTO silence (source, code, subject, until, author, reason) VALUES (?, ?, ?, ?, ?, ?)"
            )
            self._db.execute(sql, (source, code, subject, until, author, reason))

    def silences(self, now: float) -> list[tuple[str, str, str, float, str, str]]:
        """Those that hold: source, code, subject, until, author, reason."""
        sql = (
            "SELECT source, code, subject, until, author, reason FROM silence WHERE until > ? ORDER BY number"
        )
        with self._lock, self._errors():
            return self._db.execute(sql, (now,)).fetchall()

    def changes(self) -> int:
        """Grows when another connection has changed the file."""
        with self._lock, self._errors():
            (version,) = self._db.execute("PRAGMA data_version").fetchone()
            return int(version)

    def flush(self) -> None:
        """Bring what was recorded to the disk."""
        if self.path != MEMORY:
            with self._errors(), open(f"{self.path}-wal", "rb") as log:  # noqa: PTH123 - the path is text
                os.fsync(log.fileno())

    def checkpoint(self) -> None:
        """Fold the log into the file, as far as nobody reads or writes; for a thread that has time."""
        if self.path != MEMORY and self._commits >= CHECKPOINT_AFTER:
            self._commits = 0
            with self._errors():
                other = sqlite3.connect(self.path, timeout=0.0, isolation_level=None)
                try:
                    other.execute("PRAGMA wal_checkpoint(PASSIVE)")
                finally:
                    other.close()

    def close(self) -> None:
        """Write what is counted, and let the file go."""
        with self._lock, self._errors():
            try:
                self._write_counts()
            finally:
                self._db.close()

    def _prepare(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise OutboxError(
                f"{self.path}: has schema version {version}; this program knows version {VERSION}"
            )
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
        (sound,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise OutboxError(f"{self.path}: is damaged ({sound})")

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

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, self._errors():
            if self._db.in_transaction:  # one of our own methods within another
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._put_counts()
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._counts.clear()
            self._commits += 1

    def _write_counts(self) -> None:
        if self._counts:
            with self._writing():
                pass

    def _put_counts(self) -> None:
        if self._counts:
            self._db.executemany(_COUNT, [(*place, number) for place, number in self._counts.items()])

    def _make_room(self, entry: Entry) -> list[Row]:
        if self._has_room(entry):
            return []
        which = "destination = ? AND state = 'pending' ORDER BY urgent, seq LIMIT 1"
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE {which}"  # noqa: S608 - our own words
        found = self._db.execute(sql, (entry.destination,)).fetchone()
        if found is None:
            return []
        self._bury(Row(*found), FULL)
        return [Row(*found)]

    def _end(self, row: Row, state: str, reason: str) -> None:
        done = self._db.execute("DELETE FROM delivery WHERE seq = ?", (row.seq,))
        if done.rowcount:
            self._waiting[row.destination] -= 1
            self._counts[row.destination, state, reason] += 1

    def _bury(self, row: Row, reason: str) -> None:
        sql = (
            "UPDATE delivery SET state = 'dead', unless = '', attempts = attempts + 1, reason = ?"
            " WHERE seq = ? AND state = 'pending'"
        )
        if self._db.execute(sql, (reason, row.seq)).rowcount:
            self._waiting[row.destination] -= 1

    def _cancel(self, which: str, key: str) -> int:
        """Drop what only stood by; `which` holds the words of the partial index, or every row is read."""
        sql = f"DELETE FROM delivery WHERE state = 'pending' AND {which} RETURNING destination"  # noqa: S608 - our own words
        rows = self._db.execute(sql, (key,)).fetchall()
        for (destination,) in rows:
            self._waiting[destination] -= 1
        return len(rows)

    def _prune(self) -> None:
        """Of very many dead letters the oldest are only counted any more."""
        which = "state = 'dead' ORDER BY seq DESC LIMIT -1 OFFSET ?"
        sql = f"SELECT seq, destination, reason FROM delivery WHERE {which}"  # noqa: S608 - our own words
        for seq, destination, reason in self._db.execute(sql, (self._max_dead,)).fetchall():
            self._db.execute("DELETE FROM delivery WHERE seq = ?", (seq,))
            self._counts[destination, "dead", reason] += 1

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise OutboxError(f"{self.path}: {error}") from None


def _values(entry: Entry, now: float) -> tuple[object, ...]:
    state = "held" if entry.held_for else "pending"
    return (
        entry.key,
        entry.destination,
        int(entry.urgent),
        entry.event,
        state,
        now,
        entry.due,
        entry.held_for,
        entry.unless,
        int(entry.fallback),
    )


_WAITING = "SELECT destination, count(*) FROM delivery WHERE state <> 'dead' GROUP BY destination"
_TOTALS = (
    "SELECT destination, CASE state WHEN 'dead' THEN 'dead' ELSE 'pending' END, count(*) FROM delivery"
    " WHERE unless = '' GROUP BY 1, 2"
    " UNION ALL SELECT destination, state, sum(number) FROM tally GROUP BY 1, 2"
)
