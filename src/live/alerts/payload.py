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


def as_payload(event: AlertEvent) -> dict[str, Any]:
    """The alert as JSON types, with every URL in it redacted; a field that cannot be read is null."""
    fields = {name: _field(event, name) for name in FIELDS}
    payload: dict[str, Any] = redact_value(to_jsonable(fields, size=MAX_SIZE))
    return {**payload, "level": level_name(payload["level"])}


def level_name(level: Any) -> str:
    """Name of a level that may be a number or no level at all."""
    return AlertLevel(level).name if level in tuple(AlertLevel) else str(level)


def _field(event: AlertEvent, name: str) -> Any:
    try:
        return getattr(event, name)
    except Exception:  # noqa: BLE001 - an alert that is half wrong is still an alert
        return None
