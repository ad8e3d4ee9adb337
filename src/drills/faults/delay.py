"""`fault: {webhook: {delay: 3s}}`: the destination answers as it should, but late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from drills.contracts import Answer, EndpointFault
from drills.durations import Duration
from drills.receiver import HEALTHY

if TYPE_CHECKING:
    from live.contracts import HttpRequest


class Delay(EndpointFault):
    """A slow destination; at or beyond the caller's deadline the caller sees a timeout."""

    name = "delay"
    Params = Duration

    def answer(self, request: HttpRequest) -> Answer:  # noqa: ARG002 - every request is late
        """The healthy answer, after the delay."""
        return replace(HEALTHY, after_s=self.params / timedelta(seconds=1))
