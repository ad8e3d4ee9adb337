"""The table of all drills in a log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.drill_log.words import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.drill_log.document import Row, Section
    from drills.drill_log.findings import Findings
    from drills.drill_log.words import Words


@dataclass(frozen=True, slots=True)
class Protocol:
    """The table of all drills; lines are numbered from 0.

    Attributes:
        heading: Line of the heading above it.
        columns: What each column holds, by its name in `Words.columns`; empty for one of the owner's own.
        widths: How wide the texts of each column are.
        piped: Whether its rows begin and end with a pipe.
        end: The line below the last row with a date. Rows without one are a template and stay below it.
    """

    heading: int
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    piped: bool
    end: int

    def row(self, cells: dict[str, str]) -> str:
        """A line of the table.

        Args:
            cells: The text of each column by its name; a column without one gets a dash.
        """
        texts = [cells.get(column, "–") for column in self.columns]
        padded = [text.ljust(width) for text, width in zip(texts, self.widths, strict=True)]
        line = " | ".join(padded)
        return f"| {line} |" if self.piped else line.rstrip()


def read_protocol(
    section: Section, lines: Sequence[str], words: Words, findings: Findings
) -> Protocol | None:
    """The first table of a section; None, and a finding, when there is none that can take a drill."""
    rows = section.table()
    if not rows:
        what = f"no table below {section.title!r}, so a drill would have no row"
        findings.add(
            section.line, "LOG_TABLE_MISSING", what, "add its header row and the line of dashes below it"
        )
        return None
    columns = tuple(_column(cell, words) for cell in rows[0].cells)
    missing = [words.columns[name][0] for name in ("date", "result") if name not in columns]
    if missing:
        header = " | ".join(rows[0].cells)
        what = f"the table has no column {' and no column '.join(map(repr, missing))}: {header}"
        findings.add(rows[0].line, "LOG_COLUMN_MISSING", what, "name the columns so")
        return None
    dashes = lines[rows[0].line + 1].strip().strip("|")
    return Protocol(
        heading=section.line,
        columns=columns,
        widths=tuple(max(0, len(cell) - 2) for cell in dashes.split("|")),
        piped=lines[rows[0].line].lstrip().startswith("|"),
        end=_end(rows, columns.index("date")),
    )


def _column(header: str, words: Words) -> str:
    """What a column holds, by the first word of its header."""
    first = letters(header).split()[:1]
    return next((name for name, known in words.columns.items() if first and first[0] in known), "")


def _end(rows: Sequence[Row], date: int) -> int:
    dated = [row.line for row in rows[1:] if any(char.isdigit() for char in row.cells[date])]
    return (dated[-1] if dated else rows[0].line + 1) + 1
