"""What a numbered section of the log says about its drill."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.drill_log import words
from drills.drill_log.words import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drills.drill_log.document import Document, Item, Section

_HEADING = re.compile(r"Drill\s+#([0-9]{1,6})\b(?!\s*[–:-]*\s*(?:\[|YYYY|JJJJ))", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that a drill points to, and the digest that it had then; the line is numbered from 0."""

    line: int
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill in the log; lines are numbered from 0.

    Attributes:
        number: 7 for `Drill #007`.
        level: Of its heading.
        line: Of its heading.
        end: The line after its last one.
        result: `PASS`, `ISSUES` or `UNKNOWN`; empty when the section names none, or contradicts itself.
        identity: Scenario id, digest of the history and day; empty texts in an entry written by hand.
        evidence: The files with digests that it points to.
    """

    number: int
    level: int
    line: int
    end: int
    result: str
    identity: tuple[str, str, str]
    evidence: tuple[Evidence, ...]


def drills_of(document: Document) -> Iterator[Drill]:
    """The drills of a log in the order of their sections; a template (`Drill #001 – [date]`) is none."""
    for section in document.sections:
        heading = _HEADING.match(section.title)
        if heading:
            yield _drill(int(heading[1]), section, document.sections)


def _drill(number: int, section: Section, sections: Sequence[Section]) -> Drill:
    below = [other for other in sections if section.line < other.line < section.end]
    criteria = [other for other in below if other.is_called(words.CRITERIA)]
    return Drill(
        number=number,
        level=section.level,
        line=section.line,
        end=section.end,
        result=_worst([_result(item) for part in criteria or [section] for item in part.items()]),
        identity=(_code(section, words.SCENARIO_ID), _code(section, words.HISTORY), _day(section)),
        evidence=tuple(
            found for part in below if part.is_called(words.EVIDENCE) for found in _evidence(part)
        ),
    )


def _evidence(section: Section) -> Iterator[Evidence]:
    for item in section.items():
        match item.codes:
            case (path, digest) if _SHA256.fullmatch(digest):
                yield Evidence(item.line, path, digest)


def _worst(results: Sequence[str]) -> str:
    return next((result for result in ("ISSUES", "UNKNOWN", "PASS") if result in results), "")


def _result(item: Item) -> str:
    """What an item says about the result: `**PASS** – …` or `**Result**: PASS`."""
    said = letters(item.label)
    if said in words.RESULT_LABELS:
        said = letters(item.text.partition(":")[2])
    known = {words.RESULTS[word] for word in said.split() if word in words.RESULTS}
    return known.pop() if len(known) == 1 else ""


def _day(section: Section) -> str:
    """The day in the heading: `Drill #007 – 2026-01-27 (UTC) – …`."""
    found = _DAY.search(section.title)
    return found[0] if found else ""


def _code(section: Section, label: str) -> str:
    """The first piece of inline code behind a label."""
    return next((item.codes[0] for item in section.items() if item.label == label and item.codes), "")
