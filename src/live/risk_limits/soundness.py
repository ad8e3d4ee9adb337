"""What a sound value of an untrusted field is."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from live.amounts import finite
from live.clock import instant

if TYPE_CHECKING:
    from collections.abc import Callable, Container


def is_name(value: object) -> bool:
    """Whether it is a printable text without blanks around it, which would make it another name."""
    return isinstance(value, str) and value != "" and value == value.strip() and value.isprintable()


def is_positive(value: object) -> bool:
    """Whether it is a finite number above zero."""
    return finite(value) > 0


def is_not_negative(value: object) -> bool:
    """Whether it is a finite number, zero or above."""
    return finite(value) >= 0


def is_finite(value: object) -> bool:
    """Whether it is a finite number."""
    return not math.isnan(finite(value))


def is_instant(value: object) -> bool:
    """Whether it is an instant that exists in UTC."""
    return instant(value) is not None


def is_list(value: object) -> bool:
    """Whether it can be gone through, and more than once: an iterator would be empty the second time."""
    return isinstance(value, Collection) and not isinstance(value, (str, bytes, Mapping))


def absent_or(sound: Callable[[object], bool]) -> Callable[[object], bool]:
    """A check that None passes as well."""
    return lambda value: value is None or sound(value)


def is_one_of(names: Container[str]) -> Callable[[object], bool]:
    """A check for one of several names in upper case, written in any case."""
    return lambda value: isinstance(value, str) and value.upper() in names


def seconds(example: float) -> Callable[[object], float]:
    """A check for seconds, zero or more, that gives them; it raises `ValueError` with what was expected."""

    def check(value: object) -> float:
        number = finite(value)
        if not number >= 0:
            raise ValueError(f"a number of seconds, zero or more, such as {example}")
        return number

    return check
