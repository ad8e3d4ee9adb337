"""Names of limits in a scenario; a misspelt one must not look like a limit that held."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from drills.refusal import refusal
from live.registry import RULES, nearest

INPUTS = ("breaker", "daily_pnl", "order_events", "order_input", "position_input", "snapshot_input")
_OF_STRATEGY = re.compile(r"\[[^\]]+\]\Z")


def _known_limit(name: str) -> str:
    limit = _OF_STRATEGY.sub("", name)
    prefixes = tuple(f"{rule.per_subject}_" for rule in RULES.values() if rule.per_subject)
    if limit not in INPUTS and limit not in RULES and not limit.startswith(prefixes):
        raise refusal("UNKNOWN_LIMIT", f"unknown limit {name!r}; {nearest(name, [*INPUTS, *RULES])}")
    return name


LimitName = Annotated[str, AfterValidator(_known_limit)]
"""A risk rule (`max_order_notional`), one subject of it (`symbol_exposure_BTC/EUR`), an unusable input, or
the limit of a strategy (`max_order_notional[trend]`)."""
