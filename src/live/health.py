"""What of a configuration is in force, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.config import LiveConfig


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One thing that was looked at.

    Attributes:
        sound: Whether it does what an operator would count on.
        what: What was looked at, and what was found.
    """

    sound: bool
    what: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.sound else 'FAIL'}  {self.what}"


def findings(config: LiveConfig) -> list[HealthLine]:
    """Everything that is looked at, limits first."""
    return [*_limits(config), *_alerts(config)]


def _limits(config: LiveConfig) -> Iterator[HealthLine]:
    risk = config.risk
    yield HealthLine(
        risk.enabled, f"risk limits are {'on' if risk.enabled else 'off: every order is allowed'}"
    )
    on = {key: limit for key, limit in risk.limits.items() if limit is not None}
    off = [key for key, limit in risk.limits.items() if limit is None]
    yield HealthLine(
        bool(on), f"{len(on)} limits in force: {', '.join(f'{key}={on[key]:g}' for key in on) or 'none'}"
    )
    if off:
        yield HealthLine(sound=True, what=f"switched off: {', '.join(off)}")
    yield HealthLine(
        sound=True, what=f"a breach {'blocks and pages' if risk.block_on_violation else 'warns only'}"
    )


def _alerts(config: LiveConfig) -> Iterator[HealthLine]:
    alerts = config.alerts
    heard = alerts.enabled and bool(alerts.sinks)
    sinks = ", ".join(alerts.sinks) or "none"
    yield HealthLine(
        heard, f"alerts go to: {sinks}" if heard else f"alerts are heard by nobody (sinks: {sinks})"
    )
