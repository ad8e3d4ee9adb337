"""Why a request had no answer, in one word: from exceptions of httpx, but without their texts."""

from __future__ import annotations

import socket
import ssl

import httpx

from live.alerts.failures import links

KINDS: tuple[tuple[str, tuple[type[BaseException], ...]], ...] = (
    ("dns", (socket.gaierror, UnicodeError)),
    ("tls", (ssl.SSLError,)),
    ("refused", (ConnectionRefusedError,)),
    ("reset", (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)),
    ("timeout", (TimeoutError, httpx.TimeoutException)),
    ("reset", (httpx.ReadError, httpx.WriteError, httpx.CloseError)),
    ("protocol", (httpx.ProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.ProxyError)),
    ("unreachable", (OSError, httpx.ConnectError)),
)


def kind_of(error: BaseException) -> str:
    """The kind of failure that an exception stands for; `internal` when it is none of the network's."""
    chain = list(links(error))
    if any(_hung_up(link) for link in chain):
        return "reset"
    found = (kind for kind, types in KINDS if any(isinstance(link, types) for link in chain))
    return next(found, "internal")


def _hung_up(error: BaseException) -> bool:
    """Whether the other side closed the connection before its answer was whole."""
    return isinstance(error, httpx.RemoteProtocolError) and any(
        words in str(error) for words in ("disconnected", "peer closed")
    )
