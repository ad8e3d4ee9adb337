"""An alert as it stands in the outbox, and back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from live.alerts.payload import as_payload, plain_json
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


def to_record(event: AlertEvent) -> str:
    """The alert as strict JSON, bounded and without addresses."""
    return plain_json(event) or _encode(as_payload(event))


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
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
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
