"""Names of limits in a scenario; a misspelt one must not look like a limit that held."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from drills.judging.refusal import refusal
from live.registry import RULES, nearest

INPUTS = ("breaker", "daily_pnl", "order_input", "position_input", "snapshot_input")


def _known_limit(name: str) -> str:
    prefixes = tuple(f"{rule.per_subject}_" for rule in RULES.values() if rule.per_subject)
    if name not in INPUTS and name not in RULES and not name.startswith(prefixes):
        raise refusal("UNKNOWN_LIMIT", f"unknown limit {name!r}; {nearest(name, [*INPUTS, *RULES])}")
    return name


LimitName = Annotated[str, AfterValidator(_known_limit)]
"""A risk rule (`max_order_notional`), one subject of it (`symbol_exposure_BTC/EUR`), or an unusable input."""
