"""What handing an alert over costs, and how fast alerts arrive."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk.webhook import WebhookClient

from benchmarks.conftest import Figure
from live.alerts.dispatch.dispatcher import AlertDispatcher
from live.alerts.dispatch.journal import Journal
from live.alerts.dispatch.outbox import Outbox
from live.alerts.dispatch.record import to_record
from live.clock import SystemClock
from live.contracts import HttpResponse
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from live.contracts import HttpRequest

SENT, BACKLOG, WAITING, POSTED = 4_000, 100_000, 20_000, 3_000
MICRO, PAUSE_S = 1e6, 0.001
CLOCK = SystemClock()
NUMBERS = count(1)
SERVER = r"""
import socket, threading
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
def serve(connection):
    with connection:
        seen = b""
        while chunk := connection.recv(65_536):
            seen += chunk
            head, found, rest = seen.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]) if found else 0
            if found and len(rest) >= length:
                connection.sendall(ANSWER)
                seen = rest[length:]
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()
"""
MEMORY_OF = """
import time
from pathlib import Path
from benchmarks.test_alerts import Far, alert, dispatcher
far = Far(hangs=True)
one = dispatcher(":memory:", far)
pages = lambda: int(Path("/proc/self/statm").read_text().split()[1])
before = pages()
events = (alert() for _ in range({count}))
began = time.perf_counter()
for event in events:
    one.send(event)
took = time.perf_counter() - began
one.health()
print(took, (pages() - before) * 4096 / 2**20)
"""


class Far:
    """The far end without a network: it answers at once, or hangs."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.hangs = hangs
        self.posts = 0
        self.told_critical = Event()

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - at once
        """Answer."""
        if self.hangs:
            time.sleep(3_600)
        self.posts += 1
        if b'"CRITICAL"' in request.body:
            self.told_critical.set()
        return HttpResponse(200, b"ok")


def alert() -> AlertEvent:
    """An alert that is no repeat of any other."""
    context = {"subject": f"S{next(NUMBERS)}", "value": 1.5, "limit": 3.0, "unit": "EUR"}
    return AlertEvent(
        CLOCK.now(), AlertLevel.WARNING, "live_risk.orders", "DATA_GAP", "above its limit", context
    )


def dispatcher(outbox: str, far: Any, url: str = "https://alerts.example/x") -> AlertDispatcher:
    """A dispatcher with one webhook, that groups nothing."""
    dispatch = {"outbox": outbox, "group_wait_s": 0.0, "max_pending": 1_000_000}
    config = {"sinks": ["webhook"], "webhook_urls": [url], "allow_private_urls": True, "dispatch": dispatch}
    return AlertDispatcher.from_config(config, **({} if far is None else {"transport": far}))


@pytest.mark.parametrize("kept", ["memory", "file"])
@pytest.mark.parametrize("far", ["healthy", "hanging", "hanging, no pause"])
def test_handing_over(benchmark: Any, figures: list[Figure], tmp_path: Path, kept: str, far: str) -> None:
    """One alert every millisecond, as a busy system has them, or all at once; what each `send` takes."""
    outbox = ":memory:" if kept == "memory" else str(tmp_path / "outbox.sqlite")
    one = dispatcher(outbox, Far(hangs=far != "healthy"))
    took: list[float] = []

    def hand_over() -> None:
        for event in [alert() for _ in range(SENT)]:
            began = time.perf_counter()
            one.send(event)
            took.append(time.perf_counter() - began)
            if not far.endswith("no pause"):
                time.sleep(PAUSE_S)  # or a healthy lane and the sender would only fight for the interpreter

    benchmark.pedantic(hand_over, rounds=1, iterations=1)
    one.close(0.0)
    target = 20.0 if kept == "memory" else 60.0
    where = f"send, kept in {'memory' if kept == 'memory' else 'a file'}, sink {far}"
    figures.append(Figure(f"{where}, median", statistics.median(took) * MICRO, target, "us"))
    figures.append(Figure(f"{where}, p99", statistics.quantiles(took, n=100)[98] * MICRO, 1_000.0, "us"))


def test_writing_down(benchmark: Any, figures: list[Figure], tmp_path: Path) -> None:
    """The same line with nothing around it, as often: below that no `send` into a file can be."""
    outbox, took = Outbox(str(tmp_path / "outbox.sqlite")), list[float]()
    journal = Journal.make(outbox.path)
    assert journal is not None
    event = replace(alert(), key="0" * 24)

    def write_down() -> None:
        for number in range(SENT):
            began = time.perf_counter()
            journal.write(number, to_record(event))
            took.append(time.perf_counter() - began)
            time.sleep(PAUSE_S)

    benchmark.pedantic(write_down, rounds=1, iterations=1)
    figures.append(Figure("the line of that alone, median", statistics.median(took) * MICRO, 60.0, "us"))


@pytest.fixture
def server() -> Iterator[str]:
    """A server in a process of its own that answers on kept connections with as little work as it can."""
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        process.kill()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Apprise imports what Python will drop
def test_durable_alerts_to_a_local_server(
    benchmark: Any, figures: list[Figure], tmp_path: Path, server: str
) -> None:
    """From `send` to the answer of a real server, the outbox a file, beside clients that keep nothing."""
    one = dispatcher(str(tmp_path / "outbox.sqlite"), None, server)
    one.send(alert())  # the first one loads the HTTP client, which those beside it have done already
    assert one.drain(60.0)

    def deliver() -> None:
        for _ in range(POSTED):
            one.send(alert())
        assert one.close(60.0)

    benchmark.pedantic(deliver, rounds=1, iterations=1)
    ours = POSTED / benchmark.stats.stats.median
    figures.append(Figure("durable alerts to a local server", ours, 2_000, "alerts/s", at_least=True))
    with httpx.Client() as plain:
        for name, post in clients(server, plain).items():
            rate = rate_of(post)
            figures.append(Figure(f"the same by {name}, nothing kept", rate, 0, "posts/s", at_least=True))


def clients(url: str, plain: httpx.Client) -> dict[str, Callable[[str], Any]]:
    """What others post an alert with; each keeps its connection if it can."""
    from apprise import Apprise

    slack, by_apprise = WebhookClient(url), Apprise()
    assert by_apprise.add(url.replace("http://", "json://"))
    return {
        "httpx": lambda text: plain.post(url, json={"text": text, "value": 1.5, "limit": 3.0}),
        "slack_sdk": lambda text: slack.send(text=text),
        "Apprise": lambda text: by_apprise.notify(title="DATA_GAP", body=text),
    }


def rate_of(post: Callable[[str], Any]) -> float:
    """Posts per second, one after the other."""
    began = time.perf_counter()
    for number in range(POSTED // 3):
        assert post(f"S{number} is above its limit")
    return POSTED // 3 / (time.perf_counter() - began)


@pytest.mark.parametrize("kept", ["memory", "a file"])
def test_a_critical_behind_a_flood(benchmark: Any, figures: list[Figure], tmp_path: Path, kept: str) -> None:
    """Warnings are handed over without a pause, and then what nobody may wait for."""
    far = Far()
    one = dispatcher(":memory:" if kept == "memory" else str(tmp_path / "outbox.sqlite"), far)
    for _ in range(WAITING):
        one.send(alert())

    def deliver() -> None:
        one.send(replace(alert(), level=AlertLevel.CRITICAL))
        assert far.told_critical.wait(60.0)

    benchmark.pedantic(deliver, rounds=1, iterations=1)
    one.close(0.0)
    took = benchmark.stats.stats.median * 1e3
    figures.append(Figure(f"a CRITICAL behind {WAITING:,} warnings, kept in {kept}", took, 100, "ms"))


def test_a_backlog(benchmark: Any, figures: list[Figure], tmp_path: Path) -> None:
    """A hundred thousand alerts that an earlier process has left in the file."""
    path = str(tmp_path / "outbox.sqlite")
    first = dispatcher(path, Far(hangs=True))
    for _ in range(BACKLOG):
        first.send(alert())
    first.close(0.0)
    far = Far()

    def recover() -> None:
        assert dispatcher(path, far).close(600.0)

    benchmark.pedantic(recover, rounds=1, iterations=1)
    assert far.posts >= BACKLOG
    figures.append(Figure(f"a backlog of {BACKLOG:,}", benchmark.stats.stats.median, 60, "s"))


def test_memory_while_alerts_wait(benchmark: Any, figures: list[Figure]) -> None:
    """Behind a receiver that hangs, in a process of its own."""
    words = [sys.executable, "-c", MEMORY_OF.format(count=WAITING)]
    out = benchmark.pedantic(
        lambda: (
            subprocess.run(words, capture_output=True, text=True, check=True, env={"PYTHONPATH": "."}).stdout
        ),
        rounds=1,
        iterations=1,
    )
    took, megabytes = map(float, out.split())
    figures.append(Figure(f"{WAITING:,} alerts handed over to a hanging receiver", took, 1, "s"))
    figures.append(Figure("memory that they take while they wait", megabytes, 60, "MB"))
