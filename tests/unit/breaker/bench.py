"""A breaker on a clock that the test moves, and what it has told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from live.breaker import BreakerConfig, BreakerStore, MemoryStore, TradingBreaker
from live.risk_limits import RiskCheckSeverity

if TYPE_CHECKING:
    from live.events import AlertEvent

START = datetime(2026, 1, 27, 9, tzinfo=UTC)
SEVERITIES = {"o": RiskCheckSeverity.OK, "w": RiskCheckSeverity.WARNING, "b": RiskCheckSeverity.BREACH}


@dataclass
class Bench:
    """A breaker, its clock and its inbox; `watch("oob")` is an observation a minute."""

    config: BreakerConfig = field(default_factory=BreakerConfig)
    store: BreakerStore = field(default_factory=MemoryStore)
    present: datetime = START
    told: list[AlertEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another process takes over the same store."""
        self.breaker = TradingBreaker(self.config, self.store, self.told.append, clock=self)

    def now(self) -> datetime:
        """As a clock: the instant that the test set."""
        return self.present

    def monotonic(self) -> float:
        """As a clock: seconds since the start."""
        return (self.present - START).total_seconds()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.present += timedelta(seconds=seconds)

    def watch(self, letters: str, strategy: str | None = None) -> None:
        """Observe o (OK), w (WARNING) and b (BREACH), a minute apart."""
        for letter in letters:
            self.breaker.observe(SEVERITIES[letter], strategy=strategy)
            self.wait(60)

    @property
    def codes(self) -> list[str]:
        """What was told, by code."""
        return [event.code for event in self.told]
