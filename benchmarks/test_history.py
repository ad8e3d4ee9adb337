"""How fast orders of the past are judged: a frame in, a frame with verdicts out."""

from __future__ import annotations

import statistics
import time
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks.conftest import Figure
from benchmarks.test_limits import CONFIG, HELD
from live.history import check_frame
from live.risk_limits import LiveRiskConfig

if TYPE_CHECKING:
    from live.history import Way

ORDERS, ONE_BY_ONE, SYMBOLS, ROUNDS = 10_000_000, 20_000, 60, 7
MILLION = 1e6


def orders(count: int) -> pl.DataFrame:
    """Purchases and sales of about 100.00 each, over 60 symbols, 50 of which are held."""
    names, sides = [f"S{number}" for number in range(SYMBOLS)], ["BUY", "SELL"]
    chance = Random(1)  # noqa: S311 - reproducible, not secret
    block = 1_000_000
    places = pl.Series([chance.randrange(SYMBOLS) for _ in range(block)])
    turns = pl.Series([chance.randrange(2) for _ in range(block)])
    frame = pl.DataFrame(
        {
            "symbol": pl.Series(names, dtype=pl.Enum(names)).gather(places),
            "side": pl.Series(sides, dtype=pl.Enum(sides)).gather(turns),
            "quantity": [chance.uniform(0.1, 2.0) for _ in range(block)],
            "current_price": [chance.uniform(90.0, 110.0) for _ in range(block)],
        }
    )
    return pl.concat([frame] * -(-count // block)).head(count).rechunk()


def rate(count: int, way: Way, rounds: int) -> float:
    """Million orders a second, in the median; the first round compiles and is not counted."""
    frame, config, took = orders(count), LiveRiskConfig(**CONFIG), []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        said = check_frame(frame, config, HELD, way=way)
        took.append(time.perf_counter() - begin)
        assert said["allowed"].all()
    return count / statistics.median(took[1:]) / MILLION


def test_the_compiled_way(benchmark: Any, figures: list[Figure]) -> None:
    """Ten million orders under twelve limits, a frame in and a frame out."""
    reached = benchmark.pedantic(lambda: rate(ORDERS, "compiled", ROUNDS), rounds=1)
    figures.append(Figure("orders of a frame, compiled, 12 limits", reached, 50, "M/s", at_least=True))


def test_one_by_one(benchmark: Any, figures: list[Figure]) -> None:
    """The same limits without compiling."""
    reached = benchmark.pedantic(lambda: rate(ONE_BY_ONE, "python", 3), rounds=1)
    figures.append(Figure("orders of a frame, one by one, 12 limits", reached * 1e3, 2, "k/s", at_least=True))
