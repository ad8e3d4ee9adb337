"""A process that is killed at any instant loses no alert, and sends none under two keys.

A child sends alerts through a dispatcher on a real file to a real server, and says what it has handed over.
It is killed with SIGKILL: by itself at one of the points at which it writes, or by us at a random instant. A
second process finishes the work.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.crashing import fork_and_send, send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.enable_socket  # the server of processes is reached by a socket of the file system
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.contracts.crashing"])
POINTS = (
    "add before",
    "add after",
    "next",
    "delivered before",
    "delivered after",
    "attempt",
    "random",
    "write before",
    "write after",
    "mark before",
    "mark after",
    "truncate before",
    "truncate after",
    "delete before",
    "delete after",
)
TAKING_UP = ("none", "lines", "mark before", "add after", "delete before", "delete after", "forget_gone")
"""Where the process dies that takes up what the first has left."""
ALERTS = 12


class Receiver:
    """A server on loopback that remembers the alerts that it has taken."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append(json.loads(body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A fresh one."""
    one = Receiver()
    yield one
    one.close()


def run(path: Path, url: str, count: int, point: str, at: int) -> list[str]:
    """Let a child send; the alerts that it says it has handed over."""
    hears, says = PROCESSES.Pipe(duplex=False)
    child = PROCESSES.Process(target=send, args=(says, str(path), url, count, point, at))
    child.start()
    says.close()
    handed: list[str] = []
    with suppress(EOFError):
        while True:
            handed.append(hears.recv())
            if point == "random" and len(handed) > at:
                child.kill()
    child.join()
    return handed


def survives(tmp_path: Path, receiver: Receiver, seed: int) -> int:
    """One round: kill, finish, and hold what was taken against what was handed over; how many that were."""
    rng = Random(seed)  # noqa: S311 - a test's dice
    path, point = tmp_path / f"outbox-{seed}.sqlite", POINTS[seed % len(POINTS)]
    receiver.taken.clear()
    handed = run(path, receiver.url, ALERTS, point, rng.randrange(ALERTS))
    before = len(receiver.taken)
    run(path, receiver.url, 0, rng.choice(TAKING_UP), rng.randrange(2))
    run(path, receiver.url, 0, "none", 0)
    assert list(tmp_path.glob(f"{path.name}-*")) == [], f"left behind at {point}, seed {seed}"
    by_subject: dict[str, set[str]] = {}
    for one in receiver.taken:
        by_subject.setdefault(one["context"]["subject"], set()).add(one["id"])
    assert set(handed) <= set(by_subject), f"lost at {point}, seed {seed}"
    assert [keys for keys in by_subject.values() if len(keys) > 1] == [], f"two keys at {point}, seed {seed}"
    return len(receiver.taken) - before


@pytest.mark.parametrize("seed", range(len(POINTS)))
def test_nothing_is_lost_at_any_point_of_writing(tmp_path: Path, receiver: Receiver, seed: int) -> None:
    """Every alert that was handed over is taken, under one key."""
    survives(tmp_path, receiver, seed)


def test_the_second_process_does_have_something_to_do(tmp_path: Path, receiver: Receiver) -> None:
    """Otherwise nobody was killed in the middle, and the rounds would prove nothing."""
    seeds = [
        3,
        80,
        113,
        174,
    ]  # before a delivery is noted, in an attempt, after a line, before it is recorded
    assert sum(survives(tmp_path, receiver, seed) for seed in seeds) >= len(seeds)


def test_a_fork_touches_nothing_of_its_parent(tmp_path: Path) -> None:
    """What is sent there is on standard error, at once; the parent goes on."""
    hears, says = PROCESSES.Pipe(duplex=False)
    child = PROCESSES.Process(target=fork_and_send, args=(says, str(tmp_path / "outbox.sqlite")))
    child.start()
    said = [hears.recv() for _ in range(3)]
    child.join()
    assert said[0].startswith("ALERT NOT DELIVERED (forked)")
    assert said[1:] == ["True", ""]


@pytest.mark.soak
def test_nothing_is_lost_in_hundreds_of_rounds(tmp_path: Path) -> None:
    """At every point and at random instants; as many as `CRASH_ROUNDS` says."""
    for seed in range(int(os.environ.get("CRASH_ROUNDS", "1000"))):
        receiver = Receiver()
        try:
            survives(tmp_path, receiver, seed)
        finally:
            receiver.close()
