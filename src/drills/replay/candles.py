"""Candles of files, shown to the guards one series after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.durations import parse_duration
from drills.errors import UnusableInputError
from drills.replay.candle_summary import candle_summary
from drills.series_files import scan_candles
from live.candles import Series
from live.config import LiveConfig
from live.config_errors import ConfigError, in_file
from live.history import check_candles
from live.timetable import calendar_of_bars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl


def replayed(
    files: Sequence[Path], timeframe: str, calendar: str, config: Path | None, most: int
) -> tuple[str, pl.DataFrame]:
    """What the guards say of each file, as text and, with a column `file`, as one frame.

    Raises:
        UnusableInputError: a file, the length of a bar, the calendar or the configuration cannot be used.
    """
    import polars as pl

    texts, frames = list[str](), list[pl.DataFrame]()
    try:
        bar = parse_duration(timeframe)
        data = LiveConfig.from_toml(config).data if config else LiveConfig.from_mapping({}).data
        for path in files:
            lazy = scan_candles(path)
            bars = lazy.select(pl.len()).collect().item()
            with in_file(path):
                said = check_candles(lazy, Series(path.stem, bar, calendar_of_bars(calendar)), data)
            texts.append(candle_summary(path, bars, said, most))
            frames.append(said.with_columns(pl.lit(str(path)).alias("file")))
    except (ConfigError, ValueError) as error:
        raise UnusableInputError(str(error)) from None
    except pl.exceptions.PolarsError as error:
        raise UnusableInputError(f"{path}: cannot be read ({str(error).partition(chr(10))[0]})") from None
    return "\n\n".join(texts), pl.concat(frames)
