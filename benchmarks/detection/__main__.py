"""`python -m benchmarks.detection [--check TABLE] [FILE:BAR:CALENDAR …]`: recall and false alarms in tables.

Without files the series that are shipped with the scenarios are measured; files of one's own, in the columns
of a replay, are measured as well and not copied.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.detection.kinds import KINDS
from benchmarks.detection.measured import PLACES, Measured, measured
from benchmarks.detection.series import DOUBT, FALSE, FAST, MISSING, SERIES, SPLIT, source_of
from drills.replay.candle_summary import PER, interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.detection.series import Source

HEADINGS = {
    1: f"Faults told by their own name, of {PLACES} seeded ones of each kind, and alarms on the series:",
    2: "The same where a second feed tells the same market, with seeded noise and without one bar in fifty:",
}


def tables(sources: Sequence[Source]) -> Iterable[str]:
    """Lines of all tables; series are measured beside each other."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        coming = {feeds: [pool.submit(measured, source, feeds) for source in sources] for feeds in HEADINGS}
        for feeds, results in coming.items():
            yield from table(sources, [one.result() for one in results], HEADINGS[feeds])
    yield "The last two rows are alarms per 10,000 bars, with their 95 % interval."


def table(sources: Sequence[Source], each: Sequence[Measured], heading: str) -> list[str]:
    """Kinds down, series across, and all of them in the last column."""
    rows = [
        row("", [*(source.name for source in sources), "all"]),
        row("---", ["---"] * (len(each) + 1)),
        row("bars", [f"{one.bars:,}" for one in each] + [f"{sum(one.bars for one in each):,}"]),
        *(row(kind.name, recalls([one.found[n] for one in each])) for n, kind in enumerate(KINDS)),
        *(row(what, counts([one.alarms[what] for one in each])) for what in (MISSING, FAST, SPLIT, DOUBT)),
        row(FALSE, rates(each, lambda one: one.alarms[FALSE])),
        row("all but missing bars", rates(each, lambda one: one.alarms.total() - one.alarms[MISSING])),
    ]
    return [heading, "", *rows, ""]


def row(name: str, cells: Iterable[str]) -> str:
    """One row of a table in Markdown."""
    return "| " + " | ".join([name, *cells]) + " |"


def recalls(found: Sequence[int | None]) -> list[str]:
    """Which part was found, in each series and in all that can have the fault."""
    able = [one for one in found if one is not None]
    shares = ["–" if one is None else f"{100 * one / PLACES:.0f} %" for one in found]
    return [*shares, f"{100 * sum(able) / (PLACES * len(able)):.0f} %" if able else "–"]


def counts(alarms: Sequence[int]) -> list[str]:
    """How many there are in each series, and in all."""
    return [str(one) for one in (*alarms, sum(alarms))]


def rates(each: Sequence[Measured], alarms: Callable[[Measured], int]) -> list[str]:
    """How many there are in 10,000 bars of each series, and of all."""
    return [
        *(rate(alarms(one), one.bars) for one in each),
        rate(sum(map(alarms, each)), sum(one.bars for one in each)),
    ]


def rate(alarms: int, bars: int) -> str:
    """How many there are in 10,000 bars, and between which rates the true one lies with 95 %."""
    low, high = interval(alarms, bars)
    return f"{PER * alarms / bars:.1f} ({PER * low:.1f} to {PER * high:.1f})"


def main(arguments: list[str]) -> int:
    """Print the tables; with `--check FILE` compare them with those that were written before."""
    check = Path(arguments[1]) if arguments[:1] == ["--check"] else None
    own = [source_of(one) for one in arguments[2 if check else 0 :]]
    text = "\n".join([*tables(own or SERIES), ""])
    if check is None:
        sys.stdout.write(text)
        return 0
    same = check.read_text(encoding="utf-8") == text
    sys.stdout.write(text if not same else f"{check}: as measured\n")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
