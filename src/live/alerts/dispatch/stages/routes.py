"""Routes: which destinations an alert goes to, and who is told when nobody takes it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.addresses import named
from live.alerts.dispatch.stage import BEFORE, facts_of
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.alerts.dispatch.config import Route
    from live.alerts.dispatch.stage import Passing


class Routes:
    """The first route that fits decides; where none does, an alert goes everywhere.

    Attributes:
        everywhere: All destinations that hear alerts.
    """

    def __init__(self, routes: Sequence[Route], destinations: Sequence[str]) -> None:
        """Know the routes, and what their names of sinks stand for."""
        self._routes = routes
        self.everywhere = tuple(destinations)

    def of(self, passing: Passing) -> Route | None:
        """The route of an alert."""
        level = _level_of(passing)
        fitting = (one for one in self._routes if level >= AlertLevel[one.min_level])
        return next((one for one in fitting if one.match.fits(passing.identity)), None)

    def destinations(self, passing: Passing) -> tuple[str, ...]:
        """Where an alert goes."""
        route = self.of(passing)
        return self.everywhere if route is None else self.named(route.sinks)

    def escalation(self, passing: Passing) -> tuple[tuple[str, ...], float]:
        """Where a CRITICAL goes besides when nobody acknowledges it, and after how many seconds."""
        route = self.of(passing)
        if route is None or passing.event.level < AlertLevel.CRITICAL:
            return (), 0.0
        return self.named(route.escalate_to), route.escalate_after_s

    def named(self, names: Sequence[str]) -> tuple[str, ...]:
        """The destinations that names of sinks stand for."""
        wanted = {one for name in names for one in named(name, self.everywhere)}
        return tuple(one for one in self.everywhere if one in wanted)


def _level_of(passing: Passing) -> AlertLevel:
    """The level that decides: of what is over the one that it had, so that whoever was called hears of it."""
    event = passing.event
    return AlertLevel.__members__.get(str(facts_of(event).get(BEFORE)), event.level)
