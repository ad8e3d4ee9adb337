"""An alert as a mail: headers into which nothing can be slipped, and a plain text."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from live.alerts.payload import as_payload
from live.alerts.plain_text import text_of, title_of
from live.alerts.serialise import to_body
from live.clock import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.events import AlertEvent

KEY_LENGTH = 32
LINE_END = "\r\n"


def mail_of(event: AlertEvent, sender: str, recipients: Sequence[str]) -> bytes:
    """The whole message; the same alert gives the same bytes.

    Args:
        event: The alert.
        sender: Address that it comes from, such as `MailAddress` lets through.
        recipients: Addresses that it goes to.
    """
    from email.charset import QP, Charset
    from email.message import Message
    from email.policy import compat32
    from email.utils import format_datetime

    message = Message()
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message.add_header("Subject", _subject(title_of(event)))
    raised = instant(getattr(event, "ts", None))
    if raised is not None:
        message["Date"] = format_datetime(raised)
    message["Message-ID"] = f"<{alert_key(event)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # an absence note must not answer
    message["MIME-Version"] = "1.0"
    charset = Charset("utf-8")
    charset.body_encoding = QP  # whatever the server, and however long a line
    message.set_payload(text_of(event), charset)
    return message.as_bytes(policy=compat32.clone(linesep=LINE_END))


def alert_key(event: AlertEvent) -> str:
    """What every copy of an alert has in common, and no other alert has.

    It is made of the key that a dispatcher has given it, else of all of its fields.
    """
    key = getattr(event, "key", "")
    return hashlib.sha256(to_body(key or as_payload(event))).hexdigest()[:KEY_LENGTH]


def _subject(title: str) -> str:
    """Encoded as soon as it is more than plain words: what looks encoded would be decoded into anything."""
    from email.header import Header

    if title.isascii() and "=?" not in title:
        return title
    return Header(title, "utf-8", header_name="Subject").encode()
