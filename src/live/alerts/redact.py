"""Takes addresses out of texts: of a URL, only the scheme is shown, and the host where that is a place.

In `tgram://…` or `discord://…` a password may stand where a web address has its host.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

URL = re.compile(r"([a-z][a-z0-9+.-]{0,20})://([^\s\"'<>\\^`{|}]*)", re.IGNORECASE)
HOST = re.compile(r"(\[[0-9a-f:.%]*\]|[^:\[\]]*)(:\d*)?", re.IGNORECASE)
HIDDEN = "***"
PLACES = frozenset(
    [
        *("http", "https", "ws", "wss", "tcp", "udp", "ftp", "sftp", "smtp", "smtps"),
        *("mysql", "postgres", "postgresql", "redis", "rediss"),
    ]
)
"""Schemes behind which a host stands and nothing else."""


def redact_url(url: str) -> str:
    """A URL without user name, path, query and fragment: `https://hooks.slack.com/***`."""
    return redact_text(url) if URL.fullmatch(url) else HIDDEN


def redact_text(text: str) -> str:
    """A text in which every URL shows only its scheme, and its host if that is a place."""
    return URL.sub(_masked, text) if "://" in text else text


def redact_value(value: Any) -> Any:
    """JSON with every URL in its texts and keys redacted; other values stay as they are."""
    if isinstance(value, str):
        return redact_text(value) if "://" in value else value
    if isinstance(value, list | tuple):
        return [redact_value(item) for item in value]
    if isinstance(value, dict):
        return {redact_value(key): redact_value(item) for key, item in value.items()}
    return value


def redact_urls(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor that redacts every URL in an event."""
    return {key: redact_value(value) for key, value in event.items()}


def _masked(match: re.Match[str]) -> str:
    scheme, rest = match.groups()
    place = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = place.rpartition("@")[2]
    is_place = not host or (scheme.lower() in PLACES and HOST.fullmatch(host))
    if "@" in rest[len(place) :] or not is_place:  # what looks like a host may be a password
        host = HIDDEN
    return f"{scheme}://{host}" + ("" if rest == place else f"/{HIDDEN}")
