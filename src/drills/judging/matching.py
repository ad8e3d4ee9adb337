"""Pairs what was expected with what was got: first all that fit, then what is nearest."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def most_pairs(fits: Sequence[Sequence[int]]) -> list[int | None]:
    """The largest assignment in which everybody has at most one partner.

    Without it, a wide window in the first line of a scenario could take the only alert that fits the second
    line. Augmenting paths, breadth first (C. Berge, "Two theorems in graph theory", 1957); the number of
    pairs does not depend on the order of the lines.

    Args:
        fits: For every left item the right items that it fits, most wanted first.

    Returns:
        For every left item its right item, or None.
    """
    return _Assignment(fits).partners


class _Assignment:
    def __init__(self, fits: Sequence[Sequence[int]]) -> None:
        self.partners: list[int | None] = [None] * len(fits)
        self._fits = fits
        self._holders: dict[int, int] = {}
        self._hopeless: set[int] = set()
        self._held_up_to: dict[int, int] = {}
        for left in range(len(fits)):
            self._find_partner(left)

    def _find_partner(self, start: int) -> None:
        free = self._first_free(self._fits[start])
        if free is not None:
            self._shift(free, {free: start})
            return
        reached_from: dict[int, int] = {}
        waiting = deque([start])
        while waiting:
            left = waiting.popleft()
            for right in self._fits[left]:
                if right in reached_from or right in self._hopeless:
                    continue
                reached_from[right] = left
                if right not in self._holders:
                    self._shift(right, reached_from)
                    return
                waiting.append(self._holders[right])
        self._hopeless.update(reached_from)

    def _first_free(self, wanted: Sequence[int]) -> int | None:
        """The first right item that nobody holds. What is held stays held, so no list is read twice."""
        place = self._held_up_to.get(id(wanted), 0)
        while place < len(wanted) and wanted[place] in self._holders:
            place += 1
        self._held_up_to[id(wanted)] = place
        return wanted[place] if place < len(wanted) else None

    def _shift(self, free: int, reached_from: Mapping[int, int]) -> None:
        """Everybody on the path moves to the partner through whom the next one was reached."""
        right: int | None = free
        while right is not None:
            left = reached_from[right]
            self._holders[right] = left
            self.partners[left], right = right, self.partners[left]


def nearest_pairs(
    costs: Iterable[tuple[Any, int, int]], capacity: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Pairs of what is left over, the cheapest first.

    Args:
        costs: Cost, left item and right item of every pair that may be made.
        capacity: How many right items a left item can take.
    """
    room = dict(capacity)
    taken: set[int] = set()
    pairs = []
    for _, left, right in sorted(costs):
        if room[left] and right not in taken:
            room[left] -= 1
            taken.add(right)
            pairs.append((left, right))
    return pairs
