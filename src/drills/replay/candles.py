"""Candles of files, shown to the guards one series after the other."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from drills.durations import parse_duration
from drills.errors import UnusableInputError
from drills.replay.bar_files import BarFile, opened
from drills.replay.candle_summary import candle_summary, farthest_first, heading, raised_of
from drills.replay.measured import Measured, Questions
from drills.replay.refusals import Refusals
from drills.replay.second_feed import coverage
from drills.replay.tables import instant
from drills.replay.watched import Watched
from live.candles import Series
from live.config import LiveConfig
from live.config_errors import ConfigError, in_file
from live.timetable import calendar_of_bars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from pathlib import Path

    import polars as pl

    from drills.replay.chart_page import Section
    from live.config import LiveDataConfig

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


def replayed(files: Sequence[Path], setting: Setting, refusals: Refusals | None = None) -> Replayed:
    """What the guards say of each file.

    Args:
        files: CSV or Parquet files.
        setting: How they are shown to the guards.
        refusals: What cannot be used already; it is told with the rest.

    Raises:
        UnusableInputError: a file, the length of a bar, the calendar, the configuration or a question cannot
            be used; all of it at once.
    """
    refused = refusals or Refusals()
    data = _checked(setting, refused)
    seconds: Sequence[Path | None] = setting.seconds or [None] * len(files)
    with refused.of("--second"):
        _check_paired(files, setting.seconds)
    bars = _opened([*files, *setting.seconds], setting, refused)
    refused.end()
    done = Replayed()
    for path, second in zip(files, seconds, strict=True):
        try:
            with in_file(path):
                _add(bars[path], None if second is None else bars[second], data, setting, done)
        except ConfigError as error:
            raise UnusableInputError(str(error)) from None
    return done


def _checked(setting: Setting, refused: Refusals) -> LiveDataConfig:
    """How series are guarded; the defaults where that cannot be used."""
    budget = setting.questions.budget
    with refused.of("--budget"):
        if budget is not None and not 0 < budget < math.inf:
            raise ValueError(f"{budget:g} alarms per 10,000 bars; it must be above 0")
    with refused.of("--timeframe", "BAD_DURATION"):
        Series("of no file", parse_duration(setting.timeframe), "24x7")
    with refused.of("--calendar"):
        calendar_of_bars(setting.calendar)
    with refused.of("--config", "BAD_CONFIG"):
        return setting.data()
    return LiveConfig.from_mapping({}).data


def _opened(paths: Sequence[Path], setting: Setting, refused: Refusals) -> dict[Path, BarFile]:
    """Files of candles, by their names; nothing is judged before all of them can be."""
    bar = None
    with suppress(ValueError):  # told by its own name
        bar = parse_duration(setting.timeframe)
    found: dict[Path, BarFile] = {}
    for path in dict.fromkeys(paths):
        with refused.of(str(path), "BAD_SERIES"):
            found[path] = opened(path, bar)
    return found


def _check_paired(files: Sequence[Path], seconds: Sequence[Path]) -> None:
    """Refuse files of which some have another feed, and not each.

    Raises:
        ValueError: there is not one for each.
    """
    if seconds and len(seconds) != len(files):
        counts = f"{len(files)} files and {len(seconds)} of a second feed"
        raise ValueError(f"{counts}; give one for each file, in their order")


def _add(
    file: BarFile, second: BarFile | None, data: LiveDataConfig, setting: Setting, done: Replayed
) -> None:
    import polars as pl

    other = None if second is None else second.lazy.collect()
    watched = setting.watched(file.path, data, other)
    whole = setting.questions.any or setting.chart or file.bars <= ROWS
    history: Any = file.lazy.collect() if whole else file.lazy
    said = watched.said(history)
    raised, texts = farthest_first(raised_of(said)), list[str]()
    if setting.questions.any or setting.chart:
        texts, section = _looked_into(file.path, history, watched, raised, setting)
        done.sections.append(section)
    done.texts += [candle_summary(file.path, file.bars, raised, setting.most), *texts]
    done.frames.append(said.with_columns(pl.lit(str(file.path)).alias("file")))
    if second is not None and other is not None:
        done.texts.append(_heard(second.path, other, file, watched.series.timeframe))


def _heard(path: Path, second: pl.DataFrame, file: BarFile, timeframe: timedelta) -> str:
    """How many bars the other feed tells too.

    Raises:
        UnusableInputError: it tells none of them.
    """
    told, line = coverage(path, second, file, timeframe)
    if not told:
        text = f"tells none of these bars; its first opens at {instant(second['ts'][0])}: compare the zones"
        raise UnusableInputError(f"{path}: BAD_SERIES: {text}")
    return line


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
        raise UnusableInputError(f"{path}: BAD_SERIES: {error}") from None
    powers = measured.powers if setting.questions.power else {}
    return texts, Section(title, history, raised, powers, texts)
