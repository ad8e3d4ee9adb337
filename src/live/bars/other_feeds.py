"""What other feeds have told of the last few bars, until the bar after has come."""

from __future__ import annotations

from math import isfinite
from statistics import median
from typing import TYPE_CHECKING, Any

from live.bars.values import NAN, Bar
from live.registry import nearest
from live.states import entries, items, numbers, plain, the_same

if TYPE_CHECKING:
    from collections.abc import Sequence


KEPT = 16
"""So many bars are remembered: what is later than that is too late."""


class OtherFeeds:
    """The other feeds of one series."""

    def __init__(self, names: Sequence[str]) -> None:
        """Know them by name; none has spoken."""
        self._names = tuple(names)
        self._told: dict[float, dict[str, Bar]] = {}
        self._before = NAN

    def told(self, feed: str, bar: Bar) -> None:
        """Take note of a bar; of two of one instant the last one counts.

        Raises:
            KeyError: there is no such feed.
        """
        if feed not in self._names:
            raise KeyError(f"no feed {feed!r} is named; {nearest(feed, self._names)}; name it to watch()")
        self._told.setdefault(bar.ts, {})[feed] = bar
        while len(self._told) > KEPT:
            del self._told[min(self._told)]

    def saved(self) -> dict[str, Any]:
        """All that it knows, as JSON values."""
        told = [[feed, *plain(bar)] for bars in self._told.values() for feed, bar in bars.items()]
        return {"names": list(self._names), "told": told, "before": plain([self._before])}

    def restore(self, state: object) -> None:
        """Go on from what was saved.

        Raises:
            ValueError: it is no such state, or of other feeds.
        """
        parts = entries(state, "names", "told", "before")
        the_same(parts["names"], list(self._names), "others")
        for one in map(items, items(parts["told"])):
            if not one or one[0] not in self._names:
                raise ValueError(f"has {one!r} for a bar of another feed")
            self.told(one[0], Bar(*numbers(one[1:], len(Bar._fields))))
        (self._before,) = numbers(parts["before"], 1)

    def beside(self, bar: Bar) -> Bar:
        """A bar, with what they have told of the bar that came before it: of several the median."""
        before, self._before = self._before, bar.ts
        if not self._names or not isfinite(before):
            return bar
        told = [one for one in self._told.get(before, {}).values() if all(map(isfinite, one[1:5]))]
        if not told:
            return bar._replace(others=0.0)
        opens, highs, lows, closes = (median(one[field] for one in told) for field in range(1, 5))
        return bar._replace(
            others=float(len(told)),
            other_ts=before,
            other_open=opens,
            other_high=highs,
            other_low=lows,
            other_close=closes,
        )
