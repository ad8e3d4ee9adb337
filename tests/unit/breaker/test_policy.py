"""When the breaker climbs, when it comes back, and that it never comes down by itself once it has latched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.breaker import BreakerConfig, BreakerState
from live.breaker.policy import observe
from live.breaker.state import NEW, BreakerRecord
from tests.unit.breaker.bench import SEVERITIES, START

CONFIG = BreakerConfig(confirm=2, window=3, halt_after=3, halt_after_s=3600.0, calm=3)
LETTERS = st.text("owb", max_size=30)


@st.composite
def configs(draw: st.DrawFn, least_confirm: int = 1) -> BreakerConfig:
    """Any configuration that makes sense."""
    confirm = draw(st.integers(least_confirm, 4))
    return BreakerConfig(
        confirm=confirm,
        window=draw(st.integers(confirm, 6)),
        halt_after=draw(st.integers(1, 4)),
        halt_after_s=draw(st.floats(1, 600)),
        calm=draw(st.integers(1, 4)),
    )


def walk(config: BreakerConfig, letters: str, every_s: float = 60.0) -> list[BreakerRecord]:
    """The record before the first observation and after each."""
    records = [NEW]
    for number, letter in enumerate(letters):
        now = START + timedelta(seconds=number * every_s)
        records.append(observe(records[-1], SEVERITIES[letter], now, config)[0])
    return records


@pytest.mark.parametrize(
    ("letters", "state"),
    [
        ("", "ACTIVE"),
        ("oooo", "ACTIVE"),
        ("b", "ACTIVE"),
        ("obooboob", "ACTIVE"),
        ("w", "ACTIVE"),
        ("ww", "WARN"),
        ("wow", "WARN"),
        ("woow", "ACTIVE"),
        ("wb", "WARN"),
        ("bw", "WARN"),
        ("wwoo", "WARN"),
        ("wwooo", "ACTIVE"),
        ("wwoowoo", "WARN"),
        ("wwooow", "ACTIVE"),
        ("bb", "REDUCE_ONLY"),
        ("bob", "REDUCE_ONLY"),
        ("boob", "ACTIVE"),
        ("bwb", "REDUCE_ONLY"),
        ("bboooooooo", "REDUCE_ONLY"),
        ("bbbb", "REDUCE_ONLY"),
        ("bbbbb", "HALTED"),
        ("bbbobb", "HALTED"),
        ("bboobob", "REDUCE_ONLY"),
        ("bbbboobbb", "REDUCE_ONLY"),
        ("bbbbboooooooo", "HALTED"),
    ],
)
def test_where_a_row_of_observations_leads(letters: str, state: str) -> None:
    """Two of three confirm, three sound ones calm, three further confirmed breaches halt."""
    assert walk(CONFIG, letters)[-1].state is BreakerState[state]


@pytest.mark.parametrize(("every_s", "state"), [(99.0, "REDUCE_ONLY"), (100.0, "HALTED")])
def test_a_breach_that_lasts_halts(every_s: float, state: str) -> None:
    """At the second that is configured, however few observations there were."""
    config = replace(CONFIG, halt_after=100, halt_after_s=200.0)
    assert walk(config, "bbbb", every_s)[-1].state is BreakerState[state]


def test_a_breach_that_lapsed_lasts_no_longer() -> None:
    """Sound observations between two breaches begin the count anew."""
    config = replace(CONFIG, halt_after=100, halt_after_s=300.0)
    assert walk(config, "bbooooobb")[-1].state is BreakerState.REDUCE_ONLY


@pytest.mark.parametrize("observed", [None, "OK", float("nan"), 0, object()])
def test_what_is_no_severity_is_a_breach(observed: Any) -> None:
    """Even a zero: who hands in numbers has not looked at what they mean."""
    once, _ = observe(NEW, observed, START, CONFIG)
    twice, step = observe(once, observed, START, CONFIG)
    assert twice.state is BreakerState.REDUCE_ONLY
    assert step is not None


def test_a_transition_says_both_numbers() -> None:
    """How many of how many, and how many are needed."""
    record = walk(CONFIG, "ob")[-1]
    _, step = observe(record, SEVERITIES["b"], START, CONFIG)
    assert step is not None
    assert step.before is record
    assert step.after.reason == "2 of the last 3 observations are BREACH, 2 of 3 confirm"
    assert step.after.by == "policy"


@given(configs(), LETTERS)
def test_a_latched_state_never_goes_down_by_itself(config: BreakerConfig, letters: str) -> None:
    """Whatever is observed."""
    for before, after in pairwise(walk(config, letters)):
        assert after.state >= before.state or not before.state.latches


@given(configs(least_confirm=2), st.integers(0, 12), st.integers(0, 12))
def test_a_single_breach_among_sound_observations_never_latches(
    config: BreakerConfig, before: int, after: int
) -> None:
    """Nor does it warn."""
    letters = "o" * before + "b" + "o" * after
    assert {record.state for record in walk(config, letters)} == {BreakerState.ACTIVE}


@given(configs(), LETTERS, LETTERS)
def test_more_observations_of_a_breach_never_lower_the_state(
    config: BreakerConfig, letters: str, tail: str
) -> None:
    """A breach at the end is never better than what stood before it."""
    before = walk(config, letters + tail)[-1].state
    assert walk(config, letters + tail + "b")[-1].state >= before


@given(configs(), LETTERS)
def test_a_state_has_an_instant_a_reason_and_somebody(config: BreakerConfig, letters: str) -> None:
    """Nobody finds a halt that he cannot explain."""
    for record in walk(config, letters):
        assert record.state is BreakerState.ACTIVE or (record.since and record.reason and record.by)
        assert len(record.seen) <= config.window
