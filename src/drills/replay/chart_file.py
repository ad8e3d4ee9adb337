"""Where the page of a replay is written: whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from drills.errors import UnusableInputError


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
    written: Path | None = None
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as file:
            written = Path(file.name)
            file.write(text)
        written.chmod(path.stat().st_mode if path.exists() else 0o644)
        written.replace(path)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        raise UnusableInputError(f"{path}: cannot be written ({error.strerror or error})") from None
