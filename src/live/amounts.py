"""Numbers that nobody has vouched for: read without raising, added without rounding."""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NAN = math.nan
MORE = 1 + 1e-9
"""Factor that makes a sum of few numbers larger than any rounding can make it."""


def finite(value: object) -> float:
    """A finite number as a float, and NaN for everything else.

    A text is no number even when it reads like one, and neither is a bool: `"1.000,00"` and `True` are signs
    of a mistake upstream, and a guess would be a wrong amount.
    """
    if isinstance(value, bool) or not isinstance(value, (float, int, Decimal, Real)):
        return NAN
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return NAN
    return number if math.isfinite(number) else NAN


def finite_or_none(value: object) -> float | None:
    """A finite number, NaN for what is none, and None for None."""
    return None if value is None else finite(value)


def told(value: object) -> float | None:
    """The value as a message tells it: a float and None as they are, anything else as `finite` reads it."""
    return value if isinstance(value, float) else finite_or_none(value)


def total(values: Iterable[float]) -> float:
    """The sum of all values, rounded once; NaN when it is not finite."""
    try:
        return finite(math.fsum(values))
    except (OverflowError, ValueError):
        return NAN
