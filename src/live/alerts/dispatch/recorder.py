"""Writes alerts down for their destinations, and finds another way where one has failed."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple, cast

from live.alerts.attempt import tell
from live.alerts.dispatch import own_alerts
from live.alerts.dispatch.database import MEMORY, OutboxError
from live.alerts.dispatch.escalations import Escalations
from live.alerts.dispatch.forks import OutboxOfParent
from live.alerts.dispatch.outages import Outages
from live.alerts.dispatch.outbox import FULL, Outbox
from live.alerts.dispatch.policy import DeadLetter, Delivered
from live.alerts.dispatch.record import from_record, readable, to_record
from live.alerts.dispatch.rows import ACKNOWLEDGED, Entry
from live.alerts.dispatch.stage import Passing
from live.alerts.dispatch.standby import Standby
from live.alerts.dispatch.steady_clock import SteadyClock
from live.alerts.lines import as_line, write_line
from live.contracts import Delivery, DeliveryState
from live.events import AlertLevel, with_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from live.alerts.dispatch.config import DispatchConfig
    from live.alerts.dispatch.driver import Driver
    from live.alerts.dispatch.journal import Mark
    from live.alerts.dispatch.lane import Ended, Lane
    from live.alerts.dispatch.rows import Row
    from live.alerts.dispatch.stage import Stopped
    from live.alerts.dispatch.stages.routes import Routes
    from live.contracts import Wiring
    from live.events import AlertEvent


class _Written(NamedTuple):
    """An alert, where it goes, and its rows, those of who stands by included."""

    event: AlertEvent
    targets: Sequence[str]
    entries: list[Entry]


class Recorder:
    """The outbox, and what is done when an alert has ended or cannot be kept.

    Attributes:
        outbox: Where alerts are kept; in memory once the file has failed.
        failure: Why it has failed; empty while it works.
        outages: Which destinations fail.
        escalations: What others stand by for, or were called for.
        lanes: Who serves which destination.
        emitted: How many alerts there were for each destination.
        lock: Held while alerts are judged and recorded.
    """

    def __init__(  # noqa: PLR0913 - one argument per thing that it works with
        self,
        config: DispatchConfig,
        lanes: Mapping[str, Lane],
        routes: Routes,
        *,
        wiring: Wiring,
        driver: Driver,
        outbox: Outbox | None,
        keys: Callable[[], str],
        raised: Callable[[AlertEvent], None],
        recorded: Callable[[AlertEvent, Sequence[str]], None],
    ) -> None:
        self.failure, self._closed = "", False
        self.emitted: dict[str, int] = {}
        self.outages = Outages(config.outage_after_s)
        self.escalations = Escalations()
        self.lock = RLock()
        self._counting = RLock()  # not the other: lanes count while they hold the outbox
        self.lanes = lanes
        self._config, self._routes = config, routes
        self._standby = Standby(config, lanes, routes)
        self._wiring, self._driver, self._keys = wiring, driver, keys
        self._clock = SteadyClock(wiring.clock)
        self._raised, self._recorded = raised, recorded
        self.outbox = outbox or self._opened(config.outbox)
        self._given_up: Outbox | None = None
        with suppress(OutboxError):  # whoever is called then was to be called anyway
            self.escalations.adopt(self.outbox.database)

    def now(self) -> float:
        """The present instant, in seconds since 1970, on a clock that never goes back."""
        return self._clock.now()

    def stopped(self, passing: Passing, stopped: Stopped) -> None:
        """Count an alert that a stage has stopped."""
        destinations = self._routes.destinations(passing)
        self.emit(destinations)
        # the rule is counted, but not which alert a repeat belongs to
        reason = "repeat" if stopped.state == "coalesced" else stopped.reason
        self.outbox.count(destinations, stopped.state, reason)
        for name in destinations:
            self._tell(passing.event, name, DeliveryState(stopped.state), stopped.reason)

    def record(
        self,
        passings: Iterable[Passing],
        now: float,
        only: Sequence[str] | None = None,
        mark: Mark | None = None,
    ) -> None:
        """Write alerts down for every destination and for those that stand by, in one change.

        Args:
            passings: The alerts.
            now: When, in seconds since 1970.
            only: For these destinations; those of their routes unless given.
            mark: How far a journal is recorded with that.
        """
        # one by one, each when those before it are recorded: it may end one of them
        later = map(partial(self._written, now=now, only=only), passings)
        alerts = list[_Written]()
        try:
            self._keep(alerts, later, now, mark)
        except OutboxError as error:
            self.fail(error)
            self._keep(alerts, later, now, mark)
        for one in alerts:
            self._recorded(one.event, one.targets)
        self._driver.wake(dict.fromkeys(entry.destination for one in alerts for entry in one.entries))

    def unreadable(self, text: str, now: float, mark: Mark) -> None:
        """Write down what somebody has spoilt: it is a dead letter of every destination."""
        targets = self._routes.everywhere
        entries = [Entry(self._keys(), name, urgent=False, event=text, due=now) for name in targets]
        self.emit(targets)
        with self.outbox.database.writing():
            self._add(entries, now)
            self.outbox.journals.mark(mark)
        self._driver.wake(targets)

    def raise_own(self, event: AlertEvent, about: Lane | None = None) -> None:
        """Raise an alert of our own, to every destination that works but the one that it is about."""
        with self.lock:
            keyed = with_key(event, self._keys())
            passing = Passing.of(keyed)
            self._raised(keyed)
            failing = self.outages.failing | ({about.name} if about else set())
            targets = [name for name in self._routes.destinations(passing) if name not in failing]
            self.record([passing], self.now(), targets or self._standby.chain[:1])

    def released(self, passing: Passing, now: float, only: Sequence[str] | None = None) -> None:
        """Record an alert that the stages have made themselves."""
        self._raised(passing.event)
        self.record([passing], now, only)

    def speaks_for(self, group: str) -> list[AlertEvent]:
        """What one alert is to speak for; what is alone speaks for itself, and goes."""
        events = [from_record(text) for text in self.outbox.held(group)]
        if len(events) > 1:
            for name, text in self.outbox.coalesced(group):
                self._tell(from_record(text), name, DeliveryState.COALESCED, "grouped")
            return events
        now = self.now()
        names = self.outbox.let_go(group, now)
        if events and events[0].level >= AlertLevel.CRITICAL:
            passing = Passing.of(events[0])
            self._add(self._stand_by(passing, to_record(passing.event), names, now), now)
        self._driver.wake([name for name in names if name in self.lanes])
        return []

    def hand_on(self, result: Ended) -> None:
        """Let the next have a CRITICAL that has died, in the change in which it dies.

        Raises:
            OutboxError: it is not recorded.
        """
        if isinstance(result.decision, DeadLetter) and result.row.urgent and not result.before:
            self._after_death(result.row, result.decision.reason)

    def ended(self, lane: Lane, event: AlertEvent, result: Ended, held_s: float) -> None:
        """Tell how an attempt ended, and what is to say about the lane."""
        decision, row = result.decision, result.row
        if result.before:
            pass
        elif isinstance(decision, Delivered):
            self._tell(event, lane.name, DeliveryState.DELIVERED, "", held_s, bool(row.fallback))
        elif isinstance(decision, DeadLetter):
            self._tell(event, lane.name, DeliveryState.DEAD, decision.reason, held_s, bool(row.fallback))
        if isinstance(decision, Delivered) and lane.name not in self.outages.failing:
            return  # as almost always: there is nothing to say about the destination
        waiting = self.outbox.waiting(lane.name)
        with self.lock:
            said = self.outages.after(lane, result, waiting, self._wiring.clock.now())
        if said is not None:
            self.raise_own(said, lane)
        self.notice(lane)

    def notice(self, lane: Lane) -> None:
        """Raise an alert about a destination that has failed for too long, once an outage."""
        if lane.failing_since is None:
            return
        waiting, at = self.outbox.waiting(lane.name), self._wiring.clock.now()
        with self.lock:
            said = self.outages.found(lane, waiting, self.now(), at)
        if said is not None:
            self.raise_own(said, lane)

    def unserved(self, name: str, reason: str, lasted_s: float) -> None:
        """Raise an alert about a destination that alerts wait for, and that nobody serves."""
        waiting, at = self.outbox.waiting(name), self._wiring.clock.now()
        self.raise_own(own_alerts.failed(name, reason, waiting, lasted_s, at))

    def unread(self, why: str) -> None:
        """Raise an alert about what a process that is gone was handed over, and that cannot be read."""
        self.raise_own(own_alerts.inbox_unread(why, self._wiring.clock.now()))

    def readdress(self, old: str, new: str) -> None:
        """Let another destination have what waits for one that nobody serves."""
        self.outbox.readdress(old, new)
        self._driver.wake([new])

    def give_up(self, row: Row, reason: str) -> None:
        """An alert ends without another attempt."""
        with self.outbox.database.writing():
            if self.outbox.dead(row, reason):
                self._died(row, reason)

    def fail(self, error: Exception) -> None:
        """The outbox has failed: go on in memory, and say so, once."""
        with self.lock:
            if self.failure or self._closed:
                return
            self.failure = str(error)
            failed, self.outbox = self.outbox, self._in_memory()
            self._given_up = failed
            mine = [lane.name for lane in self.lanes.values() if lane.leased_until >= 0]
            with suppress(OutboxError):  # what waits can often be read still; if not, it waits for a restart
                self.outbox.take_over(failed, mine)
            self.tell_failure()
            self._driver.wake(list(self.lanes))

    def close(self) -> None:
        """Let the outbox go, and one that has failed; that they take nothing from then on is no failure."""
        self._closed = True
        for one in (self.outbox, self._given_up):
            if one is not None:
                with suppress(OutboxError):
                    one.close()

    def leave_to_parent(self) -> None:
        """This process is a fork: no connection is used or closed, and no lock waited for."""
        self._closed, self.lock, self._counting = True, RLock(), RLock()
        self._of_parent = self.outbox, self._given_up  # or they would be closed
        self.outbox = cast("Outbox", OutboxOfParent())

    def tell_failure(self) -> None:
        """Raise the alert that the outbox has failed, if it has."""
        if self.failure:
            self.raise_own(own_alerts.outbox_failed(self.failure, self._wiring.clock.now()))

    def last_resort(self, event: AlertEvent, why: str) -> None:
        """The alert cannot even be recorded, or nothing has taken it: whoever reads stderr has it."""
        with suppress(Exception):
            write_line(f"ALERT NOT DELIVERED ({why}) {as_line(event)}", self._wiring.stderr)
        with suppress(Exception):
            logging.getLogger("live.alerts").error("alert.not_recorded reason=%s", why)

    def emit(self, destinations: Iterable[str]) -> None:
        """Count an alert for each of these destinations."""
        with self._counting:
            for name in destinations:
                self.emitted[name] = self.emitted.get(name, 0) + 1

    def _written(self, passing: Passing, now: float, only: Sequence[str] | None) -> _Written:
        event = passing.event
        text = passing.text or to_record(event)
        urgent = event.level >= AlertLevel.CRITICAL
        targets = self._targets(passing) if only is None else tuple(only)
        entries = [Entry(event.key, name, urgent, text, now, passing.group) for name in targets]
        if urgent and not passing.group:
            entries += self._stand_by(passing, text, targets, now)
        self.emit(targets)
        return _Written(event, targets, entries)

    def _keep(self, alerts: list[_Written], later: Iterator[_Written], now: float, mark: Mark | None) -> None:
        """Write alerts down in one change, and put those that come later to the others.

        One that cannot be written takes no other with it.
        """
        with self.outbox.database.writing():
            if mark:
                self.outbox.journals.mark(mark)
            for one in alerts:
                self._try_to_add(one, now)
            for one in later:
                alerts.append(one)
                self._try_to_add(one, now)

    def _try_to_add(self, one: _Written, now: float) -> None:
        try:
            self._add(one.entries, now)
        except OutboxError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it
            self.last_resort(one.event, type(error).__name__)

    def _targets(self, passing: Passing) -> tuple[str, ...]:
        """Where an alert goes; the end of one also to whom it has escalated to, and no further."""
        targets, ended = self._routes.destinations(passing), self.escalations.ended_by(passing.event)
        if ended is None:
            return targets
        with suppress(OutboxError):  # it escalates then; the alert itself meets the failure next
            for key in ended.keys:
                self.outbox.acknowledge(key)
        called = (name for name in ended.called if name in self.lanes)
        return tuple(dict.fromkeys([*targets, *called]))

    def _stand_by(self, passing: Passing, text: str, targets: Sequence[str], now: float) -> list[Entry]:
        entries = self._standby.entries(passing, text, targets, now)
        if self.escalations.is_in_hand(passing.event):
            entries = [entry for entry in entries if entry.unless != ACKNOWLEDGED]
        if any(entry.unless == ACKNOWLEDGED for entry in entries):
            self.escalations.stand_by(passing.event)
        return entries

    def _add(self, entries: Sequence[Entry], now: float) -> None:
        """Write alerts down, and let the next have what had to die for want of room."""
        for row in self.outbox.add(entries, now):
            self._died(row, FULL)

    def _died(self, row: Row, reason: str) -> None:
        """Tell that an alert has ended without another attempt, and let the next have it."""
        if row.unless:  # it only stood by, and has not counted before
            self.emit([row.destination])
        event = readable(row.event)
        if event is None:
            return
        self._tell(event, row.destination, DeliveryState.DEAD, reason, fallback=bool(row.fallback))
        if row.urgent:
            self._after_death(row, reason)

    def _after_death(self, row: Row, reason: str) -> None:
        """A CRITICAL is dead somewhere: the next of the fallback has it, or what stands by goes at once."""
        now = self.now()
        if row.unless and not row.fallback:  # whom it escalates to: nobody comes after
            self.last_resort(from_record(row.event), reason)
            return
        if not row.fallback:
            if not self.outbox.others_pending(row):
                hurried = self.outbox.hurry(row.key, now)
                self._driver.wake(list(self.lanes))
                if not hurried and row.destination in self._standby.chain:  # it was its own fallback
                    self.last_resort(from_record(row.event), reason)
            return
        entry = self._standby.after(row, now)
        if entry is None:
            self.last_resort(from_record(row.event), reason)
            return
        self.emit([entry.destination])
        self._add([entry], now)
        self._driver.wake([entry.destination])

    def _tell(  # noqa: PLR0913, PLR0917 - the fields of a delivery
        self,
        event: AlertEvent,
        name: str,
        state: DeliveryState,
        reason: str,
        held_s: float = 0.0,
        fallback: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        lane = self.lanes.get(name)
        remote = lane is not None and lane.destination.remote
        tell(self._wiring.observer, Delivery(event, name, state, reason, held_s, fallback, remote))

    def _opened(self, path: str) -> Outbox:
        try:
            return Outbox(path, max_pending=self._config.max_pending, max_dead=self._config.max_dead)
        except OutboxError as error:
            self.failure = str(error)
        return self._in_memory()

    def _in_memory(self) -> Outbox:
        return Outbox(MEMORY, max_pending=self._config.max_pending, max_dead=self._config.max_dead)
