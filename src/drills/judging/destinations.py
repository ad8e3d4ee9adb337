"""Names of destinations in a scenario; a misspelt one must not look like one that got nothing."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from drills.refusal import refusal
from live.registry import SINKS, nearest

NUMBERED = re.compile(r"(?P<sink>.+)#[1-9]\d*")
EXCHANGE = "exchange"


def _known_destination(name: str) -> str:
    numbered = NUMBERED.fullmatch(name)
    if (numbered["sink"] if numbered else name) not in SINKS:
        raise refusal("UNKNOWN_DESTINATION", f"unknown destination {name!r}; {nearest(name, SINKS)}")
    return name


def _known_endpoint(name: str) -> str:
    return name if name == EXCHANGE else _known_destination(name)


Destination = Annotated[str, AfterValidator(_known_destination)]
"""A sink, or one address of it: `log`, `webhook`, `webhook#2`."""

Endpoint = Annotated[str, AfterValidator(_known_endpoint)]
"""Somewhere requests go: a sink, one address of it, or `exchange`."""
