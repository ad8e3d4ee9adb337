"""What became of alerts at their destinations, and whether the numbers add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.words import duration, printable, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.history import History, Record


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one alert at one destination.

    Attributes:
        word: `once`, `never`, `failed`, `fallback`, `suppressed`, `coalesced`, `pending`, or what is none of
            them: `twice`.
        reason: Why, where the history says so.
    """

    word: str
    reason: str = ""

    def is_as(self, expected: str) -> bool:
        """Whether it is what was expected; an alert that was suppressed never arrived."""
        return self.word == expected or (expected == "never" and self.word in NOT_SENT)

    def __str__(self) -> str:
        return f"{self.word} ({self.reason})" if self.reason else self.word


NOT_SENT = ("suppressed", "coalesced")
NOTHING = Outcome("never")


def outcomes(deliveries: Sequence[Record]) -> dict[str, Outcome]:
    """What became of one alert, by destination, in the order of the names.

    Args:
        deliveries: The delivery records of one alert.
    """
    names = sorted({record.data["destination"] for record in deliveries})
    return {name: _outcome([one for one in deliveries if one.data["destination"] == name]) for name in names}


def _outcome(deliveries: Sequence[Record]) -> Outcome:
    if len(deliveries) > 1:
        states = ", ".join(record.data["state"] for record in deliveries)
        return Outcome(times(len(deliveries)), states)
    data = deliveries[0].data
    word = {"delivered": "once", "dead": "failed"}.get(data["state"], data["state"])
    held = f"after {duration(data['held_s'])}" if data.get("held_s") else ""
    reason = ", ".join(part for part in (printable(data.get("reason", "")), held) if part)
    return Outcome("fallback" if data.get("fallback") and word == "once" else word, reason)


@dataclass(frozen=True, slots=True)
class Tally:
    """Where the alerts of a drill ended at one destination."""

    destination: str
    delivered: int
    suppressed: int
    dead: int
    fallback: int
    coalesced: int = 0
    pending: int = 0

    @property
    def ended(self) -> int:
        """How many alerts were for it, those that are still on their way included."""
        return self.delivered + self.coalesced + self.suppressed + self.dead + self.pending


def tallies(history: History) -> list[Tally]:
    """The conservation sum of every destination, in the order of the names."""
    counts: dict[str, Counter[str]] = {}
    for record in history.of("delivery"):
        count = counts.setdefault(record.data["destination"], Counter())
        count[record.data["state"]] += 1
        count["fallback"] += bool(record.data.get("fallback"))
    words = ("delivered", "suppressed", "dead", "fallback", "coalesced", "pending")
    return [Tally(name, *(counts[name][word] for word in words)) for name in sorted(counts)]


def conservation(history: History) -> str:
    """The sums in one line: `2 emitted; log 2 = 2 delivered + 0 suppressed + 0 dead; …`."""
    parts = [f"{len(history.of('alert'))} emitted"]
    for tally in tallies(history):
        name = f"{printable(tally.destination)}{' (fallback)' if tally.fallback else ''}"
        sums = f"{tally.delivered} delivered + {tally.suppressed} suppressed + {tally.dead} dead"
        more = {"coalesced": tally.coalesced, "pending": tally.pending}
        sums += "".join(f" + {number} {word}" for word, number in more.items() if number)
        parts.append(f"{name} {tally.ended} = {sums}")
    return "; ".join(parts)
