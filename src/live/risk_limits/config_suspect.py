"""Limits that moved suspiciously: a zero too many is as easily typed into a limit as into an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from live.codes import LIMIT_CONFIG_SUSPECT
from live.contracts import Sense
from live.events import AlertEvent, AlertLevel
from live.registry import RULES
from live.risk_limits.wording import written

if TYPE_CHECKING:
    from datetime import datetime

    from live.contracts import RiskRule
    from live.risk_limits.config import LiveRiskConfig

SUSPICIOUS = 10.0
"""A limit that moves by this factor, or more, is suspected of a wrong unit or a digit too many."""


class Suspect(NamedTuple):
    """A limit that moved suspiciously.

    Attributes:
        rule: Which limit.
        before: What it was.
        after: What it would be; None when it would be switched off.
        loosened: Whether more would pass.
    """

    rule: RiskRule
    before: float
    after: float | None
    loosened: bool

    def __str__(self) -> str:
        old, new = written(self.rule.unit, self.before, self.before if self.after is None else self.after)
        return f"{self.rule.key} {old} -> {'off' if self.after is None else new} ({self.rule.unit})"


def suspects(before: LiveRiskConfig, after: LiveRiskConfig) -> list[Suspect]:
    """Every limit that would be switched off, or move ten times or more either way."""
    found = []
    for rule in RULES.values():
        old, new = before.limits.get(rule.key), after.limits.get(rule.key)
        if old and (new is None or not old / SUSPICIOUS < new < old * SUSPICIOUS):
            more = new is None or (new < old if rule.sense is Sense.MINIMUM else new > old)
            found.append(Suspect(rule, old, new, more))
    if before.enabled and not after.enabled:
        found += [
            Suspect(rule, limit, None, loosened=True)
            for rule in RULES.values()
            if (limit := before.limits.get(rule.key)) and not rule.absolute
        ]
    return found


def suspect_alert(found: list[Suspect], now: datetime, *, applied: bool) -> AlertEvent:
    """The one alert about all of them: CRITICAL when more would pass, else WARNING."""
    loosened = any(suspect.loosened for suspect in found)
    outcome = "the new limits are in force" if applied else "refused, the limits of before stay in force"
    return AlertEvent(
        ts=now,
        level=AlertLevel.CRITICAL if loosened else AlertLevel.WARNING,
        source="live_risk.config",
        code=LIMIT_CONFIG_SUSPECT,
        message=f"Limits moved suspiciously: {'; '.join(map(str, found))}; {outcome}",
        context={
            "applied": applied,
            "limits": {
                suspect.rule.key: {"before": suspect.before, "after": suspect.after} for suspect in found
            },
        },
    )
