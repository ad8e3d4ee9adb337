"""Appends drills to a log by inserting lines; what the log held before stays byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.drill_log.document import ending_of
from drills.drill_log.findings import DrillLogError, Findings
from drills.drill_log.parse import BYTE_ORDER_MARK, parse_log
from drills.drill_log.render import cells_of, section_of
from drills.drill_log.summary import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drills.drill_log.entry import DrillLogEntry
    from drills.drill_log.parse import DrillLog

NumberedEntry = tuple[int, "DrillLogEntry"]

_LEVEL = 2  # of a section's heading where no drill shows another


def append_drill(log: bytes, entries: Sequence[DrillLogEntry], *, name: str = "drill log") -> bytes:
    """Append drills to a log.

    Each new drill gets the next number, a section behind the last drill's, and a row behind the table's last
    one; the counters of the summary are set. A drill that is in the log already, by scenario and history, is
    left alone: with none but such drills the log comes back as it was. One after the other gives the same as
    all at once.

    Args:
        log: The log's content.
        entries: The drills, in the order in which they are numbered.
        name: How messages call the file.

    Returns:
        The log's new content.

    Raises:
        DrillLogError: The log cannot be read, or is such that a drill could not be found in it again.
    """
    before = parse_log(log, name)
    new = list(enumerate(_new(before, entries), start=before.highest + 1))
    if not new:
        return log
    mark = BYTE_ORDER_MARK.encode()
    appended = (mark if log.startswith(mark) else b"") + _spliced(before, new).encode()
    _read_back(before, new, appended, name)
    return appended


def _new(log: DrillLog, entries: Sequence[DrillLogEntry]) -> Iterator[DrillLogEntry]:
    known = {drill.identity for drill in log.drills}
    for entry in entries:
        if entry.identity not in known:
            known.add(entry.identity)
            yield entry


def _spliced(log: DrillLog, new: Sequence[NumberedEntry]) -> str:
    lines = _with_counters(log, _results(log, new))
    final = "" if ending_of(lines[-1]) else ending_of(lines[0])
    lines[-1] += final
    rows = [log.protocol.row(cells_of(number, entry, log.words)) for number, entry in new]
    insertions = [(_place(log), _sections(log, new)), (log.protocol.end, rows)]
    for at, inserted in sorted(insertions, key=lambda insertion: insertion[0], reverse=True):
        ending = ending_of(lines[max(at - 1, 0)])
        lines[at:at] = [line + ending for line in inserted]
    return "".join(lines).removesuffix(final)


def _results(log: DrillLog, new: Sequence[NumberedEntry]) -> list[str]:
    return [drill.result for drill in log.drills] + [entry.result for _, entry in new]


def _with_counters(log: DrillLog, results: Sequence[str]) -> list[str]:
    lines = list(log.document.lines)
    values = count(results)
    for name, counter in log.counters.items():
        line = lines[counter.line]
        lines[counter.line] = f"{line[: counter.start]}{values[name]}{line[counter.end :]}"
    return lines


def _place(log: DrillLog) -> int:
    """The line before which new drills go: behind the last drill, or above the table while there is none."""
    return log.drills[-1].end if log.drills else log.protocol.heading


def _sections(log: DrillLog, new: Sequence[NumberedEntry]) -> list[str]:
    """The sections, apart by blank lines, and by rules where the log has rules between its sections."""
    lines, place = log.document.lines, _place(log)
    level = log.drills[-1].level if log.drills else _LEVEL
    rule = ["", "---"] if log.document.rule_before(place) else []
    sections = [
        line for number, entry in new for line in ("", *section_of(number, entry, log.words, level), *rule)
    ]
    is_apart = place == 0 or not lines[place - 1].strip()
    return sections[is_apart:] + [""] * (place < len(lines))


def _read_back(before: DrillLog, new: Sequence[NumberedEntry], appended: bytes, name: str) -> None:
    """Make sure that the log says what it is meant to say.

    Raises:
        DrillLogError: It does not, because something that the log left open swallows what was appended.
    """
    after = parse_log(appended, name)
    wanted = [(drill.number, drill.result, drill.identity) for drill in before.drills]
    wanted += [(number, entry.result, entry.identity) for number, entry in new]
    if [(drill.number, drill.result, drill.identity) for drill in after.drills] == wanted:
        return
    findings = Findings(name)
    what = f"drill #{new[0][0]:03d} could not be found again behind this line"
    findings.add(_place(before) - 1, "LOG_LEFT_OPEN", what, "close the code fence or HTML comment above it")
    raise DrillLogError(findings.all)
