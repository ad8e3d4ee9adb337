"""Who serves a destination: the name of a dispatcher, and whether one of that name still lives."""

from __future__ import annotations

import os
import secrets
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.alerts.dispatch.dispatcher import AlertDispatcher

_alive: set[str] = set()


def new_owner() -> str:
    """A name for a dispatcher of this process: machine, process, and a number of its own."""
    name = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
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
        if host != socket.gethostname():
            return False
        if int(pid) == os.getpid():
            return name not in _alive
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (ValueError, OSError):
        return False
    return False
