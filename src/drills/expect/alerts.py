"""`expect: {alerts: […]}`: a closed world. Every alert is listed, and no other is raised.

One wrong field gives one finding. With `delivered`, the destinations are a closed world too: one that is not
listed must not have got the alert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from drills.contracts import Due, Expectation, Judgement, Verdict
from drills.judging.alert_pairing import Pairing, distance, pair
from drills.judging.expected_alert import ExpectedAlert, alert_place, alert_words
from drills.judging.outcomes import NOTHING, outcomes
from drills.words import instant, printable, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drills.contracts import Where
    from drills.history import History, Record


class Alerts(Expectation):
    """Exactly these alerts are raised, at these times."""

    name = "alerts"
    Params = Annotated[list[ExpectedAlert], Field(min_length=1)]

    def judge(
        self, history: History, expected: list[ExpectedAlert], where: Sequence[Where]
    ) -> Iterable[Judgement]:
        """Pair what was expected with what was raised, and tell everything that is left over."""
        alerts = history.of("alert")
        pairing = pair(expected, alerts)
        yield from _missing(expected, pairing, alerts, where)
        for number, alert in pairing.mismatched:
            yield _mismatch(expected[number], alert, where[number])
        yield from _unexpected(expected, pairing.unexpected, where)
        for number, alert in pairing.matched + pairing.mismatched:
            yield from _deliveries(expected[number], alert, history, where[number])

    def lane(self, history: History, expected: list[ExpectedAlert]) -> Iterable[Due]:
        """Where each expected alert stands, and which alert it got."""
        pairing = pair(expected, history.of("alert"))
        for number, alert in pairing.matched:
            yield Due(alert.at_s, str(expected[number]), alert.seq, met=True)
        for number, alert in pairing.mismatched:
            yield from _apart(expected[number], alert)
        for number in pairing.missing:
            yield Due(expected[number].window.at_s, str(expected[number]), None, met=False)
        for alert in pairing.unexpected:
            yield Due(alert.at_s, "", alert.seq, met=False)


def _apart(item: ExpectedAlert, alert: Record) -> Iterator[Due]:
    """A mismatch is one row when it is in time, else one where it was due and one where it came."""
    if item.window.misses_by(alert.at_s):
        yield Due(item.window.at_s, str(item), None, met=False)
        yield Due(alert.at_s, "", alert.seq, met=False)
    else:
        yield Due(alert.at_s, str(item), alert.seq, met=False)


def _missing(
    expected: Sequence[ExpectedAlert], pairing: Pairing, alerts: Sequence[Record], where: Sequence[Where]
) -> Iterator[Judgement]:
    for number, lacking in pairing.missing.items():
        item = expected[number]
        got = item.times - lacking
        often = f" {times(item.times)}" if item.times > 1 else ""
        yield Judgement(
            Verdict.FAIL,
            "ALERT_MISSING",
            f"{item.window} expected {item}{often}, got {times(got) if got else 'nothing'}",
            where[number],
            item.window.at_s,
            _near_miss(item, [alert for alert in alerts if item.is_related(alert)]),
        )


def _near_miss(item: ExpectedAlert, alerts: Sequence[Record]) -> str:
    if not alerts:
        return ""
    alert = min(alerts, key=lambda one: (one.data["code"] != item.code, distance(item, one), one.seq))
    wrong = item.misfits(alert)
    if not wrong and alert.data["code"] == item.code:
        wrong = ["fits, but is counted already"]
    return f"{alert_place(alert)} ({_listed(wrong)})" if wrong else alert_place(alert)


def _listed(wrong: Iterable[str]) -> str:
    return "; ".join(wrong)


def _mismatch(item: ExpectedAlert, alert: Record, where: Where) -> Judgement:
    message = f"{item.window} expected {item}, got {alert_place(alert)}: {_listed(item.misfits(alert))}"
    return Judgement(Verdict.FAIL, "ALERT_MISMATCH", message, where, min(item.window.at_s, alert.at_s))


def _unexpected(
    expected: Sequence[ExpectedAlert], alerts: Sequence[Record], where: Sequence[Where]
) -> Iterator[Judgement]:
    """One finding for every kind of alert, so that a flood does not hide the rest."""
    kinds: dict[str, list[Record]] = {}
    for alert in alerts:
        kinds.setdefault(alert_words(alert), []).append(alert)
    for words, found in kinds.items():
        first, more = found[0], len(found) - 1
        until = f" and {times(more)} more until {instant(found[-1].at_s)}" if more else ""
        message = (
            f"at {instant(first.at_s)} got {words}{until}, which nobody expects: "
            f'"{printable(first.data["message"])}"; if it is right, list it under expect.alerts'
        )
        near = _nearest_line(expected, first, where)
        yield Judgement(Verdict.FAIL, "ALERT_UNEXPECTED", message, where[0], first.at_s, near)


def _nearest_line(expected: Sequence[ExpectedAlert], alert: Record, where: Sequence[Where]) -> str:
    items = [(number, item) for number, item in enumerate(expected) if item.code == alert.data["code"]]
    if not items:
        return ""
    number, item = min(items, key=lambda one: (distance(one[1], alert), one[0]))
    wrong = item.misfits(alert) or [f"expected {times(item.times)}"]
    return f"{where[number]} expects {item} {item.window} ({_listed(wrong)})"


def _deliveries(item: ExpectedAlert, alert: Record, history: History, where: Where) -> Iterator[Judgement]:
    if item.delivered is None:
        return
    got = outcomes(history.deliveries(alert))
    wrong = [
        f"{name} expected {word}, got {got.get(name, NOTHING)}"
        for name, word in item.delivered.items()
        if not got.get(name, NOTHING).is_as(word)
    ]
    for name, outcome in got.items():
        if name not in item.delivered and outcome.arrived_or_failed:
            wrong.append(f"{printable(name)} is not listed, got {outcome}")
    if wrong:
        message = f"{alert_place(alert)}: {_listed(wrong)}"
        yield Judgement(Verdict.FAIL, "DELIVERY_MISMATCH", message, where, alert.at_s)
