"""What the account has lost from its peak, and how many trades in a row have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.risk_limits.support import NAN, NOW, limits, order, portfolio, position

if TYPE_CHECKING:
    from live.risk_limits import LiveRiskLimits


def worth(engine: LiveRiskLimits, *equities: Any) -> list[str]:
    """Why an entry is refused after snapshots with these equities, a second apart."""
    reasons: list[str] = []
    for number, equity in enumerate(equities):
        held = portfolio(
            position(size=1, mark_price=100), equity=equity, as_of=NOW + timedelta(seconds=number)
        )
        engine.evaluate_portfolio(held)
        reasons = list(engine.check_orders([order(notional=1.0)], portfolio=held).reasons)
        leaving = order("SELL", quantity=1.0, price=100.0)
        assert engine.check_orders([leaving], portfolio=held).allowed
    return reasons


@pytest.mark.parametrize(
    ("equities", "reason"),
    [
        ([1000], ""),
        ([1000, 801], ""),
        ([1000, 800], "observed=200.00"),
        ([1000, 1100, 900], "observed=200.00"),
        ([1000, 3000, 1000], ""),
        ([1000, 3000, 3001, 2000], "observed=1001.00"),
        ([1000, 900, 1001], ""),
        ([1000, None], "unknown"),
        ([1000, -5], "observed=1005.00"),
    ],
)
def test_the_fall_from_the_peak(equities: list[Any], reason: str) -> None:
    """One bad mark sets no peak; the exit passes in every case."""
    reasons = worth(limits(max_drawdown_abs=200), *equities)
    assert bool(reasons) == bool(reason)
    assert any(reason in line for line in reasons) or not reason


def test_the_fall_as_a_share_of_the_peak() -> None:
    """A fifth."""
    assert worth(limits(max_drawdown_pct=20), 1000, 800) == [
        "max_drawdown_pct_exceeded(max=20.00, observed=20.00)"
    ]


def test_the_peak_of_before_the_start_counts() -> None:
    """A restart forgives nothing."""
    assert worth(limits(max_drawdown_abs=200, starting_peak_equity=1000), 800) != []


def test_a_snapshot_of_the_future_does_not_freeze_the_peak() -> None:
    """What comes after it is followed as before."""
    engine = limits(max_drawdown_abs=200)
    engine.evaluate_portfolio(portfolio(equity=1000, as_of=NOW + timedelta(days=900)))
    assert worth(engine, 1000, 1500, 1300) == ["max_drawdown_abs_exceeded(max=200.00, observed=200.00)"]


@pytest.mark.parametrize(
    ("results", "refused"),
    [
        ([-1, -1], False),
        ([-1, -1, -1], True),
        ([-1, -1, 1, -1], False),
        ([-1, -1, 0, -1], True),
        ([1, 1, 1, 1], False),
        ([-1, -1, -1, 5], False),
    ],
)
def test_losses_in_a_row(results: list[float], refused: bool) -> None:  # noqa: FBT001 - a column of the table
    """More than two; a gain ends the row."""
    engine = limits(max_consecutive_losses=2)
    for result in results:
        engine.record_pnl(result, at=NOW)
    assert engine.check_orders([order(notional=1)]).allowed != refused
    held = portfolio(position(size=1, mark_price=100))
    assert engine.check_orders([order("SELL", quantity=1, price=100)], portfolio=held).allowed


def test_fees_make_a_loss_of_a_small_gain() -> None:
    """What counts is what is left."""
    engine = limits(max_consecutive_losses=0, max_daily_loss_abs=100)
    engine.record_pnl(1.0, at=NOW, fee=1.5)
    result = engine.check_orders([order(notional=1)])
    assert result.reasons == ["max_consecutive_losses_exceeded(max=0, observed=1)"]
    assert result.metrics["daily_pnl"] == -0.5


@pytest.mark.parametrize("fee", [NAN, "1", None])
def test_a_fee_that_is_no_number_makes_the_day_unknown(fee: Any) -> None:
    """It may have been large."""
    engine = limits(max_daily_loss_abs=100)
    engine.record_pnl(1.0, at=NOW, fee=fee)
    assert not engine.check_orders([order(notional=1)]).allowed
