"""Who stands by for a CRITICAL: the fallback when it does not arrive, others when nobody takes it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.addresses import named
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.own_alerts import escalated
from live.alerts.dispatch.record import from_record, to_record
from live.alerts.dispatch.rows import ACKNOWLEDGED, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from live.alerts.dispatch.config import DispatchConfig
    from live.alerts.dispatch.lane import Lane
    from live.alerts.dispatch.rows import Row
    from live.alerts.dispatch.stage import Passing
    from live.alerts.dispatch.stages.routes import Routes


class Standby:
    """What the configuration says about it."""

    def __init__(self, config: DispatchConfig, lanes: Mapping[str, Lane], routes: Routes) -> None:
        self._deadline_s = config.critical_deadline_s
        self._lanes, self._routes = lanes, routes
        self.chain = list(dict.fromkeys(one for name in config.fallback for one in named(name, lanes)))

    def entries(self, passing: Passing, text: str, targets: Sequence[str], now: float) -> list[Entry]:
        """What is recorded beside a CRITICAL that goes to `targets`, and is needless when all is well."""
        key = passing.event.key
        entries = list[Entry]()
        if any(name not in self._lanes or self._lanes[name].destination.remote for name in targets):
            due = later(now, self._deadline_s)
            others = [name for name in self.chain if name not in targets]
            entries += [
                Entry(key, name, urgent=True, event=text, due=due, unless="delivered", fallback=True)
                for name in others[:1]
            ]
        higher, after_s = self._routes.escalation(passing)
        called = to_record(escalated(from_record(text), after_s)) if higher else ""
        entries += [
            Entry(key, name, urgent=True, event=called, due=later(now, after_s), unless=ACKNOWLEDGED)
            for name in higher
            if name not in targets
        ]
        return entries

    def after(self, row: Row, now: float) -> Entry | None:
        """What the fallback after a dead one is told; None when that was the last of them."""
        chain = [*self.chain, row.destination]
        rest = [name for name in chain[chain.index(row.destination) + 1 :] if name != row.destination]
        if not rest:
            return None
        return Entry(row.key, rest[0], urgent=True, event=row.event, due=now, fallback=True)
