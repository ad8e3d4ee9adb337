"""The alerts of the breaker: one for every transition, every act by hand, every refusal and every outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.breaker.policy import POLICY
from live.breaker.scopes import ACCOUNT, source_of
from live.breaker.state import BreakerState
from live.codes import BREAKER_OVERRIDE, BREAKER_REARM_REFUSED, BREAKER_STORE_FAILED, breaker_code
from live.events import AlertEvent, AlertLevel

if TYPE_CHECKING:
    from datetime import datetime

    from live.breaker.by_hand import Act
    from live.breaker.policy import Transition

_LEVELS = {
    BreakerState.ACTIVE: AlertLevel.INFO,
    BreakerState.WARN: AlertLevel.WARNING,
    BreakerState.REDUCE_ONLY: AlertLevel.CRITICAL,
    BreakerState.HALTED: AlertLevel.CRITICAL,
}


def transition_alert(scope: str, change: Transition, now: datetime) -> AlertEvent:
    """The breaker changed by itself, or was re-armed; a re-arm is at least a WARNING."""
    level = _LEVELS[change.after.state]
    by_hand = change.after.by != POLICY
    level = max(level, AlertLevel.WARNING) if by_hand else level
    return _event(scope, change, now, level, breaker_code(change.after.state.name))


def override_alert(scope: str, change: Transition, now: datetime) -> AlertEvent:
    """A person put a state."""
    level = max(_LEVELS[change.after.state], AlertLevel.WARNING)
    return _event(scope, change, now, level, BREAKER_OVERRIDE)


def refused_alert(scope: str, act: Act, state: BreakerState, why: str, now: datetime) -> AlertEvent:
    """A person wanted trading to go on, and was refused."""
    role = act.role.strip() or "nobody"
    return AlertEvent(
        ts=now,
        level=AlertLevel.WARNING,
        source=source_of(scope),
        code=BREAKER_REARM_REFUSED,
        message=f"Breaker of {scope} stays {state.name}: re-arm to {act.state.name} by {role} refused: {why}",
        context={
            "subject": scope,
            "state": state.name,
            "wanted": act.state.name,
            "by": role,
            "reason": act.reason,
            "refused": why,
        },
    )


def store_alert(why: str, now: datetime, *, reading: bool) -> AlertEvent:
    """The states cannot be read, and trading is halted; or not be written, and a restart forgets them."""
    verb = "read" if reading else "written"
    effect = "trading is halted" if reading else "they are kept in memory only"
    return AlertEvent(
        ts=now,
        level=AlertLevel.CRITICAL,
        source=source_of(ACCOUNT),
        code=BREAKER_STORE_FAILED,
        message=f"Breaker: its states cannot be {verb}, {effect}: {why}",
        context={"subject": ACCOUNT, "failed": "read" if reading else "write", "reason": why},
    )


def _event(scope: str, change: Transition, now: datetime, level: AlertLevel, code: str) -> AlertEvent:
    before, after = change
    step = f"{before.state.name} -> {after.state.name}"
    return AlertEvent(
        ts=now,
        level=level,
        source=source_of(scope),
        code=code,
        message=f"Breaker of {scope}: {step} by {after.by}: {after.reason}",
        context={
            "subject": scope,
            "before": before.state.name,
            "state": after.state.name,
            "by": after.by,
            "reason": after.reason,
            "observed": [one.name for one in after.seen or before.seen],
        },
    )
