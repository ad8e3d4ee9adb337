"""Fenced blocks of a Markdown document, with their places."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        document: The Markdown file.
        line: Number of the line that opens the fence, from 1.
        language: First word of the info string; empty when there is none.
        options: The rest of it, `key=value` pairs: `title="rules/mine.py"`.
        text: What stands between the fences.
    """

    document: Path
    line: int
    language: str
    text: str
    options: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


class BlockError(AssertionError):
    """A block does not do what it shows; the message begins with its document and line."""

    def __init__(self, block: Block, text: str) -> None:
        super().__init__(f"{block}: {text}")


def blocks_of(document: Path) -> list[Block]:
    """Every fenced block of a document, in its order; those inside lists and quotes too."""
    tokens = MarkdownIt("commonmark").parse(document.read_text(encoding="utf-8"))
    fences = [token for token in tokens if token.type == "fence" and token.map]
    return [_block(document, token.map[0] + 1, token.info, token.content) for token in fences if token.map]


def _block(document: Path, line: int, info: str, text: str) -> Block:
    language, *words = shlex.split(info) or [""]
    return Block(document, line, language, text, dict(word.split("=", 1) for word in words))
