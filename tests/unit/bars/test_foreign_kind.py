"""A kind of one's own: found like one of ours, and when it fails it stops no other one."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from live.bars.kind import Stage
from live.bars.values import QUIET, RAISED, Bar, Said
from live.candles import Candle, Series
from live.config import LiveConfig
from live.config_errors import ConfigError
from live.contracts import CandleKind
from live.events import AlertLevel
from live.history import check_candles
from live.monitor import LiveMonitor
from live.registry import GUARDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.bars.machine import Event
    from live.events import AlertEvent

START = datetime(2026, 1, 27, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class RoundNumber(CandleKind):
    """A close that is a round hundred; it cannot judge thirteen."""

    name = "a_round_number"
    codes = ("ROUND_NUMBER",)
    stage = Stage.PRICES
    level = AlertLevel.WARNING

    @staticmethod
    def look(bar: Bar, *rest: Any) -> tuple[tuple[float, ...], Said]:
        """Whether it is."""
        if bar.close == 13.0:
            raise ZeroDivisionError
        return rest[-1], Said(RAISED, bar.close, 100.0, bar.ts) if bar.close % 100.0 == 0.0 else QUIET

    def words(self, event: Event) -> str:
        """The number."""
        return f"{event.value:g} is round"


class Sent:
    """A monitor whose clock a test moves, and what it says."""

    def __init__(self) -> None:
        self.codes: list[tuple[str, str]] = []
        self.present = START
        self.monitor = LiveMonitor(LiveConfig.from_mapping({}), self, clock=self)
        self.monitor.watch("X", MINUTE)

    def now(self) -> datetime:
        """Where the test has moved the clock."""
        return self.present

    def monotonic(self) -> float:
        """Seconds since the start."""
        return (self.present - START).total_seconds()

    def send(self, event: AlertEvent) -> None:
        """Keep source and code."""
        self.codes.append((event.source, event.code))

    def candle(self, minutes: int, close: float, volume: float = 1.0) -> None:
        """A bar that opened so many minutes after the start, complete now."""
        ts = START + minutes * MINUTE
        self.present = ts + MINUTE
        self.monitor.on_candle(Candle("X", ts, close, close, close, close, volume))


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """The kind is known until the end of the test."""
    names = GUARDS.take_from(sys.modules[__name__])
    yield
    GUARDS.forget(names)


def test_it_is_asked_and_told_under_its_own_name() -> None:
    """No registration by hand, no change of ours."""
    sent = Sent()
    sent.candle(0, 100.0)
    sent.candle(1, 101.0)
    assert [one for one in sent.codes if one[1] != "DIARY"] == [("live_data.a_round_number", "ROUND_NUMBER")]


def test_when_it_fails_the_others_are_asked_and_the_failure_says_whose_it_is() -> None:
    """The volume below zero is told all the same."""
    sent = Sent()
    with pytest.raises(ExceptionGroup) as failed:
        sent.candle(0, 13.0, volume=-1.0)
    told = [one for one in sent.codes if one[1] != "DIARY"]
    assert told == [("live_data.not_positive", "CANDLE_NOT_POSITIVE")]
    (group,) = failed.value.exceptions
    assert isinstance(group, ExceptionGroup)
    assert group.exceptions[0].__notes__ == ["raised by live_data.a_round_number"]


class Diary(CandleKind):
    """A kind that writes down what it sees, which no compiler takes."""

    name = "a_diary"
    codes = ("DIARY",)
    stage = Stage.PRICES
    level = AlertLevel.WARNING

    @staticmethod
    def look(bar: Bar, *rest: Any) -> tuple[tuple[float, ...], Said]:
        """Every close, once more."""
        return rest[-1], Said(RAISED, float(re.sub("x", "", str(bar.close))), 0.0, bar.ts)

    def words(self, event: Event) -> str:
        """The number."""
        return f"{event.value:g}"


def test_a_kind_that_does_not_compile_is_asked_in_python_and_refused_where_compiling_is_asked_for() -> None:
    """With the reason."""
    bars = pl.DataFrame(
        {"ts": [1, 60_001], **{name: [1.0, 1.0] for name in ("open", "high", "low", "close")}}
    )
    assert check_candles(bars, Series("X", MINUTE))["code"].to_list() == ["DIARY", "DIARY"]
    with pytest.raises(ConfigError, match="cannot be judged the compiled way: Failed in nopython mode"):
        check_candles(bars, Series("X", MINUTE), way="compiled")
