"""Who serves a destination: the name of a dispatcher, and whether one of that name still lives."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.alerts.dispatch.dispatcher import AlertDispatcher

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")
_alive: set[str] = set()


def new_owner() -> str:
    """A name for a dispatcher of this process: machine, process, and a number of its own."""
    name = f"{_machine()}/{os.getpid()}/{secrets.token_hex(4)}"
    _alive.add(name)
    return name


def forget_owner(name: str) -> None:
    """That dispatcher serves nothing any more."""
    _alive.discard(name)


def forget(dispatcher: AlertDispatcher) -> None:
    """Treat a dispatcher of this process as dead, as if its process had been killed."""
    for lane in dispatcher.lanes.values():
        forget_owner(lane.owner)


def is_gone(name: str) -> bool:
    """Whether nobody of that name lives on this machine; of another machine that cannot be known."""
    try:
        host, pid, _ = name.split("/")
        if host != _machine():
            return False
        if int(pid) == os.getpid():
            return name not in _alive
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (ValueError, OSError):
        return False
    return False


def _machine() -> str:
    """Where the number of a process means that process: containers may share a host name, and not that."""
    parts = [socket.gethostname()]
    with suppress(OSError):
        parts += [_BOOT.read_text(encoding="ascii").strip(), _PROCESSES.readlink().name]
    return " ".join(parts).replace("/", " ")
