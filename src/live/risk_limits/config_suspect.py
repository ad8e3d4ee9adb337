"""Limits that moved suspiciously: a zero too many is as easily typed into a limit as into an order.

So is it into a window, a multiplier or a rate, where it moves every limit at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from live.codes import LIMIT_CONFIG_SUSPECT
from live.contracts import Sense, Unit
from live.events import AlertEvent, AlertLevel
from live.instruments import Instrument
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
_NUMBERS = ("multiplier", "tick", "lot", "outstanding")


class Suspect(NamedTuple):
    """A number that moved suspiciously.

    Attributes:
        unit: What it is measured in; None for what is beside the limits.
        key: Its place in the configuration: `max_order_notional`, `strategies.trend.max_order_notional`.
        before: What it was; of a list of names, how many.
        after: What it would be; None when it would be switched off.
        loosened: Whether more would pass.
    """

    unit: Unit | None
    key: str
    before: float
    after: float | None
    loosened: bool

    def __str__(self) -> str:
        after = self.before if self.after is None else self.after
        if self.unit is None:
            return f"{self.key} {self.before:g} -> {after:g}"
        old, new = written(self.unit, self.before, after)
        return f"{self.key} {old} -> {'off' if self.after is None else new} ({self.unit})"


def suspects(before: LiveRiskConfig, after: LiveRiskConfig) -> list[Suspect]:
    """Every limit, of the account and of strategies, that would be switched off or move ten times or more.

    And every number beside them that would move so far; which way it loosens depends, so it counts as looser.
    """
    disabled = before.enabled and not after.enabled
    found = list(_moved(before.limits, after.limits, disabled=disabled))
    for name, limits in before.strategies.items():
        prefix = f"strategies.{name}."
        found += _moved(limits, after.strategies.get(name, {}), prefix=prefix, disabled=disabled)
    return [*found, *_emptied(before, after), *_beside(before, after)]


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
            yield Suspect(rule.unit, f"{prefix}{rule.key}", old, new, looser)


def _is_suspicious(rule: RiskRule, old: float, new: float | None) -> bool:
    if new is None:
        return True
    return _is_far(
        max(1, old) if rule.unit is Unit.COUNT else old, new
    )  # nothing is ten times a count of zero


def _is_far(old: float, new: float) -> bool:
    return new != old and not old / SUSPICIOUS < new < old * SUSPICIOUS


def _emptied(before: LiveRiskConfig, after: LiveRiskConfig) -> Iterator[Suspect]:
    """Lists of names that would lose all of them; where one says what may be traded, nothing passes then."""
    for rule in RULES.values():
        if rule.unit is Unit.NAMES and before.settings[rule.key] and after.settings[rule.key] == ():
            looser = rule.key != _MAY_BE_TRADED
            yield Suspect(rule.unit, rule.key, len(before.settings[rule.key]), 0, looser)


def _beside(before: LiveRiskConfig, after: LiveRiskConfig) -> Iterator[Suspect]:
    """Settings, rates, numbers of instruments; one that nobody describes any more has its defaults."""
    pairs = {key: (old, after.settings.get(key)) for key, old in before.settings.items()}
    pairs |= {f"fx_rates.{name}": (rate, after.fx_rates.get(name)) for name, rate in before.fx_rates.items()}
    for symbol, old in before.instruments.items():
        new = after.instruments.get(symbol) or Instrument(symbol)
        pairs |= {
            f"instruments.{symbol}.{field}": (getattr(old, field), getattr(new, field)) for field in _NUMBERS
        }
    for key, (was, would_be) in pairs.items():
        if _is_number(was) and _is_number(would_be) and was and _is_far(was, would_be):
            yield Suspect(None, key, was, would_be, loosened=True)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
