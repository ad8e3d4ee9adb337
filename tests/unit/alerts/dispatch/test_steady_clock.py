"""Waits go by what has passed; the wall clock is followed forward only."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from live.alerts.dispatch.steady_clock import SteadyClock
from tests.unit.alerts.dispatch.bench import NOON


class TwoClocks:
    """A wall clock and a monotonic one that a test moves apart."""

    wall, passed_s = NOON, 5_000.0

    def now(self) -> object:
        """The wall clock."""
        return self.wall

    def monotonic(self) -> float:
        """The other."""
        return self.passed_s


def both(clocks: TwoClocks, seconds: float, step: timedelta = timedelta()) -> None:
    """Let time pass, and set the wall clock besides."""
    clocks.passed_s += seconds
    clocks.wall += timedelta(seconds=seconds) + step


def test_it_is_the_wall_clock_while_nobody_sets_that() -> None:
    """To the microsecond: instants are compared with each other."""
    clocks = TwoClocks()
    steady = SteadyClock(clocks)  # type: ignore[arg-type]  # it is one
    both(clocks, 0.1)
    both(clocks, 12.345678)
    assert steady.now() == clocks.wall.timestamp()


def test_it_goes_on_when_the_wall_clock_is_set_back() -> None:
    """At its pace, not standing still until the wall clock has caught up."""
    clocks = TwoClocks()
    steady = SteadyClock(clocks)  # type: ignore[arg-type]  # it is one
    both(clocks, 1.0, -timedelta(hours=1))
    assert steady.now() == NOON.timestamp() + 1.0
    both(clocks, 1.0)
    assert steady.now() == NOON.timestamp() + 2.0


def test_it_follows_a_wall_clock_that_is_set_forward() -> None:
    """That one was behind, or the machine has slept."""
    clocks = TwoClocks()
    steady = SteadyClock(clocks)  # type: ignore[arg-type]  # it is one
    both(clocks, 1.0, timedelta(hours=1))
    assert steady.now() == NOON.timestamp() + 3_601.0


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(-(10**12), 10**12)), max_size=9))
def test_it_never_goes_back(moves: list[tuple[int, int]]) -> None:
    """Nor does it lose anything of what has passed."""
    clocks = TwoClocks()
    steady = SteadyClock(clocks)  # type: ignore[arg-type]  # it is one
    for passed_us, step_us in moves:
        before = steady.now()
        both(clocks, passed_us / 1e6, timedelta(microseconds=step_us))
        assert steady.now() - before >= passed_us / 1e6 - 2e-6
