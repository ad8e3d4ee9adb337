"""A record as a row of the store, and back; a row that makes no sense is refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from live.breaker.state import BreakerRecord, BreakerState
from live.clock import as_utc
from live.risk_limits.severity import RiskCheckSeverity

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ("state", "since", "reason", "by_whom", "seen", "calm", "run", "run_since")


def row_of(record: BreakerRecord) -> tuple[Any, ...]:
    """The values of `COLUMNS`: instants as ISO 8601, observations as one digit each."""
    return (
        int(record.state),
        _text(record.since),
        record.reason,
        record.by,
        "".join(str(int(one)) for one in record.seen),
        record.calm,
        record.run,
        _text(record.run_since),
    )


def record_of(row: Sequence[Any]) -> BreakerRecord:
    """The record of the values of `COLUMNS`.

    Raises:
        ValueError: they are none, or a state above ACTIVE without the instant at which it was entered.
    """
    state, since, reason, by, seen, calm, run, run_since = row
    record = BreakerRecord(
        state=BreakerState(state),
        since=_instant(since),
        reason=reason,
        by=by,
        seen=tuple(RiskCheckSeverity(int(digit)) for digit in seen),
        calm=calm,
        run=run,
        run_since=_instant(run_since),
    )
    if record.state is not BreakerState.ACTIVE and record.since is None:
        raise ValueError(f"{record.state.name} without the instant at which it was entered")
    return record


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else as_utc(instant).isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else as_utc(datetime.fromisoformat(text))
