"""One price of the bars that comes again, far from the others: told by odds, unless a quote stands there."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pytest

from live.candles import Candle, Series
from live.contracts import CandleKind
from live.history import check_candles
from live.registry import GUARDS
from tests.unit.data_quality.feeds import MINUTE, START, guard, play

if TYPE_CHECKING:
    from live.contracts import Finding
    from live.history import Way

BTC = Series("BTC/EUR", MINUTE)
KINDS = [name for name in GUARDS if issubclass(GUARDS[name], CandleKind)]
FACTOR = {"open": 1.05, "high": 1.05, "low": 0.95}


def market(count: int, seed: int = 1, move: float = 3.0, tick: float = 0.01) -> list[Candle]:
    """Trades that walk at random, eight a bar, on a grid of ticks."""
    rng, price, candles = Random(seed), 30_000.0, list[Candle]()  # noqa: S311 - seeded, not secret
    for number in range(count):
        trades = list[float]()
        for _ in range(8):
            price += rng.gauss(0.0, move)
            trades.append(round(price / tick) * tick)
        ts = START + number * MINUTE
        candles.append(Candle("BTC/EUR", ts, trades[0], max(trades), min(trades), trades[-1], 1.0))
    return candles


def stuck(candles: list[Candle], begin: int, end: int, field: str, factor: float) -> list[Candle]:
    """The same, a price of which stays where one was, times a factor; its bars agree with it."""
    price = getattr(candles[begin], field) * factor
    return [
        replace(replace(one, high=max(one.high, price), low=min(one.low, price)), **{field: price})
        if begin <= number < end
        else one
        for number, one in enumerate(candles)
    ]


def told(candles: list[Candle]) -> list[Finding]:
    """What all kinds find, of a price that is stuck."""
    return [one for one in play([guard(name, BTC) for name in KINDS], candles) if one.code == "CANDLE_STUCK"]


def of_frame(candles: list[Candle], way: Way = "compiled") -> pl.DataFrame:
    """The same of a frame, with every other code."""
    names = ("ts", "open", "high", "low", "close", "volume")
    return check_candles(
        pl.DataFrame({name: [getattr(one, name) for one in candles] for name in names}), BTC, way=way
    )


@pytest.mark.parametrize("field", FACTOR)
def test_a_price_that_stays_far_away_is_told_with_the_fourth_bar(field: str) -> None:
    """Three equal the one before; it is over with the first that differs."""
    raised, resolved = told(stuck(market(400), 300, 340, field, FACTOR[field]))
    assert (raised.context["ts"], raised.context["status"]) == (START + 303 * MINUTE, "raised")
    assert (resolved.context["ts"], resolved.context["status"]) == (START + 340 * MINUTE, "resolved")
    assert "3 bars in a row; 2 may; it is false in all of them, whatever was withdrawn" in raised.message


def test_what_was_withdrawn_because_the_next_bar_has_it_too_is_told_after_all() -> None:
    """The next bar is no witness of a price that is stuck, and two later nobody believes it."""
    candles = stuck(market(400), 300, 340, "high", 1.05)
    said = [(one.code, one.context["status"]) for one in play([guard(name, BTC) for name in KINDS], candles)]
    assert said[:3] == [
        ("CANDLE_BAD_PRINT", "raised"),
        ("CANDLE_BAD_PRINT", "withdrawn"),
        ("CANDLE_STUCK", "raised"),
    ]


def test_the_high_of_the_day_in_the_place_of_the_bars_is_told() -> None:
    """It stays until a higher one comes; the market need not be far away for long."""
    candles, high, wrong = market(800, seed=2), 0.0, list[Candle]()
    for number, one in enumerate(candles):
        high = max(high, one.high)
        wrong.append(one if number < 300 else replace(one, high=high))
    assert [one.context["status"] for one in told(wrong)][:1] == ["raised"]


def test_two_prices_that_are_stuck_are_told_one_after_the_other() -> None:
    """The second when the first is over, and neither teaches that this is usual."""
    candles = market(600)
    both = stuck(stuck(candles, 300, 340, "high", 1.05), 300, 350, "low", 0.95)
    again = stuck(both, 400, 440, "low", 0.95)
    at = [(one.context["ts"] - START) // MINUTE for one in told(again)]
    assert at == [303, 340, 341, 350, 403, 440]


def test_a_high_that_the_market_reaches_again_and_again_is_no_fault() -> None:
    """Somebody sells at a round number, and prices are near to it."""
    candles = [replace(one, high=max(one.high, 30_000.0)) for one in market(300)]
    near = [one for one in candles if one.high - max(one.open, one.close) < 10.0]
    assert told([replace(one, ts=START + number * MINUTE) for number, one in enumerate(near)]) == []


@pytest.mark.parametrize("move", [0.2, 0.5, 1.0, 3.0])
def test_highs_that_come_again_by_chance_are_not_told(move: float) -> None:
    """Where a tick is as large as what moves prices; one that is stuck is told there as well."""
    candles = market(5_000, move=move / 8**0.5, tick=1.0)
    assert of_frame(candles).filter(pl.col("code") == "CANDLE_STUCK").is_empty()
    said = of_frame(stuck(candles, 4_900, 5_000, "high", 1.01)).filter(pl.col("code") == "CANDLE_STUCK")
    assert said.height == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_quote_that_stands_in_a_thin_market_is_usual_there(seed: int) -> None:
    """Most trades are at the bid, few at an ask that is far away and stands for hours."""
    rng, bid, candles = Random(seed), 1_000.0, list[Candle]()  # noqa: S311 - seeded, not secret
    for number in range(20_000):
        bid += rng.gauss(0.0, 5.0) if rng.random() < 0.05 else 0.0
        trades = [round(bid + 10.0 * (rng.random() < 0.1), 2) for _ in range(3)]
        ts = START + number * MINUTE
        candles.append(Candle("THIN", ts, trades[0], max(trades), min(trades), trades[-1], 1.0))
    assert (
        of_frame(candles).filter(pl.col("code") == "CANDLE_STUCK", pl.col("status") == "raised").height <= 1
    )


def test_a_bar_that_comes_again_whole_is_frozen_and_not_stuck() -> None:
    """One fault has one name, though its high is far away."""
    candles = market(400)
    far = replace(candles[300], high=candles[300].high * 1.05)
    said = of_frame(
        [replace(far, ts=one.ts) if 300 <= number < 340 else one for number, one in enumerate(candles)]
    )
    assert said.filter(pl.col("code") == "CANDLE_STUCK").is_empty()
    assert said.filter(pl.col("code") == "CANDLE_FROZEN").height == 2


def test_it_is_the_same_by_every_door() -> None:
    """Bar by bar, of a frame, and compiled: to the last bit, with every other code."""
    candles = market(3_000, tick=1.0)
    for begin, field in ((300, "high"), (700, "low"), (1_500, "open"), (1_520, "high"), (2_500, "low")):
        candles = stuck(candles, begin, begin + 30, field, FACTOR[field])
    said = of_frame(candles, "python")
    assert said.equals(of_frame(candles, "compiled"))
    streamed = play([guard(name, BTC) for name in KINDS], candles)
    rows = [(one.code, one.context["status"], one.context["value"], one.context["bound"]) for one in streamed]
    assert said.select("code", "status", "value", "bound").rows() == rows
    assert [code for code, *_ in rows].count("CANDLE_STUCK") == 10
