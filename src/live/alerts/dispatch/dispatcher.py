"""`AlertDispatcher`: hands an alert over and returns; what happens then is up to the lanes.

send -> stages (level, silence, inhibition, repeats, groups) -> routes -> outbox
lane of each destination: outbox -> attempt -> delivered | tried again | dead letter + fallback
"""

from __future__ import annotations

import logging
import math
import secrets
from collections import deque
from contextlib import suppress
from dataclasses import replace
from random import Random
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from live.alerts.build import build_sinks
from live.alerts.config import LiveAlertsConfig
from live.alerts.dispatch import own_alerts
from live.alerts.dispatch.config import DispatchConfig, Match
from live.alerts.dispatch.health import DispatchHealth
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.lanes import is_heartbeat, make_lanes
from live.alerts.dispatch.outages import Outages
from live.alerts.dispatch.outbox import MEMORY, Entry, Outbox, OutboxError
from live.alerts.dispatch.owner import forget_owner, new_owner
from live.alerts.dispatch.pipeline import Pipeline
from live.alerts.dispatch.policy import DeadLetter, Delivered
from live.alerts.dispatch.record import from_record, to_record
from live.alerts.dispatch.stage import Passing, Stopped
from live.alerts.dispatch.stages.dedup import Repeats
from live.alerts.dispatch.stages.grouping import Groups
from live.alerts.dispatch.stages.inhibition import Inhibitions
from live.alerts.dispatch.stages.level import LevelFilter
from live.alerts.dispatch.stages.routes import Routes
from live.alerts.dispatch.stages.silence import Silences, Window
from live.alerts.dispatch.threads import LOOK_S, TIMER, Threads
from live.alerts.lines import as_line, write_line
from live.alerts.wiring import default_wiring
from live.contracts import Delivery, DeliveryState, Wiring
from live.events import AlertLevel, with_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from live.alerts.dispatch.config import Silence
    from live.alerts.dispatch.driver import Driver
    from live.alerts.dispatch.lane import Ended, Lane
    from live.alerts.dispatch.outbox import Row
    from live.contracts import Sink
    from live.events import AlertEvent

_OWN = ("driver", "outbox", "keys", "rng", "raised", "recorded")
LAST_CHANCE_S = 1.0


class AlertDispatcher:
    """An alert sink that records alerts, thins them out and delivers them behind the caller's back.

    `send` never waits for a destination and never raises. Use it as a context manager: at the end what is on
    its way is waited for, `drain_s` seconds at most, and the rest stays in the outbox.
    """

    def __init__(  # noqa: PLR0913 - one argument per thing that a drill replaces
        self,
        config: DispatchConfig,
        sinks: Sequence[Sink],
        *,
        min_level: AlertLevel = AlertLevel.WARNING,
        wiring: Wiring | None = None,
        driver: Driver | None = None,
        outbox: Outbox | None = None,
        keys: Callable[[], str] | None = None,
        rng: Random | None = None,
        raised: Callable[[AlertEvent], None] | None = None,
        recorded: Callable[[AlertEvent, Sequence[str]], None] | None = None,
    ) -> None:
        """Set the lanes up, and take up what an earlier process has left in the outbox.

        Args:
            config: How alerts are thinned out, where they go, how long they are tried.
            sinks: Where they can go.
            min_level: Alerts below it are not sent.
            wiring: Clock and observer; the machine's clock unless given.
            driver: What lets the lanes work; threads unless given.
            outbox: Where alerts are kept; the one that the configuration names unless given.
            keys: Makes idempotency keys; random ones unless given.
            rng: Chance of the back-off; seeded by the machine unless given.
            raised: Told of every alert that the dispatcher itself raises, before it goes out.
            recorded: Told of every alert that is recorded, and for which destinations.
        """
        self._config = config
        self._wiring = wiring or default_wiring()
        self._keys = keys or (lambda: secrets.token_hex(12))
        self._raised = raised or (lambda _event: None)
        self._recorded = recorded or (lambda _event, _destinations: None)
        self._lock = RLock()
        self._closed = False
        self._failed_outbox = ""
        self._outages = Outages(config.outage_after_s)
        self._emitted: dict[str, int] = {}
        rng = rng or Random()  # noqa: S311 - spreads load, guards no secret
        self._owner = new_owner()
        sinks_alone = [one.name for sink in sinks for one in sink.destinations()]
        self.lanes = make_lanes(sinks, config, self._wiring, rng, self._owner)
        self._heartbeats = [name for name in sinks_alone if is_heartbeat(name)]
        self._next_heartbeat = 0.0
        self._looked_at, self._by_hand = -math.inf, list[Window]()
        self._routes = Routes(config.routes, [name for name in sinks_alone if not is_heartbeat(name)])
        self._outbox = outbox or self._opened(config.outbox)
        self._groups = Groups(config.group_wait_s, config.group_s, self._held, self._keys)
        self._pipeline = Pipeline(
            [
                LevelFilter(min_level),
                Silences(
                    list(map(Window.of, config.silences)), self._silences, config.resolve_after_s, self._keys
                ),
                Inhibitions(config.inhibitions, config.resolve_after_s),
                Repeats(config.repeat_s, config.resolve_after_s, self._keys),
                self._groups,
            ]
        )
        with suppress(OutboxError):
            self._groups.adopt(self._outbox.held_groups(), AlertLevel.INFO)
        self._driver = driver or Threads()
        # what is kept in memory is lost with the process anyway, so nobody need wait for it to be recorded
        self._handed: deque[AlertEvent] | None = None
        if self._outbox.path == MEMORY and self._driver.takes_over:
            self._handed = deque()
        self._driver.start(self)
        if self._failed_outbox:
            self._own(own_alerts.outbox_failed(self._failed_outbox, self._wiring.clock.now()))

    @classmethod
    def from_config(cls, config: LiveAlertsConfig | Mapping[str, Any], **wired: Any) -> Self:
        """A dispatcher as the configuration says.

        Args:
            config: `[live_alerts]`, or the mapping that it is read from.
            wired: `transport`, `mail`, `notices`, `clock`, `observer`, `stderr`, `logger` as for
                `build_alert_sink_from_config`; all else as for the dispatcher itself.

        Raises:
            ConfigError: the mapping cannot be used.
        """
        checked = config if isinstance(config, LiveAlertsConfig) else LiveAlertsConfig.from_dict(config)
        own = {name: wired.pop(name) for name in _OWN if name in wired}
        wiring = replace(default_wiring(), **wired)
        sinks = build_sinks(checked, wiring)
        return cls(
            checked.dispatch or DispatchConfig(), sinks, min_level=checked.min_level, wiring=wiring, **own
        )

    def send(self, event: AlertEvent) -> None:
        """Hand an alert over. With an outbox that is a file it is recorded when this returns."""
        try:
            if self._closed:
                self._last_resort(event, "closed")
                return
            keyed = with_key(event, event.key or self._keys())
            if self._handed is not None and len(self._handed) < self._config.max_pending:
                self._handed.append(keyed)
                self._driver.wake((TIMER,))
                return
            with self._lock:
                self._accept(Passing.of(keyed), self._now())
        except Exception as error:  # noqa: BLE001 - whatever happens here must not reach an order path
            self._last_resort(event, type(error).__name__)

    def __enter__(self) -> Self:
        """The dispatcher itself; its lanes work already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is on its way, so many seconds at most; whether that is so."""
        return self._driver.drain(seconds)

    def close(self, drain_s: float | None = None) -> bool:
        """Wait for what is on its way, then stop; whether everything has ended. The rest stays recorded."""
        if self._closed:
            return True
        self._closed = True
        self._let_go_of_groups()
        drained = self._driver.drain(self._config.drain_s if drain_s is None else drain_s)
        if not drained:
            with suppress(OutboxError):
                self._outbox.hurry(None, self._now())  # what stands by for a CRITICAL is its last chance here
            self._driver.drain(LAST_CHANCE_S)
        self._driver.stop()
        with suppress(OutboxError):
            self._outbox.free(self._owner)
        forget_owner(self._owner)
        with suppress(OutboxError):
            self._outbox.close()
        return drained

    def acknowledge(self, key: str) -> int:
        """Take an alert on: it does not escalate. How many destinations that spares."""
        return self._outbox.acknowledge(key)

    def silence(self, silence: Silence) -> None:
        """Silence what matches from now on, for every process on this outbox."""
        window, reason = Window.of(silence), silence.reason
        match = window.match
        self._outbox.silence(match.source, match.code, match.subject, window.until, window.author, reason)
        self._looked_at = -math.inf

    @property
    def emitted(self) -> dict[str, int]:
        """How many alerts this process has had for each destination: what `health` says ends up as."""
        with self._lock:
            return dict(self._emitted)

    def pending(self) -> list[tuple[str, AlertEvent]]:
        """What is on its way: destination and alert, the oldest first."""
        return [(row.destination, from_record(row.event)) for row in self._outbox.pending(-1)]

    def health(self) -> DispatchHealth:
        """What works, what does not, and what became of all alerts."""
        self.take_over()
        with self._lock:
            return DispatchHealth.of(self._outbox, self.lanes, self._failed_outbox)

    # what drivers call

    def take_over(self) -> None:
        """Judge and record what was handed over."""
        while self._handed:
            with suppress(IndexError), self._lock:
                event = self._handed.popleft()
                try:
                    self._accept(Passing.of(event), self._now())
                except Exception as error:  # noqa: BLE001 - as in `send`
                    self._last_resort(event, type(error).__name__)

    def tick(self) -> float | None:
        """Let time bring out what it does; when to call again, None when there is no need to."""
        self.take_over()
        now = self._now()
        with self._lock:
            try:
                self._release(now)
            except OutboxError as error:
                self._outbox_failed(error)
            for lane in self.lanes.values():
                self._notice(lane)
            self._beat(now)
        return self.due()

    def due(self) -> float | None:
        """When time brings out something next; None when nothing waits for it."""
        with self._lock:
            dues = [self._pipeline.due(), self._outages.due(self.lanes.values())]
            dues.append(self._next_heartbeat if self._heartbeats else None)
            return min((due for due in dues if due is not None), default=None)

    def begin(self, lane: Lane) -> tuple[Row, AlertEvent] | None:
        """What a lane is to try now."""
        try:
            while (row := lane.begin(self._outbox, self._now())) is not None:
                if row.unless:
                    self._emit([lane.name])
                if self._config.power_loss and not row.attempts:
                    self._outbox.flush()
                if (found := self._readable(row)) is not None:
                    return found
        except OutboxError as error:
            self._outbox_failed(error)
        return None

    def _readable(self, row: Row) -> tuple[Row, AlertEvent] | None:
        """The alert of a row; one that cannot be read is a dead letter, and stops nothing."""
        try:
            return row, from_record(row.event)
        except (ValueError, TypeError, KeyError, AttributeError):
            self._outbox.dead(row, "unreadable")
            return None

    def end(self, lane: Lane, row: Row, event: AlertEvent, ended: Any, held_s: float = 0.0) -> None:
        """Take note of how an attempt ended, and do what follows from it."""
        now = self._now()
        try:
            result = lane.end(self._outbox, row, ended, now)
            self._observe(lane, event, result, held_s)
            self._follow_up(lane, result, now)
        except OutboxError as error:
            self._outbox_failed(error)

    def next_due(self, lane: Lane) -> float | None:
        """When a lane is to be asked again; None when nothing waits."""
        try:
            return lane.next_due(self._outbox, self._now())
        except OutboxError as error:
            self._outbox_failed(error)
            return None

    def idle(self) -> bool:
        """Whether nothing is on its way, but for what only stands by."""
        try:
            return not self._handed and not self._outbox.pending(1)
        except OutboxError:
            return True

    def rest(self) -> None:
        """What a driver does while there is nothing to do."""
        with suppress(OutboxError):
            self._outbox.checkpoint()

    def now(self) -> float:
        """The present instant, in seconds since 1970."""
        return self._now()

    def _release(self, now: float) -> None:
        for _, judged in self._pipeline.release(now):
            if not isinstance(judged, Stopped):
                self._raised(judged.event)
                self._record(judged, now)

    def failed(self, error: Exception) -> None:
        """What a driver does with an error of ours: a lane that ended for it would be silence."""
        logging.getLogger("live.alerts").error("alert.delivery_error error=%s", type(error).__name__)

    def _let_go_of_groups(self) -> None:
        with self._lock, suppress(Exception):
            now = self._now()
            for passing in self._groups.release(math.inf):
                self._raised(passing.event)
                self._record(passing, now)

    def _now(self) -> float:
        return self._wiring.clock.now().timestamp()

    def _accept(self, passing: Passing, now: float) -> None:
        judged = self._pipeline.judge(passing, now)
        if isinstance(judged, Stopped):
            destinations = self._routes.destinations(passing)
            self._emit(destinations)
            self._outbox.count(destinations, judged.state, _told(judged))
            for name in destinations:
                self._tell(passing.event, name, DeliveryState(judged.state), judged.reason)
            return
        self._record(judged, now)

    def _record(self, passing: Passing, now: float, only: Sequence[str] | None = None) -> None:
        """Write an alert down for every destination, and for those that stand by."""
        event = passing.event
        text, urgent = to_record(event), event.level >= AlertLevel.CRITICAL
        targets = self._routes.destinations(passing) if only is None else tuple(only)
        entries = [Entry(event.key, name, urgent, text, now, passing.group) for name in targets]
        if urgent and not passing.group:
            entries += self._standing_by(passing, text, targets, now)
        self._emit(targets)
        try:
            died = self._outbox.add(entries, now)
        except OutboxError as error:
            self._outbox_failed(error)
            died = self._outbox.add(entries, now)
        for row in died:
            self._tell(from_record(row.event), row.destination, DeliveryState.DEAD, "outbox_full")
        self._recorded(event, targets)
        self._driver.wake([entry.destination for entry in entries])

    def _standing_by(self, passing: Passing, text: str, targets: Sequence[str], now: float) -> list[Entry]:
        """The fallback of a CRITICAL for other machines, and who is told when nobody takes it on."""
        key, urgent, entries = passing.event.key, True, list[Entry]()
        if any(self.lanes[name].destination.remote for name in targets):
            due = later(now, self._config.critical_deadline_s)
            chain = [name for name in self._config.fallback if name in self.lanes and name not in targets]
            entries += [
                Entry(key, name, urgent, text, due, unless="delivered", fallback=True) for name in chain[:1]
            ]
        others, after_s = self._routes.escalation(passing)
        entries += [
            Entry(key, name, True, text, later(now, after_s), unless="acknowledged")  # noqa: FBT003 - as above
            for name in others
            if name not in targets
        ]
        return entries

    def _follow_up(self, lane: Lane, result: Ended, now: float) -> None:
        """Fallbacks, and what the delivery itself has to say about a destination."""
        if isinstance(result.decision, DeadLetter) and result.row.urgent:
            self._after_death(lane, result.row, result.decision, now)
        said = self._outages.after(lane, result, self._outbox.waiting(lane.name), self._wiring.clock.now())
        if said is not None:
            self._own(said, lane)
        self._notice(lane)

    def _notice(self, lane: Lane) -> None:
        """Raise an alert about a destination that has failed for too long, once an outage."""
        said = self._outages.found(lane, self._outbox.waiting(lane.name), self._wiring.clock.now())
        if said is not None:
            self._own(said, lane)

    def _after_death(self, lane: Lane, row: Row, decision: DeadLetter, now: float) -> None:
        """A CRITICAL is dead somewhere: the next of the fallback has it, or what stands by goes at once."""
        if not row.fallback:
            if not self._outbox.others_pending(row):
                self._outbox.hurry(row.key, now)
                self._driver.wake(list(self.lanes))
            return
        chain = [*self._config.fallback, lane.name]
        rest = chain[chain.index(lane.name) + 1 :]
        after = [name for name in rest if name in self.lanes and name != lane.name]
        if not after:
            self._last_resort(from_record(row.event), decision.reason)
            return
        entry = Entry(row.key, after[0], urgent=True, event=row.event, due=now, fallback=True)
        self._emit([entry.destination])
        self._outbox.add([entry], now)
        self._driver.wake([entry.destination])

    def _own(self, event: AlertEvent, about: Lane | None = None) -> None:
        """Raise an alert of our own, to every destination that works but the one that it is about."""
        with self._lock:
            now = self._now()
            keyed = with_key(event, self._keys())
            passing = Passing.of(keyed)
            self._raised(keyed)
            failing = self._outages.failing | ({about.name} if about else set())
            targets = [name for name in self._routes.destinations(passing) if name not in failing]
            chain = [name for name in self._config.fallback if name in self.lanes]
            self._record(passing, now, targets or chain[:1])

    def _beat(self, now: float) -> None:
        if not self._heartbeats or now < self._next_heartbeat:
            return
        self._next_heartbeat = later(now, self._config.heartbeat_s)
        if self._outages.failing or self._failed_outbox:
            return  # whoever listens outside notices that it is missing
        event = with_key(own_alerts.heartbeat(self._wiring.clock.now()), self._keys())
        self._raised(event)
        self._record(Passing.of(event), now, self._heartbeats)

    def _observe(self, lane: Lane, event: AlertEvent, result: Ended, held_s: float) -> None:
        decision, row = result.decision, result.row
        if isinstance(decision, Delivered):
            self._tell(event, lane.name, DeliveryState.DELIVERED, "", held_s, bool(row.fallback))
        elif isinstance(decision, DeadLetter):
            self._tell(event, lane.name, DeliveryState.DEAD, decision.reason, held_s, bool(row.fallback))

    def _tell(  # noqa: PLR0913, PLR0917 - the fields of a delivery
        self,
        event: AlertEvent,
        name: str,
        state: DeliveryState,
        reason: str,
        held_s: float = 0.0,
        fallback: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        from live.alerts.attempt import tell

        lane = self.lanes.get(name)
        remote = lane is not None and lane.destination.remote
        tell(self._wiring.observer, Delivery(event, name, state, reason, held_s, fallback, remote))

    def _emit(self, destinations: Iterable[str]) -> None:
        for name in destinations:
            self._emitted[name] = self._emitted.get(name, 0) + 1

    def _held(self, group: str) -> list[AlertEvent]:
        """What one alert is to speak for; what is alone speaks for itself, and goes."""
        events = [from_record(text) for text in self._outbox.held(group)]
        if len(events) > 1:
            for name, text in self._outbox.coalesced(group):
                self._tell(from_record(text), name, DeliveryState.COALESCED, "grouped")
            return events
        now = self._now()
        names = self._outbox.let_go(group, now)
        if events and events[0].level >= AlertLevel.CRITICAL:
            passing = Passing.of(events[0])
            self._outbox.add(self._standing_by(passing, to_record(passing.event), names, now), now)
        self._driver.wake(names)
        return []

    def _silences(self, now: float) -> list[Window]:
        """Those that somebody has set, in whatever process; looked at once a second."""
        if abs(now - self._looked_at) >= LOOK_S:
            self._looked_at = now
            with suppress(OutboxError):
                self._by_hand = [
                    Window(Match(source, code, subject), 0.0, until, author)
                    for source, code, subject, until, author, _ in self._outbox.silences(now)
                ]
        return self._by_hand

    def _opened(self, path: str) -> Outbox:
        try:
            return Outbox(path, max_pending=self._config.max_pending, max_dead=self._config.max_dead)
        except OutboxError as error:
            self._failed_outbox = str(error)
        return Outbox(MEMORY, max_pending=self._config.max_pending, max_dead=self._config.max_dead)

    def _outbox_failed(self, error: Exception) -> None:
        """Go on in memory, and say so, once."""
        with self._lock:
            if self._failed_outbox:
                return
            self._failed_outbox = str(error)
            self._outbox = Outbox(
                MEMORY, max_pending=self._config.max_pending, max_dead=self._config.max_dead
            )
            self._own(own_alerts.outbox_failed(str(error), self._wiring.clock.now()))

    def _last_resort(self, event: AlertEvent, why: str) -> None:
        """The alert cannot even be recorded, or nothing has taken it: whoever reads stderr has it."""
        with suppress(Exception):
            write_line(f"ALERT NOT DELIVERED ({why}) {as_line(event)}", self._wiring.stderr)
        with suppress(Exception):
            logging.getLogger("live.alerts").error("alert.not_recorded reason=%s", why)


def _told(stopped: Stopped) -> str:
    """What is counted: the rule, but not which alert a repeat belongs to."""
    return "repeat" if stopped.state == "coalesced" else stopped.reason
