"""Foreign text as Markdown: shown as it is, it can neither break the document nor leak a secret address."""

from __future__ import annotations

import re

from live.alerts.redact import redact_text

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_SPECIAL = re.compile(
    r"[\\`*\[\]|~]"  # escapes, code, emphasis, links, cells, strikethrough
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"  # HTML
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; an underscore between letters is none
    r"|^[#>]|^[-+](?=[-+\s]|$)|#(?=#*$)"  # what begins, or ends, a block
)
_ORDINAL = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_STARS = re.compile(r"/\\\*\\\*\\\*(?!\S)")  # behind a host; before a blank they cannot begin emphasis
_BACKTICKS = re.compile(r"`+")


def clean(text: str) -> str:
    """A text on one line: no addresses with secrets, no control characters, single blanks."""
    return " ".join(_UNPRINTABLE.sub(" ", redact_text(text)).split())


def plain(text: str) -> str:
    """A text that Markdown shows as it is: in an item, a heading, a table cell; a dash for an empty one."""
    escaped = _ORDINAL.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", clean(text)))
    return _STARS.sub("/***", escaped) or "–"


def code(text: str) -> str:
    """A text as inline code."""
    content = clean(text)
    ticks = "`" * (_longest_run(content) + 1)
    blank = " " if "`" in (content[:1], content[-1:]) else ""
    return f"{ticks}{blank}{content}{blank}{ticks}"


def code_block(text: str) -> list[str]:
    """The lines of a fenced block of shell commands."""
    lines = [_UNPRINTABLE.sub(" ", redact_text(line)).rstrip() for line in text.splitlines()]
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}bash", *lines, fence]


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
