"""The highest worth that the account has had, as its snapshots say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from live.risk_limits.account import Account

SUSPICIOUS = 2.0
"""A peak that would be so many times the one before has to be seen twice: one bad mark is no profit."""


class EquityPeak:
    """Follows the equity from snapshot to snapshot.

    Attributes:
        value: The peak in the base currency; None before the first equity that is known.
    """

    def __init__(self, value: float | None = None) -> None:
        """Begin with a peak of before, where one is known."""
        self.value = value
        self._doubtful = math.inf
        self._latest: datetime | None = None

    def see(self, account: Account) -> None:
        """Take note of a snapshot; one no newer than the last one, or without equity, says nothing."""
        equity, as_of = account.equity, account.as_of
        if equity is None or as_of is None or not math.isfinite(equity):
            return
        if self._latest is not None and as_of <= self._latest:
            return
        self._latest = as_of
        if self.value is None or equity <= self.value * SUSPICIOUS or equity >= self._doubtful:
            self.value = equity if self.value is None else max(self.value, equity)
            self._doubtful = math.inf
        else:
            self._doubtful = self.value * SUSPICIOUS
