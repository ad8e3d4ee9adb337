"""Price series of a scenario: written out, read from a file, made up."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from pydantic import ValidationError

from drills.notation import NotationError, parse_closes
from drills.series import SeriesError, SeriesSpec, load_candles
from live.candles import Candle

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 1, 27, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def load(folder: Path, **spec: Any) -> list[Candle]:
    """The candles of a specification with one-minute bars."""
    return load_candles("BTC/EUR", SeriesSpec.model_validate({"timeframe": "1m", **spec}), START, folder)


def refusals(**spec: Any) -> list[str]:
    """What is wrong with a specification."""
    with pytest.raises(ValidationError) as caught:
        SeriesSpec.model_validate({"timeframe": "1m", **spec})
    return [error["msg"] for error in caught.value.errors()]


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("30000", [30000]),
        ("1 2  3", [1, 2, 3]),
        ("5x3", [5, 5, 5]),
        ("10+2x3", [10, 12, 14]),
        ("10-2.5x3", [10, 7.5, 5]),
        ("1 _ 2", [1, None, 2]),
        ("1 _x3 2", [1, None, None, None, 2]),
        ("1.0523 1e-8 2e+3x1", [1.0523, 1e-8, 2000]),
        ("1e2+1e1x2", [100, 110]),
    ],
)
def test_the_notation_of_closing_prices(text: str, closes: list[float | None]) -> None:
    """Values, constants, ramps and missing bars."""
    assert parse_closes(text) == closes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("30000 3o000", "column 7: '3o000' is no price"),
        ("30000+10", "column 1: '30000\\+10' is no price"),
        ("10x", "column 1: '10x' is no price"),
        ("1 -5", "column 3: '-5' is no price"),
        ("1 nan", "column 3: 'nan' is no price"),
        ("1 2x0", "column 3: 0 bars"),
        ("", "holds no bar"),
        ("_x5", "holds no bar"),
        ("1x1000001", "column 1: more than 1000000 bars"),
        ("1 1x99999999999999999999", "column 3: more than 1000000 bars"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_column(text: str, message: str) -> None:
    """The column counts from 1."""
    with pytest.raises(NotationError, match=message):
        parse_closes(text)


def test_written_candles_begin_at_the_start_and_open_at_the_close_before(tmp_path: Path) -> None:
    """High and low are the larger and the smaller of open and close; a missing bar leaves its instant out."""
    first, second, third = load(tmp_path, close="100 90 _ 120")
    assert (first.ts, first.open, first.high, first.low, first.close) == (START, 100, 100, 100, 100)
    assert (second.ts, second.open, second.high, second.low, second.close) == (
        START + MINUTE,
        100,
        100,
        90,
        90,
    )
    assert (third.ts, third.open, third.high, third.low, third.close) == (
        START + 3 * MINUTE,
        90,
        120,
        90,
        120,
    )
    assert math.isnan(third.volume)


def test_a_made_up_series_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """Another seed is another series; every candle agrees with itself and follows the one before."""
    spec = {"bars": 200, "seed": 7, "start_price": 100.0, "volatility": 0.01}
    candles = load(tmp_path, synthetic=spec)
    prices = [(one.open, one.high, one.low, one.close) for one in candles]
    assert prices == [(one.open, one.high, one.low, one.close) for one in load(tmp_path, synthetic=spec)]
    assert prices != [
        (one.open, one.high, one.low, one.close) for one in load(tmp_path, synthetic={**spec, "seed": 8})
    ]
    assert len(candles) == 200
    assert all(one.low <= min(one.open, one.close) <= max(one.open, one.close) <= one.high for one in candles)
    assert all(later.open == one.close for one, later in pairwise(candles))


def test_the_volatility_of_a_made_up_series_is_the_one_asked_for(tmp_path: Path) -> None:
    """The standard deviation of a bar's log return, within the error of 5000 samples."""
    candles = load(tmp_path, synthetic={"bars": 5000, "seed": 1, "volatility": 0.01})
    returns = [math.log(one.close / one.open) for one in candles]
    assert math.sqrt(math.fsum(one * one for one in returns) / len(returns)) == pytest.approx(0.01, rel=0.05)


def frame(ts: list[Any], **more: Any) -> pl.DataFrame:
    """A small table of candles."""
    prices = {
        name: [float(number) for number in range(1, len(ts) + 1)] for name in ("open", "high", "low", "close")
    }
    return pl.DataFrame({"ts": ts, **prices, **more})


def test_a_file_is_played_as_it_stands(tmp_path: Path) -> None:
    """Instants and values are those of the file, whatever the start of the drill is."""
    frame([START - MINUTE, START], volume=[5.0, None]).write_parquet(tmp_path / "btc.parquet")
    first, second = load(tmp_path, file="btc.parquet")
    assert first == Candle("BTC/EUR", START - MINUTE, 1.0, 1.0, 1.0, 1.0, 5.0)
    assert (second.ts, second.close) == (START, 2.0)
    assert math.isnan(second.volume)


@pytest.mark.parametrize(
    "ts",
    [
        1769472000000,
        "2026-01-27T00:00:00Z",
        "2026-01-27T00:00:00",
        datetime(2026, 1, 27),  # noqa: DTZ001 - that is the case
        datetime(2026, 1, 27).date(),  # noqa: DTZ001 - that is the case
    ],
    ids=["milliseconds", "ISO 8601 with a zone", "ISO 8601 without", "instant without a zone", "date"],
)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_instants_may_be_written_in_several_ways(tmp_path: Path, ts: Any, suffix: str) -> None:
    """Without a zone they are UTC; without a volume it is not known."""
    table = frame([ts])
    table.write_csv(tmp_path / "btc.csv") if suffix == "csv" else table.write_parquet(
        tmp_path / "btc.parquet"
    )
    (candle,) = load(tmp_path, file=f"btc.{suffix}")
    assert candle.ts == START
    assert math.isnan(candle.volume)


@pytest.mark.parametrize(
    ("cut", "closes"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"first": 2}, [1, 2]),
        ({"last": 2}, [4, 5]),
        ({"from": "2026-01-27T00:01:00Z"}, [2, 3, 4, 5]),
        ({"to": "2026-01-27T00:03:00Z"}, [1, 2, 3]),
        ({"from": "2026-01-27T00:01:00Z", "to": "2026-01-27T00:04:00Z", "last": 2}, [3, 4]),
        ({"from": "2026-01-27T00:01:00Z", "first": 2}, [2, 3]),
    ],
    ids=str,
)
def test_a_part_of_a_file_can_be_chosen(tmp_path: Path, cut: dict[str, Any], closes: list[float]) -> None:
    """`from` is included, `to` is not; `first` and `last` count what is left."""
    frame([START + number * MINUTE for number in range(5)]).write_parquet(tmp_path / "btc.parquet")
    assert [candle.close for candle in load(tmp_path, file="btc.parquet", **cut)] == closes


def test_a_missing_file_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    """A misspelt file name is an error, and no empty series."""
    frame([START]).write_parquet(tmp_path / "btceur.parquet")
    with pytest.raises(
        SeriesError, match=r"BTC/EUR: .*btc_eur\.parquet: there is no such file; did you mean 'btceur"
    ):
        load(tmp_path, file="btc_eur.parquet")


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    """Every price must be there."""
    frame([START]).rename({"close": "closes"}).write_csv(tmp_path / "btc.csv")
    with pytest.raises(SeriesError, match=r"has no column 'close'; did you mean 'closes'"):
        load(tmp_path, file="btc.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """Whatever its name ends in."""
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(SeriesError, match=r"a\.csv: is a folder; name a file in it"):
        load(tmp_path, file="a.csv")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"ts", "neither .parquet nor .csv"),
        ("a.parquet", b"no parquet at all", "cannot be read"),
        ("a.csv", b"", "a.csv:1: names no columns; write ts,open"),
        (
            "a.csv",
            b"ts,open,high,low,close\n2026-01-27,1,1,1,many\n",
            r"a\.csv:2: column 'close' holds 'many'",
        ),
        ("a.csv", b"ts,open,high,low,close\nyesterday,1,1,1,1\n", r"a\.csv:2: column 'ts' holds 'yesterday'"),
        ("a.csv", b"ts,open,high,low,close\n1.5,1,1,1,1\n", "column 'ts' holds Float64"),
        ("a.csv", b"ts,open,high,low,close\n1,1,1,1,1\n,1,1,1,1\n", "a row has no 'ts'"),
        ("a.csv", b"ts,open,high,low,close\n9000000000000000,1,1,1,1\n", "cannot be read"),
        ("a.csv", b"ts,open,high,low,close\n", "no bar is left"),
        (
            "a.csv",
            b"ts;open;high;low;close\n1;1;1;1;1\n",
            r"a\.csv:1: columns are separated by ';'; separate",
        ),
        ("a.csv", bytes(range(256)), r"a\.csv:1: is no text"),
        ("a.csv", b"ts,open,high,low,close,close\n1,1,1,1,1,1\n", r"a\.csv:1: has two columns 'close'"),
    ],
    ids=[
        "other kind",
        "no Parquet",
        "empty",
        "no number",
        "no instant",
        "fraction",
        "no ts",
        "far future",
        "no rows",
        "semicolons",
        "rubbish",
        "column twice",
    ],
)
def test_a_file_that_cannot_be_played_is_an_error(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    """Never an empty series, and never a crash."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SeriesError, match=message):
        load(tmp_path, file=name)


def test_a_part_that_holds_nothing_is_an_error(tmp_path: Path) -> None:
    """A drill over no candle proves nothing."""
    frame([START]).write_parquet(tmp_path / "btc.parquet")
    with pytest.raises(SeriesError, match="no bar is left; widen from, to, first or last"):
        load(tmp_path, file="btc.parquet", **{"from": "2027-01-01T00:00:00Z"})


def test_a_series_has_one_source() -> None:
    """None or two are refused, and so is a cut of what is no file."""
    assert refusals() == ["a series has one source, got none of them; write one of close, file, synthetic"]
    assert refusals(close="1", file="a.csv") == [
        "a series has one source, got close and file; write one of close, file, synthetic"
    ]
    assert refusals(close="1", first=3) == ["from, to, first and last choose bars of a file; leave them out"]


def test_bad_values_are_refused_with_their_remedy() -> None:
    """Notation, instants and lengths."""
    assert refusals(close="30000 3o") == ["column 7: '3o' is no price; write 30000, 30000+10x60 or _x3"]
    assert refusals(timeframe="0s", close="1") == ["a bar of no length; write 1m, 1h or 1d"]
    assert refusals(file="a.csv", **{"from": "noon"}) == [
        "'noon' is not an instant; write 2026-01-27T00:00:00Z"
    ]


def test_a_series_without_instants_needs_a_start(tmp_path: Path) -> None:
    """Only a file knows when it happened."""
    spec = SeriesSpec.model_validate({"timeframe": "1m", "close": "1"})
    with pytest.raises(SeriesError, match="give the drill a start"):
        load_candles("BTC/EUR", spec, None, tmp_path)
