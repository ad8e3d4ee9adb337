"""`python -m benchmarks.detection [--check TABLE] [FILE:BAR:CALENDAR …]`: recall and false alarms in a table.

Without files the series that are shipped with the scenarios are measured (their provenance stands beside
them); files of one's own, in the columns of a replay, are measured as well and not copied.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.detection.kinds import KINDS, without_volume
from drills.durations import parse_duration
from drills.replay.placed import alarms_of, frame_of, is_told, spoilt
from drills.series_files import Cut, read_candles
from live.candles import Series
from live.history import check_candles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.replay.placed import Alarm, Placed
    from live.candles import Candle

SHIPPED = Path("scenarios/data")
SERIES = (
    ("EUR/USD, hours of 2017", SHIPPED / "eurusd_1h_2017.parquet", timedelta(hours=1), "fx_week"),
    ("S&P 500, days of 1999 to 2018", SHIPPED / "sp500_1d_1999_2018.parquet", timedelta(days=1), "XNYS"),
)
PLACES, BEFORE, AFTER = 50, 600, 60
SEED = 20_260_101


def found(candles: Sequence[Candle], series: Series) -> list[Alarm]:
    """What the guards raise."""
    return alarms_of(check_candles(frame_of(candles), series))


def recall(candles: list[Candle], series: Series, kind: Placed) -> float:
    """Which part of the faults of a kind is told by its own name, at one of its bars or at the next."""
    rng, hits = Random(f"{SEED} {kind.name}"), 0  # noqa: S311 - seeded, guards no secret
    for _ in range(PLACES):
        place = rng.randrange(BEFORE, len(candles) - AFTER)
        part = candles[place - BEFORE : place + AFTER]
        spoiled = spoilt(part, BEFORE, kind, rng, series.timeframe)
        known = set(found(part, series))
        hits += is_told(
            kind, part, spoiled, BEFORE, [one for one in found(spoiled, series) if one not in known]
        )
    return hits / PLACES


def measured(name: str, path: Path, timeframe: timedelta, calendar: str) -> tuple[str, int, int, list[str]]:
    """One series: its name, bars, false alarms, and recalls as they are written."""
    candles, series = read_candles("X", path, Cut()), Series("X", timeframe, calendar)
    recalls = [
        "–"
        if kind.name == "volume" and without_volume(candles)
        else f"{100 * recall(candles, series, kind):.0f} %"
        for kind in KINDS
    ]
    return name, len(candles), len(found(candles, series)), recalls


def table(rows: list[tuple[str, int, int, list[str]]]) -> str:
    """Kinds down, series across."""
    bars, alarms = sum(row[1] for row in rows), sum(row[2] for row in rows)
    lines = [
        f"Faults found by their own name, {PLACES} seeded places each, and alarms on the series as it is:",
        "",
        "| " + " | ".join(["", *(row[0] for row in rows)]) + " |",
        "| " + " | ".join(["---"] * (len(rows) + 1)) + " |",
        "| bars | " + " | ".join(f"{row[1]:,}" for row in rows) + " |",
        *(f"| {kind.name} | " + " | ".join(row[3][n] for row in rows) + " |" for n, kind in enumerate(KINDS)),
        "| alarms per 10,000 bars | " + " | ".join(f"{1e4 * row[2] / row[1]:.1f}" for row in rows) + " |",
        "",
        f"Over all: {1e4 * alarms / bars:.1f} alarms per 10,000 bars.",
        "",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the table; with `--check FILE` compare it with one that was written before."""
    check = Path(arguments[1]) if arguments[:1] == ["--check"] else None
    named = [one.split(":") for one in arguments[2 if check else 0 :]]
    own = [(Path(path).stem, Path(path), parse_duration(bar), calendar) for path, bar, calendar in named]
    text = table([measured(*one) for one in (own or SERIES)])
    if check is None:
        sys.stdout.write(text)
        return 0
    same = check.read_text(encoding="utf-8") == text
    sys.stdout.write(text if not same else f"{check}: as measured\n")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
