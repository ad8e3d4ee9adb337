"""Histories that walk at random, seeded, for tests of replays."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

START = datetime(2026, 1, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def walk(bars: int, spoilt: Mapping[int, Mapping[str, float]] | None = None) -> pl.DataFrame:
    """Minutes of a random walk; of some rows, values are multiplied.

    Args:
        bars: How many.
        spoilt: What is multiplied by what, by row.
    """
    rng, price, rows = Random(7), 100.0, []  # noqa: S311 - seeded, guards no secret
    for number in range(bars):
        close = price * math.exp(rng.gauss(0.0, 4e-4))
        row = {
            "ts": START + number * MINUTE,
            "open": price,
            "high": max(price, close) * (1.0 + abs(rng.gauss(0.0, 1e-4))),
            "low": min(price, close) * (1.0 - abs(rng.gauss(0.0, 1e-4))),
            "close": close,
            "volume": rng.lognormvariate(2.0, 0.5),
        }
        rows.append(row | {name: row[name] * by for name, by in (spoilt or {}).get(number, {}).items()})  # type: ignore[operator]  # numbers
        price = close
    return pl.DataFrame(rows)
