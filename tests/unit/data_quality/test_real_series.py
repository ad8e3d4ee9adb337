"""All guards on the real series that are shipped: silent on the clean ones, awake at each fault."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from live.registry import GUARDS
from tests.unit.data_quality.feeds import DATA, EURUSD, SP500, guard, play, real

if TYPE_CHECKING:
    from collections.abc import Callable

    from live.candles import Candle, Series

SERIES = pytest.mark.parametrize("series", [EURUSD, SP500], ids=lambda series: series.symbol)


def codes(series: Series, candles: list[Candle]) -> list[str]:
    """Codes of everything that all guards find."""
    return [one.code for one in play([guard(name, series) for name in GUARDS], candles)]


def doubled(candle: Candle) -> Candle:
    """All its prices twice as high."""
    return replace(candle, **{name: 2 * getattr(candle, name) for name in ("open", "high", "low", "close")})


@SERIES
def test_a_clean_series_raises_nothing(series: Series) -> None:
    """A year of hours and twenty years of days, with weekends, holidays, summer time and two crashes."""
    assert codes(series, real(series)) == []


@SERIES
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda candle: replace(candle, close=10 * candle.close), "CANDLE_INCONSISTENT"),
        (lambda candle: replace(candle, close=candle.close / 10), "CANDLE_INCONSISTENT"),
        (lambda candle: replace(candle, close=math.nan), "CANDLE_NOT_FINITE"),
        (lambda candle: replace(candle, high=candle.low - 1e-4), "CANDLE_INCONSISTENT"),
        (lambda candle: replace(candle, low=-candle.low), "CANDLE_NOT_POSITIVE"),
        (lambda candle: replace(candle, high=1.3 * candle.high), "CANDLE_BAD_PRINT"),
        (doubled, "CANDLE_BAD_PRINT"),
    ],
    ids=["close x10", "close /10", "close NaN", "high below low", "low negative", "spike", "all doubled"],
)
def test_a_spoilt_candle_is_found_wherever_it_stands(
    series: Series, spoil: Callable[[Candle], Candle], code: str
) -> None:
    """Twenty places in each series: one alert by its name for each, and no other but a doubt at once."""
    candles = real(series)[:2000]
    for place in Random(7).sample(range(41, len(candles), 2), 20):  # noqa: S311 - seeded, not secret
        candles[place] = spoil(candles[place])
    assert [one for one in codes(series, candles) if one != "CANDLE_SUSPECT"] == [code] * 20


@SERIES
def test_every_dropped_bar_is_found(series: Series) -> None:
    """Bars vanish at three places at a time, before weekends and after them as well."""
    candles = real(series)[:2000]
    for seed in range(7):
        gone = set(Random(seed).sample(range(1, len(candles) - 1, 2), 3))  # noqa: S311 - seeded, not secret
        left = [candle for number, candle in enumerate(candles) if number not in gone]
        assert codes(series, left) == ["DATA_GAP"] * 3


@SERIES
def test_a_stopped_feed_is_found(series: Series) -> None:
    """Ten bars vanish in a row: stale first, and a gap when the feed comes back."""
    candles = real(series)[:500]
    assert codes(series, [*candles[:300], *candles[310:]]) == ["DATA_STALE", "DATA_GAP"]


def test_the_files_are_those_of_the_provenance() -> None:
    """The digests in PROVENANCE.md are those of the files."""
    text = (DATA / "PROVENANCE.md").read_text(encoding="utf-8")
    for file in DATA.glob("*.parquet"):
        assert hashlib.sha256(file.read_bytes()).hexdigest() in text
