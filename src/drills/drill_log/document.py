"""A Markdown document as sections, items and table rows, each with its lines. Knows nothing about drills.

Lines are numbered from 0 here, as the parser does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from drills.drill_log.words import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Item:
    """A text inside a section: what a list item or a paragraph says.

    Attributes:
        line: Where it begins.
        lines: How many lines it spans.
        text: What it says, without markup.
        label: Its bold beginning (`Operator` in `- **Operator**: …`), else empty.
        codes: Its pieces of inline code.
    """

    line: int
    lines: int
    text: str
    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its line and the content of its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and all below it, up to the next heading that is not deeper.

    Attributes:
        title: The heading, without markup.
        level: 1 to 6.
        line: Of the heading.
        end: The line after the last one of the section.
        tokens: What stands below the heading.
    """

    title: str
    level: int
    line: int
    end: int
    tokens: Sequence[Token]

    def is_called(self, names: Sequence[str]) -> bool:
        """Whether the heading is one of these, by its letters."""
        return letters(self.title) in map(letters, names)

    def items(self) -> Iterator[Item]:
        """The texts of the section in their order, table cells included."""
        return (_item(token) for token in self.tokens if token.type == "inline")

    def table(self) -> list[Row]:
        """The rows of the section's first table, header first; tables in quotes and lists left out."""
        rows: list[Row] = []
        for at, token in enumerate(self.tokens):
            if token.type == "tr_open" and token.level == _ROW_LEVEL:
                rows.append(Row(_line(token), []))
            if token.type in {"th_open", "td_open"} and token.level == _ROW_LEVEL + 1:
                rows[-1].cells.append(self.tokens[at + 1].content)
            if token.type == "table_close" and rows:
                break
        return rows


_ROW_LEVEL = 2


class Document:
    """A parsed text.

    Attributes:
        lines: Each with its own ending; joined they are the text again.
        sections: In their order. A heading in a quote, a list, a code fence or an HTML comment begins none.
    """

    def __init__(self, text: str) -> None:
        """Parse it."""
        from markdown_it import MarkdownIt

        self.lines: list[str] = _LINE.findall(text)
        self._tokens = MarkdownIt("commonmark").enable("table").parse(text)
        self.sections = list(self._sections())

    def _sections(self) -> Iterator[Section]:
        starts = [
            at for at, token in enumerate(self._tokens) if token.type == "heading_open" and token.level == 0
        ]
        for place, start in enumerate(starts):
            level = _level(self._tokens[start])
            after = next((at for at in starts[place + 1 :] if _level(self._tokens[at]) <= level), None)
            end = len(self.lines) if after is None else _line(self._tokens[after])
            title = _item(self._tokens[start + 1]).text
            yield Section(title, level, _line(self._tokens[start]), end, self._tokens[start + 3 : after])

    @cached_property
    def _rules(self) -> dict[int, bool]:
        return {_line(token): token.type == "hr" for token in self._tokens if token.level == 0 and token.map}

    def rule_before(self, line: int) -> bool:
        """Whether the last block before a line is a horizontal rule."""
        return next((is_rule for at, is_rule in reversed(self._rules.items()) if at < line), False)


def ending_of(line: str) -> str:
    """How a line ends: LF, CRLF, CR, or nothing at the end of a file."""
    return line[len(line.rstrip("\r\n")) :]


def _level(heading: Token) -> int:
    return int(heading.tag[1:])


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _item(inline: Token) -> Item:
    first, last = inline.map or (0, 0)
    children = inline.children or []
    return Item(
        line=first,
        lines=last - first,
        text="".join(_TEXTS.get(child.type, child.content) for child in children),
        label=_label(children),
        codes=tuple(child.content for child in children if child.type == "code_inline"),
    )


_TEXTS = {"softbreak": " ", "hardbreak": " ", "html_inline": ""}


def _label(children: Sequence[Token]) -> str:
    """The bold text that a line begins with; marks without letters (a tick, an emoji) may stand before it."""
    label = ""
    bold = False
    for child in children:
        if child.type == "strong_close" or (not bold and letters(child.content)):
            break
        bold = bold or child.type == "strong_open"
        label += child.content if bold else ""
    return label
