"""Sums over symbols: two floats whose sum is exact, or the word that they are not."""

from __future__ import annotations

from typing import NamedTuple


class Sum(NamedTuple):
    """A sum.

    Attributes:
        high: Most of it.
        low: The rest.
        is_exact: Whether nothing was lost.
    """

    high: float
    low: float
    is_exact: bool


def plus(total: Sum, value: float) -> Sum:
    """One value more (D. E. Knuth, "The Art of Computer Programming", volume 2, 4.2.2)."""
    raised = total.high + value
    part = raised - total.high
    lost = (total.high - (raised - part)) + (value - part)
    rest = total.low + lost
    is_exact = rest - total.low == lost and rest - lost == total.low
    return Sum(raised, rest, total.is_exact and is_exact)


def amount(total: Sum) -> float:
    """As one float."""
    return total.high + total.low
