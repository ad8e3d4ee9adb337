"""What the summaries of replays are written with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.clock import as_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


def instant(at: datetime) -> str:
    """An instant as it is written."""
    return as_utc(at).isoformat().replace("+00:00", "Z")


def side_by_side(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns side by side, each as wide as its widest cell."""
    cells = [list(headings), *map(list, rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)
