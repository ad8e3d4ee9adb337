"""An alert as a person reads it: one line of title, and a text with all of its fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from live.alerts.lines import one_line
from live.alerts.payload import as_payload
from live.alerts.serialise import clean_text

if TYPE_CHECKING:
    from live.events import AlertEvent

MAX_TITLE = 200
MAX_TEXT = 60_000
SHORT_FIELDS = ("id", "level", "code", "source", "ts", "runbook")


def title_of(event: AlertEvent) -> str:
    """`LEVEL CODE: message` on one line, cut visibly when it is long; without URLs and control characters."""
    return clean_text(one_line("{level} {code}: {message}".format_map(as_payload(event))), MAX_TITLE)


def text_of(event: AlertEvent, limit: int = MAX_TEXT) -> str:
    """The message, every other field on a line of its own, and the context as strict JSON.

    Args:
        event: The alert.
        limit: Characters that the whole may take; what goes beyond is cut, visibly.
    """
    alert = as_payload(event)
    fields = [f"{name + ':':<9}{one_line(str(alert[name]))}" for name in SHORT_FIELDS if name in alert]
    lines = [one_line(str(alert["message"])), "", *fields, "", "context:", _context(alert["context"]), ""]
    return clean_text("\n".join(lines), limit)


def _context(context: Any) -> str:
    """Strict JSON with a line for every fact."""
    if not isinstance(context, dict) or not context:
        return _json(context)
    return "{\n" + ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in context.items()) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)
