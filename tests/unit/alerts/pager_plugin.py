"""A sink of somebody else: one class in one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import HttpSink
from live.contracts import HttpResponse, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.contracts import Wiring
    from live.events import AlertEvent, AlertLevel


class PagerSink(HttpSink):
    """Somebody's pager."""

    name = "pager"

    @dataclass(frozen=True, slots=True)
    class Config:
        """A key with a default and one without."""

        pager_key: str
        pager_volume: int = 5

    def __init__(self, config: Config, min_level: AlertLevel, wiring: Wiring) -> None:
        super().__init__("https://pager.example/", 1.0, min_level, wiring=wiring)
        self._config = config

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> PagerSink:
        """Made as every sink is."""
        return cls(config, min_level, wiring)

    def render(self, event: AlertEvent) -> Mapping[str, Any]:
        """What the pager wants."""
        return {"key": self._config.pager_key, "volume": self._config.pager_volume, "say": event.message}

    def classify(self, response: HttpResponse) -> Outcome:
        """What the pager says."""
        return Outcome("" if response.body == b"beep" else "silent")
