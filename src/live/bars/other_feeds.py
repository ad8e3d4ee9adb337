"""What other feeds have told of the last few bars, until the bar after has come."""

from __future__ import annotations

from math import isfinite
from statistics import median
from typing import TYPE_CHECKING, Any

from live.bars.values import Bar
from live.registry import nearest
from live.states import items, numbers, plain, table, the_same

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT = 16
"""Of each feed the bars that it told last, so many: what is later than that is too late."""


class OtherFeeds:
    """The other feeds of one series."""

    def __init__(self, names: Sequence[str]) -> None:
        """Know them by name; none has spoken."""
        self._told: dict[str, dict[float, Bar]] = {name: {} for name in names}

    def told(self, feed: str, bar: Bar) -> None:
        """Take note of a bar; of two of one instant the last one counts.

        Raises:
            KeyError: there is no such feed.
        """
        if feed not in self._told:
            raise KeyError(f"no feed {feed!r} is named; {nearest(feed, self._told)}; name it to watch()")
        told = self._told[feed]
        told.pop(bar.ts, None)
        told[bar.ts] = bar
        while len(told) > KEPT:
            del told[next(iter(told))]  # told longest ago; of a clock that is ahead none is ever the oldest

    def saved(self) -> dict[str, Any]:
        """All that it knows, as JSON values."""
        return {name: [plain(bar) for bar in told.values()] for name, told in self._told.items()}

    def restore(self, state: object) -> None:
        """Go on from what was saved.

        Raises:
            ValueError: it is no such state, or of other feeds.
        """
        kept = table(state)
        the_same(sorted(kept), sorted(self._told), "others")
        for feed in self._told:
            for bar in items(kept[feed]):
                self.told(feed, Bar(*numbers(bar, len(Bar._fields))))

    def beside(self, bar: Bar, before: float) -> Bar:
        """A bar, with what they have told of the one before it: of several the median.

        Args:
            bar: What has come.
            before: Instant of the newest bar before it, seconds since 1970; NaN before the first.
        """
        if not self._told or not isfinite(before):
            return bar
        of_it = [told[before] for told in self._told.values() if before in told]
        told = [one for one in of_it if all(map(isfinite, one[1:5]))]
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
