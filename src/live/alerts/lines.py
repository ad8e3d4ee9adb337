"""An alert as one line for a person."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from live.alerts.payload import as_payload

if TYPE_CHECKING:
    from typing import TextIO

    from live.events import AlertEvent


def as_line(event: AlertEvent) -> str:
    """The alert on one line, without control characters: instant, level, source, code, message, context."""
    payload = as_payload(event)
    head = " ".join(str(payload[name]) for name in ("ts", "level", "source", "code", "message"))
    context = json.dumps(payload["context"], allow_nan=False, ensure_ascii=False)
    return one_line(f"{head} {context} {payload['runbook']}")


def one_line(text: str) -> str:
    """Text in which every character that is not printable is written as an escape, line ends too."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def write_line(line: str, stream: TextIO | None) -> str:
    """Write a line to a stream, stderr if None; the reason if that failed, else empty."""
    target = sys.stderr if stream is None else stream
    try:
        _write_whole(target, f"{line}\n")
    except Exception:  # noqa: BLE001 - a closed terminal must not stop an order path
        return "unwritable"
    return ""


def _write_whole(target: TextIO, line: str) -> None:
    try:
        target.write(line)
    except UnicodeEncodeError:
        target.write(line.encode("ascii", "backslashreplace").decode())
    target.flush()
