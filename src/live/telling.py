"""Hands alerts to a sink that nobody has vouched for: whatever it raises stops nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.contracts import AlertSink
    from live.events import AlertEvent


class Telling:
    """Sends alerts; a sink that raises is reported to the log, once per outage."""

    def __init__(self, sink: AlertSink | None, logger_name: str) -> None:
        """Tell `sink`, or nobody when it is None; report to the logger of that name."""
        self._sink = sink
        self._logger_name = logger_name
        self._fails = False

    def __call__(self, event: AlertEvent) -> None:
        """Hand one alert to the sink. Whatever becomes of it, the verdict stands."""
        if self._sink is None:
            return
        try:
            self._sink.send(event)
        except Exception as error:  # noqa: BLE001 - a sink is foreign code
            if not self._fails:
                self._report(error, event)
            self._fails = True
        else:
            self._fails = False

    def _report(self, error: Exception, event: AlertEvent) -> None:
        """Name the types alone, because the text of an error may hold an address."""
        import logging

        text = "alert sink %s raised %s; %s was not delivered, the verdict stands"
        kinds = type(self._sink).__name__, type(error).__name__
        logging.getLogger(self._logger_name).error(text, *kinds, event.code)
