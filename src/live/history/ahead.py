"""The next part is made while this one is judged: neither needs the interpreter for long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def ahead(parts: Iterator[T]) -> Iterator[T]:
    """The same parts, made by a thread of their own, one ahead and never more."""
    with ThreadPoolExecutor(1, "parts-ahead") as thread:
        coming = thread.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = thread.submit(next, parts, None)
            yield part
