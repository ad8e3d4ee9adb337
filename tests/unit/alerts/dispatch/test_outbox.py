"""What is recorded stays until it has ended, and ends once."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections import Counter
from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from live.alerts.dispatch.database import MEMORY, OutboxError
from live.alerts.dispatch.outbox import Outbox
from live.alerts.dispatch.rows import Entry
from live.alerts.dispatch.silence_table import SilenceRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = 1_769_515_200.0


@pytest.fixture(params=["file", "memory"])
def path(request: Any, tmp_path: Path) -> str:
    """Both kinds behave the same."""
    return str(tmp_path / "outbox.sqlite") if request.param == "file" else MEMORY


def entry(key: str, destination: str = "webhook", *, urgent: bool = False, **fields: Any) -> Entry:
    """An alert for a destination, due now."""
    return Entry(key, destination, urgent, "{}", **{"due": NOW, **fields})


def taken(outbox: Outbox, destination: str = "webhook", now: float = NOW) -> list[str]:
    """Deliver all that is due: the keys in their order."""
    keys = []
    while (row := outbox.next(destination, now)) is not None:
        keys.append(row.key)
        outbox.delivered(row, remote=True)
    return keys


def test_urgent_ones_come_first_and_older_ones_before_younger(path: str) -> None:
    """Per destination."""
    outbox = Outbox(path)
    outbox.add([entry("a"), entry("other", "slack")], NOW)
    outbox.add([entry("b", urgent=True)], NOW)
    outbox.add([entry("c")], NOW)
    outbox.add([entry("d", urgent=True)], NOW)
    assert taken(outbox) == ["b", "d", "a", "c"]
    assert outbox.sums() == {"slack": {"pending": 1}, "webhook": {"delivered": 4}}


def test_what_is_not_due_waits(path: str) -> None:
    """And says when it will be; a clock that was set back by days makes nothing wait for days."""
    outbox = Outbox(path)
    outbox.add([entry("a", due=NOW + 5)], NOW)
    assert outbox.next("webhook", NOW) is None
    assert outbox.next_due("webhook") == NOW + 5
    assert outbox.next("webhook", NOW - 10 * 86_400) is not None
    assert taken(outbox, now=NOW + 5) == ["a"]
    assert outbox.next_due("webhook") is None


def test_a_delivery_elsewhere_makes_what_stands_by_needless(path: str) -> None:
    """It has never counted."""
    outbox = Outbox(path)
    outbox.add([entry("a", urgent=True), entry("a", "stderr", due=NOW + 5, unless="delivered")], NOW)
    assert outbox.sums() == {"webhook": {"pending": 1}}
    taken(outbox)
    assert outbox.next("stderr", NOW + 99) is None
    assert outbox.sums() == {"webhook": {"delivered": 1}}


def test_who_acknowledges_spares_the_escalation(path: str) -> None:
    """Of that alert alone."""
    outbox = Outbox(path)
    outbox.add([entry(key, "slack", unless="acknowledged") for key in "ab"], NOW)
    assert len(outbox.acknowledge("a")) == 1
    assert taken(outbox, "slack") == ["b"]


def test_dead_letters_are_listed_and_can_be_tried_again(path: str) -> None:
    """With the reason and the number of attempts."""
    outbox = Outbox(path)
    outbox.add([entry("a"), entry("b")], NOW)
    for _ in range(2):
        row = outbox.next("webhook", NOW)
        assert row is not None
        outbox.retry(row, "timeout")
        outbox.dead(row, "expired: timeout")
    assert [(one.key, one.reason) for one in outbox.dead_letters()] == [
        ("b", "expired: timeout"),
        ("a", "expired: timeout"),
    ]
    assert outbox.sums() == {"webhook": {"dead": 2}}
    assert outbox.replay(NOW + 1, [outbox.dead_letters()[0].seq]) == 1
    assert taken(outbox, now=NOW + 1) == ["b"]
    assert outbox.sums() == {"webhook": {"dead": 1, "delivered": 1}}


def test_a_full_outbox_lets_the_oldest_that_is_not_urgent_die(path: str) -> None:
    """A CRITICAL comes in, and what died is told, kept and counted."""
    outbox = Outbox(path, max_pending=3)
    outbox.add([entry("a", urgent=True), entry("b"), entry("c")], NOW)
    (died,) = outbox.add([entry("d", urgent=True)], NOW)
    assert died.key == "b"
    assert [one.reason for one in outbox.dead_letters()] == ["outbox_full"]
    assert taken(outbox) == ["a", "d", "c"]


def test_of_very_many_dead_letters_the_oldest_are_only_counted(path: str) -> None:
    """The sum stays."""
    outbox = Outbox(path, max_dead=2)
    for key in "abcd":
        outbox.add([entry(key)], NOW)
        row = outbox.next("webhook", NOW)
        assert row is not None
        outbox.dead(row, "http_404")
    assert [one.key for one in outbox.dead_letters()] == ["d", "c"]
    assert outbox.sums() == {"webhook": {"dead": 4}}


def test_one_process_serves_a_destination(path: str) -> None:
    """Until it frees it, or has not said anything for a while."""
    outbox = Outbox(path)
    assert outbox.leases.take("webhook", "first", NOW, NOW + 30)
    assert not outbox.leases.take("webhook", "second", NOW + 1, NOW + 31)
    assert outbox.leases.take("webhook", "first", NOW + 20, NOW + 50)
    assert outbox.leases.take("webhook", "second", NOW + 50, NOW + 80)
    outbox.leases.free("second")
    assert outbox.leases.take("webhook", "third", NOW + 51, NOW + 81)


def test_what_is_recorded_is_there_after_a_restart(tmp_path: Path) -> None:
    """Counts, silences and what is held included."""
    path = str(tmp_path / "outbox.sqlite")
    outbox = Outbox(path)
    outbox.add([entry("a"), entry("b", held_for="live_data.gap DATA_GAP")], NOW)
    outbox.count(["webhook"], "suppressed", "below_min_level", 3)
    outbox.silences.add(SilenceRow("", "DATA_GAP", "", NOW + 60, "ops", "upgrade"))
    outbox.close()
    again = Outbox(path)
    assert again.held_groups(NOW) == ["live_data.gap DATA_GAP"]
    assert again.silences.holding(NOW) == [("", "DATA_GAP", "", NOW + 60, "ops", "upgrade")]
    assert again.silences.holding(NOW + 60) == []
    assert again.sums() == {"webhook": {"pending": 2, "suppressed": 3}}
    assert taken(again) == ["a"]


def test_several_processes_may_begin_and_write_at_once(tmp_path: Path) -> None:
    """Nothing is lost between connections."""
    path = str(tmp_path / "outbox.sqlite")

    def write(name: str) -> None:
        outbox = Outbox(path)
        for number in range(50):
            outbox.add([entry(f"{name}-{number}")], NOW)
        outbox.close()

    threads = [Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Outbox(path).sums() == {"webhook": {"pending": 200}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no database, but long enough to be taken for one by its size" * 20, "not a database"),
        (b"SQLite format 3\x00" + b"\xff" * 4096, "outbox.sqlite: "),
    ],
)
def test_what_is_no_outbox_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    """And left as it is."""
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(content)
    with pytest.raises(OutboxError, match=why):
        Outbox(str(path))
    assert path.read_bytes() == content


def test_a_newer_outbox_is_refused(tmp_path: Path) -> None:
    """A program that does not know it would spoil it."""
    path = str(tmp_path / "outbox.sqlite")
    Outbox(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 7")
    db.close()
    with pytest.raises(OutboxError, match="schema version 7; this program knows version 1"):
        Outbox(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """As an error of the outbox."""
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(OutboxError):
        Outbox(str(tmp_path / "outbox.sqlite"))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As an error of the outbox."""
    with pytest.raises(OutboxError, match="unable to open"):
        Outbox(str(tmp_path / "nowhere" / "outbox.sqlite"))


def test_a_full_disk_is_told_and_loses_nothing_that_was_there(tmp_path: Path) -> None:
    """SQLite says so when a page limit is reached, as it does when the disk is full."""
    outbox = Outbox(str(tmp_path / "outbox.sqlite"))
    outbox.add([entry("a")], NOW)
    ((pages,),) = outbox.database.rows("PRAGMA page_count")
    outbox.database.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OutboxError, match="full"):
        outbox.add([entry(f"{number}" * 100) for number in range(10_000)], NOW)
    assert outbox.next("webhook", NOW) is not None


def test_the_tables_are_strict_and_the_log_is_written_ahead(tmp_path: Path) -> None:
    """A value of another type never gets in, and readers never wait."""
    path = str(tmp_path / "outbox.sqlite")
    outbox = Outbox(path)
    with pytest.raises(OutboxError, match="cannot store TEXT value in REAL column"):
        outbox.add([entry("a", due="soon")], NOW)
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


@pytest.mark.parametrize("how", ["delivered", "retry", "dead", "activate"])
def test_an_attempt_that_ends_late_touches_no_other_alert(tmp_path: Path, how: str) -> None:
    """Another process has delivered the alert meanwhile, and the next one has been given its number."""
    file = str(tmp_path / "outbox.sqlite")
    slow, other = Outbox(file), Outbox(file)
    slow.add([entry("a")], NOW)
    row = slow.next("webhook", NOW)
    assert row is not None
    assert taken(other) == ["a"]
    other.add([entry("b", unless="delivered")], NOW)
    late: dict[str, Callable[[], object]] = {
        "delivered": lambda: slow.delivered(row, remote=True),
        "retry": lambda: slow.retry(row, "timeout"),
        "dead": lambda: slow.dead(row, "http_404"),
        "activate": lambda: slow.activate(row),
    }
    late[how]()
    (left,) = [found for found in [other.next("webhook", NOW)] if found is not None]
    assert (left.key, left.attempts, left.unless) == ("b", 0, "delivered")
    assert other.sums() == {"webhook": {"delivered": 1}}


def test_what_dies_for_want_of_room_does_not_pile_up(path: str) -> None:
    """A flood that nobody takes is bounded in what waits and in what has died, and the sum stays."""
    outbox = Outbox(path, max_pending=2, max_dead=3)
    for number in range(20):
        outbox.add([entry(str(number))], NOW)
    assert [one.key for one in outbox.dead_letters(-1)] == ["17", "16", "15"]
    assert outbox.sums() == {"webhook": {"dead": 18, "pending": 2}}


def test_what_another_process_delivers_makes_room(tmp_path: Path) -> None:
    """One only sends, the other only delivers: nothing dies for want of room that there is."""
    file = str(tmp_path / "outbox.sqlite")
    sender, server = Outbox(file, max_pending=3), Outbox(file, max_pending=3)
    for number in range(10):
        assert sender.add([entry(str(number)), entry(f"{number}'")], NOW) == []
        assert taken(server) == [str(number), f"{number}'"]
    server.recount()
    assert (sender.add([entry("x")], NOW), server.waiting("webhook")) == ([], 0)
    server.recount()
    assert server.waiting("webhook") == 1


@pytest.mark.parametrize("name", ["outbox.sqlite", "link.sqlite"])
def test_an_outbox_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Though the program goes to another folder, or the file is reached by a link."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (here / "link.sqlite").symlink_to(there / "real.sqlite")
    monkeypatch.chdir(here)
    outbox = Outbox(name)
    monkeypatch.chdir(tmp_path)
    for number in range(1_001):
        outbox.add([entry(str(number))], NOW)
    outbox.database.flush()
    outbox.database.checkpoint()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["here", "there"]


def test_what_has_died_is_listed_without_reading_what_waits(tmp_path: Path) -> None:
    """In a file that an older program has made, too."""
    file = str(tmp_path / "outbox.sqlite")
    Outbox(file).close()
    with closing(sqlite3.connect(file)) as older:
        older.execute("DROP INDEX delivery_dead")
    outbox = Outbox(file)
    asked: list[str] = []
    outbox.database._db.set_trace_callback(asked.append)  # noqa: SLF001 - a look over its shoulder
    outbox.dead_letters(9)
    plan = str(outbox.database.rows(f"EXPLAIN QUERY PLAN {asked[0]}"))
    assert "USING INDEX delivery_dead" in plan
    assert "TEMP B-TREE" not in plan


def test_a_change_that_is_interrupted_as_it_begins_is_none(path: str) -> None:
    """What comes after it is recorded: the outbox has not failed."""
    outbox = Outbox(path)

    class Interrupting(Counter[Any]):
        def __iter__(self) -> Iterator[Any]:
            raise KeyboardInterrupt

        keys = __iter__  # type: ignore[assignment]  # whichever of the two it is copied by

    outbox.database._counts = Interrupting()  # noqa: SLF001 - the moment
    with pytest.raises(KeyboardInterrupt):
        outbox.add([entry("a")], NOW)
    outbox.database._counts = Counter()  # noqa: SLF001 - as above
    outbox.add([entry("b")], NOW)
    assert taken(outbox) == ["b"]


def test_room_is_made_without_reading_what_waits(path: str) -> None:
    """Each alert that comes would sort a hundred thousand of them, and whoever sends would wait."""
    outbox = Outbox(path, max_pending=1)
    outbox.add([entry("a")], NOW)
    asked: list[str] = []
    outbox.database._db.set_trace_callback(asked.append)  # noqa: SLF001 - a look over its shoulder
    outbox.add([entry("b")], NOW)
    plans = [str(outbox.database.rows(f"EXPLAIN QUERY PLAN {one}")) for one in asked if "ORDER BY" in one]
    assert plans
    assert "TEMP B-TREE" not in str(plans)


def test_who_stands_by_for_days_waits_for_days(path: str) -> None:
    """An escalation after two days is no clock that was set back."""
    outbox = Outbox(path)
    outbox.add([entry("a", due=NOW + 2 * 86_400, unless="acknowledged")], NOW)
    assert outbox.next("webhook", NOW + 86_000) is None
    assert outbox.next("webhook", NOW + 2 * 86_400) is not None
