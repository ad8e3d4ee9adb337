"""What the mail sink is told: where mail is handed in, by whom, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from live.alerts.mail_address import MailAddress, MailAddresses, MailHost  # noqa: TC001 - configuration types are read at run time
from live.alerts.seconds import DEFAULT_DEADLINE, Seconds
from live.alerts.secret_text import NO_SECRET, SecretText
from live.contracts import MailSecurity, MailServer

if TYPE_CHECKING:
    from collections.abc import Iterator

PORTS = {MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587, MailSecurity.PLAIN: 25}
HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class MailConfig:
    """Keys of the sink `email` under `[live_alerts]`.

    Attributes:
        email_host: The mail server, without scheme and port.
        email_from: Who the alerts come from.
        email_to: Who gets them.
        email_port: Port of the server; 0 for the usual one: 587 with `starttls`, 465 with `tls`, 25 with
            `plain`.
        email_security: `starttls`, `tls` from the first byte, or `plain`.
        email_allow_plaintext: Whether `plain` is meant: everybody on the way can read and change the alerts.
        email_user: Who logs in; empty when nobody does.
        email_password: What with; it is never sent in the clear.
        email_timeout_seconds: The most that the mail server may hold the caller, in seconds, all told.
    """

    email_host: MailHost
    email_from: MailAddress
    email_to: MailAddresses
    email_port: int = 0
    email_security: Literal["starttls", "tls", "plain"] = "starttls"
    email_allow_plaintext: bool = False
    email_user: str = ""
    email_password: SecretText = NO_SECRET
    email_timeout_seconds: Seconds = DEFAULT_DEADLINE

    def __post_init__(self) -> None:
        """Refuse what contradicts itself, all of it at once."""
        wrong = list(_contradictions(self))
        if wrong:
            raise ValueError("; ".join(wrong))

    @property
    def server(self) -> MailServer:
        """Where mail is handed in."""
        security = MailSecurity(self.email_security)
        port = self.email_port or PORTS[security]
        return MailServer(self.email_host, port, security, self.email_user, self.email_password.reveal())


def _contradictions(config: MailConfig) -> Iterator[str]:
    if not 0 <= config.email_port <= HIGHEST_PORT:
        yield f"email_port is {config.email_port}; expected 1 to {HIGHEST_PORT}, or 0 for the usual one"
    if bool(config.email_user) != bool(config.email_password):
        yield "email_user and email_password belong together; set both, or none for a server without login"
    if config.email_security != "plain":
        return
    if not config.email_allow_plaintext:
        yield (
            "email_security is 'plain', which everybody on the way can read and change; use 'starttls' or "
            "'tls', or say that it is meant: email_allow_plaintext = true"
        )
    if config.email_password:
        yield "email_password is never sent in the clear; use email_security 'starttls' or 'tls'"
