"""Mail over the network, with a hard total deadline.

smtplib measures its timeouts per read, so a server that sends a byte now and then holds a caller for ever,
and looking up a name has no timeout at all. Here the conversation is held in a thread of its own, and the
caller waits for the outcome until the deadline and not longer; then the connection is cut, so that nothing
goes out late behind the caller's back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from live.alerts.bounded import done_within
from live.contracts import MailReply, TransportError

if TYPE_CHECKING:
    import ssl

    from live.contracts import Mail


class SmtpTransport:
    """Hands mail in over the network: TLS verified, and never less of it than the server's entry asks for."""

    def __init__(self, *, verify: ssl.SSLContext | None = None) -> None:
        """Nothing is started before the first message.

        Args:
            verify: Whom to trust; the certificate authorities of this machine unless given.
        """
        self._verify = verify

    def send(self, mail: Mail, *, deadline_s: float) -> MailReply:
        """Hand in one message and wait for what becomes of it, `deadline_s` seconds in all at most.

        Raises:
            TransportError: there was no reply in time, or none at all; nothing secret is in it.
        """
        from live.alerts.smtp_conversation import Line, converse

        line = Line()
        work = partial(converse, mail, line, deadline_s, self._trusted)
        try:
            return MailReply(done_within(deadline_s, work, name="live-alerts-smtp"))
        except TransportError:
            line.cut()
            raise

    def _trusted(self) -> ssl.SSLContext:
        """Made in the thread that needs it, because reading the authorities takes its time."""
        import ssl

        self._verify = self._verify or ssl.create_default_context()
        return self._verify
