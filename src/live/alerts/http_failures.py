"""Why a request had no answer, in one word: from exceptions, but without their texts."""

from __future__ import annotations

import socket
import ssl

from live.alerts.failures import links
from live.contracts import TransportError

KINDS: tuple[tuple[str, tuple[type[BaseException] | str, ...]], ...] = (
    ("dns", (socket.gaierror, UnicodeError)),
    ("tls", (ssl.SSLError,)),
    ("refused", (ConnectionRefusedError,)),
    ("reset", (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)),
    ("timeout", (TimeoutError, "TimeoutException")),
    ("reset", ("ReadError", "WriteError", "CloseError")),
    ("protocol", ("ProtocolError", "UnsupportedProtocol", "InvalidURL", "ProxyError")),
    ("unreachable", (OSError, "ConnectError")),
)
"""Those of httpcore by their names, which httpx has as well: tests that mock the network may raise either."""


def kind_of(error: BaseException) -> str:
    """The kind of failure that an exception stands for; `internal` when it is none of the network's."""
    if isinstance(error, TransportError):
        return error.kind
    chain = list(links(error))
    if any(_hung_up(link) for link in chain):
        return "reset"
    found = (kind for kind, types in KINDS if any(_is_a(link, types) for link in chain))
    return next(found, "internal")


def _is_a(error: BaseException, types: tuple[type[BaseException] | str, ...]) -> bool:
    names = [base.__name__ for base in type(error).__mro__]
    return any(one in names if isinstance(one, str) else isinstance(error, one) for one in types)


def _hung_up(error: BaseException) -> bool:
    """Whether the other side closed the connection before its answer was whole."""
    return _is_a(error, ("RemoteProtocolError",)) and any(
        words in str(error) for words in ("disconnected", "peer closed")
    )
