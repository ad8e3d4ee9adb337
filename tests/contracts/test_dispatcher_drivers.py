"""The lanes of a dispatcher in real time, against a server that misbehaves for real."""

from __future__ import annotations

import asyncio
import gc
import socket
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from live.alerts import AlertDispatcher
from live.alerts.dispatch.in_loop import InLoop
from live.alerts.dispatch.outbox import Outbox
from live.events import AlertLevel
from tests.contracts.test_crash import Receiver
from tests.unit.alerts.dispatch.bench import alert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG_S = 20.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that takes what it is sent."""
    one = Receiver()
    yield one
    one.close()


@pytest.fixture
def hanging() -> Iterator[str]:
    """A server that takes connections and never answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                taken.append(listening.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    listening.close()
    for connection in taken:
        connection.close()


def config(urls: list[str], outbox: str = ":memory:", **more: Any) -> dict[str, Any]:
    """Webhooks with a short deadline."""
    dispatch = {
        "outbox": outbox,
        "group_wait_s": 0.0,
        "critical_deadline_s": 0.2,
        "fallback": ["stderr"],
        **more,
    }
    return {
        "sinks": ["webhook"],
        "webhook_urls": urls,
        "webhook_timeout_seconds": 1.0,
        "allow_private_urls": True,
        "dispatch": {**dispatch, **more},
    }


def until(holds: Any) -> bool:
    """Wait for something, for as long as a slow machine may need."""
    for _ in range(int(LONG_S / 0.01)):
        if holds():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("kept", ["memory", "file"])
def test_a_destination_that_hangs_holds_neither_the_sender_nor_another_one(
    tmp_path: Path, receiver: Receiver, hanging: str, kept: str
) -> None:
    """The other has all of them while the first request still hangs."""
    outbox = ":memory:" if kept == "memory" else str(tmp_path / "outbox.sqlite")
    alerts = AlertDispatcher.from_config(config([hanging, receiver.url], outbox))
    for number in range(20):
        alerts.send(alert(subject=f"S{number}"))
    assert until(lambda: len(receiver.taken) == 20)
    assert [one["context"]["subject"] for one in receiver.taken] == [f"S{number}" for number in range(20)]
    counts = {one.name: one.counts for one in alerts.health().destinations}
    assert counts["webhook#1"] == {"pending": 20}
    alerts.close(0.0)


def test_a_critical_that_nobody_takes_is_on_stderr_after_its_deadline(
    hanging: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the request still hangs."""
    alerts = AlertDispatcher.from_config(config([hanging]))
    alerts.send(alert(level=AlertLevel.CRITICAL))
    assert until(lambda: any(one.counts.get("delivered") for one in alerts.health().destinations))
    alerts.close(0.0)
    assert "DATA_GAP of AAA" in capsys.readouterr().err


def test_a_lane_outlives_an_error_of_its_own(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody has foreseen costs one look, not every alert from then on."""
    alerts = AlertDispatcher.from_config(config([receiver.url]))
    begin, calls = alerts.begin, [0]

    def broken(lane: Any) -> Any:
        calls[0] += 1
        if calls[0] < 3:
            raise RuntimeError
        return begin(lane)

    monkeypatch.setattr(alerts, "begin", broken)
    alerts.send(alert())
    assert until(lambda: len(receiver.taken) == 1)
    alerts.close(0.0)


def test_closing_sends_what_is_on_its_way(tmp_path: Path, receiver: Receiver) -> None:
    """And says that it has."""
    alerts = AlertDispatcher.from_config(config([receiver.url], str(tmp_path / "outbox.sqlite")))
    for number in range(50):
        alerts.send(alert(subject=f"S{number}"))
    assert alerts.close(LONG_S)
    assert len(receiver.taken) == 50


@pytest.mark.parametrize("power_loss", [True, False])
def test_in_the_callers_own_loop(tmp_path: Path, receiver: Receiver, hanging: str, power_loss: bool) -> None:  # noqa: FBT001 - both ways
    """The loop goes on while requests hang, and alerts may come from any thread."""

    async def trade() -> int:
        lanes, path = InLoop(), str(tmp_path / "outbox.sqlite")
        urls = [hanging, receiver.url]
        alerts = AlertDispatcher.from_config(config(urls, path, power_loss=power_loss), driver=lanes)
        await asyncio.to_thread(alerts.send, alert(subject="thread"))
        alerts.send(alert(subject="loop"))
        turns = 0
        while len(receiver.taken) < 2 and turns < LONG_S / 0.01:
            await asyncio.sleep(0.01)
            turns += 1
        assert not await lanes.drained(0.05)
        alerts.close(0.0)
        return turns

    assert asyncio.run(trade()) > 0
    assert sorted(one["context"]["subject"] for one in receiver.taken) == ["loop", "thread"]


def test_an_outbox_that_another_process_is_writing_to_does_not_hold_the_loop(
    tmp_path: Path, receiver: Receiver
) -> None:
    """It waits in a thread until the other is done; meanwhile the loop trades on."""

    async def trade() -> str:
        lanes, path = InLoop(), str(tmp_path / "outbox.sqlite")
        alerts = AlertDispatcher.from_config(config([receiver.url], path), driver=lanes)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        alerts.send(alert())
        for _ in range(10):
            await asyncio.sleep(0.01)
        other.execute("COMMIT")  # only a loop that was not held comes here in time
        other.close()
        assert await lanes.drained(LONG_S)
        failure = alerts.health().outbox_failure
        alerts.close(0.0)
        return failure

    assert asyncio.run(trade()) == ""
    assert len(receiver.taken) == 1


def test_closing_at_any_moment_leaves_no_error_in_the_loop(receiver: Receiver) -> None:
    """What is about to work is stopped, and not left to find that its threads are gone."""
    errors = list[Any]()

    async def trade() -> bool:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
        for moment in range(60):
            lanes = InLoop()
            alerts = AlertDispatcher.from_config(config([receiver.url]), driver=lanes)
            for _ in range(moment % 7):
                alerts.send(alert())
            await asyncio.sleep(moment % 5 * 0.001)
            alerts.close(0.0)
            for _ in range(moment % 3):
                await asyncio.sleep(0)
        gc.collect()  # a task says what has ended it when nobody is left to ask
        return await lanes.drained(0.0)

    assert not asyncio.run(trade())
    assert errors == []


def test_closing_after_the_loop_has_ended_frees_the_outbox(tmp_path: Path, hanging: str) -> None:
    """The next process may serve every destination at once."""
    path = str(tmp_path / "outbox.sqlite")

    async def trade() -> AlertDispatcher:
        alerts = AlertDispatcher.from_config(config([hanging], path), driver=InLoop())
        alerts.send(alert())
        await asyncio.sleep(0.05)
        return alerts

    asyncio.run(trade()).close(0.0)
    outbox = Outbox(path)
    assert outbox.database.rows("SELECT * FROM lease") == []
    assert len(outbox.pending()) == 1
    outbox.close()


def test_what_is_being_recorded_is_on_its_way(hanging: str) -> None:
    """An alert that is taken out of the inbox and not yet in the outbox is waited for at the end too."""
    slow = _SlowOutbox()
    one = AlertDispatcher.from_config(config([hanging]), outbox=slow)
    one.send(alert())
    assert slow.entered.wait(LONG_S)
    assert not one.idle()
    one.close(0.0)


class _SlowOutbox(Outbox):
    """Takes its time to record an alert."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()

    def add(self, entries: Any, now: float) -> Any:
        self.entered.set()
        time.sleep(0.1)
        return super().add(entries, now)
