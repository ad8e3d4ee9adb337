"""Where bars are missing: what a whole column says is what its bars say one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from live.candles import Candle, Series
from live.data_quality.gap import Gap, GapConfig
from live.history.holes import Holes

MINUTE = 60.0
SERIES = Series("X", timedelta(minutes=1))
STEPS = st.lists(st.sampled_from([1.0, 1.0, 1.0, 1.0, 2.0, 4.0, 0.0, -1.0, -3.0, 0.5, 40.0]), max_size=80)


def bar_by_bar(instants: list[float]) -> list[int]:
    """The holes that the guard is told of by a feed."""
    gap, holes = Gap(SERIES, GapConfig()), list[int]()
    for one in instants:
        ts = datetime.fromtimestamp(one, UTC)
        holes += [found.context["missing_bars"] for found in gap.on_candle(Candle("X", ts, 1, 1, 1, 1), ts)]
    return holes


@given(STEPS, st.integers(0, 80))
@settings(max_examples=300)
def test_holes_are_the_same_whole_and_cut(steps: list[float], cut: int) -> None:
    """With bars that repeat, that go back, and that lie between two others."""
    instants = np.cumsum(np.array([0.0, *steps])) * MINUTE + 1e9
    holes = Holes(Gap(SERIES, GapConfig()))
    said = [row["value"] for part in (instants[:cut], instants[cut:]) for row in holes.of(part)]
    assert said == bar_by_bar(instants.tolist())
