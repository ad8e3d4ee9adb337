"""Keys of alerts, by which a receiver knows a copy."""

from __future__ import annotations

import hashlib
import re

_USABLE = re.compile(r"[!-~]{1,128}")


def usable_key(given: object) -> str:
    """A key that can stand in a header and be typed: the given one, else one that is made of it.

    A request whose header cannot be sent would be tried for days, and hold all that comes after it.
    """
    if isinstance(given, str) and _USABLE.fullmatch(given) and "://" not in given:
        return str(given)
    return made_key(repr(given).encode("ascii", "backslashreplace"))


def made_key(content: bytes) -> str:
    """A key for an alert that has none of its own: the same content has the same."""
    return f"alert-{hashlib.sha256(content).hexdigest()[:32]}"
