"""The result of a day: from a source of its own, from the snapshot, or from events that were recorded."""

from __future__ import annotations

import math
from threading import Lock
from typing import TYPE_CHECKING

from live.amounts import finite, total
from live.risk_limits.pnl.day import DayPnl
from live.risk_limits.pnl.session_day import SessionDay
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from datetime import date, datetime
    from fractions import Fraction

    from live.contracts import PnlSource
    from live.risk_limits.account import Account


class DailyPnl:
    """Answers what a day has brought so far.

    A source of its own, such as a registry, is the only one. Without one, what the snapshot and the recorded
    events say of closed results counts, the worse of the two when both speak, and the snapshot's open result
    on top.

    Attributes:
        session: Which day an instant belongs to.
    """

    def __init__(self, source: PnlSource | None = None, session: SessionDay | None = None) -> None:
        """Know the source, and when a day begins; midnight in UTC when nobody says."""
        self.session = session or SessionDay()
        self._source = source
        self._recording = Lock()
        self._recorded: dict[date, Fraction] = {}
        self._spoilt: dict[date, str] = {}
        self._records = 0

    @property
    def version(self) -> int | None:
        """Grows with everything that may change an answer; None when that cannot be told."""
        if self._source is None:
            return self._records
        try:
            return self._source.version
        except Exception:  # noqa: BLE001 - a source is foreign code; `of` says what is wrong with it
            return None

    def record(self, amount: object, at: datetime) -> None:
        """Add a result to its day, from any thread; one that is no number makes the day unknown."""
        from fractions import Fraction

        day, number = self.session.of(at), finite(amount)
        if math.isnan(number):
            self._spoilt[day] = f"an amount of {shown(amount)} was recorded"
        else:
            with self._recording:
                self._recorded[day] = self._recorded.get(day, Fraction()) + Fraction(number)
        self._records += 1

    def of(self, day: date, account: Account) -> DayPnl:
        """What a session day has brought, as far as the sources know."""
        if self._source is not None:
            return _asked(self._source, day)
        if day in self._spoilt:
            return DayPnl.not_known("events", self._spoilt[day])
        said = {"snapshot": account.realized, "events": self._recorded_on(day)}
        realized = [amount for amount in said.values() if amount is not None]
        sources = [name for name, amount in said.items() if amount is not None]
        if account.unrealized is not None and "snapshot" not in sources:
            sources.insert(0, "snapshot")
        closed = min(realized, default=0.0)
        return DayPnl(total((closed, account.unrealized or 0.0)), closed, "+".join(sources) or "none")

    def _recorded_on(self, day: date) -> float | None:
        return float(self._recorded[day]) if day in self._recorded else None


def _asked(source: PnlSource, day: date) -> DayPnl:
    """What a source says; one that fails, or says no number, is no day without a loss."""
    name = type(source).__name__
    try:
        said = source.of(day)
    except Exception as error:  # noqa: BLE001 - a source is foreign code
        return DayPnl.not_known(name, f"{name} failed with {type(error).__name__}")
    if not isinstance(said, DayPnl):
        return DayPnl.not_known(name, f"{name} said {shown(said)}")
    if said.unknown or not math.isnan(finite(said.amount)):
        return said
    return DayPnl.not_known(said.source, f"{name} said an amount of {shown(said.amount)}")
