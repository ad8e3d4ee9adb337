"""States that outlive the process: what stands in strict JSON, and what is believed of what was read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_FINITE = ("nan", "inf", "-inf")


def plain(values: Iterable[float]) -> list[float | str]:
    """Numbers as JSON has them; those that it has not, as `nan`, `inf` and `-inf`."""
    return [value if math.isfinite(value) else str(value) for value in map(float, values)]


def numbers(values: object, length: int) -> tuple[float, ...]:
    """So many numbers.

    Raises:
        ValueError: it is something else.
    """
    found = items(values)
    if len(found) != length:
        raise ValueError(f"has {len(found)} numbers, not {length}")
    return tuple(map(_number, found))


def items(values: object) -> Sequence[Any]:
    """A list.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise ValueError(f"has {values!r} in the place of a list")  # noqa: TRY004 - what was read is wrong
    return values


def entries(state: object, *names: str) -> Mapping[str, Any]:
    """A table that has these entries and no others.

    Raises:
        ValueError: it is something else.
    """
    found = table(state)
    if sorted(found) != sorted(names):
        raise ValueError(f"has {sorted(found)}, not {sorted(names)}")
    return found


def table(state: object) -> Mapping[str, Any]:
    """A table, whatever its entries are.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(state, Mapping) or not all(isinstance(name, str) for name in state):
        raise ValueError(f"has {state!r} in the place of a table")
    return state


def the_same(was: object, now: object, place: str = "") -> None:
    """Insist that settings are those that a state was made with.

    Raises:
        ValueError: one is another; the message has its place and both values.
    """
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now}):
            the_same(was.get(name, "not there"), now.get(name, "not there"), f"{place}.{name}".lstrip("."))
    elif was != now:
        raise ValueError(f"is of other settings: {place} was {was!r}, and is {now!r}")


def seconds(at: datetime | None) -> float:
    """An instant as seconds since 1970, NaN where there is none; no microsecond is lost until 2243."""
    return math.nan if at is None else (at - _EPOCH) / timedelta(seconds=1)


def moment(value: float) -> datetime | None:
    """The instant of so many seconds since 1970; None for NaN.

    Raises:
        ValueError: no calendar has that instant.
    """
    if math.isnan(value):
        return None
    try:
        return _EPOCH + timedelta(seconds=value)
    except OverflowError:
        raise ValueError(f"has {value} in the place of an instant") from None


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number or (isinstance(value, str) and value in _NOT_FINITE):
        try:
            return float(value)  # type: ignore[arg-type]  # it is one of these
        except OverflowError:
            pass
    raise ValueError(f"has {value!r} in the place of a number")
