"""Where an alert was to end, and where it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.judging.outcomes import NOTHING, Outcome, outcomes
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drills.history import Record
    from drills.judging.expected_alert import ExpectedAlert


@dataclass(frozen=True, slots=True)
class WrongDelivery:
    """A destination at which an alert did not end as expected.

    Attributes:
        destination: Its name.
        expected: `once`, `never`, …; empty when the destination is not listed.
        outcome: What became of the alert there.
        record: The last delivery record; None when there is none.
    """

    destination: str
    expected: str
    outcome: Outcome
    record: Record | None

    def __str__(self) -> str:
        name = printable(self.destination)
        expected = f"expected {self.expected}" if self.expected else "is not listed"
        return f"{name} {expected}, got {self.outcome}"


def wrong_deliveries(item: ExpectedAlert, deliveries: Sequence[Record]) -> Iterator[WrongDelivery]:
    """Every destination at which an alert did not end as expected; none when `delivered` is not given.

    Args:
        item: What was expected.
        deliveries: What became of the alert, a record per destination.
    """
    if item.delivered is None:
        return
    got = outcomes(deliveries)
    records = {record.data["destination"]: record for record in deliveries}
    for name, word in item.delivered.items():
        outcome = got.get(name, NOTHING)
        if not outcome.is_as(word):
            yield WrongDelivery(name, word, outcome, records.get(name))
    for name, outcome in got.items():
        if name not in item.delivered and not outcome.is_as("never"):
            yield WrongDelivery(name, "", outcome, records[name])
