"""Virtual time stands still until the drill moves it, and the wall clock follows."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from drills.virtual_time import VirtualClock, frozen_wall_clock

START = datetime(2026, 1, 27, tzinfo=UTC)


def test_stands_still() -> None:
    """Two looks at a clock that nobody moved show the same instant."""
    clock = VirtualClock(START)
    assert clock.now() == clock.now() == START
    assert clock.monotonic() == 0.0


def test_advances_in_whole_microseconds() -> None:
    """A tenth of a second, ten times, is exactly one second."""
    clock = VirtualClock(START)
    for _ in range(10):
        clock.advance(0.1)
    assert clock.monotonic() == 1.0
    assert clock.now() == START + timedelta(seconds=1)


def test_never_goes_back() -> None:
    """An instant that is past already, or a negative span, moves nothing."""
    clock = VirtualClock(START)
    clock.move_to(timedelta(minutes=5))
    clock.move_to(timedelta(minutes=4))
    clock.advance(-1.0)
    assert clock.now() == START + timedelta(minutes=5)


def test_the_wall_clock_follows() -> None:
    """Code that reads the machine's clock in a drill reads the virtual instant, to the microsecond."""
    with frozen_wall_clock() as wall:
        clock = VirtualClock(START, wall)
        clock.advance(90.000001)
        assert datetime.now(UTC) == START + timedelta(seconds=90, microseconds=1)
        assert time.time() == clock.now().timestamp()


def test_the_wall_clock_is_real_again_afterwards() -> None:
    """Nothing outside a run sees virtual time."""
    with frozen_wall_clock() as wall:
        VirtualClock(START, wall)
    assert datetime.now(UTC) > START
