"""The counters at the end of a log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.drill_log.words import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.drill_log.document import Item, Section
    from drills.drill_log.findings import Findings
    from drills.drill_log.words import Words

OPTIONAL = "unknown"

_VALUE = re.compile(r"[^:]*:[\s*_`]*(\[[^\]]*\](?!\()|[0-9]+)")


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter: its line (from 0), its label, the span of its value, a number or a placeholder (`[X]`)."""

    line: int
    label: str
    start: int
    end: int
    value: str


def count(results: Sequence[str]) -> dict[str, int]:
    """The value of each counter for the results of all drills.

    A drill that is not known to have passed is one with issues, so that successful + issues = performed.
    """
    passed = results.count("PASS")
    return {
        "performed": len(results),
        "successful": passed,
        "issues": len(results) - passed,
        "unknown": len(results) - passed - results.count("ISSUES"),
    }


def read_counters(
    section: Section, lines: Sequence[str], words: Words, findings: Findings
) -> dict[str, Counter]:
    """The counters of the summary by name; a finding for each missing, doubled or unreadable one."""
    counters: dict[str, Counter] = {}
    for name, labels in words.counters.items():
        found = [counter for item in section.items() if (counter := _counter(item, labels, lines))]
        if not found and name != OPTIONAL:
            what = f"no line {labels[0]!r} with a number or [X] below {section.title!r}"
            findings.add(section.line, "LOG_COUNTER_MISSING", what, f"add `- {labels[0]}: [X]`")
        for twin in found[1:]:
            what = f"{twin.label!r} counts what line {found[0].line + 1} counts already"
            findings.add(twin.line, "LOG_COUNTER_TWICE", what, "remove one of the two")
        counters.update((name, counter) for counter in found[:1])
    return counters


def _counter(item: Item, labels: Sequence[str], lines: Sequence[str]) -> Counter | None:
    """The counter that an item is, if its label is one of these and a value stands behind it."""
    label = item.text.partition(":")[0]
    value = _VALUE.match(lines[item.line])
    if value and item.lines == 1 and letters(label) in map(letters, labels):
        return Counter(item.line, label, *value.span(1), value[1])
    return None
