"""Connections on which every step ends at one instant, whatever the other side does.

Timeouts of HTTP libraries are measured per read, so that a server that sends a byte now and then holds a
caller for ever. These streams give every step what is left of the whole, and no more.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpcore

from live.alerts.bounded import done_within
from live.clock import SystemClock
from live.contracts import TransportError

if TYPE_CHECKING:
    from collections.abc import Iterable

PORTION = 16 * 1024
"""So many bytes are written at once: what TLS takes whole."""


class Deadline(threading.local):
    """When what this thread is doing must be over, and how far it has come.

    Attributes:
        reused: Whether it goes over a connection that was kept from an earlier one.
        heard: Whether anything has come back.
    """

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._until = 0.0
        self.reused = self.heard = False

    def begin(self, seconds: float) -> None:
        """Let everything that this thread does from now on end so many seconds from now."""
        self._until = self._clock.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        left = self._until - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections that keep a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is for the whole
        local_address: str | None = None,  # noqa: ARG002 - nobody asks for one
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        """Try the addresses of a host one after the other; each has its share of what is left."""
        found = done_within(self._deadline.left(), lambda: _look_up(host, port), name="live-alerts-dns")
        failure: OSError = ConnectionRefusedError()
        for behind, (family, kind, protocol, _, address) in zip(range(len(found), 0, -1), found, strict=True):
            try:
                return self._connected(socket.socket(family, kind, protocol), address, behind)
            except OSError as error:
                failure = error
        raise failure

    def _connected(self, connection: socket.socket, address: Any, share: int) -> httpcore.NetworkStream:
        try:
            connection.settimeout(self._deadline.left() / share)
            connection.connect(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            connection.close()
            raise
        return DeadlineStream(connection, self._deadline)


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline of the thread that takes it."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline
        self._has_served = False
        self._unsent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline is for the whole
        """What has come, so many bytes at most."""
        self._send()
        self._connection.settimeout(self._deadline.left())
        received = self._connection.recv(max_bytes)
        self._has_served = True
        self._deadline.heard |= bool(received)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        """Take bytes that go out, head and body in one, when an answer is waited for."""
        self._deadline.reused |= self._has_served
        self._unsent += buffer

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, b""
        with suppress(ConnectionError):  # the other side takes no more: perhaps it has answered already
            for start in range(0, len(unsent), PORTION):
                self._connection.settimeout(self._deadline.left())
                self._connection.sendall(unsent[start : start + PORTION])

    def close(self) -> None:
        """End it."""
        with suppress(OSError):
            self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is for the whole
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted.

        Raises:
            httpcore.ProxyError: it is encrypted already, up to a proxy; not supported.
        """
        if isinstance(self._connection, ssl.SSLSocket):
            raise httpcore.ProxyError
        self._connection.settimeout(self._deadline.left())
        try:
            encrypted = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except BaseException:
            self.close()
            raise
        return DeadlineStream(encrypted, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know: above all whether a connection that it keeps has been closed."""
        if info == "is_readable":
            return self._is_readable()
        is_encrypted = isinstance(self._connection, ssl.SSLSocket)
        return self._connection if info == "socket" or (info == "ssl_object" and is_encrypted) else None

    def _is_readable(self) -> bool:
        if self._connection.fileno() < 0:
            return True
        if not hasattr(select, "poll"):
            return bool(select.select([self._connection], [], [], 0)[0])
        ready = select.poll()  # unlike select, it knows connections of any number
        ready.register(self._connection, select.POLLIN)
        return bool(ready.poll(0))


def _look_up(host: str, port: int) -> list[Any]:
    """The addresses of a host.

    Raises:
        TransportError: it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TransportError("dns") from None
    if not found:
        raise TransportError("dns")
    return found
