"""One conversation with a mail server: connect, protect, log in, hand in."""

from __future__ import annotations

import smtplib
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from live.alerts.smtp_failures import mildest, refusal_of
from live.contracts import MailSecurity, TransportError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from live.contracts import Mail, MailServer

READY, TAKEN = 220, 250
TEMPORARY = range(400, 500)


class Line:
    """The connection of one conversation, which another thread can cut whatever stage it is in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._is_cut = False

    def hold(self, connection: socket.socket) -> None:
        """Take note of the connection.

        Raises:
            TransportError: it was cut before it stood.
        """
        with self._lock:
            if self._is_cut:
                raise TransportError("timeout")
            self._handle = connection.dup()  # TLS takes the socket itself over, the connection stays the same

    def cut(self) -> None:
        """End the connection, now or as soon as it stands."""
        with self._lock:
            self._is_cut = True
            if self._handle is not None:
                with suppress(OSError):  # the other side was faster
                    self._handle.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Free the handle; the conversation is over."""
        with self._lock:
            handle, self._handle = self._handle, None
            if handle is not None:
                handle.close()


def converse(mail: Mail, line: Line, wait_s: float, trusted: Callable[[], ssl.SSLContext]) -> int:
    """Hand one message in.

    Args:
        mail: The message.
        line: Told of the connection, so that it can be cut.
        wait_s: The longest that each single read and write waits, in seconds.
        trusted: Gives the TLS context, if it is needed.

    Returns:
        The code that the server ended with: 250, or that of a refusal.

    Raises:
        TransportError: there was no such code.
    """
    talk = _Talk(mail.server, line, wait_s, trusted)
    try:
        return talk.hand_in(mail)
    except Exception as error:  # noqa: BLE001 - their texts hold addresses; only a code or a word may leave
        return refusal_of(error)
    finally:
        talk.close()
        line.let_go()


class _Talk(smtplib.SMTP):
    """A conversation, stage by stage."""

    def __init__(
        self, server: MailServer, line: Line, wait_s: float, trusted: Callable[[], ssl.SSLContext]
    ) -> None:
        super().__init__(local_hostname="localhost", timeout=wait_s)  # a name, or it looks its own one up
        self._host = server.host  # what the certificate must be for
        self._server = server
        self._line = line
        self._trusted = trusted

    def hand_in(self, mail: Mail) -> int:
        """All stages; the code that the server ended with."""
        self._greet()
        self._protect()
        self._log_in()
        refused = self.sendmail(mail.sender, mail.recipients, mail.content)
        with suppress(OSError):  # it was taken, so how the other side says goodbye is no matter
            self.putcmd("quit")
        return mildest(code for code, _ in refused.values()) if refused else TAKEN

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """What smtplib connects with; also encrypts at once where that is asked for."""
        connection = socket.create_connection((host, port), timeout)
        try:
            self._line.hold(connection)
            if self._server.security is MailSecurity.TLS:
                return self._trusted().wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self) -> None:
        code, said = self.connect(self._server.host, self._server.port)
        if code != READY:
            raise smtplib.SMTPConnectError(code, said)
        self.local_hostname = _literal(self.sock)
        self.ehlo_or_helo_if_needed()

    def _protect(self) -> None:
        """Encrypt where that is asked for; a server that does not offer it is told nothing."""
        if self._server.security is not MailSecurity.STARTTLS:
            return
        if not self.has_extn("starttls"):
            raise TransportError("tls")
        self.starttls(context=self._trusted())
        self.ehlo_or_helo_if_needed()

    def _log_in(self) -> None:
        if not self._server.user:
            return
        try:
            self.login(self._server.user, self._server.password)
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPHeloError):
            raise
        except smtplib.SMTPResponseException as error:
            if error.smtp_code in TEMPORARY:
                raise
            raise TransportError("auth") from None
        except (smtplib.SMTPException, UnicodeError):
            raise TransportError("auth") from None


def _literal(connection: Any) -> str:
    """This machine's end of a connection, as a name for greetings that needs no name server."""
    host = str(connection.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"
