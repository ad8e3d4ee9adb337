"""`expect: {checks: […]}`: what risk checks answered.

Each item is one check; checks that are not listed are not judged. `breached` and `warned` are the whole sets
of limits; `reasons` are parts of reasons, each in one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from drills.contracts import Due, Expectation, Judgement, Verdict
from drills.judging.expected_check import ExpectedCheck, began_s, check_words
from drills.judging.matching import most_pairs, nearest_pairs
from drills.words import instant, microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from drills.contracts import Where
    from drills.history import History, Record


class Checks(Expectation):
    """What each of these checks answered."""

    name = "checks"
    Params = Annotated[list[ExpectedCheck], Field(min_length=1)]

    def judge(
        self, history: History, expected: list[ExpectedCheck], where: Sequence[Where]
    ) -> Iterable[Judgement]:
        """Find the check that each item means, and compare."""
        checks = history.of("check")
        for number, check in enumerate(_pair(expected, checks)):
            item = expected[number]
            if check is None:
                message, near = f"{item.place} expected {item}, got no check", _nearest(item, checks)
                yield Judgement(Verdict.FAIL, "CHECK_MISSING", message, where[number], item.at_s, near)
            elif wrong := list(item.wrong_fields(check)):
                message = f"{item.place} expected {item}, got {check_words(check)}: {'; '.join(wrong)}"
                yield Judgement(Verdict.FAIL, "CHECK_MISMATCH", message, where[number], item.at_s)

    def lane(self, history: History, expected: list[ExpectedCheck]) -> Iterable[Due]:
        """Each item beside the check that it means."""
        for item, check in zip(expected, _pair(expected, history.of("check")), strict=True):
            met = check is not None and not list(item.wrong_fields(check))
            yield Due(check.at_s if check else item.at_s, str(item), check.seq if check else None, met=met)


def _pair(expected: Sequence[ExpectedCheck], checks: Sequence[Record]) -> list[Record | None]:
    """For each item the check of its kind at its instant: one that fits, else the one most like it."""
    wrong = {
        (number, place): len(list(item.wrong_fields(check)))
        for number, item in enumerate(expected)
        for place, check in enumerate(checks)
        if item.is_about(check)
    }
    partners = most_pairs([_fitting(number, wrong) for number in range(len(expected))])
    room = {number: int(partner is None) for number, partner in enumerate(partners)}
    costs = [(count, *pair) for pair, count in wrong.items() if pair[1] not in partners]
    for number, place in nearest_pairs(costs, room):
        partners[number] = place
    return [None if partner is None else checks[partner] for partner in partners]


def _fitting(number: int, wrong: Mapping[tuple[int, int], int]) -> list[int]:
    return [place for (one, place), count in wrong.items() if one == number and not count]


def _nearest(item: ExpectedCheck, checks: Sequence[Record]) -> str:
    if not checks:
        return ""
    check = min(checks, key=lambda one: (abs(microseconds(began_s(one)) - microseconds(item.at_s)), one.seq))
    return f"{check_words(check)} at {instant(began_s(check))}"
