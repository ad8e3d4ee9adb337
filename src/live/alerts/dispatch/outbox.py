"""The outbox: every alert is recorded before its first attempt, and stays until it has ended."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from live.alerts.dispatch.database import MEMORY, Database, OutboxError
from live.alerts.dispatch.journal_table import JournalTable
from live.alerts.dispatch.leases import Leases
from live.alerts.dispatch.rows import Row
from live.alerts.dispatch.silence_table import SilenceTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from live.alerts.dispatch.rows import Entry

FULL = "outbox_full"
_COLUMNS = "seq, key, destination, urgent, event, first_at, attempts, reason, unless, fallback"
_ADD = (
    "INSERT INTO delivery (key, destination, urgent, event, state, first_at, due, held_for, unless, fallback)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# SQLite gives the number of a row that has ended to a later one, which another process may have written
_SAME = "seq = ? AND key = ? AND destination = ? AND state = 'pending'"
# what was recorded by a clock that is ahead of ours goes at once: nobody knows how long it would wait
_DUE = "state = 'pending' AND (due <= :now OR first_at > :now + 60)"


class Outbox:
    """What is on its way, what has died, how many have ended how. Any thread may call any method.

    Attributes:
        path: The file, or `:memory:`.
        database: The file.
        leases: Which process serves which destination.
        silences: Those that somebody has set by hand.
        journals: How far what was handed over is recorded.
    """

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
        self.database = self._db = Database(path)
        self.leases, self.silences = Leases(self._db), SilenceTable(self._db)
        self.journals = JournalTable(self._db)
        self._waiting, self._counted_at = Counter[str](), -1
        self._syncing, self._recorded, self._on_disk = Lock(), 0, (-1, -1)
        try:
            self.recount()
        except OutboxError:
            self._db.close()
            raise

    def add(self, entries: Sequence[Entry], now: float) -> list[Row]:
        """Record alerts, all or none.

        Returns:
            What had to die to make room.

        Raises:
            OutboxError: they are not recorded.
        """
        died = list[Row]()
        with self._db.writing():
            for entry in entries:  # one that comes later may need the room of one that came before
                died += self._make_room(entry)
                self._db.change(_ADD, entry.values(now))
                self._waiting[entry.destination] += 1
            if died:
                self._prune()
            self._recorded += 1
        return died

    def take_over(self, other: Outbox, destinations: Sequence[str]) -> None:
        """Go on with what an outbox holds that takes nothing any more, as far as it can be read.

        Args:
            other: The one that has failed; it is left as it is.
            destinations: Whose alerts; those of others are in the hands of another process.

        Raises:
            OutboxError: it cannot be read, and nothing is taken over.
        """
        self._db.copy(other.database, _TAKEN, destinations)
        self._count()

    def close(self) -> None:
        """Write what is counted, and let the file go."""
        self._db.close()

    def bring_to_disk(self) -> None:
        """Bring what was recorded to the disk: one write for all of it, and none where nothing is new."""
        with self._syncing:  # whoever comes meanwhile finds it done
            recorded = self._recorded  # first: the query waits for a change that is still being made
            ((version,),) = self._db.rows("PRAGMA data_version")
            if (recorded, version) != self._on_disk:
                self._db.flush()
                self._on_disk = recorded, version

    def _has_room(self, entry: Entry) -> bool:
        if self._waiting[entry.destination] < self._max_pending:
            return True
        self.recount()  # before something dies for it
        return self._waiting[entry.destination] < self._max_pending

    def recount(self) -> None:
        """Count anew what waits, where another process has written since: its changes are not told here."""
        ((version,),) = self._db.rows("PRAGMA data_version")
        if version != self._counted_at:
            self._count()
            self._counted_at = version

    def _count(self) -> None:
        self._waiting = Counter(dict(self._db.rows(_WAITING)))

    def count(self, destinations: Iterable[str], state: str, reason: str = "", number: int = 1) -> None:
        """Count alerts that have ended without being recorded; written with the next change."""
        self._db.count(destinations, state, reason, number)

    def next(self, destination: str, now: float) -> Row | None:
        """The alert that is to be tried now: urgent ones first, older ones first; None when none is due."""
        which = f"destination = :to AND {_DUE} ORDER BY urgent DESC, seq LIMIT 1"
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE {which}"  # noqa: S608 - our own words
        found = self._db.rows(sql, {"to": destination, "now": now})
        return Row(*found[0]) if found else None

    def next_due(self, destination: str) -> float | None:
        """When the first of what waits for a destination is due; None when nothing does."""
        sql = "SELECT min(due) FROM delivery WHERE destination = ? AND state = 'pending'"
        ((due,),) = self._db.rows(sql, (destination,))
        return None if due is None else float(due)

    def delivered(self, row: Row, *, remote: bool) -> bool:
        """An alert has arrived; what was to go elsewhere only if it did not is needless now.

        Returns:
            False when it had ended before: it has died for want of room, or another process has sent it.
        """
        with self._db.writing():
            if remote and row.urgent:
                self._cancel("key = ? AND unless <> '' AND unless = 'delivered'", row.key)
            return self._end(row, "delivered", "")

    def retry(self, row: Row, reason: str) -> None:
        """An alert has not arrived, and is tried again."""
        with self._db.writing():
            self._db.change(
                f"UPDATE delivery SET attempts = attempts + 1, reason = ? WHERE {_SAME}",  # noqa: S608 - our own words
                (reason, *_same(row)),
            )

    def dead(self, row: Row, reason: str) -> bool:
        """An alert is given up; it is kept as a dead letter. False when it had ended before."""
        with self._db.writing():
            buried = self._bury(row, reason)
            self._prune()
        return buried

    def activate(self, row: Row) -> bool:
        """What was to go only under a condition goes now, and counts; False when it has become needless."""
        with self._db.writing():
            sql = f"UPDATE delivery SET unless = '' WHERE {_SAME}"  # noqa: S608 - our own words
            return self._db.change(sql, _same(row)) == 1

    def hurry(self, key: str | None, now: float) -> int:
        """Nobody is left who could deliver an alert, or any: what stands by for it is due. How many do."""
        sql = (
            "UPDATE delivery SET due = min(due, :now)"
            " WHERE (:key IS NULL OR key = :key) AND unless <> '' AND unless = 'delivered'"
            " AND state = 'pending'"
        )
        with self._db.writing():
            return self._db.change(sql, {"now": now, "key": key})

    def others_pending(self, row: Row) -> bool:
        """Whether the same alert is still on its way elsewhere, unconditionally."""
        sql = (
            "SELECT 1 FROM delivery WHERE key = ? AND seq <> ? AND state = 'pending' AND unless = '' LIMIT 1"
        )
        return bool(self._db.rows(sql, (row.key, row.seq)))

    def acknowledge(self, key: str) -> list[str]:
        """Somebody has taken an alert on: it does not escalate. The alert, once for each that this spares."""
        with self._db.writing():
            return self._cancel("key = ? AND unless <> '' AND unless = 'acknowledged'", key)

    def held(self, group: str) -> list[str]:
        """What is held for a group: one of each key, the oldest first."""
        sql = "SELECT key, event FROM delivery WHERE state = 'held' AND held_for = ? ORDER BY seq"
        return list(dict(self._db.rows(sql, (group,))).values())

    def let_go(self, group: str, now: float) -> list[str]:
        """Let what is held for a group go as it is; the destinations that it goes to."""
        sql = (
            "UPDATE delivery SET state = 'pending', held_for = '', due = ?"
            " WHERE state = 'held' AND held_for = ? RETURNING destination"
        )
        with self._db.writing():
            return [destination for (destination,) in self._db.rows(sql, (now, group))]

    def coalesced(self, group: str) -> list[tuple[str, str]]:
        """One alert speaks for all that is held for a group: the destinations, and the alerts."""
        sql = "DELETE FROM delivery WHERE state = 'held' AND held_for = ? RETURNING destination, event"
        with self._db.writing():
            found = [(destination, event) for destination, event in self._db.rows(sql, (group,))]
            self._db.count([destination for destination, _ in found], "coalesced", "grouped")
        self._waiting.subtract(destination for destination, _ in found)
        return found

    def held_groups(self, now: float, longer_s: float = 0.0) -> list[str]:
        """The groups that something is held for, of them those that it is held for longer than so long.

        What the clock of another process has dated that far into the future counts as well.
        """
        sql = (
            "SELECT DISTINCT held_for FROM delivery WHERE state = 'held'"
            " AND abs(:now - first_at) >= :longer ORDER BY held_for"
        )
        return [group for (group,) in self._db.rows(sql, {"now": now, "longer": longer_s})]

    def sums(self) -> dict[str, Counter[str]]:
        """By destination, how many alerts are in each state, since the outbox began."""
        totals: dict[str, Counter[str]] = {}
        self._db.write_counts()
        for destination, state, number in self._db.rows(_TOTALS):
            totals.setdefault(destination, Counter())[state] += number
        return totals

    def dead_letters(self, limit: int = 100) -> list[Row]:
        """What was given up, the newest first."""
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE state = 'dead' ORDER BY seq DESC LIMIT ?"  # noqa: S608 - our own words
        return [Row(*found) for found in self._db.rows(sql, (limit,))]

    def pending(self, limit: int = 100) -> list[Row]:
        """What is on its way, or held, the oldest first."""
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE state <> 'dead' AND unless = '' ORDER BY seq LIMIT ?"  # noqa: S608 - our own words
        return [Row(*found) for found in self._db.rows(sql, (limit,))]

    def has_pending(self, destinations: Iterable[str]) -> bool:
        """Whether anything is on its way to one of these, or held; what only stands by is not."""
        sql = (
            "SELECT 1 FROM delivery WHERE destination = ? AND state IN ('pending', 'held') AND unless = ''"
            " LIMIT 1"
        )
        return any(self._db.rows(sql, (name,)) for name in destinations)

    def destinations(self) -> list[str]:
        """Those that something waits for, as far as this process knows."""
        return [name for name, number in self._waiting.items() if number > 0]

    def readdress(self, old: str, new: str) -> None:
        """Let another destination have what waits for one."""
        sql = "UPDATE delivery SET destination = ? WHERE destination = ? AND state <> 'dead'"
        with self._db.writing():
            moved = self._db.change(sql, (new, old))
        self._waiting[old] -= moved
        self._waiting[new] += moved

    def replay(self, now: float, seqs: Iterable[int] | None = None) -> int:
        """Let dead letters be tried again, all unless their numbers are given. How many."""
        with self._db.writing():
            wanted = set(seqs) if seqs is not None else None
            rows = [row for row in self.dead_letters(-1) if wanted is None or row.seq in wanted]
            sql = "UPDATE delivery SET state = 'pending', attempts = 0, first_at = ?, due = ? WHERE seq = ?"
            for row in rows:
                self._db.change(sql, (now, now, row.seq))
                self._waiting[row.destination] += 1
        return len(rows)

    def waiting(self, destination: str) -> int:
        """How many alerts this process knows to wait for a destination, those that stand by included."""
        return max(0, self._waiting[destination])

    def _make_room(self, entry: Entry) -> list[Row]:
        if self._has_room(entry):
            return []
        which = "destination = ? AND state = 'pending' AND urgent = ? ORDER BY seq LIMIT 1"  # as the index is
        sql = f"SELECT {_COLUMNS} FROM delivery WHERE {which}"  # noqa: S608 - our own words
        found = self._db.rows(sql, (entry.destination, 0)) or self._db.rows(sql, (entry.destination, 1))
        oldest = [Row(*one) for one in found]
        for row in oldest:
            self._bury(row, FULL)
        return oldest

    def _end(self, row: Row, state: str, reason: str) -> bool:
        ended = self._db.change(f"DELETE FROM delivery WHERE {_SAME}", _same(row)) > 0  # noqa: S608 - our own words
        if ended:
            self._waiting[row.destination] -= 1
            self._db.count([row.destination], state, reason)
        return ended

    def _bury(self, row: Row, reason: str) -> bool:
        sql = (
            "UPDATE delivery SET state = 'dead', unless = '', attempts = attempts + 1, reason = ?"  # noqa: S608 - our own words
            f" WHERE {_SAME}"
        )
        buried = self._db.change(sql, (reason, *_same(row))) > 0
        self._waiting[row.destination] -= buried
        return buried

    def _cancel(self, which: str, key: str) -> list[str]:
        """Drop what only stood by; `which` holds the words of the partial index, or every row is read."""
        sql = f"DELETE FROM delivery WHERE state = 'pending' AND {which} RETURNING destination, event"  # noqa: S608 - our own words
        rows = self._db.rows(sql, (key,))
        self._waiting.subtract(destination for destination, _ in rows)
        return [event for _, event in rows]

    def _prune(self) -> None:
        """Of very many dead letters the oldest are only counted any more."""
        ((dead,),) = self._db.rows("SELECT count(*) FROM delivery WHERE state = 'dead'")
        which = "state = 'dead' ORDER BY seq LIMIT ?"
        sql = f"SELECT seq, destination, reason FROM delivery WHERE {which}"  # noqa: S608 - our own words
        for seq, destination, reason in self._db.rows(sql, (max(0, dead - self._max_dead),)):
            self._db.change("DELETE FROM delivery WHERE seq = ?", (seq,))
            self._db.count([destination], "dead", reason)


def _same(row: Row) -> tuple[int, str, str]:
    return row.seq, row.key, row.destination


_TAKEN = ("delivery", "tally", "silence")
_WAITING = "SELECT destination, count(*) FROM delivery WHERE state <> 'dead' GROUP BY destination"
_TOTALS = (
    "SELECT destination, CASE state WHEN 'dead' THEN 'dead' ELSE 'pending' END, count(*) FROM delivery"
    " WHERE unless = '' GROUP BY 1, 2"
    " UNION ALL SELECT destination, state, sum(number) FROM tally GROUP BY 1, 2"
)
