"""What the child of the crash test does: it sends alerts, and kills itself at a point of writing."""

from __future__ import annotations

import io
import os
import signal
from typing import TYPE_CHECKING, Any

import httpcore  # noqa: F401 - loaded before the fork, not in each child

import live.alerts.http_pools  # noqa: F401 - as above
from live.alerts.dispatch import inbox
from live.alerts.dispatch.dispatcher import AlertDispatcher
from live.alerts.dispatch.journal import Journal
from live.alerts.dispatch.journal_table import JournalTable
from live.alerts.dispatch.lane import Lane
from live.alerts.dispatch.outbox import Outbox
from live.clock import SystemClock
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection


def die_at(point: str, at: int) -> None:
    """Let the process be killed when it comes to a point for the so-many-th time."""
    name, _, when = point.partition(" ")
    if name == "none":
        return
    owner: Any = next(one for one in (Lane, Journal, JournalTable, Outbox) if hasattr(one, name))
    original: Callable[..., Any] = getattr(owner, name)
    calls = [0]

    def dying(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        last = calls[0] > at
        if last and when != "after":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


def send(said: Connection, path: str, url: str, count: int, point: str, at: int) -> None:  # noqa: PLR0913, PLR0917 - what a child is told
    """Send alerts, say which were handed over, and drain; few are recorded at once, urgent ones first."""
    die_at(point, at)
    inbox.AT_ONCE = 2
    config = {
        "sinks": ["webhook"],
        "webhook_urls": [url],
        "allow_private_urls": True,
        "dispatch": {"outbox": path, "group_wait_s": 0.0, "base_s": 0.05, "longest_s": 0.1},
    }
    with AlertDispatcher.from_config(config) as dispatcher:
        for number in range(count):
            now = SystemClock().now()
            context, level = (
                {"subject": f"S{number}"},
                AlertLevel.WARNING if number % 4 else AlertLevel.CRITICAL,
            )
            dispatcher.send(AlertEvent(now, level, "live_data.gap", "DATA_GAP", "gap", context))
            said.send(f"S{number}")
    said.close()


def fork_and_send(said: Connection, path: str) -> None:
    """Send an alert from a fork of a process that has a dispatcher, and one from the process itself."""
    stderr = io.StringIO()
    event = AlertEvent(SystemClock().now(), AlertLevel.CRITICAL, "live_data.gap", "DATA_GAP", "gap", {})
    config = {"sinks": ["log"], "dispatch": {"outbox": path}}
    dispatcher = AlertDispatcher.from_config(config, stderr=stderr)
    child = os.fork()
    if not child:
        dispatcher.send(event)
        dispatcher.close()
        said.send(stderr.getvalue())
        os._exit(0)
    os.waitpid(child, 0)
    dispatcher.send(event)
    said.send(str(dispatcher.close()))
    said.send(stderr.getvalue())
    said.close()
