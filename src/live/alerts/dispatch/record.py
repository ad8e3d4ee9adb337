"""An alert as it stands in the outbox, and back."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from live.alerts.payload import as_payload
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCALARS = frozenset([str, int, float, bool, type(None)])
_MOST = 2**53
_DEEPEST, _LONGEST, _LONGEST_TEXT = 3, 50, 500
_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


def to_record(event: AlertEvent) -> str:
    """The alert as strict JSON, bounded and without addresses.

    Almost every alert is plain already; it is written as it is, in a fraction of the time.
    """
    return _encode(_as_it_is(event) or as_payload(event))


def _as_it_is(event: AlertEvent) -> dict[str, Any] | None:
    texts, context = (event.key, event.source, event.code, event.message), event.context
    if type(event.level) is not AlertLevel or type(event.ts) is not datetime or event.ts.tzinfo is not UTC:
        return None
    if type(context) is not dict or not all(map(_is_plain_text, texts)) or not _is_plain(context, 0):
        return None
    return {
        "id": event.key,
        "ts": event.ts.isoformat(),
        "level": event.level.name,
        "source": event.source,
        "code": event.code,
        "message": event.message,
        "runbook": event.runbook,
        "context": context,
    }


def _is_plain(value: object, depth: int) -> bool:
    kind = type(value)
    if kind in _SCALARS:
        return value is None or kind is bool or _is_plain_scalar(value)
    if depth > _DEEPEST or (kind is not dict and kind is not list) or len(value) > _LONGEST:  # type: ignore[arg-type]  # it has a length
        return False
    if isinstance(value, dict):
        return all(_is_plain_text(key) and _is_plain(one, depth + 1) for key, one in value.items())
    return all(_is_plain(one, depth + 1) for one in value)  # type: ignore[attr-defined]  # it is a list


def _is_plain_scalar(value: object) -> bool:
    if isinstance(value, str):
        return _is_plain_text(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and -_MOST <= value <= _MOST


def _is_plain_text(text: object) -> bool:
    return type(text) is str and len(text) < _LONGEST_TEXT and text.isascii() and "://" not in text


def from_record(text: str) -> AlertEvent:
    """The alert of a record.

    Raises:
        ValueError: it is none.
    """
    return _event(json.loads(text))


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
