"""A candle, and the series that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from live.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Candle:
    """One bar of a price series, as it came in: nothing about it is known to be sound.

    Attributes:
        symbol: The instrument, `BTC/EUR`.
        ts: Opening instant of the bar, timezone-aware UTC. The bar is complete at `ts + timeframe`.
        open: First price, in quote currency.
        high: Highest price.
        low: Lowest price.
        close: Last price.
        volume: Traded quantity in base units; NaN where the source has none.
    """

    symbol: str
    ts: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float = float("nan")


@dataclass(frozen=True, slots=True)
class Series:
    """What is known of a price series before its first candle.

    Attributes:
        symbol: The instrument.
        timeframe: Length of one bar.
        calendar: When bars are due: `24x7`, `fx_week`, the name of an exchange such as `XNYS`, or `learned`.
        times: When its bars are due, halts left out, as all its guards see it; made from the calendar by each
            guard where there is none.
    """

    symbol: str
    timeframe: timedelta
    calendar: str = "24x7"
    times: Timetable | None = field(default=None, compare=False, repr=False)


def number(value: object) -> float:
    """The number that a value from outside is; NaN for what is none, and for what is no float."""
    try:
        return (
            float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float("nan")
        )
    except OverflowError:
        return float("inf")
