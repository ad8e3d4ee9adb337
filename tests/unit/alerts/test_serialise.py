"""Anything becomes strict JSON, and nothing raises."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.alerts.serialise import MAX_SIZE, MAX_TEXT, to_body, to_json, to_jsonable
from live.events import AlertLevel

NAN, INFINITY = float("nan"), float("inf")


class Side(Enum):
    """An enumeration with texts."""

    BUY = "buy"


class Unshowable:
    """Its representation raises."""

    def __repr__(self) -> str:
        raise ValueError("no")


class Unreadable(Mapping[str, Any]):
    """A mapping that fails while it is read."""

    def __getitem__(self, key: str) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        raise OSError("lost")

    def __len__(self) -> int:
        return 1


@dataclass
class Position:
    """A dataclass with a number that no JSON has."""

    symbol: str
    size: float


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        ("Überschuss", "Überschuss"),
        (NAN, "NaN"),
        (INFINITY, "Infinity"),
        (-INFINITY, "-Infinity"),
        (Decimal("1.10"), "1.10"),
        (Decimal("NaN"), "NaN"),
        (10**1000, "<integer of 3322 bits>"),
        (datetime(2026, 1, 27, 1, tzinfo=timezone(timedelta(hours=1))), "2026-01-27T00:00:00+00:00"),
        (datetime(2026, 1, 27), "2026-01-27T00:00:00+00:00"),  # noqa: DTZ001 - a naive instant counts as UTC
        (date(2026, 1, 27), "2026-01-27"),
        (timedelta(minutes=5), "0:05:00"),
        (AlertLevel.CRITICAL, "CRITICAL"),
        (Side.BUY, "buy"),
        (b"caf\xc3\xa9 \xff", "café \\xff"),
        ("lone \udc80", "lone \\udc80"),
        ((1, 2), [1, 2]),
        ({3, 1, 2}, [1, 2, 3]),
        ({"b", 1, None}, ["b", 1, None]),
        (Position("BTC/EUR", NAN), {"symbol": "BTC/EUR", "size": "NaN"}),
        ({1: "a", (1, 2): "b", None: "c"}, {"1": "a", "[1, 2]": "b", "null": "c"}),
        ({1: "number", "1": "text"}, {"1": "number", "1'": "text"}),
        (ValueError("bad size"), "ValueError: bad size"),
        (Fraction(1, 3), "Fraction(1, 3)"),
        (Unshowable(), "<unprintable Unshowable>"),
        (Unreadable(), "<unprintable Unreadable>"),
        (np.float64("nan"), "NaN"),
        (np.int64(3), 3),
        (np.bool_(True), True),  # noqa: FBT003 - numpy's own constructor
        (np.array([[1.0, INFINITY]]), [[1.0, "Infinity"]]),
        (np.datetime64("2026-01-27"), "2026-01-27"),
    ],
)
def test_a_value_has_one_plain_form(value: object, expected: object) -> None:
    """Each kind of value is written as a person would expect it."""
    written = to_jsonable(value)
    assert (written, type(written)) == (expected, type(expected))


def test_sets_have_one_order_whatever_the_hash_seed() -> None:
    """What goes out does not depend on the order in which a set happens to be stored."""
    assert to_json({"z", "a", "m", "b"}) == '["a","b","m","z"]'


def test_what_holds_itself_is_shown_once() -> None:
    """A recursive structure ends."""
    loop: list[Any] = [1]
    loop.append(loop)
    assert to_jsonable(loop) == [1, "<recursive>"]
    shared = [2]
    assert to_jsonable([shared, shared]) == [[2], [2]]


def test_what_is_cut_says_so() -> None:
    """Long texts, deep structures and large ones end with a mark."""
    cut = to_jsonable("x" * 5000)
    assert (len(cut), cut[-20:]) == (MAX_TEXT, "xxx…(5000 characters)"[-20:])
    assert to_jsonable(cut) == cut
    deep: Any = "bottom"
    for _ in range(50):
        deep = [deep]
    assert to_json(deep) == '[[[[[[[["…"]]]]]]]]'
    assert to_jsonable(list(range(100)), size=11)[-1] == "…"
    assert "more" in to_jsonable({str(n): n for n in range(100)}, size=50)["…"]


class Anything:
    """An object with nothing to show."""


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.sampled_from([AlertLevel.INFO, np.float32(1.5)])
    | st.builds(Unshowable)
    | st.builds(Unreadable)
    | st.builds(Anything),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.floats() | st.none(), inner)
        | st.sets(st.integers() | st.text())
    ),
)


@given(VALUES)
def test_it_never_raises_and_is_always_strict_json(value: object) -> None:
    """No context of an alert can stop it, and every receiver can read it."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    written = to_json(value)
    written.encode()
    assert json.loads(written, parse_constant=refuse) == to_jsonable(value)


@pytest.mark.parametrize(
    "value", [{"a": 1}, {"a": {1, 2}}, {"a": float("nan")}, {"a": "\ud800"}, {"a": "x" * 2_000_000}]
)
def test_a_body_is_strict_json_whatever_it_is_made_of(value: object) -> None:
    """What is JSON already goes out as it is; everything else is converted and bounded."""
    body = to_body(value)
    json.loads(body, parse_constant=pytest.fail)
    assert len(body) <= MAX_SIZE


def test_a_body_that_holds_itself_is_sent_all_the_same() -> None:
    """A recursive context costs its own place, not the alert."""
    value: dict[str, object] = {"code": "X"}
    value["self"] = value
    assert json.loads(to_body(value)) == {"code": "X", "self": "<recursive>"}
