"""The file: what was stored is there again, and what is no store is refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.breaker import (
    ACCOUNT,
    BreakerConfig,
    BreakerState,
    SqliteStore,
    StoreUnreadableError,
    StoreUnwritableError,
    create_store,
)
from live.breaker.policy import observe
from live.breaker.rows import record_of, row_of
from live.breaker.state import NEW, BreakerRecord
from live.risk_limits import RiskCheckSeverity
from tests.unit.breaker.bench import SEVERITIES, START, Bench

HALTED = BreakerRecord(BreakerState.HALTED, START, "runaway 'orders' – \n", "trader")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where a new store is."""
    path = str(tmp_path / "breaker.sqlite")
    create_store(path)
    return path


def test_a_new_store_knows_nothing(path: str) -> None:
    """And is one file."""
    assert SqliteStore(path).read() == {}
    assert [one.name for one in Path(path).parent.iterdir()] == ["breaker.sqlite"]


@pytest.mark.parametrize("left", ["nothing", "an empty file", "another program's database"])
def test_a_store_that_is_lost_halts(tmp_path: Path, left: str) -> None:
    """What was halted in it must not trade on, so nothing takes its place by itself."""
    path = tmp_path / "breaker.sqlite"
    if left == "an empty file":
        path.touch()
    elif left == "another program's database":
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE unrelated (one INTEGER)")
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(
        StoreUnreadableError, match=f"breaker.sqlite: is {'not there' if left == 'nothing' else 'empty'}"
    ):
        SqliteStore(str(path)).read()
    bench = Bench(store=SqliteStore(str(path)))
    bench.watch("oo")
    assert bench.breaker.state() is BreakerState.HALTED
    assert bench.codes == ["BREAKER_STORE_FAILED"]
    assert (path.read_bytes() if path.exists() else None) == before


def test_the_halt_of_an_unreadable_store_is_stored_as_soon_as_it_can_be_read(path: str) -> None:
    """Looking is enough: a restart before the next observation does not let trading in."""
    Path(path).rename(f"{path}.away")
    bench = Bench(store=SqliteStore(path))
    assert bench.breaker.state() is BreakerState.HALTED
    Path(f"{path}.away").rename(path)
    assert bench.breaker.state() is BreakerState.HALTED
    assert SqliteStore(path).read()[ACCOUNT].state is BreakerState.HALTED


def test_a_store_is_never_made_in_the_place_of_another_file(path: str) -> None:
    """Whatever stands there."""
    SqliteStore(path).change(ACCOUNT, lambda _: HALTED)
    with pytest.raises(StoreUnwritableError, match="File exists"):
        create_store(path)
    assert SqliteStore(path).read() == {ACCOUNT: HALTED}


def test_a_child_process_does_not_use_the_connection_of_its_parent(path: str) -> None:
    """SQLite's locks belong to a process: after a fork each has a connection of its own."""
    store = SqliteStore(path)
    store.read()
    child = os.fork()
    if not child:
        try:
            store.change(ACCOUNT, lambda _: HALTED)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert store.read() == {ACCOUNT: HALTED}


@pytest.mark.parametrize("letters", ["", "o", "ww", "bb", "bbb", "bbbbb", "wwoo"])
def test_what_was_stored_is_there_after_reopening(path: str, letters: str) -> None:
    """The state, and what it was about to confirm."""
    bench = Bench(store=SqliteStore(path))
    bench.watch(letters)
    bench.watch(letters, strategy="trend")
    assert SqliteStore(path).read() == {
        scope: record for scope, record in bench.breaker.records().items() if record != NEW
    }


@settings(max_examples=25)
@given(st.text("owb", max_size=12), st.text("owb", max_size=12))
def test_a_restart_between_any_two_observations_changes_nothing(before: str, after: str) -> None:
    """On a real file: what follows is what would have followed."""
    with TemporaryDirectory() as folder:
        through = Bench(store=create_store(f"{folder}/through"))
        through.watch(before + after)
        first = Bench(store=create_store(f"{folder}/restarted"))
        first.watch(before)
        second = Bench(store=SqliteStore(f"{folder}/restarted"), present=first.present)
        assert second.breaker.records() == first.breaker.records()
        second.watch(after)
        assert second.breaker.records() == through.breaker.records()
        assert first.codes + second.codes == through.codes


@given(st.text("owb", max_size=12), st.integers(0, 10**9))
def test_a_record_is_the_same_after_it_was_a_row(letters: str, microseconds: int) -> None:
    """To the microsecond."""
    record = NEW
    for letter in letters:
        now = START + timedelta(microseconds=microseconds)
        record, _ = observe(record, SEVERITIES[letter], now, BreakerConfig())
    assert record_of(row_of(record)) == record


def test_the_table_is_strict_and_has_a_version(path: str) -> None:
    """In write-ahead mode."""
    SqliteStore(path).read()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER column"):
        db.execute("INSERT INTO breaker VALUES ('account', 'many', NULL, '', '', '', 0, 0, NULL)")
    db.close()


def test_another_connection_sees_a_halt_at_once(path: str) -> None:
    """The operator's command halts the process that trades, which had read the store before."""
    trading, operator = Bench(store=SqliteStore(path)), Bench(store=SqliteStore(path))
    trading.watch("o")
    operator.breaker.override(BreakerState.HALTED, role="trader", reason="runaway")
    assert "breaker_halted" in str(trading.breaker.refusal(None, only_reduces=True))
    trading.watch("ooo")
    assert trading.breaker.state() is BreakerState.HALTED
    assert trading.told == []


def test_another_process_sees_it(path: str) -> None:
    """And its own change is seen here."""
    SqliteStore(path).change(ACCOUNT, lambda _: HALTED)
    program = f"""
from live.breaker import SqliteStore, BreakerState, strategy_scope
store = SqliteStore({path!r})
record = store.read()["account"]
print(record.state.name, record.since.isoformat())
store.change(strategy_scope("trend"), lambda _: record)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "HALTED 2026-01-27T09:00:00+00:00\n"
    assert SqliteStore(path).read() == {ACCOUNT: HALTED, "strategy:trend": HALTED}


def test_no_observation_is_lost_between_connections(path: str) -> None:
    """Two threads on two connections count to the same number that one would."""
    stores = [SqliteStore(path, busy_s=30.0) for _ in range(2)]
    stores[0].read()

    def count(store: SqliteStore) -> None:
        for _ in range(20):
            store.change(ACCOUNT, lambda one: BreakerRecord(calm=one.calm + 1))

    threads = [Thread(target=count, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert SqliteStore(path).read()[ACCOUNT].calm == 40


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no database, but long enough to be taken for one by its size" * 20, "not a database"),
        (b"SQLite format 3\x00" + b"\xff" * 4096, "breaker.sqlite: "),
    ],
)
def test_a_file_that_is_no_database_is_unreadable(path: str, content: bytes, why: str) -> None:
    """The breaker on it is halted with that reason, with one alert."""
    with open(path, "wb") as file:  # noqa: PTH123 - the store takes a path as text
        file.write(content)
    with pytest.raises(StoreUnreadableError, match=why):
        SqliteStore(path).read()
    bench = Bench(store=SqliteStore(path))
    bench.watch("oo")
    assert bench.breaker.state() is BreakerState.HALTED
    assert bench.codes == ["BREAKER_STORE_FAILED"]


def test_a_damaged_page_is_unreadable(path: str) -> None:
    """A table that was overwritten is not taken for an empty one."""
    store = SqliteStore(path)
    for number in range(50):
        store.change(f"strategy:{number}", lambda _: HALTED)
    store.close()
    with open(path, "r+b") as file:  # noqa: PTH123 - as above
        file.seek(4096)
        file.write(b"\xff" * 8192)
    with pytest.raises(StoreUnreadableError):
        SqliteStore(path).read()


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("PRAGMA user_version = 7", "has schema version 7; this program knows version 1"),
        ("UPDATE breaker SET since = 'yesterday'", "Invalid isoformat string"),
        ("UPDATE breaker SET since = '0001-01-01T00:00:00+14:00'", "date value out of range"),
        ("UPDATE breaker SET since = NULL", "HALTED without the instant"),
        ("UPDATE breaker SET seen = '9'", "9 is not a valid RiskCheckSeverity"),
        ("DROP TABLE breaker", "no such table"),
        ("ALTER TABLE breaker RENAME COLUMN seen TO looked", "no such column"),
    ],
)
def test_content_that_makes_no_sense_is_unreadable(path: str, statement: str, why: str) -> None:
    """A newer program, a hand that edited the file, half a restore."""
    SqliteStore(path).change(ACCOUNT, lambda _: HALTED)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(statement)
    db.close()
    with pytest.raises(StoreUnreadableError, match=why):
        SqliteStore(path).read()


@pytest.mark.parametrize("replaced", [True, False])
def test_a_file_that_was_moved_away_while_in_use_halts(path: str, replaced: bool) -> None:  # noqa: FBT001 - both cases
    """Another process would halt in a file that we never look into; the halt is written into the new one."""
    bench = Bench(store=SqliteStore(path))
    bench.watch("o")
    Path(path).rename(f"{path}.old")
    if replaced:
        create_store(path)
    assert "breaker_halted" in str(bench.breaker.refusal(None, only_reduces=True))
    if not replaced:
        create_store(path)
    bench.watch("o")
    assert SqliteStore(path).read()[ACCOUNT].state is BreakerState.HALTED
    assert bench.codes == ["BREAKER_STORE_FAILED"]


def test_a_folder_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    """Nothing is made up."""
    with pytest.raises(StoreUnreadableError, match="is not there"):
        SqliteStore(str(tmp_path / "nowhere" / "breaker.sqlite")).read()


def test_a_read_only_store_is_read_and_not_written(path: str) -> None:
    """The states are known, a change of them is not stored, and the breaker goes on in memory."""
    SqliteStore(path).read()
    db = sqlite3.connect(path)
    db.execute(
        "CREATE TRIGGER closed BEFORE INSERT ON breaker BEGIN SELECT RAISE(ABORT, 'the store is closed'); END"
    )
    db.close()
    with pytest.raises(StoreUnwritableError, match="the store is closed"):
        SqliteStore(path).change(ACCOUNT, lambda _: HALTED)
    bench = Bench(store=SqliteStore(path))
    bench.watch("bb")
    assert bench.breaker.state() is BreakerState.REDUCE_ONLY
    assert bench.codes == ["BREAKER_STORE_FAILED", "BREAKER_REDUCE_ONLY"]


def test_a_store_that_another_process_does_not_let_go_is_unwritable(path: str) -> None:
    """It is still read, and written again when it is free."""
    store = SqliteStore(path, busy_s=0.0)
    store.read()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnwritableError, match="database is locked"):
        store.change(ACCOUNT, lambda _: HALTED)
    assert store.read() == {}
    other.execute("ROLLBACK")
    other.close()
    store.change(ACCOUNT, lambda _: HALTED)
    assert SqliteStore(path).read() == {ACCOUNT: HALTED}


def test_a_change_that_fails_stores_nothing(path: str) -> None:
    """And what it raised is passed on."""
    store = SqliteStore(path)

    def fails(_record: BreakerRecord) -> BreakerRecord:
        raise LookupError

    with pytest.raises(LookupError):
        store.change(ACCOUNT, fails)
    assert store.change(ACCOUNT, lambda one: one) == NEW
    assert SqliteStore(path).read() == {}


def test_the_severities_are_stored_as_one_digit_each() -> None:
    """So that a person can read the file."""
    assert row_of(BreakerRecord(seen=tuple(RiskCheckSeverity)))[4] == "012"


def test_a_halt_whose_words_are_no_text_is_stored(path: str) -> None:
    """A terminal of another encoding hands in half characters; the kill switch works all the same."""
    bench = Bench(store=SqliteStore(path))
    bench.breaker.override(BreakerState.HALTED, role="h\udce4ndler", reason="Ausrei\udcdfer")
    assert bench.breaker.store_failure == ""
    record = SqliteStore(path).read()[ACCOUNT]
    assert (record.state, record.by, record.reason) == (BreakerState.HALTED, "h?ndler", "Ausrei?er")
