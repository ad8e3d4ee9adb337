"""Repeats: a change of level always passes, a repeat is counted, and the end is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.alerts.dispatch.instants import later
from live.alerts.dispatch.stage import BEFORE, OVER, REMINDS, Passing, Stage, Stopped, facts_of
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from live.alerts.dispatch.identity import Identity
    from live.events import AlertEvent

MOST = 10_000


@dataclass(slots=True)
class Episode:
    """Something that goes on.

    Attributes:
        newest: The alert that came last.
        told_key: Key of the alert that was told last.
        told_at: When that was.
        seen_at: When it came last.
        untold: How many have come since it was told.
        repeats: How many have come in all, after the first.
        muted: Whether some of them were muted since: then the next is told again.
    """

    newest: AlertEvent
    told_key: str
    told_at: float
    seen_at: float
    untold: int = 0
    repeats: int = 0
    muted: bool = False


class Repeats(Stage):
    """One episode an identity, in the order in which they came last; of very many the oldest is ended."""

    def __init__(
        self,
        repeat_s: float,
        resolve_after_s: float,
        keys: Callable[[], str],
        wall: Callable[[], datetime],
    ) -> None:
        """Know how often to remind.

        Args:
            repeat_s: What goes on is told again after so many seconds.
            resolve_after_s: What has not come for so many seconds is over.
            keys: Makes the keys of the alerts that say so.
            wall: The clock that they show.
        """
        self._repeat_s = repeat_s
        self._resolve_after_s = resolve_after_s
        self._keys, self._wall = keys, wall
        self._episodes: dict[Identity, Episode] = {}
        self._crowded_out: list[Episode] = []

    def judge(self, passing: Passing, now: float) -> Passing | Stopped:
        """Stop what has been told already."""
        event, identity = passing.event, passing.identity
        known = self._episodes.pop(identity, None)
        if isinstance(event.context, dict) and event.context.get("status") in OVER:
            return passing  # whoever raised it says himself that it is over
        if known is not None and now >= later(known.seen_at, self._resolve_after_s):
            self._crowded_out.append(known)  # it was over, though nobody has said so yet
            known = None
        if known is None:
            if len(self._episodes) >= MOST:
                self._crowded_out.append(self._episodes.pop(next(iter(self._episodes))))
            self._episodes[identity] = Episode(event, event.key, now, now)
            return passing
        changed = event.level != known.newest.level
        self._episodes[identity] = known
        known.newest, known.seen_at = event, now
        known.repeats += 1
        if not changed and not known.muted and now < later(known.told_at, self._repeat_s):
            known.untold += 1
            return Stopped("coalesced", known.told_key)
        told = event if changed else _reminder(event, known)
        told = _with_repeats(told, known.untold) if known.untold else told
        known.told_key, known.told_at, known.untold, known.muted = event.key, now, 0, False
        return passing if told is event else passing.telling(told)

    def missed(self, passing: Passing, now: float) -> None:
        """What is muted goes on, so it is not over; what was told of it before stays its newest."""
        known = self._episodes.get(passing.identity)
        over = facts_of(passing.event).get("status") in OVER
        if known is None or over or now >= later(known.seen_at, self._resolve_after_s):
            return
        self._episodes[passing.identity] = self._episodes.pop(passing.identity)  # in the order of `seen_at`
        known.seen_at, known.muted = now, True
        known.repeats, known.untold = known.repeats + 1, known.untold + 1

    def due(self) -> float | None:
        """When the episode that is silent longest is over."""
        if self._crowded_out:
            return 0.0
        return next((later(one.seen_at, self._resolve_after_s) for one in self._episodes.values()), None)

    def release(self, now: float) -> Iterator[Passing]:
        """A last word on every episode that is over, with how often it came."""
        over, self._crowded_out = self._crowded_out, []
        for identity, episode in [*self._episodes.items()]:
            if now < later(episode.seen_at, self._resolve_after_s):
                break  # the rest came later
            del self._episodes[identity]
            over.append(episode)
        for episode in over:
            yield Passing.of(self._resolved(episode, now))

    def _resolved(self, episode: Episode, now: float) -> AlertEvent:
        newest = episode.newest
        quiet = f"not seen for {now - episode.seen_at:.0f} s"
        times = f", repeated {episode.repeats} times" if episode.repeats else ""
        return replace(
            newest,
            ts=self._wall(),
            level=AlertLevel.INFO,
            key=self._keys(),
            message=f"RESOLVED ({quiet}{times}): {newest.message}",
            context={
                **facts_of(newest),
                "status": "resolved",
                "repeats": episode.repeats,
                BEFORE: newest.level.name,
            },
        )


def _reminder(event: AlertEvent, known: Episode) -> AlertEvent:
    return replace(event, context={**facts_of(event), REMINDS: known.told_key})


def _with_repeats(event: AlertEvent, repeats: int) -> AlertEvent:
    words = f"{event.message} (repeated {repeats} times since it was told)"
    return replace(event, message=words, context={**facts_of(event), "repeats": repeats})
