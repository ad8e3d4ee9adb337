"""An alert as data: the short way for plain alerts leads to the same place as the long one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from live.alerts.dispatch.record import from_record, to_record
from live.alerts.payload import as_payload
from live.events import AlertEvent, AlertLevel

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.just("see https://a.example/secret")
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(), SCALARS, max_size=2)
EVENTS = st.builds(
    AlertEvent,
    st.sampled_from([NOON, NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=2)))]),
    st.sampled_from(AlertLevel),
    st.text(),
    st.text(),
    st.text(),
    st.dictionaries(st.text() | st.integers(), VALUES, max_size=4),
    st.sampled_from(["", "key-1"]),
)
PLAIN = AlertEvent(NOON, AlertLevel.WARNING, "live_data.gap", "DATA_GAP", "a gap", {}, "key-1")


@given(EVENTS)
@example(replace(PLAIN, context={"value": 1.5, "limit": 3, "unit": "EUR", "told": True, "by": None}))
@example(replace(PLAIN, context={"value": 2**63, "least": -(2**63)}))
@example(replace(PLAIN, context={"text": "x" * 5_000}))
@example(replace(PLAIN, message="at https://a.example/secret"))
def test_a_plain_alert_is_the_same_data_as_one_that_is_converted(event: AlertEvent) -> None:
    """A context that is no dict is always converted."""
    long: Any = MappingProxyType(event.context)
    payload = as_payload(event)
    assert json.dumps(payload) == json.dumps(as_payload(replace(event, context=long)))
    assert "example/secret" not in json.dumps(payload).lower()


@given(EVENTS)
def test_what_is_recorded_is_the_same_data_when_it_is_read(event: AlertEvent) -> None:
    """Whatever the alert was."""
    keyed = replace(event, key="key-2")
    assert as_payload(from_record(to_record(keyed)))["context"] == as_payload(keyed)["context"]
