"""Alerts as lines on stderr."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live.alerts.delivery import LocalSink
from live.alerts.lines import as_line, write_line
from live.contracts import Outcome
from live.events import AlertLevel

if TYPE_CHECKING:
    from typing import TextIO

    from live.contracts import Wiring
    from live.events import AlertEvent


class StderrAlertSink(LocalSink):
    """One line per alert; line ends and control characters in it are escaped."""

    name = "stderr"

    @dataclass(frozen=True, slots=True)
    class Config:
        """No keys of its own."""

    def __init__(
        self,
        stream: TextIO | None = None,
        min_level: AlertLevel = AlertLevel.INFO,
        *,
        wiring: Wiring | None = None,
    ) -> None:
        """Write to `stream`; without one to what `sys.stderr` is at that moment."""
        super().__init__(min_level, wiring)
        self._stream = stream

    @classmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> StderrAlertSink:  # noqa: ARG003 - no keys
        """A sink on the stream that the wiring names."""
        return cls(wiring.stderr, min_level, wiring=wiring)

    def write(self, event: AlertEvent) -> Outcome:
        """Write the line and flush it."""
        return Outcome(write_line(as_line(event), self._stream))
