"""Two instruments that no longer move as they did when the strategy was designed."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from live.events import AlertLevel
from live.watchers.correlation_drift import CorrelationDrift, CorrelationDriftConfig, ReturnPair

if TYPE_CHECKING:
    from live.contracts import Finding

NOW = datetime(2026, 1, 27, tzinfo=UTC)


def pairs(correlation: float, samples: int = 60, seed: int = 7) -> list[ReturnPair]:
    """Normal returns of one percent with a given correlation."""
    rng = Random(seed)  # noqa: S311 - seeded, not secret
    found = []
    for _ in range(samples):
        x, noise = rng.gauss(0, 0.01), rng.gauss(0, 0.01)
        found.append(ReturnPair("BTC", "ETH", x, correlation * x + math.sqrt(1 - correlation**2) * noise))
    return found


def watch(*samples: ReturnPair, config: CorrelationDriftConfig | None = None) -> list[Finding]:
    """What a fresh watcher finds in samples."""
    watcher = CorrelationDrift(config or CorrelationDriftConfig())
    return [finding for sample in samples for finding in watcher.on_sample(sample, NOW)]


def test_a_correlation_as_expected_raises_nothing() -> None:
    """Returns that correlate at 0.8, as the strategy was designed for."""
    assert watch(*pairs(0.8, 300)) == []


@pytest.mark.parametrize("correlation", [0.0, -0.8])
def test_a_correlation_that_breaks_is_one_alert(correlation: float) -> None:
    """The alert comes once, however long the drift lasts."""
    (found,) = watch(*pairs(0.8), *pairs(correlation))
    assert (found.code, found.level, found.subject) == ("CORRELATION_DRIFT", AlertLevel.WARNING, "BTC~ETH")
    assert found.context["observed"] < 0.4


def test_the_coefficient_is_pearsons() -> None:
    """Against a value computed by hand: returns 1, 2, 3 and 1, 3, 2 percent correlate at one half."""
    samples = [ReturnPair("A", "B", x, y) for x, y in ((0.01, 0.01), (0.02, 0.03), (0.03, 0.02))]
    (found,) = watch(*samples, config=CorrelationDriftConfig(expected=1.0, tolerance=0.25, window_samples=3))
    assert found.context["observed"] == pytest.approx(0.5)
    assert found.message == (
        "A~B: correlation +0.50 over 3 samples, expected +1.00; distance 0.50, tolerance 0.25"
    )


def test_nothing_is_judged_before_the_window_is_full() -> None:
    """29 samples say too little, whatever they say."""
    assert watch(*pairs(-1.0, 29)) == []
    assert len(watch(*pairs(-1.0, 30))) == 1


def test_a_drift_that_ends_and_begins_again_is_two_alerts() -> None:
    """It is over once the correlation is well inside its band."""
    assert len(watch(*pairs(0.8), *pairs(-0.8), *pairs(0.8), *pairs(-0.8))) == 2


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_a_return_that_is_no_number_is_an_alert_and_does_not_count(value: float | None) -> None:
    """The window goes on without it."""
    good = pairs(0.8)
    found = watch(*good[:40], ReturnPair("BTC", "ETH", 0.01, value), *good[40:])
    assert [one.message for one in found] == [
        f"BTC~ETH: correlation cannot be computed: returns 0.01 and {value}"
    ]


@pytest.mark.parametrize("value", ["0.01", True, 10**400])
def test_a_return_of_another_type_is_an_alert(value: Any) -> None:
    """It is no exception, and the window goes on without it."""
    found = watch(*pairs(0.8)[:40], ReturnPair("BTC", "ETH", 0.01, value), *pairs(0.8)[40:])
    assert [one.message for one in found] == ["BTC~ETH: correlation cannot be computed: returns 0.01 and nan"]


def test_returns_whose_sums_are_beyond_all_numbers_are_an_alert() -> None:
    """Each of them is finite, and nothing can be said of them together."""
    (found,) = watch(*[ReturnPair("BTC", "ETH", 1.7e308, 1.7e308)] * 60)
    assert "correlation cannot be computed" in found.message


def test_an_instrument_that_stands_still_is_an_alert() -> None:
    """Without movement there is no correlation, and nothing to trust."""
    (found,) = watch(*[ReturnPair("BTC", "ETH", 0.01 * (-1) ** n, 0.0) for n in range(60)])
    assert found.message == "BTC~ETH: correlation cannot be computed: no movement in 30 samples"


def test_pairs_are_independent() -> None:
    """One pair's returns do not enter another's window."""
    other = [ReturnPair("XAU", "XAG", one.first_return, one.second_return) for one in pairs(-0.8)]
    mixed = [sample for both in zip(pairs(0.8), other, strict=True) for sample in both]
    assert [one.subject for one in watch(*mixed)] == ["XAU~XAG"]


@pytest.mark.parametrize(
    "values", [{"expected": 1.5}, {"tolerance": 0.0}, {"recovered_at": 2.0}, {"window_samples": 2}]
)
def test_impossible_thresholds_are_refused(values: dict[str, float]) -> None:
    """Each with its value."""
    with pytest.raises(ValueError, match=str(next(iter(values.values())))):
        CorrelationDriftConfig(**values)  # type: ignore[arg-type]  # what a configuration file could say
