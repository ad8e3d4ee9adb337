"""Candles of files, shown to the guards one series after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drills.durations import parse_duration
from drills.errors import UnusableInputError
from drills.replay.candle_summary import candle_summary, farthest_first, heading, raised_of
from drills.replay.measured import Measured, Questions
from drills.replay.watched import Watched
from drills.series_files import scan_candles
from live.candles import Series
from live.config import LiveConfig
from live.config_errors import ConfigError, in_file
from live.timetable import calendar_of_bars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from drills.replay.chart_page import Section

ROWS = 1_000_000
"""Longer files are read in parts, unless something is asked that needs them whole."""


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

    def watched(self, path: Path, second: Path | None) -> Watched:
        """The series of a file, its guards, and what another feed tells of it."""
        data = LiveConfig.from_toml(self.config).data if self.config else LiveConfig.from_mapping({}).data
        bar = parse_duration(self.timeframe)
        other = None if second is None else _second(second)
        return Watched(Series(path.stem, bar, calendar_of_bars(self.calendar)), data, second=other)


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
    import polars as pl

    budget = setting.questions.budget
    if budget is not None and not 0 < budget < math.inf:
        raise UnusableInputError(f"a budget of {budget:g} alarms per 10,000 bars: it must be above 0")
    done, seconds = Replayed(), _paired(files, setting.seconds)
    try:
        for path, second in zip(files, seconds, strict=True):
            with in_file(path):
                _add(path, second, setting, done)
    except (ConfigError, ValueError) as error:
        raise UnusableInputError(str(error)) from None
    except pl.exceptions.PolarsError as error:
        raise UnusableInputError(_unreadable(path, error)) from None
    return done


def _unreadable(path: Path, error: Exception) -> str:
    return f"{path}: cannot be read ({str(error).partition(chr(10))[0]})"


def _paired(files: Sequence[Path], seconds: Sequence[Path]) -> Sequence[Path | None]:
    """The other feed of each file.

    Raises:
        UnusableInputError: there are some, and not one for each.
    """
    if seconds and len(seconds) != len(files):
        counts = f"{len(files)} files and {len(seconds)} of a second feed"
        raise UnusableInputError(f"{counts}; give one --second for each file, in their order")
    return seconds or [None] * len(files)


def _second(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        frame: pl.DataFrame = scan_candles(path).collect()
    except pl.exceptions.PolarsError as error:
        raise UnusableInputError(_unreadable(path, error)) from None
    if not frame.height:
        raise UnusableInputError(f"{path}: holds no bar; a feed that says nothing contradicts nobody")
    return frame


def _add(path: Path, second: Path | None, setting: Setting, done: Replayed) -> None:
    import polars as pl

    watched = setting.watched(path, second)
    lazy = scan_candles(path)
    bars = lazy.select(pl.len()).collect().item()
    if not bars:
        raise UnusableInputError(f"{path}: holds no bar; nothing can be said of it")
    whole = setting.questions.any or setting.chart or bars <= ROWS
    history = lazy.collect() if whole else lazy
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
