"""Where the page of a replay is written: whole, or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from drills.errors import UnusableInputError
from live.whole_files import replace_whole

if TYPE_CHECKING:
    from pathlib import Path


def check_chart_path(path: Path) -> None:
    """Refuse, before anything is measured, a place that the page could not be written to.

    Raises:
        UnusableInputError: it is no HTML file, a folder, or cannot be written.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise UnusableInputError(f"{path}: expected a file that ends in .html or .htm")
    if path.is_dir():
        raise UnusableInputError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise UnusableInputError(f"{path}: there is no folder {path.parent}; make it first")
    if not all(os.access(place, os.W_OK) for place in (path.parent, path) if place.exists()):
        raise UnusableInputError(f"{path}: cannot be written; nothing was run; make file and folder writable")


def write_page(text: str, path: Path) -> None:
    """Write the page whole, or leave what stands there as it is.

    Raises:
        UnusableInputError: it cannot be written.
    """
    try:
        replace_whole(path, text.encode())
    except OSError as error:
        raise UnusableInputError(f"{path}: cannot be written ({error.strerror or error})") from None
