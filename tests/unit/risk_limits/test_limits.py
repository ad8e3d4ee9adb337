"""What a value means against a limit, for every sense."""

from __future__ import annotations

import math

import pytest

from live.contracts import Sense
from live.risk_limits.limits import headroom_of, ratio_of, severity_of, warning_threshold
from live.risk_limits.severity import RiskCheckSeverity, aggregate_severities, severity_to_status

OK, WARNING, BREACH = RiskCheckSeverity
MAXIMUM, COUNT, LOSS, MINIMUM = Sense


@pytest.mark.parametrize(
    ("sense", "value", "limit", "expected"),
    [
        (MAXIMUM, 0, 1000, OK),
        (MAXIMUM, 799.99, 1000, OK),
        (MAXIMUM, 800, 1000, WARNING),
        (MAXIMUM, 999.99, 1000, WARNING),
        (MAXIMUM, 1000, 1000, BREACH),
        (MAXIMUM, 1000.01, 1000, BREACH),
        (COUNT, 4, 5, OK),
        (COUNT, 5, 5, WARNING),
        (COUNT, 6, 5, BREACH),
        (COUNT, 1, 0, BREACH),
        (COUNT, 0, 0, OK),
        (COUNT, 5, 7, OK),
        (COUNT, 6, 7, WARNING),
        (LOSS, 550, 500, OK),
        (LOSS, 0, 500, OK),
        (LOSS, -399.99, 500, OK),
        (LOSS, -400, 500, WARNING),
        (LOSS, -499.99, 500, WARNING),
        (LOSS, -500, 500, BREACH),
        (MINIMUM, 0.01, 0.01, OK),
        (MINIMUM, 0.02, 0.01, OK),
        (MINIMUM, 0.0099, 0.01, BREACH),
    ],
)
def test_the_boundaries_of_every_sense(
    sense: Sense, value: float, limit: float, expected: RiskCheckSeverity
) -> None:
    """A value that equals its limit breaches it; a count breaches above it; a profit is no loss."""
    assert severity_of(sense, value, limit, warning_threshold(sense, limit, 0.8)) is expected


@pytest.mark.parametrize("sense", Sense)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_never_fine(sense: Sense, value: float) -> None:
    """Not even on the safe side of a limit."""
    assert severity_of(sense, value, 10, 8) is BREACH


@pytest.mark.parametrize(
    ("sense", "limit", "factor", "expected"),
    [
        (MAXIMUM, 500.0, 0.8, 400.0),
        (MAXIMUM, 0.7, 0.1, 0.07),
        (COUNT, 5, 0.8, 4),
        (COUNT, 10, 0.7, 7),
        (COUNT, 100, 0.29, 29),
        (COUNT, 1, 0.8, 0),
        (LOSS, 500.0, 0.8, 400.0),
        (MINIMUM, 0.01, 0.8, None),
    ],
)
def test_a_warning_begins_at_the_factor_times_the_limit(
    sense: Sense, limit: float, factor: float, expected: float | None
) -> None:
    """As the decimal numbers are written: 0.29 times 100 is 29, where binary floating point has less."""
    assert warning_threshold(sense, limit, factor) == expected


@pytest.mark.parametrize(
    ("sense", "value", "limit", "ratio", "headroom"),
    [
        (MAXIMUM, 250.0, 500.0, 0.5, 250.0),
        (MAXIMUM, 2000.0, 500.0, 4.0, -1500.0),
        (COUNT, 6, 5, 1.2, -1),
        (COUNT, 1, 0, math.inf, -1),
        (COUNT, 0, 0, 0.0, 0),
        (LOSS, -550.0, 500.0, 1.1, -50.0),
        (LOSS, 200.0, 500.0, 0.0, 700.0),
        (MINIMUM, 0.5, 1.0, 2.0, -0.5),
        (MINIMUM, 4.0, 1.0, 0.25, 3.0),
        (MINIMUM, 0.0, 1.0, math.inf, -1.0),
    ],
)
def test_ratio_is_what_is_used_up_and_headroom_what_is_left(
    sense: Sense, value: float, limit: float, ratio: float, headroom: float
) -> None:
    """A ratio of one stands for the limit, a negative headroom lies beyond it."""
    assert (ratio_of(sense, value, limit), headroom_of(sense, value, limit)) == (ratio, headroom)


@pytest.mark.parametrize("sense", Sense)
def test_an_unknown_value_is_worse_than_every_known_one(sense: Sense) -> None:
    """Its ratio is infinite, and nobody knows its headroom."""
    assert ratio_of(sense, math.nan, 10) == math.inf
    assert math.isnan(headroom_of(sense, math.nan, 10))


def test_severities_are_ordered_and_add_up_to_the_worst() -> None:
    """OK < WARNING < BREACH; nothing at all is OK."""
    assert OK < WARNING < BREACH
    assert aggregate_severities([OK, BREACH, WARNING]) is BREACH
    assert aggregate_severities([]) is OK


def test_every_severity_has_its_traffic_light() -> None:
    """Green, yellow, red."""
    assert [severity_to_status(severity) for severity in RiskCheckSeverity] == ["green", "yellow", "red"]
