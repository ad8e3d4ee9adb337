"""An alert as it stands in the outbox, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from live.alerts.payload import as_payload
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = frozenset([str, int, float, bool, type(None), dict, list])
_LONGEST = 4_000
_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


def to_record(event: AlertEvent) -> str:
    """The alert as strict JSON, bounded and without addresses.

    Almost every alert is plain already; it is written as it is, in a fraction of the time.
    """
    return _as_it_is(event) or _encode(as_payload(event))


def _as_it_is(event: AlertEvent) -> str:
    """The record of an alert whose every value is JSON already; empty for any other."""
    context: object = event.context
    if type(event.level) is not AlertLevel or type(event.ts) is not datetime or event.ts.tzinfo is not UTC:
        return ""
    if type(context) is not dict or not all(type(value) in _PLAIN for value in context.values()):
        return ""
    fields = {
        "id": event.key,
        "ts": event.ts.isoformat(),
        "level": event.level.name,
        "source": event.source,
        "code": event.code,
        "message": event.message,
        "runbook": event.runbook,
        "context": context,
    }
    try:
        text = _encode(fields)
    except (TypeError, ValueError, RecursionError):
        return ""
    return text if len(text) < _LONGEST and text.isascii() and "://" not in text else ""


def from_record(text: str) -> AlertEvent:
    """The alert of a record.

    Raises:
        ValueError: it is none.
    """
    return _event(json.loads(text))


def readable(text: str) -> AlertEvent | None:
    """The alert of a record; None when somebody has spoilt it."""
    try:
        return from_record(text)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _event(data: Mapping[str, Any]) -> AlertEvent:
    context = data.get("context")
    return AlertEvent(
        ts=_instant(data["ts"]),
        level=level_of(data["level"]),
        source=str(data["source"]),
        code=str(data["code"]),
        message=str(data["message"]),
        context=context if isinstance(context, dict) else {},
        key=str(data.get("id", "")),
    )


def level_of(said: object) -> AlertLevel:
    """The level, by its name or its number; what is none is CRITICAL, so that it is not overheard."""
    if isinstance(said, str):
        return AlertLevel.__members__.get(said, AlertLevel.CRITICAL)
    return AlertLevel(said) if said in tuple(AlertLevel) else AlertLevel.CRITICAL  # type: ignore[arg-type]  # it is one


def _instant(said: object) -> Any:
    """The instant; what is none is kept as it is said: sinks only show it."""
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        return said
