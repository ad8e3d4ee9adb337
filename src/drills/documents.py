"""The sections that a drill may name: those of the runbooks and of the playbook, where they stand here.

Documents that are kept elsewhere, in a wiki, cannot be looked up: what is said of them is taken as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from drills.refusal import refusal
from live.events import RUNBOOKS
from live.registry import nearest

PLAYBOOK_PAGE = "docs/INCIDENT_SIMULATION_AND_DRILLS.md"
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_CHAPTER = re.compile(r"^#{1,6}[ \t]+Scenario (\d+)\b", re.MULTILINE)
_ANCHOR = re.compile(r"""<a (?:id|name)=["']([^"']+)["']""")


def known_section(anchor: str) -> str:
    """The anchor of a runbook section, as it came; empty for none.

    Raises:
        PydanticCustomError: `UNKNOWN_SECTION`: the runbooks that stand here have no such section.
    """
    anchors = _anchors(_text(RUNBOOKS))
    if anchor and anchors and anchor not in anchors:
        raise refusal("UNKNOWN_SECTION", f"{RUNBOOKS} has no section {anchor!r}; {nearest(anchor, anchors)}")
    return anchor


def known_chapter(number: int) -> int:
    """The number of a scenario of the playbook, as it came.

    Raises:
        PydanticCustomError: `UNKNOWN_CHAPTER`: the playbook that stands here has no such scenario.
    """
    numbers = _chapters(_text(PLAYBOOK_PAGE))
    if numbers and number not in numbers:
        remedy = f"write its chapter, or name one of {', '.join(map(str, numbers))}"
        raise refusal("UNKNOWN_CHAPTER", f"{PLAYBOOK_PAGE} has no scenario {number}; {remedy}")
    return number


def _text(document: str) -> str:
    """The document as it stands below the working directory; empty when it does not."""
    path = Path(document)
    if not path.is_file():
        return ""
    found = path.stat()
    return _content(path, (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=4)
def _content(path: Path, _version: tuple[int, ...]) -> str:
    """What stands in it: every scenario asks, so one version of it is read once."""
    return path.read_text(encoding="utf-8", errors="replace")


@lru_cache(maxsize=4)
def _anchors(text: str) -> tuple[str, ...]:
    """What code forges make of the headings, and what is an anchor by itself."""
    made = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text))
    return tuple(dict.fromkeys([*made, *_ANCHOR.findall(text)]))


@lru_cache(maxsize=4)
def _chapters(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(number) for number in _CHAPTER.findall(text)}))
