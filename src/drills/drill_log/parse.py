"""A drill log as what an entry needs to know: its language, its drills, its table, its counters."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.drill_log.document import Document
from drills.drill_log.drill_section import drills_of
from drills.drill_log.findings import DrillLogError, Findings
from drills.drill_log.protocol import read_protocol
from drills.drill_log.summary import read_counters
from drills.drill_log.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from drills.drill_log.document import Section
    from drills.drill_log.drill_section import Drill
    from drills.drill_log.protocol import Protocol
    from drills.drill_log.summary import Counter
    from drills.drill_log.words import Words

BYTE_ORDER_MARK = "\ufeff"
MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class DrillLog:
    """A log that can be appended to."""

    document: Document
    words: Words
    drills: tuple[Drill, ...]
    protocol: Protocol
    counters: Mapping[str, Counter]

    @property
    def highest(self) -> int:
        """The highest number of a drill; 0 before the first one."""
        return max((drill.number for drill in self.drills), default=0)


def parse_log(log: bytes, name: str) -> DrillLog:
    """Read a log.

    Args:
        log: The file's content.
        name: How messages call the file.

    Raises:
        DrillLogError: It is no drill log, or lacks what an entry needs; all problems at once.
    """
    findings = Findings(name)
    document = Document(_text(log, findings))
    sections = [section for section in document.sections if section.level > 1]
    words = _language(sections, findings)
    protocol = _only(sections, words.protocol, "LOG_PROTOCOL", findings)
    summary = _only(sections, words.summary, "LOG_SUMMARY", findings)
    table = read_protocol(protocol, document.lines, words, findings) if protocol else None
    counters = read_counters(summary, document.lines, words, findings) if summary else {}
    drills = tuple(drills_of(document))
    _refuse_twins(drills, findings)
    if findings.all or table is None:
        raise DrillLogError(findings.all)
    return DrillLog(document, words, drills, table, counters)


def _text(log: bytes, findings: Findings) -> str:
    if len(log) > MAX_BYTES:
        size = f"the log has {len(log)} bytes, the limit is {MAX_BYTES} bytes"
        findings.add(0, "LOG_TOO_LARGE", size, "move old drills to an archive")
        raise DrillLogError(findings.all)
    try:
        return log.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        what = f"byte 0x{log[error.start]:02x} at offset {error.start} is not UTF-8"
        findings.add(log.count(b"\n", 0, error.start), "LOG_NOT_UTF8", what, "save the log as UTF-8")
        raise DrillLogError(findings.all) from None


def _language(sections: Sequence[Section], findings: Findings) -> Words:
    """The language that most of the headings speak."""
    spoken = [sum(_has(sections, names) for names in (words.protocol, words.summary)) for words in LANGUAGES]
    if not any(spoken):
        wanted = " nor ".join(f"{words.protocol[0]!r} and {words.summary[0]!r}" for words in LANGUAGES)
        known = [name for words in LANGUAGES for name in (*words.protocol, *words.summary)]
        line, hint = _nearest(sections, known)
        what = f"there are neither the headings {wanted}{hint}"
        findings.add(
            line, "LOG_NOT_RECOGNISED", what, "is this a drill log? docs/INCIDENT_DRILL_LOG.md is one"
        )
        raise DrillLogError(findings.all)
    return LANGUAGES[spoken.index(max(spoken))]


def _has(sections: Sequence[Section], names: Sequence[str]) -> bool:
    return any(section.is_called(names) for section in sections)


def _only(sections: Sequence[Section], names: Sequence[str], code: str, findings: Findings) -> Section | None:
    """The one section with such a heading."""
    found = [section for section in sections if section.is_called(names)]
    if not found:
        line, hint = _nearest(sections, names)
        what = f"there is no section {names[0]!r}{hint}"
        findings.add(line, f"{code}_MISSING", what, "add it; docs/INCIDENT_DRILL_LOG.md shows how it looks")
    for twin in found[1:]:
        what = f"section {names[0]!r} begins in line {found[0].line + 1} already"
        findings.add(twin.line, f"{code}_TWICE", what, "rename one of the two")
    return found[0] if found else None


def _nearest(sections: Sequence[Section], names: Sequence[str]) -> tuple[int, str]:
    """The line of the first heading that is almost one of these, and a hint at it."""
    for section in sections:
        for name in difflib.get_close_matches(section.title, names, n=1):
            return section.line, f", only {section.title!r} (did you mean {name!r}?)"
    return 0, ""


def _refuse_twins(drills: Sequence[Drill], findings: Findings) -> None:
    first: dict[int, int] = {}
    for drill in drills:
        line = first.setdefault(drill.number, drill.line)
        if line != drill.line:
            what = f"drill #{drill.number:03d} begins in line {line + 1} already"
            findings.add(drill.line, "LOG_NUMBER_TWICE", what, "renumber one of the two")
