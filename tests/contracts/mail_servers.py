"""Real mail servers on loopback: one that behaves, and one that says exactly what a test wants it to."""

from __future__ import annotations

import asyncio
import base64
import logging
import socket
import ssl
import struct
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aiosmtpd.smtp import Envelope, Session

DRIP_S = 0.02
PATIENCE_S = 10.0
USER, PASSWORD = "alerts", "CANARY-9b02e4"
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")
HANG, RESET, HANG_UP, DRIP = "hang", "reset", "hang up", "drip"
POLITE = {
    "": "220 ready",
    "EHLO": "250 here",
    "MAIL": "250 fine",
    "RCPT": "250 fine",
    "DATA": "354 go on",
    ".": "250 taken",
    "RSET": "250 fine",
    "QUIT": "221 bye",
}

logging.getLogger("mail.log").propagate = False  # what the server logs is no output of ours


class _Noted:
    """A protocol whose connections are noted, so that none is left open."""

    noted: list[asyncio.BaseTransport]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note it, and go on."""
        self.noted.append(transport)
        super().connection_made(transport)  # type: ignore[misc]  # stands before a protocol


class _Postal(_Noted, SMTP):
    """The protocol of the well-behaved server."""


class _Streamed(_Noted, asyncio.StreamReaderProtocol):
    """The protocol of the rude one."""


class PostOffice:
    """A well-behaved server that keeps what it takes; its replies to single commands can be set.

    Attributes:
        taken: Sender, recipients and content of every message, and whether it came over TLS.
        refused: Replies to recipients, by address.
        replies: Other replies than the usual ones, by command: MAIL, DATA.
        put_off: So many messages are to come again before one is taken.
        logged_in: User and password of everybody who tried to log in.
    """

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[tuple[str | None, list[str], bytes, bool]] = []
        self.refused: dict[str, str] = {}
        self.replies: dict[str, str] = {}
        self.put_off = 0
        self.logged_in: list[tuple[str, str]] = []

    async def handle_MAIL(  # noqa: N802 - what the library calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The sender."""
        if self.put_off:
            self.put_off -= 1
            return "451 come back later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.replies.get("MAIL", "250 fine")

    async def handle_RCPT(  # noqa: N802 - what the library calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """One recipient."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 fine"

    async def handle_DATA(  # noqa: N802 - what the library calls
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The message."""
        if "DATA" in self.replies:
            return self.replies["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        assert server.transport is not None
        is_encrypted = server.transport.get_extra_info("ssl_object") is not None
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, content, is_encrypted))
        return "250 taken"

    def authenticator(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Whether somebody may log in."""
        login = data.login.decode(), data.password.decode()
        self.logged_in.append(login)
        return AuthResult(success=login == (USER, PASSWORD), handled=False)


class RudeServer:
    """Says to every command what its script says: a reply, or what it does instead of one.

    Attributes:
        lines: What it was told, line by line.
        gone: Set when the other side is gone.
    """

    def __init__(self, script: Mapping[str, str]) -> None:
        self.port = 0
        self.lines: list[str] = []
        self.gone = threading.Event()
        self._script = {**POLITE, **script}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._say("", reader, writer)
            within = False
            while read := await reader.readline():
                line = read.decode("utf-8", "replace").rstrip("\r\n")
                self.lines.append(line)
                if within and line != ".":
                    continue
                command = line.upper()[:4].strip()
                within = command == "DATA" and self._script["DATA"].startswith("354")
                await self._say(command, reader, writer)
        self.gone.set()
        writer.close()

    async def _say(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply = self._script.get(command, "500 what?")
        if reply == HANG:
            await reader.read()
        elif reply == RESET:
            line: socket.socket = writer.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        elif reply == HANG_UP:
            writer.close()
        elif reply == DRIP:
            await self._drip(writer)
        else:
            writer.write(reply.encode() + b"\r\n")

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        while not writer.transport.is_closing():
            writer.write(b"2")
            await writer.drain()
            await asyncio.sleep(DRIP_S)


def certified() -> ssl.SSLContext:
    """A server context with a certificate that nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    return context


@contextmanager
def open_office(office: PostOffice, *, starttls: bool = False, tls: bool = False) -> Iterator[PostOffice]:
    """Run a well-behaved server; users can log in once the conversation is encrypted."""

    def protocol() -> _Postal:
        return _Postal(
            office,
            hostname="localhost",
            tls_context=certified() if starttls else None,
            authenticator=office.authenticator,
            auth_require_tls=not tls,
            loop=asyncio.get_running_loop(),
        )

    with _listening(protocol, certified() if tls else None) as port:
        office.port = port
        yield office


@contextmanager
def rude(script: Mapping[str, str]) -> Iterator[RudeServer]:
    """Run a server that says what its script says."""
    server = RudeServer(script)

    def protocol() -> _Streamed:
        return _Streamed(asyncio.StreamReader(), server.serve)

    with _listening(protocol, None) as port:
        server.port = port
        yield server


@contextmanager
def _listening(protocol: Callable[[], _Noted], context: ssl.SSLContext | None) -> Iterator[int]:
    """Run a server in a thread of its own; its port."""
    noted: list[asyncio.BaseTransport] = []

    def made() -> Any:
        one = protocol()
        one.noted = noted
        return one

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listens = loop.create_server(made, "127.0.0.1", 0, ssl=context)
    listening = asyncio.run_coroutine_threadsafe(listens, loop).result(PATIENCE_S)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_stop(listening, noted), loop).result(PATIENCE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()


async def _stop(listening: asyncio.Server, noted: list[asyncio.BaseTransport]) -> None:
    listening.close()
    for transport in noted:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.abort()
    await asyncio.sleep(0.01)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.01)


def encoded(secret: str) -> str:
    """A secret as a conversation carries it."""
    return base64.b64encode(f"\0{USER}\0{secret}".encode()).decode()
