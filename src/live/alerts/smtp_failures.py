"""What became of a message: from the exceptions of smtplib, without their texts, to a code or a word."""

from __future__ import annotations

import smtplib
import socket
import ssl
from typing import TYPE_CHECKING

from live.alerts.failures import links
from live.contracts import TransportError

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS: tuple[tuple[str, tuple[type[BaseException], ...]], ...] = (
    ("dns", (socket.gaierror, UnicodeError)),
    ("tls", (ssl.SSLError,)),
    ("refused", (ConnectionRefusedError,)),
    ("timeout", (TimeoutError,)),
    ("reset", (ConnectionError, smtplib.SMTPServerDisconnected)),
    ("protocol", (smtplib.SMTPException,)),
    ("unreachable", (OSError,)),
)
REFUSALS = range(400, 600)


def refusal_of(error: BaseException) -> int:
    """The code with which the server refused.

    Raises:
        TransportError: it did not refuse, but was not there, left, or said what is no refusal.
    """
    if isinstance(error, TransportError):
        raise error
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return mildest(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException) and isinstance(error.smtp_error, bytes):
        return mildest([error.smtp_code])  # a code with a text is one that smtplib made up itself
    raise TransportError(kind_of(error)) from None


def kind_of(error: BaseException) -> str:
    """The kind of failure that an exception stands for; `internal` when it is none of the network's."""
    chain = list(links(error))
    found = (kind for kind, types in KINDS if any(isinstance(link, types) for link in chain))
    return next(found, "internal")


def mildest(codes: Iterable[int]) -> int:
    """The lowest code: what may be tried again comes before what may not.

    Raises:
        TransportError: `protocol` when one is no refusal, so that nothing counts as delivered by mistake.
    """
    found = min(codes, default=0)
    if found not in REFUSALS:
        raise TransportError("protocol")
    return found
