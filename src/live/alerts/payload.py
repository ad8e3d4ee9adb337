"""An alert as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.alerts.redact import redact_value
from live.alerts.serialise import to_jsonable
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.events import AlertEvent

MAX_SIZE = 40_000
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


def _payload(event: AlertEvent) -> dict[str, Any]:
    fields = {name: _field(event, name) for name in FIELDS}
    payload: dict[str, Any] = redact_value(to_jsonable(fields, size=MAX_SIZE))
    named = {**payload, "level": level_name(payload["level"])}
    return {"id": event.key, **named} if getattr(event, "key", "") else named


def level_name(level: Any) -> str:
    """Name of a level that may be a number or no level at all."""
    return AlertLevel(level).name if level in tuple(AlertLevel) else str(level)


def _field(event: AlertEvent, name: str) -> Any:
    try:
        return getattr(event, name)
    except Exception:  # noqa: BLE001 - an alert that is half wrong is still an alert
        return None
