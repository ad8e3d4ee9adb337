"""Every alert code that can be raised, and by whom."""

from __future__ import annotations

from functools import lru_cache

from live.contracts import CandleGuard, CrossGuard, Scope, Watcher
from live.registry import CROSS_GUARDS, GUARDS, WATCHERS

DATA_STATE_FAILED = "DATA_STATE_FAILED"
DATA_VENUE_SILENT = "DATA_VENUE_SILENT"
LIMIT_CONFIG_SUSPECT = "LIMIT_CONFIG_SUSPECT"
BREAKER_OVERRIDE = "BREAKER_OVERRIDE"
BREAKER_REARM_REFUSED = "BREAKER_REARM_REFUSED"
BREAKER_STORE_FAILED = "BREAKER_STORE_FAILED"
ALERT_DELIVERY_FAILED = "ALERT_DELIVERY_FAILED"
ALERT_DELIVERY_RECOVERED = "ALERT_DELIVERY_RECOVERED"
ALERT_OUTBOX_FAILED = "ALERT_OUTBOX_FAILED"
ALERT_SINK_REFUSES = "ALERT_SINK_REFUSES"
HEARTBEAT = "HEARTBEAT"
DELIVERY_CODES = (
    ALERT_DELIVERY_FAILED,
    ALERT_DELIVERY_RECOVERED,
    ALERT_OUTBOX_FAILED,
    ALERT_SINK_REFUSES,
    HEARTBEAT,
)
BREAKER_STATES = ("ACTIVE", "WARN", "REDUCE_ONLY", "HALTED")

_Codes = dict[str, tuple[str, ...]]
_Guard = type[CandleGuard] | type[CrossGuard]


def risk_code(scope: Scope, *, breach: bool) -> str:
    """The code of a risk check that is not OK, such as `RISK_LIMIT_VIOLATION_ORDERS`."""
    return f"RISK_LIMIT_{'VIOLATION' if breach else 'WARNING'}_{scope.name}"


def breaker_code(state: str) -> str:
    """The code of a breaker that entered a state, such as `BREAKER_REDUCE_ONLY`."""
    return f"BREAKER_{state}"


def alert_codes() -> dict[str, tuple[str, ...]]:
    """All codes, sorted, each with the sources that raise it."""
    guards = (*GUARDS.values(), *CROSS_GUARDS.values())
    return dict(_codes_of(guards, tuple(WATCHERS.values())))


@lru_cache(maxsize=8)
def _codes_of(guards: tuple[_Guard, ...], watchers: tuple[type[Watcher], ...]) -> _Codes:
    sources: dict[str, tuple[str, ...]] = {}
    for scope in Scope:
        for breach in (True, False):
            sources[risk_code(scope, breach=breach)] = (f"live_risk.{scope}",)
    sources[LIMIT_CONFIG_SUSPECT] = ("live_risk.config",)
    for code in (*map(breaker_code, BREAKER_STATES), BREAKER_OVERRIDE, BREAKER_REARM_REFUSED):
        sources[code] = ("live_breaker.account", "live_breaker.strategy")
    sources[DATA_STATE_FAILED] = ("live_data.state",)
    sources[BREAKER_STORE_FAILED] = ("live_breaker.account",)
    for code in DELIVERY_CODES:
        sources[code] = ("live_alerts.delivery",)
    for room, leaves in (("live_data", guards), ("live_watch", watchers)):
        for leaf in leaves:
            for code in leaf.codes:
                sources[code] = (*sources.get(code, ()), f"{room}.{leaf.name}")
    return dict(sorted(sources.items()))
