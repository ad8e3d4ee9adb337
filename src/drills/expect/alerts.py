"""`expect: {alerts: […]}`: a closed world. Every alert is listed, and no other is raised.

One wrong field gives one finding. With `delivered`, the destinations are a closed world too: one that is not
listed must not have got the alert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from drills.contracts import Due, Expectation
from drills.judging.alert_deliveries import wrong_deliveries
from drills.judging.alert_findings import deliveries, mismatched, missing, unexpected
from drills.judging.alert_pairing import pair
from drills.judging.expected_alert import ExpectedAlert
from drills.refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drills.contracts import Judgement, Where
    from drills.history import History, Record


def _not_empty(items: object) -> object:
    if items == []:
        text = "`alerts` is empty; if nothing may be alerted, write `silence: true` instead"
        raise refusal("EXPECTS_NOTHING", text)
    return items


class Alerts(Expectation):
    """Exactly these alerts are raised, at these times."""

    name = "alerts"
    Params = Annotated[list[ExpectedAlert], Field(min_length=1), BeforeValidator(_not_empty)]

    def judge(
        self, history: History, expected: list[ExpectedAlert], where: Sequence[Where]
    ) -> Iterable[Judgement]:
        """Pair what was expected with what was raised, and tell everything that is left over."""
        alerts = history.of("alert")
        pairing = pair(expected, alerts)
        yield from missing(expected, pairing, alerts, where)
        yield from mismatched(expected, pairing.mismatched, where)
        yield from unexpected(expected, pairing.unexpected, where)
        for number, alert in pairing.matched + pairing.mismatched:
            yield from deliveries(expected[number], alert, history, where[number])

    def lane(self, history: History, expected: list[ExpectedAlert]) -> Iterable[Due]:
        """Where each expected alert stands, and which alert it got."""
        pairing = pair(expected, history.of("alert"))
        for number, alert in pairing.matched:
            yield Due(alert.at_s, expected[number].brief, alert.seq, met=True)
        for number, alert in pairing.mismatched:
            yield from _apart(expected[number], alert)
        for number, alert in pairing.matched + pairing.mismatched:
            yield from _undelivered(expected[number], alert, history)
        for number in pairing.missing:
            yield Due(expected[number].window.at_s, expected[number].brief, None, met=False)
        for alert in pairing.unexpected:
            yield Due(alert.at_s, "", alert.seq, met=False)


def _apart(item: ExpectedAlert, alert: Record) -> Iterator[Due]:
    """A mismatch is one row when it is in time, else one where it was due and one where it came."""
    if item.window.misses_by(alert.at_s):
        yield Due(item.window.at_s, item.brief, None, met=False)
        yield Due(alert.at_s, "", alert.seq, met=False)
    else:
        yield Due(alert.at_s, item.brief, alert.seq, met=False)


def _undelivered(item: ExpectedAlert, alert: Record, history: History) -> Iterator[Due]:
    """A row for every destination at which the alert did not end as expected."""
    for wrong in wrong_deliveries(item, history.deliveries(alert)):
        expected = f"  {wrong.destination} {wrong.expected}" if wrong.expected else ""
        beside = wrong.record
        yield Due(beside.at_s if beside else alert.at_s, expected, beside.seq if beside else None, met=False)
