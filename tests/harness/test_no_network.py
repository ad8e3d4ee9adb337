"""No drill can open a socket."""

from __future__ import annotations

import socket

import pytest

from drills.no_network import NetworkRefusedError, no_network


def _listening() -> socket.socket:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server


def test_a_connection_is_refused() -> None:
    """Not even to this machine."""
    with _listening() as server, socket.socket() as client, no_network(), pytest.raises(NetworkRefusedError):
        client.connect(server.getsockname())


def test_a_name_is_not_resolved() -> None:
    """Asking a name server tells the outside as much as a connection."""
    with no_network(), pytest.raises(NetworkRefusedError, match="a drill opens no socket"):
        socket.getaddrinfo("receiver.invalid", 443)
    with no_network(), pytest.raises(NetworkRefusedError, match="a drill opens no socket"):
        socket.gethostbyaddr("192.0.2.1")
    with no_network(), pytest.raises(NetworkRefusedError, match="a drill opens no socket"):
        socket.getnameinfo(("192.0.2.1", 443), 0)


def test_a_reference_taken_earlier_does_not_get_around_it() -> None:
    """The guard stands below the socket class, not in its place."""
    connect = socket.socket.connect
    with _listening() as server, socket.socket() as client, no_network(), pytest.raises(NetworkRefusedError):
        connect(client, server.getsockname())


def test_the_network_is_there_again_afterwards() -> None:
    """Only drills are cut off; contexts may be nested."""
    with _listening() as server:
        with no_network(), no_network():
            pass
        with socket.socket() as client:
            client.connect(server.getsockname())
