"""Which expected alert is which alert that was raised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.judging.matching import most_pairs, nearest_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from drills.history import Record
    from drills.judging.expected_alert import ExpectedAlert


@dataclass(frozen=True, slots=True)
class Pairing:
    """Everything that was expected and everything that was got, each exactly once.

    Attributes:
        matched: Number of the expected item, and the alert that is as expected.
        mismatched: Number of the expected item, and an alert of its code that is not quite as expected.
        missing: Number of every expected item that got too little, and how many times it is missing.
        unexpected: Alerts that nobody expected.
    """

    matched: list[tuple[int, Record]]
    mismatched: list[tuple[int, Record]]
    missing: Mapping[int, int]
    unexpected: list[Record]


def pair(expected: Sequence[ExpectedAlert], alerts: Sequence[Record]) -> Pairing:
    """Pair as many as fit; what is left over pairs with the nearest alert of the same code."""
    wanted = Counter({number: item.times for number, item in enumerate(expected)})
    matched = _fitting(expected, alerts)
    wanted -= Counter(number for number, _ in matched)
    left = _without(alerts, matched)
    mismatched = _similar(expected, wanted, left)
    wanted -= Counter(number for number, _ in mismatched)
    return Pairing(matched, mismatched, wanted, _without(left, mismatched))


def _fitting(expected: Sequence[ExpectedAlert], alerts: Sequence[Record]) -> list[tuple[int, Record]]:
    fits = [[place for place, alert in enumerate(alerts) if item.fits(alert)] for item in expected]
    wanted = [number for number, item in enumerate(expected) for _ in range(item.times)]
    partners = most_pairs([fits[number] for number in wanted])
    pairs = zip(wanted, partners, strict=True)
    return [(number, alerts[partner]) for number, partner in pairs if partner is not None]


def _similar(
    expected: Sequence[ExpectedAlert], wanted: Mapping[int, int], alerts: Sequence[Record]
) -> list[tuple[int, Record]]:
    """One wrong field is one finding, not a missing and an unexpected alert."""
    costs = [
        (distance(expected[number], alert), number, place)
        for number in wanted
        for place, alert in enumerate(alerts)
        if alert.data["code"] == expected[number].code
    ]
    return [(number, alerts[place]) for number, place in nearest_pairs(costs, wanted)]


def distance(item: ExpectedAlert, alert: Record) -> tuple[int, float]:
    """How unlike the expected alert this one is: wrong fields first, then seconds."""
    late_s = item.window.misses_by(alert.at_s)
    return len(list(item.wrong_fields(alert))) + bool(late_s), abs(late_s)


def _without(alerts: Sequence[Record], pairs: Sequence[tuple[int, Record]]) -> list[Record]:
    taken = {alert.seq for _, alert in pairs}
    return [alert for alert in alerts if alert.seq not in taken]
