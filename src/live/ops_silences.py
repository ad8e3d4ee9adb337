"""What a silence by hand may be: what it is about, and when it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from live.config_errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from live.alerts.dispatch.silence_table import SilenceRow

LEAST, MOST = 0.1, 10_080.0
"""Minutes."""
_RANGE = f"{LEAST:g} to {MOST:.0f} minutes (a week)"
_EITHER = ("--minutes, --until",)


def end_of(minutes: float | None, until: str | None, now: datetime) -> datetime:
    """When a silence ends, of which one of the two is said.

    Args:
        minutes: How long it holds.
        until: An instant; naive is taken as UTC.
        now: The present instant.

    Raises:
        ConfigError: neither or both are said, or that is no end within a week.
    """
    if minutes is not None and until is not None:
        raise ConfigError([Problem(_EITHER, "both are given; say for how long by one of them")])
    if minutes is not None:
        if not LEAST <= minutes <= MOST:
            raise ConfigError([Problem(("--minutes",), f"expected {_RANGE}, got {minutes:g}")])
        return now + timedelta(minutes=minutes)
    if until is None:
        raise ConfigError([Problem(_EITHER, "neither is given; say for how long by one of them")])
    return _instant(until, now)


def unusable(author: str, reason: str, about: Mapping[str, str], *, everything: bool) -> Iterator[Problem]:
    """Everything that is wrong with what else is said.

    Args:
        author: Who asks.
        reason: Why.
        about: What is muted, by option; empty for one that is not given.
        everything: Whether everything is to be muted.
    """
    from live.alerts.dispatch.matches import instead_of_source
    from live.codes import alert_codes
    from live.registry import nearest

    said = {"--author": author, "--reason": reason}
    yield from (Problem((name,), "is empty") for name, text in said.items() if not text.strip())
    given = [name for name, text in about.items() if text]
    if everything and given:
        yield Problem(("--all",), f"is given beside {', '.join(given)}; say one of them")
    if not (everything or given):
        remedy = "say what is to be muted by one of them, or --all to mute everything, CRITICAL too"
        yield Problem((", ".join(about),), f"none is given; {remedy}")
    code, source = about["--code"], about["--source"]
    if code and code not in alert_codes():
        yield Problem(("--code",), f"{code!r} is no alert code; {nearest(code, alert_codes())}")
    if near := instead_of_source(source):
        yield Problem(("--source",), f"{source!r} is no source; {near}")


def subject_of(row: SilenceRow) -> str:
    """What a silence is about, in words."""
    return " ".join(part for part in row[:3] if part) or "everything"


def _instant(said: str, now: datetime) -> datetime:
    from live.alerts.dispatch.config import read_instant

    until = read_instant(said)
    if until is None:
        example = (now + timedelta(hours=1)).isoformat(timespec="seconds")
        raise ConfigError([Problem(("--until",), f"{said!r} is no instant; write one such as {example}")])
    minutes = (until - now).total_seconds() / 60
    if minutes <= 0:
        raise ConfigError([Problem(("--until",), f"is over since {-minutes:.0f} minutes; naive is UTC")])
    if minutes > MOST:
        why = f"is {minutes:.0f} minutes from now; a week ({MOST:.0f} minutes) at most"
        raise ConfigError([Problem(("--until",), why)])
    return until
