"""No drill can open a socket: an audit hook refuses it below every library.

Python raises an audit event before it connects, binds, sends or resolves; a hook cannot be removed or
bypassed by a reference to the socket class that somebody took earlier, so it is set once and switched.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
    }
)


class NetworkRefusedError(RuntimeError):
    """The code under test reached for the network."""


class _Guard:
    standing = 0
    hooked = False


def _refuse(event: str, _args: tuple[Any, ...]) -> None:
    if _Guard.standing and event in REFUSED:
        text = f"{event}: a drill opens no socket; send through the transport that live is given"
        raise NetworkRefusedError(text)


@contextmanager
def no_network() -> Iterator[None]:
    """Refuse every socket of this process while the context stands."""
    if not _Guard.hooked:
        sys.addaudithook(_refuse)
        _Guard.hooked = True
    _Guard.standing += 1
    try:
        yield
    finally:
        _Guard.standing -= 1
