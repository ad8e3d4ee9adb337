"""What happened in one drill: append-only records, the only bridge between running and judging.

Kinds of record and what their data holds (all of it JSON; money in the base currency, durations in seconds):

    steady_state  steady, reason                                  before the first step
    step          step, where, summary                            a step of the scenario begins
    fault         fault, target, phase (begin | heal), where
    series        symbol, timeframe_s, bars, first, last, source  candles that the drill plays
    candle        symbol, ts, fault, candle                       only what a fault made, changed or dropped
    check         check (orders | portfolio), allowed, severity, reasons, details, held_s
                  details: limit_name, severity, value, limit, message
    alert         alert (number), level, source, code, message, context, runbook
    delivery      alert (number), destination, state (delivered | suppressed | dead), reason, held_s,
                  fallback
    http          destination, answer (status, or the failure's kind), request (JSON body), held_s
    log           logger, level, event
    stderr        text
    error         where, type, message                            the code under test raised
    end           steps, standing_faults

`at_s` is in seconds after the scenario's start, exact to the microsecond.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened.

    Attributes:
        seq: Place in the history, from 0.
        at_s: Virtual seconds after the scenario's start.
        kind: One of the kinds above.
        data: The facts, JSON values only.
    """

    seq: int
    at_s: float
    kind: str
    data: Mapping[str, Any]

    def as_json(self) -> str:
        """The record as one line of JSON."""
        line = {"seq": self.seq, "at_s": self.at_s, "kind": self.kind, **self.data}
        return json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class History:
    """Append-only list of records of one drill."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        """Begin with records that are there already (for tests of what judges them)."""
        self._records: list[Record] = []
        self._by_kind: dict[str, list[Record]] = {}
        self._by_alert: dict[object, list[Record]] = {}
        for record in records:
            self._append(record)

    def add(self, at_s: float, kind: str, **data: Any) -> Record:
        """Append what happened at `at_s` seconds after the start."""
        record = Record(len(self._records), at_s, kind, data)
        self._append(record)
        return record

    def of(self, *kinds: str) -> list[Record]:
        """The records of these kinds, in the order in which they happened."""
        if len(kinds) == 1:
            return [*self._by_kind.get(kinds[0], ())]
        return [record for record in self._records if record.kind in kinds]

    def deliveries(self, alert: Record) -> list[Record]:
        """What became of one alert, a record per destination."""
        return [*self._by_alert.get(alert.data["alert"], ())]

    def _append(self, record: Record) -> None:
        self._records.append(record)
        self._by_kind.setdefault(record.kind, []).append(record)
        if record.kind == "delivery":
            self._by_alert.setdefault(record.data["alert"], []).append(record)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def as_jsonl(self) -> str:
        """The whole history, a line a record: the evidence that is written and hashed."""
        return "".join(f"{record.as_json()}\n" for record in self._records)

    def sha256(self) -> str:
        """Identity of the history: the same scenario, seed and version give the same digest."""
        return hashlib.sha256(self.as_jsonl().encode()).hexdigest()
