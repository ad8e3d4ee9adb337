"""Whether what alerts are matched by exists: a name that does not would never match, in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.alerts.dispatch.config import DispatchConfig, Match

OURS = "live_"
"""Sources that begin so are this project's, and all are known; a program may have others of its own."""


def unknown_in_matches(config: DispatchConfig) -> Iterator[str]:
    """Every code that nobody raises, and every source of ours that does not exist."""
    matches = [one.match for one in config.routes] + [one.match for one in config.silences]
    matches += [match for one in config.inhibitions for match in (one.by, one.what)]
    for match in matches:
        yield from _unknown(match)


def instead_of_source(source: str) -> str:
    """The nearest source, where one of ours is named that does not exist; empty where it may."""
    from live.codes import alert_codes
    from live.registry import nearest

    whole = {one for sources in alert_codes().values() for one in sources}
    known = {*whole, *(one.partition(".")[0] for one in whole)}
    return nearest(source, known) if source.startswith(OURS) and source not in known else ""


def _unknown(match: Match) -> Iterator[str]:
    from live.codes import alert_codes
    from live.registry import nearest

    codes = alert_codes()
    if match.code and match.code not in codes:
        yield f"match names the code {match.code!r}, which is none; {nearest(match.code, codes)}"
    if near := instead_of_source(match.source):
        yield f"match names the source {match.source!r}, which is none; {near}"
