"""Candles of files, shown to the guards one series after the other."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from drills.durations import parse_duration
from drills.errors import UnusableInputError
from drills.replay.candle_summary import candle_summary, farthest_first, heading, raised_of
from drills.replay.measured import Measured, Questions
from drills.replay.second_feed import coverage
from drills.replay.tables import instant
from drills.replay.watched import Watched
from drills.series_faults import Fault
from drills.series_files import SeriesFileError, broken, scan_candles
from live.candles import Series
from live.config import LiveConfig
from live.config_errors import ConfigError, in_file
from live.timetable import calendar_of_bars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from drills.replay.chart_page import Section
    from live.config import LiveDataConfig

ROWS = 1_000_000
"""Longer files are read in parts, unless something is asked that needs them whole."""
STEPS = 1_000
"""So many bars show how long they are."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How files are shown to the guards.

    Attributes:
        timeframe: Length of a bar, as it is written: `1m`.
        calendar: When bars are due.
        config: TOML file with `[live_data]`; the defaults without.
        most: How many alarms are listed for each file.
        questions: What else is asked.
        chart: Whether the histories are drawn.
        seconds: For each file one that another feed tells of the same market; none where there are no others.
    """

    timeframe: str
    calendar: str = "24x7"
    config: Path | None = None
    most: int = 20
    questions: Questions = field(default_factory=Questions)
    chart: bool = False
    seconds: Sequence[Path] = ()

    def watched(self, path: Path, data: LiveDataConfig, second: pl.DataFrame | None) -> Watched:
        """The series of a file, its guards, and what another feed tells of it."""
        bar = parse_duration(self.timeframe)
        return Watched(Series(path.stem, bar, calendar_of_bars(self.calendar)), data, second=second)

    def data(self) -> LiveDataConfig:
        """How series are guarded."""
        return (LiveConfig.from_toml(self.config) if self.config else LiveConfig.from_mapping({})).data


@dataclass(slots=True)
class Replayed:
    """What came of files: texts, frames with a column `file`, and sections for the page."""

    texts: list[str] = field(default_factory=list)
    frames: list[pl.DataFrame] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def replayed(files: Sequence[Path], setting: Setting) -> Replayed:
    """What the guards say of each file.

    Raises:
        UnusableInputError: a file, the length of a bar, the calendar, the configuration or a question cannot
            be used.
    """
    budget = setting.questions.budget
    if budget is not None and not 0 < budget < math.inf:
        raise UnusableInputError(f"a budget of {budget:g} alarms per 10,000 bars: it must be above 0")
    done, seconds = Replayed(), _paired(files, setting.seconds)
    histories = _scanned([*files, *setting.seconds])
    try:
        data = setting.data()
        for path, second in zip(files, seconds, strict=True):
            with in_file(path):
                other = None if second is None else _second(second, histories[second])
                _add(path, histories[path], setting.watched(path, data, other), setting, done)
                if second is not None and other is not None:
                    done.texts.append(_heard(second, other, histories[path]))
    except (ConfigError, ValueError) as error:
        raise UnusableInputError(str(error)) from None
    return done


def _scanned(paths: Sequence[Path]) -> dict[Path, pl.LazyFrame]:
    """Files of candles, by their names; nothing is judged before all of them can be.

    Raises:
        UnusableInputError: a file is missing or of another kind, or lacks a column.
    """
    histories: dict[Path, pl.LazyFrame] = {}
    faults: list[Fault] = []
    for path in dict.fromkeys(paths):
        try:
            histories[path] = scan_candles(path)
        except SeriesFileError as error:
            faults += error.faults
    if faults:
        raise _unusable(faults)
    return histories


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say where a file cannot be read.

    Raises:
        UnusableInputError: it cannot.
    """
    import polars as pl

    try:
        yield
    except pl.exceptions.PolarsError as error:
        raise _unusable(broken(path, error).faults) from None


def _unusable(faults: Iterable[Fault]) -> UnusableInputError:
    return UnusableInputError("\n".join(f"{place}: BAD_SERIES: {text}" for place, text in faults))


def _check_step(path: Path, lazy: pl.LazyFrame, series: Series) -> None:
    """Refuse bars that follow each other faster than bars of that length can.

    Raises:
        UnusableInputError: the length is another, or instants are seconds.
    """
    ts = lazy.select("ts").head(STEPS).collect()["ts"].drop_nulls().unique().sort()
    step = ts.diff().median()
    if isinstance(step, timedelta) and step < series.timeframe / 2:
        theirs, its = f"{step.total_seconds():g} s", f"{series.timeframe.total_seconds():g} s"
        text = f"bars open {theirs} apart, and --timeframe says {its}; give the length of its bars"
        also = ", and instants in milliseconds since 1970" if step < timedelta(seconds=1) else ""
        raise _unusable([Fault(str(path), text + also)])


def _paired(files: Sequence[Path], seconds: Sequence[Path]) -> Sequence[Path | None]:
    """The other feed of each file.

    Raises:
        UnusableInputError: there are some, and not one for each.
    """
    if seconds and len(seconds) != len(files):
        counts = f"{len(files)} files and {len(seconds)} of a second feed"
        raise UnusableInputError(f"{counts}; give one --second for each file, in their order")
    return seconds or [None] * len(files)


def _second(path: Path, lazy: pl.LazyFrame) -> pl.DataFrame:
    with _readable(path):
        frame = lazy.collect()
    if not frame.height:
        raise UnusableInputError(f"{path}: holds no bar; a feed that says nothing contradicts nobody")
    return frame


def _heard(path: Path, second: pl.DataFrame, lazy: pl.LazyFrame) -> str:
    """How many bars the other feed tells too.

    Raises:
        UnusableInputError: it tells none of them.
    """
    told, line = coverage(path, second, lazy)
    if not told:
        text = f"tells none of these bars; its first opens at {instant(second['ts'][0])}: compare the zones"
        raise _unusable([Fault(str(path), text)])
    return line


def _add(path: Path, lazy: pl.LazyFrame, watched: Watched, setting: Setting, done: Replayed) -> None:
    import polars as pl

    with _readable(path):
        bars = lazy.select(pl.len()).collect().item()
        if not bars:
            raise UnusableInputError(f"{path}: holds no bar; nothing can be said of it")
        _check_step(path, lazy, watched.series)
        whole = setting.questions.any or setting.chart or bars <= ROWS
        history: Any = lazy.collect() if whole else lazy
        said = watched.said(history)
    raised, texts = farthest_first(raised_of(said)), list[str]()
    if setting.questions.any or setting.chart:
        texts, section = _looked_into(path, history, watched, raised, setting)
        done.sections.append(section)
    done.texts += [candle_summary(path, bars, raised, setting.most), *texts]
    done.frames.append(said.with_columns(pl.lit(str(path)).alias("file")))


def _looked_into(
    path: Path, history: pl.DataFrame, watched: Watched, raised: pl.DataFrame, setting: Setting
) -> tuple[list[str], Section]:
    """What was asked of a history beyond its alarms, and all of it for the page."""
    from drills.replay.chart_page import Section

    title = heading(path, history.height, raised.height)
    if not setting.questions.any:
        return [], Section(title, history, raised)
    try:
        measured = Measured(history, watched, setting.questions)
        texts = measured.texts()
    except UnusableInputError as error:
        raise UnusableInputError(f"{path}: {error}") from None
    powers = measured.powers if setting.questions.power else {}
    return texts, Section(title, history, raised, powers, texts)
