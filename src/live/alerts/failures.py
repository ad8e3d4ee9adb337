"""What led to an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def links(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything that led to it, each once, nearest first."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        behind = (link.__cause__, link.__context__, *getattr(link, "exceptions", ()))
        waiting.extend(one for one in behind if isinstance(one, BaseException))
