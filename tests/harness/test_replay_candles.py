"""`drills replay candles`: how often the guards would have spoken of files, and of what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills import cli
from drills.replay.candle_summary import interval
from tests.harness.walks import walk

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "ts,open,high,low,close\n"
NOTHING = "nothing was judged, and nothing was written"


def replay(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command; the exit status."""
    monkeypatch.setattr(sys, "argv", ["drills", "replay", "candles", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def written(path: Path, count: int, spoilt: dict[int, str]) -> Path:
    """A file of minutes that walk up and down, and some rows that are written otherwise."""
    rows = []
    for number in range(count):
        ts = 1_767_225_600_000 + number * 60_000
        low, high = (100.0, 100.1) if number % 2 else (99.9, 100.0)
        rows.append(f"{ts},{spoilt.get(number, f'100.0,{high},{low},100.0')}")
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return path


def test_it_counts_alarms_for_each_file_and_writes_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file without faults beside one with two."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "quiet.csv", 100, {})
    written(tmp_path / "spoilt.csv", 100, {50: "100.0,99.0,100.0,100.0", 70: "100.0,100.1,100.0,nan"})
    assert (
        replay(monkeypatch, "quiet.csv", "spoilt.csv", "--timeframe", "1m", "--out", "out.csv", "--most", "1")
        == 0
    )
    out = capsys.readouterr().out
    assert "quiet.csv: 100 bars, 0 alarms: 0.0 per 10,000 bars (95 %: 0.0 to 369.9)" in out
    assert "spoilt.csv: 100 bars, 2 alarms: 200.0 per 10,000 bars" in out
    assert "and 1 more" in out
    assert pl.read_csv("out.csv").select("file", "code").rows() == [
        ("spoilt.csv", "CANDLE_INCONSISTENT"),
        ("spoilt.csv", "CANDLE_NOT_FINITE"),
    ]


def test_a_second_feed_tells_what_one_alone_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A high that would pass by itself, and that the other feed does not have; it is counted by itself."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "bars.csv", 200, {150: "100.0,100.3,99.9,100.0"})
    written(tmp_path / "other.csv", 200, {})
    assert replay(monkeypatch, "bars.csv", "--timeframe", "1m") == 0
    assert "bars.csv: 200 bars, 0 alarms" in capsys.readouterr().out
    assert replay(monkeypatch, "bars.csv", "--timeframe", "1m", "--second", "other.csv") == 0
    out = capsys.readouterr().out
    assert "bars.csv: 200 bars, 1 alarm" in out
    assert "second feed other.csv: tells 200 of 200 bars; closes usually lie 0 % apart" in out
    assert "CANDLE_BAD_PRINT" in out


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (60, "; 3600 s earlier they would lie 0 % apart: its instants seem to be late"),
        (-1, "; 60 s later they would lie 0 % apart: its instants seem to be early"),
        (0, ""),
    ],
)
def test_a_second_feed_whose_clock_is_off_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    minutes: int,
    told: str,
) -> None:
    """By an hour, as in another zone, or by a bar, as where bars are called by their end."""
    monkeypatch.chdir(tmp_path)
    bars = walk(2_000)
    bars.write_parquet("bars.parquet")
    bars.with_columns(pl.col("ts").dt.offset_by(f"{minutes}m")).write_parquet("other.parquet")
    assert replay(monkeypatch, "bars.parquet", "--timeframe", "1m", "--second", "other.parquet") == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("second feed other.parquet: tells ")
    assert line.partition(" % apart")[2] == told


@pytest.mark.parametrize(
    ("other", "arguments", "told"),
    [
        (None, ["--second", "other.csv"], "other.csv"),
        (HEAD, ["--second", "other.csv"], "other.csv: BAD_SERIES: holds no bar; write one a line"),
        (
            HEAD + "foo,1,1,1,1\n",
            ["--second", "other.csv"],
            "other.csv:2: BAD_SERIES: column 'ts' holds 'foo' in the place of an instant; write",
        ),
        (
            HEAD + "1767229200000,1,1,1,1\n",
            ["--second", "other.csv"],
            "other.csv: BAD_SERIES: tells none of these bars; its first opens at 2026-01-01T01:00:00Z",
        ),
        (
            HEAD + "1,1,1,1,1\n",
            ["--second", "other.csv", "--second", "other.csv"],
            "1 files and 2 of a second",
        ),
    ],
)
def test_a_second_feed_that_cannot_be_used_is_refused(  # noqa: PLR0913, PLR0917 - fixtures and a case
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    other: str | None,
    arguments: list[str],
    told: str,
) -> None:
    """By its own name."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "bars.csv", 30, {})
    if other is not None:
        (tmp_path / "other.csv").write_text(other, encoding="utf-8")
    assert replay(monkeypatch, "bars.csv", "--timeframe", "1m", *arguments) == 2
    assert told in capsys.readouterr().err


def test_who_reads_the_alarms_of_before_sees_them_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is put in the place of the other, and never written over."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "bars.csv", 100, {50: "100.0,99.0,100.0,100.0"})
    (tmp_path / "out.csv").write_text("of yesterday", encoding="utf-8")
    with (tmp_path / "out.csv").open(encoding="utf-8") as reader:
        assert replay(monkeypatch, "bars.csv", "--timeframe", "1m", "--out", "out.csv") == 0
        assert reader.read() == "of yesterday"
    assert "CANDLE_INCONSISTENT" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "1 alarm:" in capsys.readouterr().out


def test_all_that_is_wrong_with_all_files_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its line, its nearest name and what to do."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "good.csv", 30, {})
    (tmp_path / "upper.csv").write_text("ts,Open,high,low,CLOSE\n1,1,1,1,1\n", encoding="utf-8")
    assert replay(monkeypatch, "upper.csv", "goood.csv", "--timeframe", "1m") == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: upper.csv:1: BAD_SERIES: has no column 'open'; did you mean 'Open'?",
        "upper.csv:1: BAD_SERIES: has no column 'close'; did you mean 'CLOSE'?",
        "goood.csv: BAD_SERIES: there is no such file; did you mean 'good.csv'?",
        NOTHING,
    ]


def test_of_each_column_the_first_text_that_is_no_number_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """However far down it stands."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "bars.csv", 900, {5: "1,1,-,1", 700: "1,1,1,n/a", 800: "1,1,1,n/a"})
    assert replay(monkeypatch, "bars.csv", "--timeframe", "1m") == 2
    assert capsys.readouterr().err.splitlines() == [
        (
            "error: bars.csv:7: BAD_SERIES: column 'low' holds '-' in the place of a number; "
            "write digits and a point, or nothing"
        ),
        (
            "bars.csv:702: BAD_SERIES: column 'close' holds 'n/a' in the place of a number, "
            "the first of 2 such lines; write digits and a point, or nothing"
        ),
        NOTHING,
    ]


def test_lines_of_too_few_or_too_many_cells_are_refused_with_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that was cut off is no bar without prices, and one cell too many hides no other fault."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "bars.csv", 30, {5: "1,1", 7: "1,1,1,1,9", 8: "1,1", 9: "1,x,1,1"})
    written(tmp_path / "quoted.csv", 30, {5: '"1","1","1"', 6: '"1","1","1","1"', 9: '"1,1,1,1'})
    assert replay(monkeypatch, "bars.csv", "quoted.csv", "--timeframe", "1m") == 2
    assert capsys.readouterr().err.splitlines() == [
        (
            "error: bars.csv:7: BAD_SERIES: has 3 cells and the header 5, the first of 2 such lines; "
            "complete the line, or drop it"
        ),
        "bars.csv:9: BAD_SERIES: has 6 cells and the header 5; take out what is too much, or drop the line",
        (
            "bars.csv:11: BAD_SERIES: column 'high' holds 'x' in the place of a number; "
            "write digits and a point, or nothing"
        ),
        ("quoted.csv:11: BAD_SERIES: opens a quote and does not close it rightly; mend it, or drop the line"),
        "quoted.csv:7: BAD_SERIES: has 4 cells and the header 5; complete the line, or drop it",
        NOTHING,
    ]


def test_settings_and_files_that_cannot_be_used_are_told_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every option and every file by its name, with a code and what to do; nobody has to try twice."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none.csv").write_text(HEAD, encoding="utf-8")
    (tmp_path / "undated.csv").write_text(HEAD + "60000,1,1,1,1\n,1,1,1,1\n", encoding="utf-8")
    written(tmp_path / "late.csv", 400, {300: "1,1,1,x"})
    (tmp_path / "live.toml").write_text("[live_data.bad_prnt]\nodds = 1\n", encoding="utf-8")
    options = {
        "--budget": "0",
        "--calendar": "fxweek",
        "--config": "live.toml",
        "--second": "gone.csv",
        "--out": "nowhere/out.csv",
        "--chart": "page.pdf",
    }
    given = [word for option in options.items() for word in option]
    assert replay(monkeypatch, "none.csv", "undated.csv", "late.csv", "--timeframe", "1m", *given) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.partition("; did you mean")[0] for line in told] == [
        "error: --out: BAD_VALUE: nowhere/out.csv: there is no folder nowhere; make it first",
        "--chart: BAD_VALUE: page.pdf: expected a file that ends in .html or .htm",
        "--budget: BAD_VALUE: 0 alarms per 10,000 bars; it must be above 0",
        "--calendar: BAD_VALUE: unknown calendar 'fxweek'",
        "--config: BAD_CONFIG: live.toml: live_data.bad_prnt: unknown key 'bad_prnt'",
        "--second: BAD_VALUE: 3 files and 1 of a second feed; give one for each file, in their order",
        "none.csv: BAD_SERIES: holds no bar; write one a line",
        "undated.csv:3: BAD_SERIES: has no 'ts'; every bar needs the instant at which it opens",
        (
            "late.csv:302: BAD_SERIES: column 'close' holds 'x' in the place of a number; "
            "write digits and a point, or nothing"
        ),
        "gone.csv: BAD_SERIES: there is no such file",
        NOTHING,
    ]


def test_a_file_that_may_not_be_read_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the system says of it is told with its name."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "secret.csv", 30, {})

    def denied(path: Path) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("drills.series_files.csv_faults", denied)
    assert replay(monkeypatch, "secret.csv", "gone.csv", "--timeframe", "1m") == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: secret.csv: BAD_SERIES: cannot be read (Permission denied); make it readable",
        "gone.csv: BAD_SERIES: there is no such file; did you mean 'secret.csv'?",
        NOTHING,
    ]


def test_bars_that_lie_farther_apart_than_they_are_long_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second feed of hours beside one of minutes tells a bar in sixty, and would seem to be silent."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "bars.csv", 9_000, {})
    lines = (tmp_path / "bars.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "hours.csv").write_text("\n".join([lines[0], *lines[1::60]]), encoding="utf-8")
    assert replay(monkeypatch, "bars.csv", "--timeframe", "1m", "--second", "hours.csv") == 2
    text = "no two of 150 bars open less than 3600 s apart, and --timeframe says 60 s; give the length of its"
    assert f"hours.csv: BAD_SERIES: {text}" in capsys.readouterr().err


def test_a_line_that_is_no_utf_8_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of another code page is told where its first letter of it stands."""
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path / "bars.csv", 30, {5: "1,1,1,\u00e9"})
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert replay(monkeypatch, "bars.csv", "--timeframe", "1m") == 2
    assert capsys.readouterr().err.splitlines()[0] == (
        "error: bars.csv:7: BAD_SERIES: is no UTF-8; save the file as UTF-8"
    )


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        (None, ["--timeframe", "1m"], "there is no such file"),
        ("a,b\n1,2\n", ["--timeframe", "1m"], "has no column 'ts'"),
        (
            HEAD + "1,1,1,1,x\n",
            ["--timeframe", "1m"],
            "bars.csv:2: BAD_SERIES: column 'close' holds 'x' in the place of a number; write digits",
        ),
        (
            HEAD + "foo,1,1,1,1\n",
            ["--timeframe", "1m"],
            "bars.csv:2: BAD_SERIES: column 'ts' holds 'foo' in the place of an instant",
        ),
        (
            HEAD + "60000,1,1,1,1\n120000,1,1,1,1\n",
            ["--timeframe", "1h"],
            "bars.csv: BAD_SERIES: bars open 60 s apart, and --timeframe says 3600 s; give the length",
        ),
        (
            HEAD + "60,1,1,1,1\n120,1,1,1,1\n",
            ["--timeframe", "1m"],
            "bars open 0.06 s apart, and --timeframe says 60 s; give the length of its bars, and instants in",
        ),
        (HEAD, ["--timeframe", "1x"], "'1x' is not a duration"),
        (HEAD, ["--timeframe", "1m", "--calendar", "fxweek"], "did you mean 'fx_week'?"),
        (HEAD, ["--timeframe", "1m", "--config", "none.toml"], "none.toml"),
        (HEAD, ["--timeframe", "1m", "--out", "x.txt"], "expected a file that ends in .csv or .parquet"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(  # noqa: PLR0913, PLR0917 - fixtures and a case
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    arguments: list[str],
    told: str,
) -> None:
    """Nothing is written."""
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "bars.csv").write_text(text, encoding="utf-8")
    assert replay(monkeypatch, "bars.csv", *arguments) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x.txt").exists()


@given(st.integers(1, 100_000), st.data())
def test_the_interval_holds_the_share_that_was_seen(bars: int, data: st.DataObject) -> None:
    """And is a share itself; of nothing seen it begins at nothing."""
    count = data.draw(st.integers(0, bars))
    low, high = interval(count, bars)
    assert 0.0 <= low <= count / bars <= high + 1e-12
    assert high <= 1.0
    assert (low == 0.0) == (count == 0)
