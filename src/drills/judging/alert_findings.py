"""What is said about alerts that are missing, not as expected, or expected by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Judgement, Verdict
from drills.judging.alert_deliveries import wrong_deliveries
from drills.judging.alert_pairing import Pairing, distance
from drills.judging.expected_alert import ExpectedAlert, alert_place, alert_words
from drills.words import instant, printable, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drills.contracts import Where
    from drills.history import History, Record


def missing(
    expected: Sequence[ExpectedAlert], pairing: Pairing, alerts: Sequence[Record], where: Sequence[Where]
) -> Iterator[Judgement]:
    """A finding for every expected alert that was raised too seldom, with the alert that may be meant."""
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


def mismatched(
    expected: Sequence[ExpectedAlert], pairs: Iterable[tuple[int, Record]], where: Sequence[Where]
) -> Iterator[Judgement]:
    """A finding that names every wrong field of an alert; alerts that are wrong alike are one finding."""
    alike: dict[tuple[int, str], list[Record]] = {}
    for number, alert in pairs:
        alike.setdefault((number, _listed(expected[number].misfits(alert))), []).append(alert)
    for (number, wrong), alerts in alike.items():
        item, alert, more = expected[number], alerts[0], len(alerts) - 1
        got = "it" if alert_words(alert) == str(item) else alert_words(alert)
        when = f" at {instant(alert.at_s)}" if alert.at_s != item.window.at_s else ""
        often = f", {times(more)} more in the same way" if more else ""
        message = f"{item.window} expected {item}, got {got}{when}: {wrong}{often}"
        at_s = min(item.window.at_s, alert.at_s)
        yield Judgement(Verdict.FAIL, "ALERT_MISMATCH", message, where[number], at_s)


def unexpected(
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
            f"at {instant(first.at_s)} got {words}{until}, which {_why(expected, first)}: "
            f'"{printable(first.data["message"])}"; if it is right, list it under expect.alerts'
        )
        near = _nearest_line(expected, first, where)
        yield Judgement(Verdict.FAIL, "ALERT_UNEXPECTED", message, where[0], first.at_s, near)


def _why(expected: Sequence[ExpectedAlert], alert: Record) -> str:
    fits = any(item.fits(alert) for item in expected)
    return "is more often than expected" if fits else "nobody expects"


def _nearest_line(expected: Sequence[ExpectedAlert], alert: Record, where: Sequence[Where]) -> str:
    items = [(number, item) for number, item in enumerate(expected) if item.code == alert.data["code"]]
    if not items:
        return ""
    number, item = min(items, key=lambda one: (distance(one[1], alert), one[0]))
    wrong = item.misfits(alert) or [f"expected {times(item.times)}"]
    return f"{where[number]} expects {item} {item.window} ({_listed(wrong)})"


def deliveries(item: ExpectedAlert, alert: Record, history: History, where: Where) -> Iterator[Judgement]:
    """A finding when an alert did not end where it was to end."""
    wrong = [str(one) for one in wrong_deliveries(item, history.deliveries(alert))]
    if wrong:
        message = f"{alert_place(alert)}: {_listed(wrong)}"
        yield Judgement(Verdict.FAIL, "DELIVERY_MISMATCH", message, where, alert.at_s)
