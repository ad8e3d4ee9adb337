"""What limits remember is bounded, and nothing falls out of it that a limit counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from live.risk_limits import LiveRiskConfig, LiveRiskLimits
from live.risk_limits.batch import Order
from live.risk_limits.fills import Fill
from live.risk_limits.passed import Passed
from tests.unit.risk_limits.support import NOW, order

if TYPE_CHECKING:
    from datetime import datetime

    from live.orders import LiveOrderRequest

MOST_BUCKETS = 62  # sixty, the one that is begun, and the one that is left


@dataclass
class MovedClock:
    """A clock that the test moves."""

    at: datetime = field(default=NOW)

    def now(self) -> datetime:
        """Where it was moved to."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since noon."""
        return (self.at - NOW).total_seconds()


def moving(**config: Any) -> tuple[LiveRiskLimits, MovedClock]:
    """Limits on a clock that moves."""
    clock = MovedClock()
    return LiveRiskLimits(LiveRiskConfig(**config), clock=clock), clock


def buy(name: str, **fields: Any) -> LiveOrderRequest:
    """One unit of BTC/EUR at 100 unless it says otherwise."""
    return order("BUY", client_order_id=name, **{"quantity": 1.0, "price": 100.0, **fields})


def buckets(passed: Passed) -> int:
    """How much all windows hold."""
    return sum(len(window._buckets) for window in passed._windows.values())  # noqa: SLF001 - what a user would see as memory


@pytest.mark.parametrize("limit", [0, 1, 59, 60, 100])
def test_equal_orders_are_counted_however_many_are_allowed(limit: int) -> None:
    """The first and so many others pass, across batches."""
    engine, _ = moving(max_duplicate_orders=limit)
    passed = sum(engine.check_orders([buy(f"a{number}")]).allowed for number in range(limit + 20))
    assert passed == limit + 1


def test_equal_orders_leave_the_window_one_by_one() -> None:
    """Only those within it count."""
    engine, clock = moving(max_duplicate_orders=1, duplicate_order_window_s=10)
    verdicts = []
    for number in range(4):
        verdicts.append(engine.check_orders([buy(f"a{number}")]).allowed)
        clock.at += timedelta(seconds=6)
    assert verdicts == [True, True, True, True]


@pytest.mark.parametrize("key", ["max_open_orders", "max_symbol_open_orders"])
def test_no_more_orders_of_a_batch_are_admitted_than_may_rest(key: str) -> None:
    """Each counts those before it."""
    engine, _ = moving(**{key: 3})
    assert engine.check_orders([buy(f"a{number}") for number in range(6)]).admissible == ["a0", "a1", "a2"]


def test_a_cancellation_asked_for_before_the_order_is_accepted_is_not_forgotten() -> None:
    """Messages overtake each other; an order that ends takes it along."""
    engine, clock = moving(max_cancel_wait_s=5)
    engine.cancel_requested("r")
    engine.order_accepted(buy("r"))
    clock.at += timedelta(seconds=60)
    (reason,) = engine.check_orders([buy("b")]).reasons
    assert reason.startswith("max_cancel_wait_s_exceeded(client_order_id='r'")
    engine.order_cancelled("r")
    assert engine.check_orders([buy("b")]).allowed


def test_a_cancellation_of_an_order_that_never_comes_refuses_nothing() -> None:
    """And what was rejected is not waited for when its id comes again."""
    engine, clock = moving(max_cancel_wait_s=5)
    engine.cancel_requested("never")
    engine.cancel_requested("r")
    engine.order_rejected("r")
    engine.order_accepted(buy("r"))
    clock.at += timedelta(seconds=60)
    assert engine.check_orders([buy("b")]).allowed


def test_windows_do_not_grow_with_time_or_with_names() -> None:
    """A day of orders and fills, in a thousand symbols, that nobody asks about."""
    passed = Passed()
    for number in range(20_000):
        at = NOW + timedelta(seconds=5 * number)
        symbol = f"S{number % 1000}"
        passed.note([Order(f"o{number}", symbol, True, float(number), 1.0)], at)  # noqa: FBT003 - a buy
        passed.executed(Fill(f"o{number}", symbol, "", 1.0, 1.0, 1.0, at))
    assert len(passed._windows) < 100  # noqa: SLF001 - as above
    assert buckets(passed) < 10 * MOST_BUCKETS
