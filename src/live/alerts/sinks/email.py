"""Alerts by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.alerts.delivery import RemoteSink
from live.alerts.mail_address import MailAddress, MailAddresses
from live.alerts.mail_config import MailConfig
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.wiring import default_mail_transport
from live.contracts import Destination, Mail, MailReply, MailServer, Outcome, TransportError
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.contracts import Wiring
    from live.events import AlertEvent

SUCCESS = range(200, 300)
PERMANENT = range(500, 600)


class EmailAlertSink(RemoteSink):
    """Hands one message for all recipients to a mail server; delivered is what was taken for all of them."""

    name = "email"
    Config = MailConfig

    def __init__(  # noqa: PLR0913 - a mail has a server, a sender and recipients
        self,
        server: MailServer,
        sender: str,
        recipients: Sequence[str] | str,
        timeout_seconds: float = DEFAULT_DEADLINE,
        min_level: AlertLevel = AlertLevel.INFO,
        *,
        wiring: Wiring | None = None,
    ) -> None:
        """Send mail through `server`.

        Args:
            server: Where mail is handed in.
            sender: Address that the alerts come from.
            recipients: Address or addresses that they go to.
            timeout_seconds: The most that the server may hold the caller, in seconds, all told.
            min_level: Alerts below it are not sent.
            wiring: What the sink is connected to; the network and the machine's clock unless given.

        Raises:
            ValueError: an address or the timeout is not usable; no address is quoted.
        """
        super().__init__(min_level, wiring)
        self.server = server
        self.sender = MailAddress.of(sender)
        self.recipients = MailAddresses.of(recipients)
        self.timeout_seconds = Seconds.of(timeout_seconds)

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> EmailAlertSink:
        """A sink as the configuration says."""
        people = (config.email_from, config.email_to)
        return cls(config.server, *people, config.email_timeout_seconds, min_level, wiring=wiring)

    def destinations(self) -> Sequence[Destination]:
        """The mail server: everybody who gets the message hangs on it."""
        return [Destination(self.name, self._send, remote=True)]

    def classify(self, reply: MailReply) -> Outcome:
        """Delivered on 2xx; `smtp_4xx` may be taken another time, `smtp_5xx` will not."""
        if reply.code in SUCCESS:
            return Outcome()
        return Outcome(f"smtp_{reply.code}", permanent=reply.code in PERMANENT)

    def _send(self, event: AlertEvent) -> Outcome:
        from live.alerts.mail_message import mail_of

        content = mail_of(event, self.sender, self.recipients)
        mail = Mail(self.name, self.server, self.sender, self.recipients, content)
        transport = self.wiring.mail or default_mail_transport()
        try:
            return self.classify(transport.send(mail, deadline_s=self.timeout_seconds))
        except TransportError as error:  # a password that is wrong stays wrong, and trying it locks accounts
            return Outcome(error.kind, permanent=error.kind == "auth")
