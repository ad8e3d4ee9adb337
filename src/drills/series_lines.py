"""What is wrong with the lines of a CSV file: too few cells, too many, or letters of another code page."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from drills.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

_NOT_IN_TEXT = "\x1f"
"""Separates nothing: so every line is one cell."""


class LineFault(NamedTuple):
    """What is wrong with a line of a file.

    Attributes:
        line: Its number; the first is one.
        text: What is wrong; after a semicolon, the remedy.
    """

    line: int
    text: str


def line_faults(path: Path) -> Iterator[LineFault]:
    """Of each kind of fault the first line that has it; an empty line is one without cells.

    Args:
        path: A CSV file that is not empty.
    """
    import polars as pl

    lines = pl.scan_csv(
        path,
        separator=_NOT_IN_TEXT,
        quote_char=None,
        has_header=False,
        new_columns=["text"],
        infer_schema=False,
        encoding="utf8-lossy",
    ).with_row_index("line", offset=1)
    text = pl.col("text").fill_null("")
    foreign = lines.filter(text.str.contains("\ufffd", literal=True)).select("line").collect()["line"]
    if len(foreign):
        yield LineFault(foreign[0], f"is no UTF-8{_first_of(len(foreign))}; save the file as UTF-8")
    yield from _ragged(path, lines, text)


def _ragged(path: Path, lines: pl.LazyFrame, text: pl.Expr) -> Iterator[LineFault]:
    import polars as pl

    if lines.select(text.str.contains('"', literal=True).any()).collect().item():
        rows, unclosed = _counted(path)
        if unclosed:
            yield LineFault(
                unclosed, "opens a quote and does not close it rightly; mend it, or drop the line"
            )
        per_line = pl.LazyFrame(rows, schema={"line": pl.UInt32, "cells": pl.UInt32}, orient="row")
    else:
        cells = text.str.count_matches(",", literal=True) + (text != "").cast(pl.UInt32)
        per_line = lines.select("line", cells=cells)
    wanted = per_line.select(pl.col("cells").first()).collect().item()
    remedies = "complete the line, or drop it", "take out what is too much, or drop the line"
    for other, remedy in zip((pl.col("cells") < wanted, pl.col("cells") > wanted), remedies, strict=True):
        found = per_line.filter(other).collect()
        if found.height:
            line, cells = found.row(0)
            has = f"has {counted(cells, 'cell')} and the header {wanted}"
            yield LineFault(line, f"{has}{_first_of(found.height)}; {remedy}")


def _counted(path: Path) -> tuple[list[tuple[int, int]], int]:
    """Lines and their cells, where cells may be quoted; and the line where a quote is broken, else 0."""
    found, line = list[tuple[int, int]](), 1
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader((text.replace("\0", "") for text in file), strict=True)
        try:
            for row in rows:
                found.append((line, len(row)))
                line = rows.line_num + 1
        except csv.Error:
            return found, line
    return found, 0


def _first_of(count: int) -> str:
    return f", the first of {count:,} such lines" if count > 1 else ""
