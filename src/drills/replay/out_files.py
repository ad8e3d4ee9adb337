"""Where a replay writes: whole files, or none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from drills.errors import UnusableInputError
from live.whole_files import replace_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TABLES = (".csv", ".parquet")
PAGES = (".html", ".htm")


def check_kind(path: Path, kinds: Sequence[str]) -> None:
    """Refuse a file of another kind.

    Raises:
        UnusableInputError: its name ends in none of these.
    """
    if path.suffix.lower() not in kinds:
        raise UnusableInputError(f"{path}: expected a file that ends in {' or '.join(kinds)}")


def check_place(path: Path, kinds: Sequence[str]) -> None:
    """Refuse, before anything is measured, a place that could not be written to.

    Raises:
        UnusableInputError: it is a file of another kind, a folder, or cannot be written.
    """
    check_kind(path, kinds)
    if path.is_dir():
        raise UnusableInputError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise UnusableInputError(f"{path}: there is no folder {path.parent}; make it first")
    if not all(os.access(place, os.W_OK) for place in (path.parent, path) if place.exists()):
        raise UnusableInputError(f"{path}: cannot be written; nothing was run; make file and folder writable")


def write_whole(content: bytes, path: Path) -> None:
    """Write a file whole, or leave what stands there as it is.

    Raises:
        UnusableInputError: it cannot be written.
    """
    try:
        replace_whole(path, content)
    except OSError as error:
        text = f"{path}: cannot be written ({error.strerror or error}); what stood there is as it was"
        raise UnusableInputError(text) from None
