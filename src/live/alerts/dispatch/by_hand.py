"""Silences set by hand, in whatever process: looked at once a second, so that an alert waits for no file."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING

from live.alerts.dispatch.config import Match
from live.alerts.dispatch.database import OutboxError
from live.alerts.dispatch.driver import LOOK_S
from live.alerts.dispatch.silence_table import SilenceRow
from live.alerts.dispatch.stages.silence import Window

if TYPE_CHECKING:
    from live.alerts.dispatch.config import Silence
    from live.alerts.dispatch.recorder import Recorder


class SilencesByHand:
    """Those of the outbox, as windows."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._looked_at = -math.inf
        self._known: list[Window] = []

    def add(self, silence: Silence) -> None:
        """Silence what matches from now on, for every process on this outbox.

        Raises:
            OutboxError: it is not recorded.
        """
        window = Window.of(silence)
        match = window.match
        row = SilenceRow(match.source, match.code, match.subject, window.until, window.author, silence.reason)
        self._recorder.outbox.silences.add(row)
        self._looked_at = -math.inf

    def at(self, now: float) -> list[Window]:
        """Those that hold at an instant; the last that were known when the outbox cannot be read."""
        if abs(now - self._looked_at) >= LOOK_S:
            self._looked_at = now
            with suppress(OutboxError):
                self._known = [
                    Window(Match(row.source, row.code, row.subject), 0.0, row.until, row.author)
                    for row in self._recorder.outbox.silences.holding(now)
                ]
        return self._known
