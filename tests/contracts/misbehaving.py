"""A real HTTP server on loopback that does what the path of a request says, however rude."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterator

DRIP_S = 0.02
HUGE = 8 * 1024 * 1024
PATIENCE_S = 10.0


class MisbehavingServer:
    """Answers on 127.0.0.1; `/ok` is well-behaved, every other path is named after what goes wrong."""

    def __init__(self) -> None:
        self.port = 0
        self.bodies: list[bytes] = []
        self.hung_up = threading.Event()
        self.heads: list[str] = []
        self.deaf = False
        self.script: list[str] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and misbehave."""
        self._writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            if self.deaf:
                await asyncio.sleep(PATIENCE_S)
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                int(line.split(":")[1])
                for line in head.splitlines()
                if line.lower().startswith("content-length")
            )
            self.heads.append(head)
            self.bodies.append(await reader.readexactly(length))
            asked = _path_of(head).split("/")[1]
            await self._behave(self.script.pop(0) if self.script else asked, reader, writer)
        writer.close()

    async def stop(self, listening: asyncio.Server) -> None:
        """Drop every connection, and wait until all of them are gone."""
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for writer in self._writers:
            writer.transport.abort()
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)

    async def _behave(
        self, behaviour: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if behaviour.isdigit():
            writer.write(f"HTTP/1.1 {behaviour} Told So\r\nContent-Length: 2\r\n\r\nno".encode())
            return
        act: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
        act = getattr(self, f"_{behaviour}")
        await act(reader, writer)

    async def _ok(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async def _kept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._ok(reader, writer)
        await self._until_hung_up(reader)

    async def _once(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._ok(reader, writer)
        await reader.read(1)  # it hangs up as the next request comes in

    async def _hang(self, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await self._until_hung_up(reader)

    async def _drip_headers(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        await self._drip(writer, b"X-Drip: 1\r\n")

    async def _drip_body(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        await self._drip(writer, b"o")

    async def _reset(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        abort: socket.socket = writer.get_extra_info("socket")
        abort.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def _hang_up(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def _short(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok")

    async def _huge(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Whoever wants all of it waits in vain."""
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {2 * HUGE}\r\n\r\n".encode() + b"x" * HUGE)
        await writer.drain()

    async def _redirect(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = f"http://127.0.0.1:{self.port}/ok"
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())

    async def _garbage(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff SSH-2.0-OpenSSH_9.6\r\n\r\n")

    async def _portal(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        page = b"<html>Please log in to the hotel network</html>"
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page)

    async def _drip(self, writer: asyncio.StreamWriter, drop: bytes) -> None:
        try:
            while True:
                writer.write(drop)
                await writer.drain()
                await asyncio.sleep(DRIP_S)
        finally:
            self.hung_up.set()

    async def _until_hung_up(self, reader: asyncio.StreamReader) -> None:
        await reader.read()
        self.hung_up.set()


@contextmanager
def running(server: MisbehavingServer, tls: ssl.SSLContext | None = None) -> Iterator[MisbehavingServer]:
    """Run the server in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    started = asyncio.run_coroutine_threadsafe(
        asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls), loop
    )
    listening = started.result(PATIENCE_S)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(listening), loop).result(PATIENCE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()


def _path_of(head: str) -> str:
    """The path that is asked for; a proxy is told the whole address."""
    place = head.split()[1]
    return place if place.startswith("/") else urlsplit(place).path


def unused_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
