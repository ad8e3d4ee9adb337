"""One history and the guards that it is shown to: the one place where a replay asks them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from live.config_errors import ConfigError
from live.history import check_candles

if TYPE_CHECKING:
    import polars as pl

    from live.candles import Series
    from live.config import LiveDataConfig
    from live.history.frame import Way

COMPILING_PAYS_FROM = 400_000
"""So many bars, shown in small parts, take longer in Python than compiling does."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A series and how it is guarded.

    Attributes:
        series: Symbol, length of a bar, and calendar.
        config: `[live_data]`.
        way: How bars are judged.
        second: What another feed tells of the same market, whole; None where there is one feed only.
    """

    series: Series
    config: LiveDataConfig
    way: Way = "auto"
    second: pl.DataFrame | None = None

    def said(self, candles: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
        """All that the guards say of candles of this series."""
        others = () if self.second is None else (_beside(candles, self.second),)
        return check_candles(candles, self.series, self.config, others=others, way=self.way)

    def in_small_parts(self, bars: int) -> Watched:
        """The same, compiled where it pays for so many bars that are shown in small parts."""
        import polars as pl

        if bars < COMPILING_PAYS_FROM or find_spec("numba") is None:
            return replace(self, way="python")
        compiled, one = replace(self, way="compiled"), dict.fromkeys(("open", "high", "low", "close"), 1.0)
        try:
            compiled.said(pl.DataFrame([{"ts": 0, **one}]))
        except ConfigError:
            return replace(self, way="python")
        return compiled


def _beside(candles: pl.DataFrame | pl.LazyFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Of the other feed what a part of a history needs: a join with all of it takes longer than judging."""
    import polars as pl

    if isinstance(candles, pl.LazyFrame):
        return second
    return second.filter(pl.col("ts").is_between(candles["ts"].min(), candles["ts"].max()))
