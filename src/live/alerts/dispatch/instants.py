"""Instants as seconds since 1970, on the grid of microseconds that clocks have."""

from __future__ import annotations


def later(instant: float, seconds: float) -> float:
    """The instant so many seconds later, as the float that a clock says then.

    Without the rounding a sum could be one step of a float away from it, and something would wait in vain.
    """
    return round(instant + seconds, 6)
