"""`drills replay candles --chart`: histories and their alarms on one page."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from drills.errors import UnusableInputError
from drills.replay.candle_summary import farthest_first, raised_of
from drills.replay.candles import Setting, replayed
from drills.replay.chart import MOST_MARKERS, history_figure
from drills.replay.chart_bars import MOST_CANDLES, STRETCHES, drawn_bars
from drills.replay.chart_page import Section, page
from drills.replay.out_files import PAGES, check_place, write_whole
from live.candles import Series
from live.history import check_candles
from tests.harness.browser import seen_in_a_browser
from tests.harness.walks import MINUTE, START, walk

if TYPE_CHECKING:
    from pathlib import Path

SPIKE = {500: {"high": 1.02}}
HOSTILE = "</script><script>document.title='pwned'</script>"


def raised(history: pl.DataFrame, symbol: str = "A") -> pl.DataFrame:
    """Alarms on a history of minutes."""
    return farthest_first(raised_of(check_candles(history, Series(symbol, MINUTE))))


def traces(history: pl.DataFrame, alarms: pl.DataFrame) -> dict[str, Any]:
    """What is drawn, by name."""
    figure, _ = history_figure(history, alarms)
    return {trace["name"]: trace for trace in figure["data"]}


def test_an_alarm_is_a_marker_at_its_bar_that_tells_value_and_bound() -> None:
    """And Plotly itself accepts the figure."""
    from plotly.graph_objects import Figure  # type: ignore[import-untyped]  # it ships no types

    history = walk(1_000, SPIKE)
    figure, note = history_figure(history, raised(history))
    candles, marker = figure["data"]
    assert (candles["name"], len(candles["x"]), note) == ("candles", 1_000, "1,000 bars")
    assert marker["name"] == "CANDLE_BAD_PRINT (1)"
    assert marker["x"] == ["2026-01-05T08:20:00.000"]
    assert marker["y"] == [history["high"][500]]
    assert "times as far away as usual" in marker["text"][0]
    assert float(marker["customdata"][0][0]) > float(marker["customdata"][0][1]) > 2.5
    assert len(Figure(figure).data) == 2


def test_a_code_looks_the_same_on_every_chart() -> None:
    """Whatever else is drawn beside it."""
    one = walk(1_000, SPIKE)
    more = walk(1_000, SPIKE | {700: {"volume": 1e4}})
    alone, beside = (traces(history, raised(history)) for history in (one, more))
    assert set(beside) - set(alone) == {"CANDLE_VOLUME (1)"}
    name = "CANDLE_BAD_PRINT (1)"
    assert alone[name]["marker"] == beside[name]["marker"]
    assert beside[name]["marker"] != beside["CANDLE_VOLUME (1)"]["marker"]


def test_a_long_history_is_a_band_with_candles_near_its_alarms() -> None:
    """The band holds every price, and the page says what was joined."""
    history = walk(20_000, {9_000: {"high": 1.05}})
    figure, note = history_figure(history, raised(history))
    low, high, candles, marker = figure["data"]
    assert len(low["x"]) <= STRETCHES
    assert (min(low["y"]), max(high["y"])) == (history["low"].min(), history["high"].max())
    assert len(candles["x"]) == 81
    assert candles["x"][40] == marker["x"][0]
    assert note == (
        "20,000 bars; the band is the range of 14 bars at once, the 81 bars near alarms are drawn as candles"
    )


@pytest.mark.parametrize("rows", [[], [0], [99_999], [0, 5, 99_999], range(0, 100_000, 7), range(100_000)])
def test_however_many_alarms_there_are_the_page_stays_small(rows: list[int]) -> None:
    """Candles are those at alarms or near them, and not many more than can be drawn."""
    history = pl.DataFrame(
        {
            name: pl.int_range(100_000, eager=True).cast(pl.Float64)
            for name in ("open", "high", "low", "close")
        }
    ).with_columns(pl.datetime_range(START, START + 99_999 * MINUTE, "1m", eager=True).alias("ts"))
    shown = list(rows)[:MOST_MARKERS]
    drawn = drawn_bars(history, pl.Series(shown, dtype=pl.UInt32))
    assert set(shown) <= set(drawn.candles["row"])
    assert drawn.candles.height <= MOST_CANDLES + 3 * MOST_MARKERS


def test_a_price_a_thousand_times_too_high_does_not_flatten_the_others() -> None:
    """The axis ends before it, its marker stands at the edge, and the page says so."""
    history = walk(1_000, {500: {"close": 1e3, "high": 1e3}})
    figure, note = history_figure(history, raised(history))
    bottom, top = figure["layout"]["yaxis"]["range"]
    assert 90.0 < bottom < top < 130.0
    assert all(bottom < y < top for trace in figure["data"][1:] for y in trace["y"])
    assert note.endswith("; prices beyond the axis are marked at its edge")


def test_what_is_no_number_is_a_hole_and_alarms_between_bars_have_a_place() -> None:
    """A bar without prices stands at the price before; a gap at the bar before it."""
    history = walk(300, {100: {"close": math.nan}}).filter(~pl.int_range(pl.len()).is_between(200, 204))
    drawn = traces(history, raised(history))
    assert drawn["candles"]["close"][100] is None
    assert drawn["CANDLE_NOT_FINITE (1)"]["y"][0] is not None
    assert drawn["DATA_GAP (1)"]["x"] == ["2026-01-05T03:20:00.000"]
    assert json.dumps(drawn, allow_nan=False)


def test_the_same_history_gives_the_same_bytes(tmp_path: Path) -> None:
    """For each file a section, named with its bars and its rate."""
    for name in ("a", "b"):
        walk(600, SPIKE).write_parquet(tmp_path / f"{name}.parquet")
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    pages = [page(replayed(files, Setting("1m", chart=True)).sections) for _ in range(2)]
    assert pages[0] == pages[1]
    heads = re.findall(r"<h2>(.*?)</h2>", pages[0])
    assert [head.rpartition("/")[2] for head in heads] == [
        f"{name}.parquet: 600 bars, 1 alarm: 16.7 per 10,000 bars (95 %: 2.9 to 93.8)" for name in "ab"
    ]
    assert pages[0].count("plotly.js v") == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bars.csv", "expected a file that ends in .html or .htm"),
        ("none/out.html", "there is no folder"),
        ("folder.html", "is a folder"),
    ],
)
def test_a_place_for_the_page_that_cannot_be_is_refused_at_once(tmp_path: Path, name: str, told: str) -> None:
    """Before anything is measured."""
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(UnusableInputError, match=re.escape(told)):
        check_place(tmp_path / name, PAGES)


def test_a_page_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all, and nothing is left lying about."""
    path = tmp_path / "out.html"
    path.write_text("before", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(UnusableInputError, match="cannot be written \\(No space left on device\\)"):
        write_whole(b"after", path)
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["out.html"]


def test_a_browser_draws_the_page(tmp_path: Path) -> None:
    """A hostile name is only a text, and no request leaves the page."""
    history = walk(5_000, SPIKE)
    section = Section(HOSTILE, history, raised(history, HOSTILE), texts=[HOSTILE])
    path = tmp_path / "out.html"
    write_whole(page([section]).encode(), path)
    seen = seen_in_a_browser(path)
    assert "<title>Candle guards on histories</title>" in seen
    assert "CANDLE_BAD_PRINT (1)" in seen
    assert 'class="main-svg"' in seen
