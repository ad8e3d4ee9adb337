"""How fast candles are judged, all guards on: one bar at a time, a frame, a file; beside plain Polars."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from benchmarks.conftest import Figure
from benchmarks.peer import installed_version
from live.bars.compiled import CompiledMachine
from live.bars.machine import Machine
from live.bars.values import Bar
from live.bars.watch import kinds_of
from live.candles import Series
from live.contracts import CandleKind
from live.history import check_candles
from live.registry import GUARDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from live.bars.kind import Kind

ROWS, PUSHED, WINDOW = 5_000_000, 50_000, 200
SERIES = Series("X", timedelta(minutes=1))
MILLION = 1e6


def bars(count: int) -> pl.DataFrame:
    """A random walk of minutes with heavy tails."""
    rng = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(rng.standard_t(4, count) * 1e-4))
    opened = np.concatenate([[100.0], close[:-1]])
    wide = np.abs(rng.normal(size=(2, count))) * 5e-5
    return pl.DataFrame(
        {
            "ts": np.arange(count) * 60_000,
            "open": opened,
            "high": np.maximum(opened, close) * (1 + wide[0]),
            "low": np.minimum(opened, close) * (1 - wide[1]),
            "close": close,
            "volume": rng.lognormal(3, 0.5, count),
        }
    )


def rolling_mad(frame: pl.DataFrame) -> pl.DataFrame:
    """What a plain guard would write in Polars: moves beyond a multiple of a rolling robust scale."""
    move = pl.col("close").log().diff()
    scale = move.abs().rolling_median(WINDOW).shift(1)
    return frame.lazy().filter(move.abs() > 20 * scale).collect()


def sound(frame: pl.DataFrame) -> pl.DataFrame:
    """The rules of a single row in Polars: prices are numbers above zero and agree, volumes not below it."""
    prices = [pl.col(name) for name in ("open", "high", "low", "close")]
    agrees = pl.min_horizontal(prices) >= pl.col("low"), pl.max_horizontal(prices) <= pl.col("high")
    fine = [price.is_finite() & (price > 0) for price in prices]
    return frame.lazy().filter(~pl.all_horizontal(*fine, *agrees, pl.col("volume") >= 0)).collect()


def validated(frame: pl.DataFrame) -> Any:
    """The same rules as a schema of pandera, which looks at the values of a frame that is there."""
    import pandera.polars as pa

    positive, prices = pa.Check.gt(0), ("open", "high", "low", "close")
    columns = {name: pa.Column(float, [positive, pa.Check.lt(math.inf)]) for name in prices}
    agrees = [
        pa.Check(lambda data: data.lazyframe.select(pl.col("low") <= pl.min_horizontal("open", "close"))),
        pa.Check(lambda data: data.lazyframe.select(pl.col("high") >= pl.max_horizontal("open", "close"))),
    ]
    volume = pa.Column(float, pa.Check.ge(0))
    schema = pa.DataFrameSchema({"ts": pa.Column(int), **columns, "volume": volume}, checks=agrees)
    return schema.validate(frame, lazy=True)


def timed(work: Callable[[], Any]) -> float:
    """How long it takes once, seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def kinds() -> list[Kind]:
    """All that are there."""
    guards = [GUARDS[name](SERIES, GUARDS[name].Config()) for name in GUARDS]
    return kinds_of([one for one in guards if isinstance(one, CandleKind)])


@pytest.mark.parametrize("way", ["compiled", "python"])
def test_one_bar_at_a_time(benchmark: Any, figures: list[Figure], way: str) -> None:
    """As a live feed pushes them."""
    told = bars(PUSHED).iter_rows()
    rows = [
        Bar(ts / 1e3, first, high, low, last, volume, math.nan) for ts, first, high, low, last, volume in told
    ]

    def push() -> None:
        machine = CompiledMachine(kinds(), 60.0) if way == "compiled" else Machine(kinds(), 60.0)
        for row in rows:
            machine.push(row)

    benchmark.pedantic(push, rounds=3, iterations=1, warmup_rounds=1)
    rate = PUSHED / benchmark.stats.stats.median / 1e3
    target = 1_000.0 if way == "compiled" else 400.0
    figures.append(Figure(f"bars pushed, all kinds, {way}", rate, target, "thousand bars/s", at_least=True))


def test_a_frame_and_a_file(benchmark: Any, figures: list[Figure], tmp_path: Path) -> None:
    """From a frame to alarms, and from Parquet to alarms beside the bare read."""
    frame, path = bars(ROWS), tmp_path / "bars.parquet"
    frame.write_parquet(path)
    check_candles(frame.head(60_000), SERIES, way="compiled")

    benchmark.pedantic(lambda: check_candles(frame, SERIES, way="compiled"), rounds=3, iterations=1)
    rate = ROWS / benchmark.stats.stats.median / MILLION
    figures.append(Figure("a frame, all guards, compiled", rate, 30.0, "M rows/s", at_least=True))
    plain = {"one rolling median in Polars": rolling_mad, "rules of a row in Polars": sound}
    if installed_version("pandera"):
        plain["rules of a row in pandera"] = validated
    for what, work in plain.items():
        rate = ROWS / statistics.median(timed(partial(work, frame)) for _ in range(3)) / MILLION
        figures.append(Figure(f"the same frame, {what}", rate, 0.0, "M rows/s", at_least=True))
    shares = [
        timed(lambda: pl.scan_parquet(path).select(pl.all().sum()).collect())
        / timed(lambda: check_candles(pl.scan_parquet(path), SERIES, way="compiled"))
        for _ in range(5)
    ]
    share = statistics.median(shares)
    figures.append(Figure("from Parquet, a share of the bare read", share, 0.6, "", at_least=True))


def test_a_process_that_begins(figures: list[Figure], tmp_path: Path) -> None:
    """From nothing to a machine that is compiled: the first time, and when it is kept on the disk."""
    script = "from benchmarks.test_candles import kinds; from live.bars.compiled import CompiledMachine\n"
    script += "import time; began = time.perf_counter(); CompiledMachine(kinds(), 60.0)\n"
    script += "print(time.perf_counter() - began)"
    for what, target in (("compiled", 15.0), ("read from the disk", 1.0)):
        run = [sys.executable, "-c", script]
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
        took = float(subprocess.run(run, env=environment, capture_output=True, check=True).stdout)
        figures.append(Figure(f"a machine made, {what}", took, target, "s"))
