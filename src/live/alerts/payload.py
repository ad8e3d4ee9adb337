"""An alert as data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from live.alerts.idempotency import usable_key
from live.alerts.redact import redact_value
from live.alerts.serialise import to_jsonable
from live.events import AlertEvent, AlertLevel

MAX_SIZE = 40_000
_NAMES, _PLAIN = frozenset([str]), frozenset([str, int, float, bool, type(None)])
_LONGEST, _WIDEST = 4_000, 2**63
_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode
FIELDS = ("ts", "level", "source", "code", "message", "runbook", "context")


class _Newest:
    """The payload made last: every sink of an alert asks for the same one, and an alert is frozen."""

    made: tuple[object, dict[str, Any]] = (object(), {})


def as_payload(event: AlertEvent) -> dict[str, Any]:
    """The alert as JSON types, with every URL in it redacted; a field that cannot be read is null."""
    known, payload = _Newest.made  # read once: another thread may put its own alert here meanwhile
    if known is not event:
        payload = _payload(event)
        _Newest.made = (event, payload)
    return dict(payload)


def plain_json(event: AlertEvent) -> str:
    """The payload as JSON, of an alert in which nothing has to be converted, cut or redacted; else empty.

    Almost every alert is one, and this takes a fraction of the time.
    """
    return _plain(event)[1]


def _plain(event: AlertEvent) -> tuple[dict[str, Any], str]:
    """The fields of such an alert and their JSON; of any other, nothing."""
    if type(event) is not AlertEvent:
        return {}, ""
    context: object = event.context
    if type(event.level) is not AlertLevel or type(event.ts) is not datetime or event.ts.tzinfo is not UTC:
        return {}, ""
    if {type(event.key), type(event.source), type(event.code), type(event.message)} != _NAMES:
        return {}, ""
    if not is_plain(context):
        return {}, ""
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
        return {}, ""
    return (fields, text) if len(text) < _LONGEST and text.isascii() and "://" not in text else ({}, "")


def is_plain(context: object) -> bool:
    """Whether it is a dict of names and scalars only, and of no number that is wider than receivers take."""
    if type(context) is not dict:
        return False
    names, kinds = set(map(type, context)), set(map(type, context.values()))
    if not (names <= _NAMES and kinds <= _PLAIN):
        return False
    return int not in kinds or all(-_WIDEST < one < _WIDEST for one in context.values() if type(one) is int)


def _payload(event: AlertEvent) -> dict[str, Any]:
    plain, _ = _plain(event)
    if not plain:
        return _converted(event)
    if not event.key:
        del plain["id"]
    return {**plain, "context": dict(event.context)}  # whoever has the alert may change its own


def _converted(event: AlertEvent) -> dict[str, Any]:
    fields = {name: _field(event, name) for name in FIELDS}
    payload: dict[str, Any] = redact_value(to_jsonable(fields, size=MAX_SIZE))
    named = {**payload, "level": level_name(payload["level"])}
    key = getattr(event, "key", "")
    return {"id": usable_key(key), **named} if key else named


def level_name(level: Any) -> str:
    """Name of a level that may be a number or no level at all."""
    return AlertLevel(level).name if level in tuple(AlertLevel) else str(level)


def _field(event: AlertEvent, name: str) -> Any:
    try:
        return getattr(event, name)
    except Exception:  # noqa: BLE001 - an alert that is half wrong is still an alert
        return None
