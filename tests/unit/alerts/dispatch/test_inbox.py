"""What was handed over is recorded once, whenever the process dies, and nobody waits for it."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.alerts.dispatch import inbox, journal
from live.alerts.dispatch.config import Silence
from live.alerts.dispatch.database import OutboxError
from live.alerts.dispatch.outbox import Outbox
from live.events import AlertLevel
from tests.unit.alerts.dispatch.bench import Bench, alert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from live.alerts.dispatch.rows import Entry, Row


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Of an outbox, in a folder whose name a pattern would not match."""
    (tmp_path / "[1]").mkdir()
    return str(tmp_path / "[1]" / "outbox.sqlite")


def journals(path: str) -> list[Path]:
    """Those beside an outbox."""
    return sorted(Path(path).parent.glob("outbox.sqlite-inbox-*"))


def taken(bench: Bench) -> list[tuple[str, str]]:
    """What the webhook was sent: keys and subjects."""
    return [(one["id"], one["context"]["subject"]) for one in map(json.loads, bench.sent)]


def handing(path: str, **more: Any) -> Bench:
    """A dispatcher whose `send` only hands over."""
    return Bench(path=path, takes_over=True, **more)


def test_an_alert_that_was_handed_over_outlives_its_process(path: str) -> None:
    """It arrives under its own key, and the journal is gone."""
    first = handing(path)
    for subject in "AB":
        first.send(subject=subject)
    first.kill()
    second = handing(path, first_key=100)
    second.driver.work()
    assert taken(second) == [("key-1", "A"), ("key-2", "B")]
    second.dispatcher.close()
    assert journals(path) == []


def test_it_is_found_by_a_process_that_lives_and_by_one_that_records_itself(path: str) -> None:
    """Within a few seconds."""
    second = Bench(path=path, first_key=100)
    first = handing(path)
    first.send()
    first.kill()
    second.pass_s(6)
    assert taken(second) == [("key-1", "AAA")]


def test_what_is_recorded_already_is_not_recorded_again(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies after the change of the outbox, and before anything is done to the journal."""
    first = handing(path)
    monkeypatch.setattr(journal.Journal, "truncate", lambda _: None)
    first.send(subject="A")
    first.driver.work()
    first.send(subject="B")
    first.kill()
    assert b'"A"' in journals(path)[0].read_bytes()
    second = handing(path, first_key=100)
    second.driver.work()
    assert taken(second) == [("key-2", "B")]
    assert second.sums() == {"delivered": 2}


def test_the_journal_of_a_process_that_lives_is_left_to_it(path: str) -> None:
    """Of the same process or of another."""
    first, second = handing(path), handing(path, first_key=100)
    first.send()
    second.pass_s(20)
    assert second.sent == []
    first.driver.work()
    assert taken(first) == [("key-1", "AAA")]


def test_a_line_that_is_cut_off_was_never_handed_over(path: str) -> None:
    """Its `send` has not returned; the others arrive."""
    first = handing(path)
    first.send(subject="A")
    first.kill()
    with journals(path)[0].open("ab") as file:
        file.write(b'2 {"id":"key-2","ts":"2026')
    second = handing(path, first_key=100)
    second.driver.work()
    assert taken(second) == [("key-1", "A")]
    assert second.dispatcher.health().is_sound


def leave_with_a_spoilt_line(path: str, spoil: Callable[[bytes], bytes]) -> None:
    """A process that has died with three alerts in its journal, of which the second was changed since."""
    first = handing(path)
    for subject in "ABC":
        first.send(subject=subject)
    first.kill()
    (file,) = journals(path)
    lines = file.read_bytes().split(b"\n")
    lines[1] = spoil(lines[1])
    file.write_bytes(b"\n".join(lines))


@pytest.mark.parametrize("spoil", [b"{", b"key-2", b'"ts":', b"2 "])
def test_a_line_that_somebody_has_spoilt_is_a_dead_letter(path: str, spoil: bytes) -> None:
    """It takes no other with it, and is told once."""
    leave_with_a_spoilt_line(path, lambda line: line.replace(spoil, b"\xff\x00", 1))
    second = handing(path, first_key=100)
    second.driver.work()
    assert [subject for _, subject in taken(second)] == ["A", "C"]
    assert second.sums() == {"delivered": 2, "dead": 1}
    second.kill()
    third = handing(path, first_key=200)
    third.driver.work()
    assert (third.sent, third.sums()) == ([], {"delivered": 2, "dead": 1})


@pytest.mark.parametrize("wrote", [0, 20, None])
def test_a_journal_that_takes_nothing_is_asked_no_more(
    path: str, monkeypatch: pytest.MonkeyPatch, wrote: int | None
) -> None:
    """The disk is full in the middle of a line, or the write fails: the outbox itself is asked."""
    first = handing(path)
    first.send(subject="A")
    write = os.write

    def full(descriptor: int, line: bytes) -> int:
        if wrote is None:
            raise OSError(28, "No space left on device")
        return write(descriptor, line[:wrote])

    monkeypatch.setattr(os, "write", full)
    first.send(subject="B")
    monkeypatch.setattr(os, "write", write)
    first.send(subject="C")
    first.kill()
    second = handing(path, first_key=100)
    second.driver.work()
    assert taken(second) == [("key-1", "A"), ("key-2", "B"), ("key-3", "C")]
    assert second.sums() == {"delivered": 3}


def test_where_there_can_be_no_journal_send_records_itself(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a system without locks of files."""
    monkeypatch.setattr(journal, "fcntl", None)
    first = handing(path)
    first.send()
    assert (journals(path), [event.key for _, event in first.dispatcher.pending()]) == ([], ["key-1"])
    first.kill()
    second = handing(path, first_key=100)
    second.driver.work()
    assert taken(second) == [("key-1", "AAA")]


def test_an_outbox_that_takes_nothing_any_more_loses_nothing_of_the_inbox(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it arrives from memory, once, the failure is told, and the sum holds."""
    bench = handing(path)
    for subject in "ABC":
        bench.send(subject=subject)

    def full(*_: object) -> None:
        raise OutboxError("disk is full")

    monkeypatch.setattr(bench.dispatcher._outbox, "add", full)  # noqa: SLF001 - what fails
    bench.driver.work()
    bench.send(subject="D")
    bench.driver.work()
    assert sorted(subject for _, subject in taken(bench)) == ["A", "B", "C", "D", "outbox"]
    assert bench.sums() == {"delivered": 5}
    assert bench.dispatcher.emitted == {"webhook": 5}


def test_a_critical_is_first_of_what_was_taken_over(path: str) -> None:
    """Whatever flood was handed over before it."""
    bench = handing(path)
    for number in range(200):
        bench.send(subject=f"S{number}")
    bench.send(level=AlertLevel.CRITICAL)
    bench.driver.work()
    assert [subject for _, subject in taken(bench)] == ["AAA", *(f"S{number}" for number in range(200))]


@pytest.mark.parametrize("kept", ["memory", "file"])
def test_whoever_sends_more_than_the_inbox_holds_takes_over_what_there_is(
    path: str, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    """Nothing grows without end, and the order stays."""
    monkeypatch.setattr(inbox, "MOST", 3)
    bench = handing(path if kept == "file" else ":memory:")
    for number in range(10):
        bench.send(subject=f"S{number}")
        assert len(bench.dispatcher._inbox) <= 3  # noqa: SLF001 - what is bounded
    bench.driver.work()
    assert [subject for _, subject in taken(bench)] == [f"S{number}" for number in range(10)]


def test_what_comes_meanwhile_is_not_waited_for(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a flood that goes on, asking for the health would never end, and time would bring out nothing."""
    monkeypatch.setattr(inbox, "AT_ONCE", 1)
    bench = handing(path)
    bench.send(subject="S0")
    accept, floods = bench.dispatcher._accept, count(1)  # noqa: SLF001 - the moment

    def flooded(*given: Any) -> None:
        if (number := next(floods)) < 50:
            bench.send(subject=f"S{number}")
        accept(*given)

    monkeypatch.setattr(bench.dispatcher, "_accept", flooded)
    assert bench.sums() == {"pending": 1}
    bench.driver.work()
    assert len(bench.dispatcher._inbox) == 1  # noqa: SLF001 - what came last


def test_a_journal_does_not_grow_without_end(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the inbox is never empty: whoever sends then takes all of it over, so that it can be emptied."""
    monkeypatch.setattr(inbox, "AT_ONCE", 1)
    monkeypatch.setattr(journal, "LARGEST", 1_000)
    bench = handing(path)
    bench.send(subject="S0")
    for number in range(1, 30):
        bench.send(subject=f"S{number}")
        bench.dispatcher._take_some_over()  # noqa: SLF001 - a thread that does not keep up
        assert journals(path)[0].stat().st_size < 1_500
    bench.driver.work()
    assert [subject for _, subject in taken(bench)] == [f"S{number}" for number in range(30)]


def test_a_journal_that_is_recorded_is_empty_and_what_comes_then_is_not_lost(path: str) -> None:
    """Numbers go on where they were."""
    first = handing(path)
    for subject in "ABC":
        first.send(subject=subject)
    first.driver.work()
    assert journals(path)[0].read_bytes() == b""
    first.send(subject="D")
    first.kill()
    second = handing(path, first_key=100)
    second.driver.work()
    assert taken(second) == [("key-4", "D")]


def test_closing_leaves_what_waits_in_the_outbox_and_no_journal(path: str) -> None:
    """Nor anything about it in the outbox."""
    first = handing(path)
    first.answers = ["timeout"] * 99
    for subject in "AB":
        first.send(subject=subject)
    assert not first.dispatcher.close(0)
    assert journals(path) == []
    second = Bench(path=path)
    assert second.dispatcher._outbox.database.rows("SELECT * FROM journal") == []  # noqa: SLF001 - what is left
    second.driver.work()
    assert [key for key, _ in taken(second)] == ["key-1", "key-2"]


def test_what_is_interrupted_while_it_is_taken_over_is_left_to_the_next_process(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before and after it may arrive twice, under one key; nothing is lost."""
    first = handing(path)
    first.send(subject="A")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(first.dispatcher._recorder, "record", interrupted)  # noqa: SLF001 - the moment
        with pytest.raises(KeyboardInterrupt):
            first.dispatcher.health()
    (unread,) = first.dispatcher.health().unread
    assert (
        unread == f"{journals(path)[0]}: recording it was interrupted; the next process sends what it holds"
    )
    first.send(subject="B")
    first.driver.work()
    first.dispatcher.close()
    second = handing(path, first_key=100)
    second.driver.work()
    assert taken(first) == [("key-2", "B")]
    assert taken(second) == [("key-1", "A")]


def test_what_is_interrupted_in_memory_is_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """No next process finds it."""
    bench = handing(":memory:")
    bench.send(subject="A")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bench.dispatcher._recorder, "record", interrupted)  # noqa: SLF001 - the moment
    with pytest.raises(KeyboardInterrupt):
        bench.dispatcher.health()
    assert "ALERT NOT DELIVERED (KeyboardInterrupt)" in bench.stderr.getvalue()


def test_nothing_is_sent_all_the_time_that_cannot_be_settled(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory takes nothing either: whoever hears the alert again and again hears it once a second."""
    bench = handing(path)

    def broken(*_: object, **__: object) -> None:
        assert len(bench.sent) < 9
        raise OutboxError("no more")

    monkeypatch.setattr(Outbox, "delivered", broken)
    bench.send()
    bench.driver.work()
    assert len(bench.sent) == 2
    bench.pass_s(3)
    assert len(bench.sent) <= 5


def test_an_alert_that_cannot_be_recorded_takes_no_other_with_it(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on standard error."""
    bench, add = handing(path), Outbox.add

    def picky(outbox: Outbox, entries: Sequence[Entry], now: float) -> list[Row]:
        if any("of B" in one.event for one in entries):
            raise ValueError
        return add(outbox, entries, now)

    monkeypatch.setattr(Outbox, "add", picky)
    for subject in "ABC":
        bench.send(subject=subject)
    bench.driver.work()
    assert [subject for _, subject in taken(bench)] == ["A", "C"]
    assert "ALERT NOT DELIVERED" in bench.stderr.getvalue()


def test_a_fork_leaves_the_journal_to_its_parent(path: str) -> None:
    """It is locked by the parent still, and the child writes nothing into it."""
    first = handing(path)
    first.send(subject="A")
    first.dispatcher.leave_to_parent()
    before = journals(path)[0].read_bytes()
    first.send(subject="B")
    assert journals(path)[0].read_bytes() == before
    assert "ALERT NOT DELIVERED (forked)" in first.stderr.getvalue()


def test_a_fork_asks_for_nothing_that_its_parent_holds(path: str) -> None:
    """A thread of the parent that was recording is not there to let go; no connection is used."""
    first = handing(path)
    first.send(subject="A")
    first.driver.work()
    with ThreadPoolExecutor(1) as other:
        other.submit(first.dispatcher._lock.acquire).result()  # noqa: SLF001 - what a fork finds
        first.dispatcher.leave_to_parent()
        health = first.dispatcher.health()
        assert "another process" in health.outbox_failure
        assert not health.is_sound
        assert first.dispatcher.emitted == {"webhook": 1}
        assert first.dispatcher.drain(0.0) is False
        until = first.at + timedelta(seconds=60)
        for asked in (
            first.dispatcher.pending,
            lambda: first.dispatcher.acknowledge("key-1"),
            lambda: first.dispatcher.silence(Silence(until, "ops", "noise")),
        ):
            with pytest.raises(OutboxError, match="another process"):
                asked()
        assert first.dispatcher.close()


@pytest.mark.parametrize("kept", ["memory", "file"])
def test_what_was_handed_over_stays_as_it_was(path: str, kept: str) -> None:
    """Whoever sent it goes on with the list that it shows."""
    bench = handing(path if kept == "file" else ":memory:")
    orders = list[str]()
    for subject in "AB":
        orders.append(subject)
        bench.dispatcher.send(replace(alert(), context={"subject": subject, "orders": orders}))
    orders.append("C")
    bench.driver.work()
    assert [json.loads(body)["context"]["orders"] for body in bench.sent] == [["A"], ["A", "B"]]


def test_what_was_no_news_is_none_for_the_next_process(path: str) -> None:
    """A repeat goes nowhere, so nothing is recorded with it; its line is gone all the same."""
    first = handing(path)
    for _ in range(2):
        first.send()
        first.driver.work()
    first.kill()
    second = handing(path, first_key=100)
    second.driver.work()
    assert second.sent == []


def test_what_was_handed_over_before_a_silence_is_told(path: str) -> None:
    """It holds from now on, not from a little earlier."""
    bench = handing(path)
    bench.send(subject="A")
    bench.dispatcher.silence(Silence(bench.now() + timedelta(hours=1), "ops", "upgrade"))
    bench.send(subject="B")
    bench.driver.work()
    assert [subject for _, subject in taken(bench)] == ["A"]


@pytest.mark.parametrize("before", [True, False])
def test_the_handler_of_a_signal_sends_while_a_line_is_written(
    path: str, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    """Neither waits for the other, and neither is lost if the process dies then."""
    first = handing(path)
    write, inner = journal.Journal.write, [lambda: first.send(subject="B")]

    def interrupted(self: journal.Journal, number: int, text: str) -> None:
        if not before:
            write(self, number, text)
        while inner:
            inner.pop()()
        if before:
            write(self, number, text)

    monkeypatch.setattr(journal.Journal, "write", interrupted)
    first.send(subject="A")
    first.kill()
    second = handing(path, first_key=100)
    second.driver.work()
    assert sorted(taken(second)) == [("key-1", "A"), ("key-2", "B")]


def test_the_handler_of_a_signal_closes_while_a_line_is_written(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was being handed over is on standard error, and in no file that came after the journal."""
    bench = handing(path)
    write = journal.Journal.write

    def interrupted(self: journal.Journal, number: int, text: str) -> None:
        bench.dispatcher.close()
        write(self, number, text)

    monkeypatch.setattr(journal.Journal, "write", interrupted)
    bench.send()
    assert "ALERT NOT DELIVERED (closed)" in bench.stderr.getvalue()
    assert journals(path) == []


def test_an_inbox_that_cannot_be_read_is_told_once_and_takes_no_other_with_it(path: str) -> None:
    """What is in it waits, and nobody may believe that all is well; our own alerts are as safe as ever."""
    left = Path(f"{path}-inbox-1-00000000")
    left.mkdir()
    bench = handing(path)
    bench.pass_s(20)
    told = [one["message"] for one in map(json.loads, bench.sent)]
    why = f"{left}: Is a directory"
    assert told == [
        f"An inbox that a process that is gone has left cannot be read ({why}); nobody hears of what is in it"
    ]
    health = bench.dispatcher.health()
    assert (health.outbox_failure, health.unread, health.is_sound) == ("", (why,), False)
    left.rmdir()
    bench.pass_s(20)
    assert bench.dispatcher.health().is_sound


@pytest.mark.parametrize("name", ["1-0123abcd.bak", "1-0123abcd~", "x-0123abcd", "1-0123ABCD"])
def test_a_copy_that_somebody_has_made_of_an_inbox_is_left_alone(path: str, name: str) -> None:
    """Only what has the name of an inbox is one."""
    copy = Path(f"{path}-inbox-{name}")
    copy.write_text('1 {"id":"key-9"}\n')
    bench = handing(path)
    bench.pass_s(6)
    assert (taken(bench), copy.exists()) == ([], True)


def test_a_line_that_cannot_even_be_parsed_is_a_dead_letter(path: str) -> None:
    """It is nested too deep; what comes after it arrives."""
    leave_with_a_spoilt_line(path, lambda _: b"2 " + b"[" * 100_000)
    second = handing(path, first_key=100)
    second.driver.work()
    assert [subject for _, subject in taken(second)] == ["A", "C"]
    assert second.sums() == {"delivered": 2, "dead": 1}


def test_a_journal_that_cannot_be_deleted_is_empty(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It belongs to another user, in a folder where each deletes his own: nothing is judged twice."""
    first = handing(path)
    for _ in range(2):
        first.send()
    first.kill()

    def forbidden(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", forbidden)
    second = handing(path, first_key=100)
    second.pass_s(30)
    assert second.sums() == {"delivered": 1, "coalesced": 1}


@pytest.mark.parametrize("fails", ["fcntl.flock", "os.fchmod"])
def test_a_journal_that_cannot_be_used_is_not_left_behind(
    path: str, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """Where files cannot be locked, or have no modes: `send` records itself, and no outbox fails for it."""
    bench = Bench(path=path)
    open_files = len(list(Path("/proc/self/fd").iterdir()))

    def refused(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    with monkeypatch.context() as patched:
        patched.setattr(fails, refused)
        assert journal.Journal.make(path) is None
    assert (journals(path), len(list(Path("/proc/self/fd").iterdir()))) == ([], open_files)
    assert bench.dispatcher.health().is_sound


def test_a_journal_belongs_to_whoever_the_outbox_belongs_to(path: str) -> None:
    """Else a process of root would leave one that nobody else can open."""
    Bench(path=path)
    Path(path).chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 1, 2)
    handing(path)
    of = Path(path).stat()
    assert [(one.stat().st_mode, one.stat().st_uid, one.stat().st_gid) for one in journals(path)] == [
        (of.st_mode, of.st_uid, of.st_gid)
    ]


def test_marks_of_journals_that_are_gone_are_forgotten(path: str) -> None:
    """Also when the process died as soon as it had deleted its journal."""
    first = handing(path)
    first.send()
    first.driver.work()
    first.kill()
    journals(path)[0].unlink()
    second = handing(path)
    assert marks(second) == ([], [])


def marks(bench: Bench) -> tuple[list[Any], list[Any]]:
    """How far each journal is recorded, and which lines are before their turn."""
    rows = bench.dispatcher._outbox.database.rows  # noqa: SLF001 - what is left
    return rows("SELECT * FROM journal"), rows("SELECT name, number FROM journal_ahead ORDER BY number")


def test_lines_before_their_turn_are_forgotten_with_their_journal_and_when_it_has_come(path: str) -> None:
    """Floods leave nothing behind, neither in the file nor in memory."""
    first = handing(path)
    for turn in range(2):
        for number in range(inbox.AT_ONCE):
            first.send(subject=f"W{turn}-{number}")
        first.send(subject=f"A{turn}", level=AlertLevel.CRITICAL)
        first.dispatcher._take_some_over()  # noqa: SLF001 - as its driver does
        last = (turn + 1) * (inbox.AT_ONCE + 1)
        assert [number for _, number in marks(first)[1]] == [last]
        if not turn:
            first.driver.work()
    first.driver.work()
    assert first.dispatcher._inbox._gone == set()  # noqa: SLF001 - what is left
    first.kill()
    journals(path)[0].unlink()
    assert marks(handing(path)) == ([], [])


def test_the_handler_of_a_signal_sends_while_its_own_thread_takes_over(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it sends waits for its turn, even where the inbox is full: nothing is recorded within a change."""
    monkeypatch.setattr(inbox, "MOST", 1)
    bench = handing(path)
    add, inner = bench.dispatcher._outbox.add, ["B", "C"]  # noqa: SLF001 - the moment

    def interrupted(*given: Any) -> Any:
        while inner:
            bench.send(subject=inner.pop(0))
        return add(*given)

    bench.send(subject="A")
    monkeypatch.setattr(bench.dispatcher._outbox, "add", interrupted)  # noqa: SLF001 - as above
    for _ in range(2):  # woken again by what came meanwhile
        bench.driver.work()
    assert [subject for _, subject in taken(bench)] == ["A", "B", "C"]
    assert bench.sums() == {"delivered": 3}


def subjects(events: list[inbox.Handed]) -> list[str]:
    """What alerts are about, in their order."""
    return [one.event.context["subject"] for one in events]


def test_a_critical_goes_before_what_waits_and_takes_along_what_it_is_about() -> None:
    """A flood of warnings holds it no longer than it takes to record a few; transitions keep their order."""
    waiting = inbox.Inbox(None, takes=True)
    flood = [f"W{number}" for number in range(3 * inbox.AT_ONCE)]
    for subject in ["A", *flood, "A"]:
        waiting.put(alert(subject=subject))
    waiting.put(alert(subject="A", level=AlertLevel.CRITICAL))
    waiting.put(alert(subject="A"))
    first = waiting.take()[0]
    assert subjects(first)[:5] == ["A", "A", "A", "A", "W0"]
    assert [one.event.level.name for one in first[:4]] == ["WARNING", "WARNING", "CRITICAL", "WARNING"]
    rest = subjects([one for _ in range(waiting.portions) for one in waiting.take()[0]])
    assert subjects(first)[4:] + rest == flood
    assert len(waiting) == 0


def test_what_has_gone_before_its_turn_does_not_go_again() -> None:
    """Neither when the next one hurries, nor when its turn comes."""
    waiting = inbox.Inbox(None, takes=True)
    for number in range(3 * inbox.AT_ONCE):
        waiting.put(alert(subject=f"W{number}"))
    told: list[str] = []
    for subject in ("A", "B", "A"):
        waiting.put(alert(subject=subject, level=AlertLevel.CRITICAL))
        told += subjects(waiting.take()[0])
    told += subjects([one for _ in range(waiting.portions) for one in waiting.take()[0]])
    assert (told[0], told[inbox.AT_ONCE], told[2 * inbox.AT_ONCE]) == ("A", "B", "A")
    assert len(told) == 3 * inbox.AT_ONCE + 3


def test_an_alert_whose_subject_has_no_words_holds_no_critical() -> None:
    """It is told as ever when its turn comes."""

    class Mute:
        def __str__(self) -> str:
            raise ValueError("no words")

    waiting = inbox.Inbox(None, takes=True)
    for _ in range(inbox.AT_ONCE):
        waiting.put(replace(alert(), context={"subject": Mute()}))
        waiting.put(alert())
    waiting.put(alert(subject="A", level=AlertLevel.CRITICAL))
    assert subjects(waiting.take()[0])[0] == "A"


def test_an_alert_whose_code_has_no_words_stops_no_inbox() -> None:
    """A CRITICAL goes before it, and it goes when its turn comes."""

    class Mute:
        def __str__(self) -> str:
            raise ValueError("no words")

    waiting = inbox.Inbox(None, takes=True)
    waiting.put(replace(alert(), code=cast("Any", Mute())))
    for _ in range(inbox.AT_ONCE):
        waiting.put(alert())
    waiting.put(alert(subject="A", level=AlertLevel.CRITICAL))
    assert subjects(waiting.take()[0])[0] == "A"
    assert len([one for _ in range(waiting.portions) for one in waiting.take()[0]]) == 2


def test_what_is_interrupted_while_it_is_brought_forward_is_not_lost() -> None:
    """By Ctrl-C, in a program that sends more than the inbox holds: each alert goes, if need be twice."""

    class Interrupted(set[int]):
        def update(self, *numbers: Any) -> None:
            super().update(*numbers)
            raise KeyboardInterrupt

    waiting = inbox.Inbox(None, takes=True)
    for number in range(2 * inbox.AT_ONCE):
        waiting.put(alert(subject=f"W{number}"))
    waiting.put(alert(subject="A", level=AlertLevel.CRITICAL))
    waiting._gone = Interrupted()  # noqa: SLF001 - the moment
    with pytest.raises(KeyboardInterrupt):
        waiting.take()
    told = subjects([one for _ in range(waiting.portions + 1) for one in waiting.take()[0]])
    assert set(told) == {*(f"W{number}" for number in range(2 * inbox.AT_ONCE)), "A"}
    assert told[0] == "A"


def test_what_was_recorded_before_its_turn_is_recorded_once(path: str) -> None:
    """The process dies when a CRITICAL has gone before others, which the next process finds."""
    first = handing(path)
    for number in range(2 * inbox.AT_ONCE):
        first.send(subject=f"W{number}")
    first.send(subject="A", level=AlertLevel.CRITICAL)
    first.dispatcher._take_some_over()  # noqa: SLF001 - as its driver does, until the process dies
    first.kill()
    second = handing(path, first_key=1_000)
    second.driver.work()
    assert taken(second)[0] == (f"key-{2 * inbox.AT_ONCE + 1}", "A")
    assert len(taken(second)) == len(dict(taken(second))) == 2 * inbox.AT_ONCE + 1
    assert second.sums() == {"delivered": 2 * inbox.AT_ONCE + 1}
    second.dispatcher.close()
    assert journals(path) == []


class Lines:
    """A journal that nobody reads."""

    name, is_large = "journal", False

    def write(self, number: int, text: str) -> None:
        """Take a line."""


@given(st.lists(st.none() | st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from(AlertLevel)), max_size=40))
def test_each_alert_is_taken_once_and_what_is_about_the_same_in_order(
    steps: list[tuple[str, AlertLevel] | None],
) -> None:
    """Whenever some are taken out; and a journal is never said to be recorded farther than it is."""
    handed: list[str] = []
    taken: list[str] = []
    marked = set[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox, "AT_ONCE", 2)
        waiting = inbox.Inbox(cast("Any", Lines()), takes=True)
        for step in [*steps, *[None] * len(steps)]:
            if step is not None:
                handed.append(f"{step[0]} {len(handed) + 1}")
                waiting.put(replace(alert(subject=step[0], level=step[1]), key=handed[-1]))
                continue
            found, mark = waiting.take()
            taken += [one.event.key for one in found]
            if mark is not None:
                marked |= {*range(1, mark.number + 1), *mark.ahead}
            assert marked == {int(key.split()[1]) for key in taken}
    for name in "ABCDEFGH":
        assert [key for key in taken if key[0] == name] == [key for key in handed if key[0] == name]
    assert len(waiting) == 0
