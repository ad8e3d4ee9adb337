"""Limits that moved suspiciously: a zero too many is as easily typed into a limit as into an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from live.codes import LIMIT_CONFIG_SUSPECT
from live.contracts import Sense, Unit
from live.events import AlertEvent, AlertLevel
from live.registry import RULES
from live.risk_limits.wording import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from live.contracts import RiskRule
    from live.risk_limits.config import LiveRiskConfig

SUSPICIOUS = 10.0
"""A limit that moves by this factor, or more, is suspected of a wrong unit or a digit too many."""

_MAY_BE_TRADED = "allowed_symbols"


class Suspect(NamedTuple):
    """A limit that moved suspiciously.

    Attributes:
        rule: Which limit.
        key: Its place in the configuration: `max_order_notional`, `strategies.trend.max_order_notional`.
        before: What it was; of a list of names, how many.
        after: What it would be; None when it would be switched off.
        loosened: Whether more would pass.
    """

    rule: RiskRule
    key: str
    before: float
    after: float | None
    loosened: bool

    def __str__(self) -> str:
        old, new = written(self.rule.unit, self.before, self.before if self.after is None else self.after)
        return f"{self.key} {old} -> {'off' if self.after is None else new} ({self.rule.unit})"


def suspects(before: LiveRiskConfig, after: LiveRiskConfig) -> list[Suspect]:
    """Every limit, of the account and of strategies, that would be switched off or move ten times or more."""
    disabled = before.enabled and not after.enabled
    found = list(_moved(before.limits, after.limits, disabled=disabled))
    for name, limits in before.strategies.items():
        prefix = f"strategies.{name}."
        found += _moved(limits, after.strategies.get(name, {}), prefix=prefix, disabled=disabled)
    return found + list(_emptied(before, after))


def _moved(
    before: Mapping[str, float | None],
    after: Mapping[str, float | None],
    *,
    prefix: str = "",
    disabled: bool,
) -> Iterator[Suspect]:
    for rule in RULES.values():
        old = before.get(rule.key)
        new = None if disabled and not rule.absolute else after.get(rule.key)
        if old is not None and _is_suspicious(rule, old, new):
            looser = new is None or (new < old if rule.sense is Sense.MINIMUM else new > old)
            yield Suspect(rule, f"{prefix}{rule.key}", old, new, looser)


def _is_suspicious(rule: RiskRule, old: float, new: float | None) -> bool:
    if new is None:
        return True
    from_ = max(1, old) if rule.unit is Unit.COUNT else old  # nothing is ten times a count of zero
    return new != old and not from_ / SUSPICIOUS < new < from_ * SUSPICIOUS


def _emptied(before: LiveRiskConfig, after: LiveRiskConfig) -> Iterator[Suspect]:
    """Lists of names that would lose all of them; where one says what may be traded, nothing passes then."""
    for rule in RULES.values():
        if rule.unit is Unit.NAMES and before.settings[rule.key] and after.settings[rule.key] == ():
            looser = rule.key != _MAY_BE_TRADED
            yield Suspect(rule, rule.key, len(before.settings[rule.key]), 0, looser)


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
            "limits": {suspect.key: {"before": suspect.before, "after": suspect.after} for suspect in found},
        },
    )
