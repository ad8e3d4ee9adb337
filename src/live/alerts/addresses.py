"""What destinations are called: a sink with one address by its own name, one with several by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def names_of(sink: str, count: int) -> list[str]:
    """`webhook`, or `webhook#1`, `webhook#2` when there are several."""
    return [f"{sink}#{number}" for number in range(1, count + 1)] if count > 1 else [sink]


def named(name: str, destinations: Iterable[str]) -> list[str]:
    """The destinations that a name stands for: a sink stands for all of its addresses."""
    return [one for one in destinations if name in (one, sink_of(one))]


def sink_of(destination: str) -> str:
    """The sink that a destination belongs to."""
    return destination.partition("#")[0]
