"""`--power` and `--budget`: what guards find in a history, and thresholds for a number of alarms."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from drills.errors import UnusableInputError
from drills.replay.budget import PRESENT, Suggestion, scaled, suggested
from drills.replay.candle_summary import interval
from drills.replay.candles import Setting, replayed
from drills.replay.curves import CURVES
from drills.replay.measured import Questions
from drills.replay.placed import Alarm, Placed, alarms_of, is_told, sigma_at
from drills.replay.power import LEAST, Chance, Point, power
from drills.replay.power_chart import power_figures
from drills.replay.power_text import budget_text, power_text, snippet
from drills.replay.watched import Watched
from live.candles import Candle, Series
from live.config import LiveConfig
from live.registry import GUARDS
from tests.harness.test_replay_candles import replay
from tests.harness.walks import MINUTE, START, walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FEW = Chance(places=6, seed=3)
LOUD = {
    "bad_print": {"least_ranges": 0.8, "odds": 10.0},
    "volume": {"odds": 30.0, "least_factor": 2.0},
}


def all_of(_config: object, names: Sequence[str]) -> Sequence[str]:
    """Take whatever is sharper for better."""
    return names


def watched(tables: Mapping[str, Any] | None = None) -> Watched:
    """Minutes under guards with these settings."""
    return Watched(Series("A", MINUTE), LiveConfig.from_mapping({"live_data": tables or {}}).data)


def of(*names: str) -> list[Any]:
    """Curves by name."""
    return [curve for curve in CURVES if curve.name in names]


def test_larger_faults_are_found_more_often() -> None:
    """What is small is not found, what is large is."""
    for name, points in power(walk(1_000), watched(), of("bad close", "volume", "frozen"), FEW).items():
        assert points[0].found <= points[-1].found == points[-1].of == 6, name


def test_the_same_seed_places_the_same_faults_and_another_one_others() -> None:
    """Whatever curves are asked for beside."""
    history = walk(1_000)
    first = power(history, watched(), of("bad high"), FEW)
    assert first == power(history, watched(), of("bad high"), FEW)
    assert first["bad high"] == power(history, watched(), of("bad low", "bad high"), FEW)["bad high"]
    others = (power(history, watched(), of("bad high"), Chance(6, seed)) for seed in range(3))
    assert any(one != first for one in others)


def test_settings_of_ones_own_are_what_is_measured() -> None:
    """A guard that believes everything finds nothing."""
    blunt = watched({"volume": {"least_factor": 1e6}})
    assert [one.found for one in power(walk(1_000), blunt, of("volume"), FEW)["volume"]] == [0] * 6


def test_a_fault_that_no_bar_can_have_is_said_to_be_missing() -> None:
    """Without volume there are no volumes to spoil, and where no price moves no local sigma."""
    history = walk(1_000).with_columns(volume=float("nan"))
    points = power(history, watched(), of("volume"), FEW)
    assert points == {"volume": []}
    assert power_text(of("volume"), points, 6).endswith("no bar can have: volume")
    still = [Candle("A", START, 1.0, 1.0, 1.0, 1.0)] * 300
    assert sigma_at(still, 250) == 0.0
    (bad_close,) = of("bad close")
    assert not bad_close.fits(still[250], 0.0)


def test_only_its_own_name_at_its_bars_or_the_next_counts() -> None:
    """Neither another code nor a later bar."""
    bars = [Candle("A", START + number * MINUTE, 1.0, 1.0, 1.0, 1.0) for number in range(9)]
    kind = Placed("any", ("MINE",), lambda *_: ("drop", {}), bars=2)
    told = {
        (code, row): is_told(kind, bars, bars, 3, [Alarm(code, START + row * MINUTE)])
        for code in ("MINE", "OTHER")
        for row in range(9)
    }
    assert [row for row in range(9) if told["MINE", row]] == [3, 4, 5]
    assert not any(told["OTHER", row] for row in range(9))


def test_curves_carry_their_intervals() -> None:
    """Wilson's, as everywhere; Plotly itself accepts the figures."""
    from plotly.graph_objects import Figure  # type: ignore[import-untyped]  # it ships no types

    powers = {curve.name: [Point(size, 3, 6) for size in curve.sizes] for curve in CURVES}
    figures = dict(power_figures(CURVES, powers))
    assert list(figures) == ["bad print", "level step", "volume", "gap", "frozen"]
    line = figures["gap"]["data"][0]
    low, high = interval(3, 6)
    assert (line["y"][0], line["error_y"]["array"][0]) == (50.0, round(100 * (high - 0.5), 3))
    assert line["error_y"]["arrayminus"][0] == round(100 * (0.5 - low), 3)
    assert len(Figure(figures["bad print"]).data) == 4


@pytest.fixture(scope="module")
def quieter() -> Suggestion:
    """What is suggested where guards are much too loud."""
    return suggested(walk(3_000), watched(LOUD), 10.0, all_of)


def test_thresholds_are_raised_until_alarms_fit_the_budget(quieter: Suggestion) -> None:
    """What is suggested was run: the guards say so often and not more."""
    history, made = walk(3_000), quieter
    assert sum(made.before.values()) > 20
    said = replace(watched(LOUD), config=made.config).said(history)
    assert len(alarms_of(said)) == sum(made.after.values()) <= 3
    assert made.meets(10.0, history.height)
    assert all(new > old for old, new in made.changed["volume"].values())


def test_where_there_is_room_thresholds_are_lowered_if_more_is_found() -> None:
    """Otherwise they stay as they are."""
    history = walk(1_000)
    assert suggested(history, watched(), 50.0, lambda *_: ()).changed == {}
    sharper = suggested(history, watched(), 50.0, lambda *_: ["bad_print"])
    assert list(sharper.changed) == ["bad_print"]
    assert all(new < old for old, new in sharper.changed["bad_print"].values())
    assert sharper.meets(50.0, history.height)


def test_a_budget_that_no_threshold_meets_is_said_not_to_be_met() -> None:
    """Gaps and prices that are no numbers stay, whatever is suggested."""
    history = walk(1_000, {number: {"close": float("nan")} for number in (200, 400, 600)})
    made = suggested(history, watched(), 1.0, all_of)
    assert (made.fixed, dict(made.after)) == (("CANDLE_NOT_FINITE",), {"CANDLE_NOT_FINITE": 3})
    told = budget_text(1.0, history.height, made, {}, {})
    assert "the budget cannot be met: 30.0 (10.2 to 87.8) is the least that was reached" in told
    assert "no threshold moves CANDLE_NOT_FINITE" in told


def test_a_guard_that_the_budget_makes_deaf_is_named() -> None:
    """A quiet night has its price."""
    made = suggested(walk(1_000), watched(), 50.0, lambda *_: ())
    told = budget_text(5.0, 1_000, made, {"volume": [Point(3, 2, 6)]}, {"volume": [Point(3, 0, 6)]})
    assert "volume: nothing is found any more, the guard is as good as off" in told


def test_the_snippet_is_a_configuration_that_loads(quieter: Suggestion) -> None:
    """It says what the thresholds were, and is what was run."""
    made = quieter
    tables = tomllib.loads(snippet(made))
    assert "# as it is: 2.0" in snippet(made)
    read = LiveConfig.from_mapping({"live_data": LOUD | tables["live_data"]}).data
    assert {name: read.guards[name] for name in made.changed} == {
        name: made.config.guards[name] for name in made.changed
    }


def test_thresholds_are_found_by_what_a_kind_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever they are called; whole numbers stay whole, and the rest of a configuration as it was."""

    @dataclass(frozen=True, slots=True)
    class Config:
        """Two thresholds, and what is none."""

        loudness: float = 2.0
        bars: int = 10
        other: float = 7.0

    monkeypatch.setattr(GUARDS["volume"], "sensitivity", ("loudness", "bars"))
    config = replace(watched().config, guards={"volume": Config()})
    assert scaled(config, {"volume": PRESENT + 1}).guards["volume"] == Config(2.3, 12)
    assert scaled(config, {"volume": PRESENT}) == config


@pytest.mark.parametrize("budget", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_is_a_number_above_zero(tmp_path: Path, budget: float) -> None:
    """Nothing is read before."""
    with pytest.raises(UnusableInputError, match="it must be above 0"):
        replayed([tmp_path / "none.csv"], Setting("1m", questions=Questions(budget=budget)))


@pytest.mark.parametrize(
    ("bars", "told"),
    [
        (0, "BAD_SERIES: holds no bar"),
        (LEAST - 1, f"BAD_SERIES: {LEAST - 1} bars are too few to place faults in"),
    ],
)
def test_a_history_that_is_too_short_is_refused(tmp_path: Path, bars: int, told: str) -> None:
    """The file is named."""
    path = tmp_path / "short.parquet"
    walk(LEAST).head(bars).write_parquet(path)
    with pytest.raises(UnusableInputError, match=f"short.parquet: {told}"):
        replayed([path], Setting("1m", questions=Questions(power=True)))


def test_the_command_prints_tables_and_draws_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same ones, twice the same."""
    monkeypatch.chdir(tmp_path)
    walk(LEAST + 50).write_parquet("walk.parquet")
    asked = ("walk.parquet", "--timeframe", "1m", "--power", "--budget", "50", "--places", "2")
    printed = []
    for name in ("one.html", "two.html"):
        assert replay(monkeypatch, *asked, "--chart", name) == 0
        printed.append(capsys.readouterr().out.replace(name, "NAME"))
    assert printed[0] == printed[1]
    assert (
        "bad close   40 local sigmas           2 of 2  100 %  34 to 100 %    CANDLE_BAD_PRINT" in printed[0]
    )
    assert "a budget of 50 alarms per 10,000 bars" in printed[0]
    text = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert text == (tmp_path / "two.html").read_text(encoding="utf-8")
    assert "40 local sigmas" in text
