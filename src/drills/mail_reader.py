"""A mail as whoever gets it reads it."""

from __future__ import annotations


def as_read(content: bytes) -> str:
    """The headers, decoded, and the text below them: what a header that was slipped in would show in, too."""
    from email import message_from_bytes
    from email.policy import default

    message = message_from_bytes(content, policy=default)
    headers = [f"{name}: {value}" for name, value in message.items()]
    body = message.get_body(preferencelist=("plain", "html"))
    text = "" if body is None else str(body.get_content())
    return "\n".join([*headers, "", text.replace("\r\n", "\n")])
