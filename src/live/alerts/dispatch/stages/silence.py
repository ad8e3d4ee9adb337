"""Silences and maintenance windows: nobody is told, and what still holds at the end is told then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from live.alerts.dispatch.config import read_instant
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.stage import Passing, Stage, Stopped
from live.events import with_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from live.alerts.dispatch.config import Match, Silence
    from live.alerts.dispatch.identity import Identity

_MOST = 10_000


class Window(NamedTuple):
    """A silence on the time axis, in seconds since 1970.

    Attributes:
        match: Which alerts.
        begins: When it begins.
        until: When it ends.
        author: Who wants it.
    """

    match: Match
    begins: float
    until: float
    author: str

    @classmethod
    def of(cls, silence: Silence) -> Window:
        """A silence of the configuration."""
        begins, until = read_instant(silence.begins), read_instant(silence.until)
        return cls(
            silence.match,
            0.0 if begins is None else begins.timestamp(),
            0.0 if until is None else until.timestamp(),
            silence.author,
        )


class Ends(NamedTuple):
    """The end of a window, on the clock that waits are on.

    Attributes:
        at: When, in seconds since 1970.
        author: Who wants the window.
    """

    at: float
    author: str


class Muted(NamedTuple):
    """What is held back.

    Attributes:
        passing: The newest alert of its identity.
        seen_at: When it came.
        until: When the window that holds it back ends.
    """

    passing: Passing
    seen_at: float
    until: float


class Silences(Stage):
    """Holds back what is silenced; the newest of each identity is let out when nothing silences it."""

    def __init__(
        self,
        windows: Sequence[Window],
        by_hand: Callable[[float], Sequence[Window]],
        still_s: float,
        keys: Callable[[], str],
        wall: Callable[[], datetime],
    ) -> None:
        """Know the silences.

        Args:
            windows: Those of the configuration.
            by_hand: Those that somebody has set since, at an instant.
            still_s: What came within so many seconds before the end still holds.
            keys: Makes the keys of the alerts that are let out: those that were muted have ended.
            wall: What windows are set by: the clock on the wall, wherever it goes.
        """
        self._keys, self._wall = keys, wall
        self._windows = windows
        self._by_hand = by_hand
        self._still_s = still_s
        self._muted: dict[Identity, Muted] = {}
        self._by_hand_at_release: Sequence[Window] = ()

    def judge(self, passing: Passing, now: float) -> Passing | Stopped:
        """Stop what a window that holds now is about."""
        ends = self._ends(passing.identity, now)
        self._muted.pop(passing.identity, None)
        if ends is None:
            return passing
        if len(self._muted) >= _MOST:
            del self._muted[next(iter(self._muted))]
        self._muted[passing.identity] = Muted(passing, now, ends.at)
        return Stopped("suppressed", f"silenced by {ends.author}", muted=True)

    def due(self) -> float | None:
        """When the first window that holds something back ends; at once when somebody has ended one."""
        if self._muted and self._by_hand(self._wall().timestamp()) != self._by_hand_at_release:
            return 0.0
        return min((muted.until for muted in self._muted.values()), default=None)

    def release(self, now: float) -> Iterator[Passing]:
        """What was muted, is muted no more, and still holds."""
        self._by_hand_at_release = self._by_hand(self._wall().timestamp())
        for identity, muted in [*self._muted.items()]:
            ends = self._ends(identity, now)
            if ends is not None:
                self._muted[identity] = muted._replace(until=ends.at)
                continue
            del self._muted[identity]
            if now - muted.seen_at <= self._still_s:
                yield muted.passing.telling(with_key(muted.passing.event, self._keys()))

    def _ends(self, identity: Identity, now: float) -> Ends | None:
        """When the first window that silences it ends; None when none does."""
        wall = self._wall().timestamp()
        windows = [*self._windows, *self._by_hand(wall)]
        holding = (one for one in windows if one.begins <= wall < one.until and one.match.fits(identity))
        window = next(holding, None)
        return None if window is None else Ends(later(now, window.until - wall), window.author)
