"""Every link from one document of ours to another leads somewhere."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from tests.docs.blocks import DOCUMENTS, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def links_of(document: Path) -> Iterator[str]:
    """Where the links of a document lead, those into the wide world left out."""
    tokens = MarkdownIt("commonmark").enable("table").parse(document.read_text(encoding="utf-8"))
    for token in tokens:
        for child in token.children or ():
            target = child.attrs.get("href") if child.type == "link_open" else None
            if target and "://" not in str(target):
                yield str(target)


@cache
def anchors_of(document: Path) -> set[str]:
    """Anchors of the headings, as hosts of repositories make them."""
    tokens = MarkdownIt("commonmark").parse(document.read_text(encoding="utf-8"))
    headings = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    """The file is there, and so is the heading that an anchor names."""
    broken = []
    for link in links_of(document):
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []
