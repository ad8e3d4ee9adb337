"""Every alert code that can be raised, and by whom."""

from __future__ import annotations

from functools import lru_cache

from live.contracts import CandleGuard, Scope, Watcher
from live.registry import GUARDS, WATCHERS

_Codes = dict[str, tuple[str, ...]]


def risk_code(scope: Scope, *, breach: bool) -> str:
    """The code of a risk check that is not OK, such as `RISK_LIMIT_VIOLATION_ORDERS`."""
    return f"RISK_LIMIT_{'VIOLATION' if breach else 'WARNING'}_{scope.name}"


def alert_codes() -> dict[str, tuple[str, ...]]:
    """All codes, sorted, each with the sources that raise it."""
    return dict(_codes_of(tuple(GUARDS.values()), tuple(WATCHERS.values())))


@lru_cache(maxsize=8)
def _codes_of(guards: tuple[type[CandleGuard], ...], watchers: tuple[type[Watcher], ...]) -> _Codes:
    sources: dict[str, tuple[str, ...]] = {}
    for scope in Scope:
        for breach in (True, False):
            sources[risk_code(scope, breach=breach)] = (f"live_risk.{scope}",)
    for room, leaves in (("live_data", guards), ("live_watch", watchers)):
        for leaf in leaves:
            for code in leaf.codes:
                sources[code] = (*sources.get(code, ()), f"{room}.{leaf.name}")
    return dict(sorted(sources.items()))
