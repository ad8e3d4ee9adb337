"""What can befall a candle stream."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from drills.registry import SERIES_FAULTS
from live.candles import Candle

START = datetime(2026, 1, 27, tzinfo=UTC)
CANDLES = [
    Candle("BTC/EUR", START + timedelta(minutes=n), 100.0 + n, 103.0 + n, 99.0 + n, 102.0 + n, 5.0)
    for n in range(200)
]


def arriving(name: str, params: dict[str, Any], seed: int = 7) -> list[Candle]:
    """What arrives instead of 200 candles."""
    kind = SERIES_FAULTS[name]
    fault = kind(kind.Params.model_validate(params), Random(seed))  # noqa: S311 - seeded, not secret
    return [out for candle in CANDLES for out in fault.arrive(candle)]


def test_drop_loses_every_candle() -> None:
    """A stopped feed."""
    assert arriving("drop", {}) == []


def test_drop_loses_a_share_that_the_seed_decides() -> None:
    """A lossy feed: about a quarter is gone, the same quarter in every run."""
    left = arriving("drop", {"share": 0.25})
    assert 130 < len(left) < 170
    assert left == arriving("drop", {"share": 0.25})
    assert left != arriving("drop", {"share": 0.25}, seed=8)


def test_scale_multiplies_what_is_named_and_nothing_else() -> None:
    """A close times ten in an otherwise ordinary candle; a unit error in all four prices."""
    assert arriving("scale", {"close": 10})[0] == Candle("BTC/EUR", START, 100.0, 103.0, 99.0, 1020.0, 5.0)
    assert arriving("scale", {"prices": 100})[0] == Candle(
        "BTC/EUR", START, 1e4, 10300.0, 9900.0, 10200.0, 5.0
    )
    assert arriving("scale", {"volume": 0})[0].volume == 0


def test_set_replaces_what_is_named() -> None:
    """Any number, NaN as a text or as YAML writes it, and nothing at all."""
    assert arriving("set", {"high": 1.0})[0] == Candle("BTC/EUR", START, 100.0, 1.0, 99.0, 102.0, 5.0)
    assert math.isnan(arriving("set", {"close": "nan"})[0].close)
    assert math.isnan(arriving("set", {"close": math.nan})[0].close)
    assert arriving("set", {"volume": None})[0].volume is None


def test_freeze_repeats_one_price_in_time() -> None:
    """The heartbeat goes on, the price does not."""
    frozen = arriving("freeze", {})
    assert [one.ts for one in frozen] == [one.ts for one in CANDLES]
    assert {(one.open, one.high, one.low, one.close, one.volume) for one in frozen} == {(100.0,) * 4 + (0.0,)}


def test_freeze_can_repeat_a_whole_candle() -> None:
    """Its range and its volume come again with every new instant."""
    frozen = arriving("freeze", {"whole": True})
    assert frozen == [replace(CANDLES[0], ts=one.ts) for one in CANDLES]


def test_freeze_can_hold_one_price() -> None:
    """A high, low or open stays where it was, or apart from there; its bar is drawn out to it."""
    high = arriving("freeze", {"field": "high", "factor": 4})
    assert high == [replace(one, high=412.0) for one in CANDLES]
    opened = arriving("freeze", {"field": "open", "factor": 0.5})
    assert opened == [replace(one, open=50.0, low=50.0) for one in CANDLES]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"whole": True, "field": "low"}, "whole and field exclude each other; leave one out"),
        ({"factor": 2.0}, "factor is that of a field; name the field"),
    ],
)
def test_freeze_refuses_what_it_would_not_do(params: dict[str, Any], message: str) -> None:
    """No key is ignored."""
    with pytest.raises(ValueError, match=message):
        arriving("freeze", params)


def test_swap_exchanges_neighbours() -> None:
    """The later one comes first; no candle is lost of an even number."""
    assert arriving("swap", {})[:4] == [CANDLES[1], CANDLES[0], CANDLES[3], CANDLES[2]]
    assert len(arriving("swap", {})) == 200


def test_invert_exchanges_high_and_low() -> None:
    """All else stays."""
    assert arriving("invert", {})[0] == Candle("BTC/EUR", START, 100.0, 99.0, 103.0, 102.0, 5.0)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("spike", {"factor": 1.5}),
        ("scale", {"prices": 10}),
        ("set", {"close": "nan"}),
        ("freeze", {}),
        ("invert", {}),
        ("shift", {"back": "1h"}),
    ],
)
def test_every_fault_can_befall_a_share_that_the_seed_decides(name: str, params: dict[str, Any]) -> None:
    """The same candles in every run, and in every fault of that seed; the others arrive as they were."""
    left = arriving(name, {**params, "share": 0.25})
    hit = {n for n, (one, clean) in enumerate(zip(left, CANDLES, strict=True)) if one != clean}
    kept = arriving("drop", {"share": 0.25})
    assert hit == set(range(200)) - {CANDLES.index(one) for one in kept}
    assert repr(left) == repr(arriving(name, {**params, "share": 0.25}))


def test_duplicate_repeats_every_candle() -> None:
    """Twice, or as often as is said."""
    assert arriving("duplicate", {})[:4] == [CANDLES[0], CANDLES[0], CANDLES[1], CANDLES[1]]
    assert len(arriving("duplicate", {"times": 3})) == 600


def test_shift_moves_the_timestamp() -> None:
    """Back or ahead; everything else stays."""
    assert arriving("shift", {"back": "1h"})[0].ts == START - timedelta(hours=1)
    assert arriving("shift", {"ahead": "1d"})[0].ts == START + timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("drop", {"share": 1.5}, "less than or equal to 1"),
        ("drop", {"share": 0}, "greater than 0"),
        ("scale", {}, "scales nothing; write a factor, such as close: 10"),
        ("scale", {"closed": 10}, "not permitted"),
        ("scale", {"share": 0.5}, "scales nothing; write a factor, such as close: 10"),
        ("set", {"share": 0.5}, "sets nothing; write a value, such as close: nan"),
        ("swap", {"share": 0}, "greater than 0"),
        ("invert", {"shares": 0.5}, "not permitted"),
        ("set", {}, "sets nothing; write a value, such as close: nan"),
        ("set", {"close": "many"}, "valid number"),
        ("duplicate", {"times": 1}, "greater than or equal to 2"),
        ("shift", {}, "shifts nothing, or both ways"),
        ("shift", {"back": "1h", "ahead": "1h"}, "shifts nothing, or both ways"),
    ],
)
def test_a_fault_that_changes_nothing_or_is_misspelt_is_refused(name: str, params: Any, message: str) -> None:
    """A drill whose fault does nothing would pass for the wrong reason."""
    with pytest.raises(ValidationError, match=message):
        SERIES_FAULTS[name].Params.model_validate(params)
