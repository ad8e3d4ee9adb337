"""How much memory a file of candles takes to judge: `python -m benchmarks.candles_memory`, about two minutes.

Each size is judged by a process of its own, from a Parquet file that is written part by part beforehand.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.test_candles import SERIES, bars
from live.history import check_candles

SIZES = (10_000_000, 100_000_000)
PART = 1_000_000
MINUTE_MS = 60_000


def write(folder: Path, count: int) -> None:
    """As many bars as asked for, in files that follow each other, none of which is larger than a part."""
    part = bars(PART)
    for number in range(count // PART):
        shifted = part.with_columns(pl.col("ts") + number * PART * MINUTE_MS)
        shifted.write_parquet(folder / f"{number:06}.parquet")


def judge(folder: Path) -> None:
    """Print how long it took and the most memory that this process ever had."""
    began = time.perf_counter()
    said = check_candles(pl.scan_parquet(folder / "*.parquet"), SERIES, way="compiled")
    took, peak = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{said.height:>9,} said in {took:6.1f} s, at most {peak:7,.0f} MiB\n")


def main() -> None:
    """Every size, one after the other."""
    for count in SIZES:
        with TemporaryDirectory() as name:
            write(Path(name), count)
            sys.stdout.write(f"{count:>12,} rows: ")
            sys.stdout.flush()
            subprocess.run([sys.executable, "-m", __spec__.name, name], check=True)


if __name__ == "__main__":
    judge(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
