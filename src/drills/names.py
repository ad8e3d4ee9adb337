"""How drills and their cases are named: names become test ids, file names and log entries."""

from __future__ import annotations

import re

NAME = re.compile(r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$")
NAME_REMEDY = "use lower case, digits and hyphens"


def is_name(text: str) -> bool:
    """Whether a text can be the id of a drill or the name of a case."""
    return NAME.fullmatch(text) is not None and not text.endswith("\n")
