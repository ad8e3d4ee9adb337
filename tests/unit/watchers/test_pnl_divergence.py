"""A profit that research did not predict, or a loss that costs do not explain."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from live.events import AlertLevel
from live.watchers.pnl_divergence import PnlDivergence, PnlDivergenceConfig, PnlSample

if TYPE_CHECKING:
    from live.contracts import Finding

NOW = datetime(2026, 1, 27, tzinfo=UTC)


def watch(*samples: PnlSample, tolerance_abs: float = 50.0, tolerance_pct: float = 5.0) -> list[Finding]:
    """What a fresh watcher finds in samples."""
    watcher = PnlDivergence(PnlDivergenceConfig(tolerance_abs, tolerance_pct))
    return [finding for sample in samples for finding in watcher.on_sample(sample, NOW)]


@pytest.mark.parametrize(
    "sample",
    [
        PnlSample(1000, 1000),
        PnlSample(1000, 950),
        PnlSample(1000, 1050),
        PnlSample(1000, 800, fees=120, slippage=30),
        PnlSample(1000, 850, fees=100, slippage=100),
        PnlSample(-1000, -1150, fees=100),
        PnlSample(1000, 1055, fees=-10),
        PnlSample(10_000, 9_500),
    ],
    ids=[
        "equal",
        "at tolerance",
        "profit at tolerance",
        "costs",
        "costs not used up",
        "loss",
        "rebate",
        "percent",
    ],
)
def test_what_costs_and_tolerance_explain_is_no_alert(sample: PnlSample) -> None:
    """Anything between the reference and the reference less costs, give or take the tolerance."""
    assert watch(sample) == []


@pytest.mark.parametrize(
    ("sample", "unexplained"),
    [
        (PnlSample(1000, 900), -100),
        (PnlSample(1000, 700, fees=120, slippage=30), -150),
        (PnlSample(1000, 1100), 100),
        (PnlSample(1000, 1100, fees=200), 100),
        (PnlSample(0, -51), -51),
    ],
    ids=["loss", "beyond costs", "profit", "costs do not explain a profit", "no reference result"],
)
def test_what_they_do_not_explain_is_critical(sample: PnlSample, unexplained: float) -> None:
    """The finding carries what is left over, signed."""
    (found,) = watch(sample)
    assert (found.code, found.level, found.subject) == ("PNL_DIVERGENCE", AlertLevel.CRITICAL, "portfolio")
    assert found.context["unexplained"] == unexplained


def test_the_message_holds_every_number() -> None:
    """A reader can do the sum."""
    (found,) = watch(PnlSample(1000, 700, fees=120, slippage=30, strategy="trend"))
    assert found.message == (
        "trend: observed PnL 700.00, reference 1000.00, in the base currency; -150.00 not explained by fees "
        "120.00 and slippage 30.00, tolerance 50.00"
    )


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        (PnlSample(1000, math.nan), "observed_pnl"),
        (PnlSample(None, 1000), "reference_pnl"),
        (PnlSample(1000, 1000, fees=math.inf), "fees"),
        (PnlSample(1000, 1000, slippage=None), "slippage"),
        (PnlSample(1000, "1000"), "observed_pnl"),  # type: ignore[arg-type]  # on purpose
        (PnlSample(1000, 10**5000), "observed_pnl"),
    ],
    ids=["NaN", "missing", "infinite", "missing slippage", "text", "huge"],
)
def test_a_number_that_is_not_known_is_critical(sample: PnlSample, name: str) -> None:
    """What cannot be compared is never fine."""
    (found,) = watch(sample)
    assert found.level is AlertLevel.CRITICAL
    assert found.context["unknown"] == [name]


def test_a_divergence_that_lasts_is_one_alert_and_its_return_another() -> None:
    """Each episode is told once."""
    good, bad = PnlSample(1000, 1000), PnlSample(1000, 500)
    assert len(watch(bad, bad, bad)) == 1
    assert len(watch(bad, bad, good, bad)) == 2


def test_a_number_lost_during_a_divergence_is_told_as_well() -> None:
    """Not knowing is another state than knowing the worst."""
    assert len(watch(PnlSample(1000, 500), PnlSample(1000, None), PnlSample(1000, None))) == 2


def test_strategies_are_independent() -> None:
    """One strategy's alert does not hide another's."""
    found = watch(PnlSample(1000, 500, strategy="trend"), PnlSample(1000, 500, strategy="carry"))
    assert [one.subject for one in found] == ["trend", "carry"]


def test_a_negative_tolerance_is_refused() -> None:
    """It would make every sample an alert."""
    with pytest.raises(ValueError, match="tolerance_abs is -1; a tolerance is 0 or more"):
        PnlDivergenceConfig(tolerance_abs=-1)
