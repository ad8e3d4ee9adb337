"""When an alert is tried again, and when it is given up."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.alerts.dispatch.policy import Attempts, DeadLetter, Delivered, RetryAt, RetryPolicy, seconds_of
from live.contracts import Outcome

POLICY = RetryPolicy(base_s=1.0, longest_s=300.0, ceiling_s=3600.0, max_age_s=86400.0)
NOW = 1_769_515_200.0  # 2026-01-27T12:00:00Z


def decide(outcome: Outcome, failures: int = 1, age_s: float = 0.0, seed: int = 1) -> object:
    """What the policy says now."""
    rng = Random(seed)  # noqa: S311 - spreads load, guards no secret
    return POLICY.decide(Attempts(failures, NOW - age_s), outcome, NOW, rng)


def test_what_has_arrived_is_delivered() -> None:
    """Whatever came before."""
    assert decide(Outcome(), failures=9, age_s=1e9) == Delivered()


def test_a_permanent_refusal_is_a_dead_letter_at_once() -> None:
    """It is not tried again, and somebody has to look."""
    assert decide(Outcome("http_404", permanent=True)) == DeadLetter("http_404", permanent=True)


def test_what_has_become_too_old_is_a_dead_letter() -> None:
    """With the reason of the last attempt."""
    assert decide(Outcome("timeout"), age_s=86400) == DeadLetter("expired: timeout", permanent=False)
    assert isinstance(decide(Outcome("timeout"), age_s=86399), RetryAt)


@given(st.integers(1, 10_000), st.integers(0, 2**32))
def test_the_wait_is_drawn_from_zero_to_a_doubling_bound(failures: int, seed: int) -> None:
    """Full jitter, and never above the longest wait."""
    decision = decide(Outcome("http_503"), failures, seed=seed)
    assert isinstance(decision, RetryAt)
    assert 0 <= decision.at - NOW <= min(300.0, 2.0 ** min(failures - 1, 60)) + 1e-6


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 30 ", 30.0),
        ("Tue, 27 Jan 2026 12:01:00 GMT", 60.0),
        ("Tue, 27 Jan 2026 11:00:00 GMT", 0.0),
        ("99999999999999999999", 999999999999.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("Tue, 99 Jan 2026 12:01:00 GMT", None),
        ("٣", None),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(said: str, seconds: float | None) -> None:
    """RFC 9110; what is neither counts as not said."""
    assert seconds_of(said, NOW) == seconds


def test_a_retry_after_is_obeyed_within_the_ceiling() -> None:
    """A destination that asks for a week does not get it."""
    assert decide(Outcome("http_429", retry_after="90")) == RetryAt(NOW + 90, "http_429", NOW + 90)
    assert decide(Outcome("http_429", retry_after="604800")) == RetryAt(NOW + 3600, "http_429", NOW + 3600)


@given(st.text(max_size=40))
def test_no_answer_breaks_the_policy(said: str) -> None:
    """Headers come from strangers."""
    assert isinstance(decide(Outcome("http_429", retry_after=said)), RetryAt)


@pytest.mark.parametrize("said", ["0", "Tue, 27 Jan 2026 11:00:00 GMT"])
def test_a_retry_after_that_is_over_leaves_the_back_off(said: str) -> None:
    """A destination that always says so is not asked as fast as it answers."""
    for seed in range(20):
        rng, same = Random(seed), Random(seed)  # noqa: S311 - spreads load, guards no secret
        policy, attempts = RetryPolicy(), Attempts(9, NOW)
        told = policy.decide(attempts, Outcome("http_503", retry_after=said), NOW, rng)
        assert told == policy.decide(attempts, Outcome("http_503"), NOW, same)
