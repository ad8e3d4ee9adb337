"""Which series are measured: those shipped with the scenarios, whose provenance stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from drills.durations import parse_duration
from live.candles import Series

if TYPE_CHECKING:
    from drills.replay.placed import Alarm

SHIPPED = Path("scenarios/data")
MISSING, FAST, SPLIT = "missing bars told", "fast markets told", "on days of splits"
DOUBT, FALSE = "doubts told at once", "false alarms"
TRUE = {"DATA_GAP": MISSING, "MARKET_FAST": FAST, "CANDLE_SUSPECT": DOUBT}
"""What is no false alarm: bars that are missing, moves that stayed, and that the next bar will tell."""
HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    """A series in a file.

    Attributes:
        name: What the table calls it.
        path: Its file, in the columns of a replay.
        timeframe: Length of a bar.
        calendar: When bars are due.
        splits: Days on which shares were split: an alarm about one is true.
    """

    name: str
    path: Path
    timeframe: timedelta
    calendar: str
    splits: tuple[date, ...] = ()

    def series(self) -> Series:
        """What the guards are told of it."""
        return Series("X", self.timeframe, self.calendar)

    def what(self, alarm: Alarm) -> str:
        """What an alarm about the series as it is comes to: a row of the table."""
        splits = {datetime(day.year, day.month, day.day, tzinfo=UTC) for day in self.splits}
        return SPLIT if alarm.ts in splits else TRUE.get(alarm.code, FALSE)


SERIES = (
    Source("EUR/USD, hours", SHIPPED / "eurusd_1h_2017.parquet", HOUR, "fx_week"),
    Source("BTC/USD, half hours", SHIPPED / "btcusd_30m_2018_2019.parquet", HALF_HOUR, "24x7"),
    Source("EOS/USD, half hours", SHIPPED / "eosusd_30m_2018_2019.parquet", HALF_HOUR, "24x7"),
    Source("S&P 500, days", SHIPPED / "sp500_1d_1999_2018.parquet", DAY, "XNYS"),
    Source("IBM, days", SHIPPED / "ibm_1d_2000_2013.parquet", DAY, "XNYS"),
    Source(
        "Apple, days",
        SHIPPED / "aapl_1d_2000_2013.parquet",
        DAY,
        "XNYS",
        (date(2000, 6, 21), date(2005, 2, 28)),
    ),
)


def source_of(text: str) -> Source:
    """A series of one's own, written `FILE:BAR:CALENDAR`."""
    path, bar, calendar = text.split(":")
    return Source(Path(path).stem, Path(path), parse_duration(bar), calendar)
