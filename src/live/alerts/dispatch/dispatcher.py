"""`AlertDispatcher`: hands an alert over and returns; what happens then is up to the lanes.

send -> inbox -> stages (level, silence, inhibition, repeats, groups) -> routes -> outbox
lane of each destination: outbox -> attempt -> delivered | tried again | dead letter + fallback
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, Self

from live.alerts.build import build_sinks
from live.alerts.config import LiveAlertsConfig
from live.alerts.dispatch import own_alerts
from live.alerts.dispatch.by_hand import SilencesByHand
from live.alerts.dispatch.config import DispatchConfig
from live.alerts.dispatch.database import MEMORY, OutboxError
from live.alerts.dispatch.driver import INBOX, LOOK_S
from live.alerts.dispatch.forks import close_in_children
from live.alerts.dispatch.health import DispatchHealth
from live.alerts.dispatch.heartbeats import Heartbeats
from live.alerts.dispatch.inbox import Handed, Inbox
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.journal import Journal
from live.alerts.dispatch.lanes import is_heartbeat, make_lanes, names_that_hear_acknowledgements
from live.alerts.dispatch.leftovers import Leftovers
from live.alerts.dispatch.owner import forget_owner, new_owner
from live.alerts.dispatch.pipeline import Pipeline
from live.alerts.dispatch.record import from_record, readable
from live.alerts.dispatch.recorder import Recorder
from live.alerts.dispatch.rows import ACKNOWLEDGED
from live.alerts.dispatch.stage import Passing, Stopped
from live.alerts.dispatch.stages.dedup import Repeats
from live.alerts.dispatch.stages.grouping import Groups
from live.alerts.dispatch.stages.inhibition import Inhibitions
from live.alerts.dispatch.stages.level import LevelFilter
from live.alerts.dispatch.stages.routes import Routes
from live.alerts.dispatch.stages.silence import Silences, Window
from live.alerts.dispatch.threads import Threads
from live.alerts.idempotency import usable_key
from live.alerts.wiring import default_wiring
from live.events import AlertLevel, with_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from live.alerts.dispatch.config import Silence
    from live.alerts.dispatch.driver import Driver
    from live.alerts.dispatch.journal import Mark
    from live.alerts.dispatch.lane import Lane
    from live.alerts.dispatch.outbox import Outbox
    from live.alerts.dispatch.rows import Row
    from live.contracts import Outcome, Sink, Wiring
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
        self._config, self._wiring = config, wiring or default_wiring()
        self._keys = keys or (lambda: secrets.token_hex(12))
        self._driver = driver or Threads()
        self._owner, self._closed = new_owner(), ""
        self._at_the_end: DispatchHealth | None = None
        rng = rng or Random()  # noqa: S311 - spreads load, guards no secret
        self.lanes = make_lanes(sinks, config, self._wiring, rng, self._owner)
        names = [one.name for sink in sinks for one in sink.destinations()]
        self._incidents = names_that_hear_acknowledgements(sinks)
        self._heartbeats = Heartbeats([one for one in names if is_heartbeat(one)], config.heartbeat_s)
        self._recorder = Recorder(
            config,
            self.lanes,
            Routes(config.routes, [one for one in names if not is_heartbeat(one)]),
            wiring=self._wiring,
            driver=self._driver,
            outbox=outbox,
            keys=self._keys,
            raised=raised or (lambda _event: None),
            recorded=recorded or (lambda _event, _destinations: None),
        )
        self._lock = self._recorder.lock
        self._by_hand = SilencesByHand(self._recorder)
        self._pipeline = self._stages(min_level)
        self._leftovers = Leftovers(self._recorder, self._groups, config.max_age_s, self._accept)
        self._inbox, self._taking = self._empty_inbox(), False
        close_in_children(self._owner, self)
        self._driver.start(self)
        self._recorder.tell_failure()
        self._look()

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
        """Hand an alert over. With an outbox that is a file it outlives the process when this returns."""
        try:
            if self._closed:
                self._recorder.last_resort(event, self._closed)
                return
            keyed = with_key(event, usable_key(event.key) if event.key else self._keys())
            if self._inbox.is_full:
                self._take_some_over()
            if self._inbox.put(keyed):
                self._driver.wake((INBOX,))
                if self._closed:  # meanwhile: nobody else looks any more
                    self.take_over()
                return
            with self._lock:
                self.take_over()  # what came before goes before
                self._accept([Handed(keyed)])
        except Exception as error:  # noqa: BLE001 - whatever happens here must not reach an order path
            self._recorder.last_resort(event, type(error).__name__)

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
        self._inbox.shut()
        with self._lock:
            self.take_over()
            self._let_go_of_groups()
            if self._closed:  # meanwhile, by the handler of a signal
                return True
            self._closed = "closed"
        drained = self._driver.drain(self._config.drain_s if drain_s is None else drain_s)
        if not drained:
            with suppress(OutboxError):
                self._outbox.hurry(None, self.now())  # what stands by for a CRITICAL is its last chance here
            self._driver.drain(LAST_CHANCE_S)
        self._driver.stop()
        with suppress(OutboxError):
            self._outbox.leases.free(self._owner)
        forget_owner(self._owner)
        with self._lock:
            self._inbox.close()
            self._at_the_end = self._health()  # nobody can count in an outbox that is let go
            self._recorder.close()
        return drained

    def abandon(self) -> None:
        """Stop at once, as if the process had ended: what is on its way stays in the files as it is."""
        self._closed = "abandoned"
        self._driver.stop()
        forget_owner(self._owner)
        with self._lock:
            self._inbox.leave()
            self._recorder.close()

    def leave_to_parent(self) -> None:
        """This process is a fork: what is sent here goes to stderr, and nothing of the parent is touched."""
        self._closed = "forked"
        self._inbox.leave()
        self._recorder.leave_to_parent()
        self._lock = self._recorder.lock

    def acknowledge(self, key: str) -> int:
        """Take an alert on: it does not escalate, and an incident of it is acknowledged.

        Returns:
            How many destinations that spares.
        """
        with self._lock:
            self.take_over()
            spared = self._outbox.acknowledge(key)
            for text in spared[:1] if self._incidents else ():
                event = with_key(own_alerts.acknowledged(from_record(text)), self._keys())
                self._recorder.released(Passing.of(event), self.now(), self._incidents)
        return len(spared)

    def silence(self, silence: Silence) -> None:
        """Silence what matches from now on, for every process on this outbox."""
        self.take_over()  # what came before is told
        self._by_hand.add(silence)

    @property
    def emitted(self) -> dict[str, int]:
        """How many alerts this process has had for each destination: what `health` says ends up as."""
        self.take_over()
        with self._lock:
            return dict(self._recorder.emitted)

    def pending(self) -> list[tuple[str, AlertEvent]]:
        """What is on its way: destination and alert, the oldest first."""
        self.take_over()
        return [(row.destination, from_record(row.event)) for row in self._outbox.pending(-1)]

    def health(self) -> DispatchHealth:
        """What works, what does not, and what became of all alerts; after `close`, as it was then."""
        self.take_over()
        with self._lock:
            return self._at_the_end or self._health()

    # what drivers call

    def now(self) -> float:
        """The present instant, in seconds since 1970, on a clock that never goes back."""
        return self._recorder.now()

    def take_over(self) -> None:
        """Judge and record what was handed over; what comes meanwhile might never end."""
        for _ in range(self._inbox.portions):
            if not self._take_some_over():
                return

    def tick(self) -> float | None:
        """Let time bring out what it does; when to call again, None when there is no need to."""
        self.take_over()
        now = self.now()
        with self._lock:
            self._look()
            try:
                self._release(now)
            except OutboxError as error:
                self._recorder.fail(error)
            for lane in self.lanes.values():
                self._recorder.notice(lane)
            self._beat(now)
        return self.due()

    def due(self) -> float | None:
        """When time brings out something next; None when nothing waits for it."""
        with self._lock:
            outage = self._recorder.outages.due(self.lanes.values())
            dues = [self._pipeline.due(), outage, self._heartbeats.due()]
            return min((due for due in dues if due is not None), default=None)

    def begin(self, lane: Lane) -> tuple[Row, AlertEvent] | None:
        """What a lane is to try now."""
        try:
            while (row := lane.begin(self._outbox, self.now())) is not None:
                if row.unless:
                    self._recorder.emit([lane.name])
                if self._config.power_loss and not row.attempts:
                    self._outbox.bring_to_disk()
                if (found := self._readable(row)) is not None:
                    if row.unless == ACKNOWLEDGED:
                        self._recorder.escalations.called(found[1], lane.name)
                    return found
        except OutboxError as error:
            self._recorder.fail(error)
        return None

    def end(self, lane: Lane, row: Row, event: AlertEvent, outcome: Outcome, held_s: float = 0.0) -> None:
        """Take note of how an attempt ended, and do what follows from it."""
        try:
            # a death between the two would leave a CRITICAL to nobody
            with self._outbox.database.writing():
                result = lane.end(self._outbox, row, outcome, self.now())
                self._recorder.hand_on(result)
            self._recorder.ended(lane, event, result, held_s)
        except OutboxError as error:
            if self._recorder.failure:  # nothing else takes note: it would be sent again at once, for ever
                lane.not_before = later(self.now(), LOOK_S)
            self._recorder.fail(error)

    def next_due(self, lane: Lane) -> float | None:
        """When a lane is to be asked again; None when nothing waits."""
        try:
            return lane.next_due(self._outbox, self.now())
        except OutboxError as error:
            self._recorder.fail(error)
            return None

    def idle(self) -> bool:
        """Whether nothing is on its way, but for what only stands by."""
        try:
            with self._lock:  # what was just taken over is in neither place for a moment
                return not self._inbox and not self._outbox.has_pending(self.lanes)
        except OutboxError as error:
            self._recorder.fail(error)
            return False

    def rest(self) -> None:
        """What a driver does while there is nothing to do."""
        with suppress(OutboxError):
            self._outbox.recount()
            self._outbox.database.checkpoint()

    def failed(self, error: Exception) -> None:
        """What a driver does with an error of ours: a lane that ended for it would be silence."""
        logging.getLogger("live.alerts").error("alert.delivery_error error=%s", type(error).__name__)

    @property
    def _outbox(self) -> Outbox:
        return self._recorder.outbox

    def _health(self) -> DispatchHealth:
        return DispatchHealth.of(
            self._outbox, self.lanes, self._inbox, self._leftovers, self._recorder.failure
        )

    def _stages(self, min_level: AlertLevel) -> Pipeline:
        config, keys, wall = self._config, self._keys, self._wiring.clock.now
        self._groups = Groups(config.group_wait_s, config.group_s, self._recorder.speaks_for, keys, wall)
        with suppress(OutboxError):
            self._groups.adopt(self._outbox.held_groups(self.now()))
        windows = list(map(Window.of, config.silences))
        return Pipeline(
            [
                LevelFilter(min_level),
                Silences(windows, self._by_hand.at, config.resolve_after_s, keys, wall),
                Inhibitions(config.inhibitions, config.resolve_after_s),
                Repeats(config.repeat_s, config.resolve_after_s, keys, wall),
                self._groups,
            ]
        )

    def _empty_inbox(self) -> Inbox:
        if not self._driver.takes_over:
            return Inbox(None, takes=False)
        journal = Journal.make(self._outbox.database.file)
        # what is kept in memory is lost with the process anyway
        return Inbox(journal, takes=journal is not None or self._outbox.path == MEMORY)

    def _take_some_over(self) -> bool:
        """Do so with the oldest; False in the handler of a signal that interrupts just that."""
        with self._lock:
            if self._taking:
                return False
            self._taking = True
            taken: list[Handed] = []
            try:
                taken, mark = self._inbox.take()
                self._accept(taken, mark)
            except BaseException as error:
                self._inbox.keep()
                for event, _ in taken:
                    self._recorder.last_resort(event, type(error).__name__)
                raise
            finally:
                self._taking = False
            if self._recorder.failure:
                self._inbox.keep()
            self._inbox.tidy()
            return True

    def _accept(self, handed: Sequence[Handed], mark: Mark | None = None) -> None:
        """Judge alerts, and record those that go anywhere in one change."""
        now, passed = self.now(), list[Passing]()
        for event, text in handed:
            if self._closed:
                self._recorder.last_resort(event, self._closed)
                continue
            try:
                passed += self._judge(Passing.of(event, text), now)
            except Exception as error:  # noqa: BLE001 - as in `send`
                self._recorder.last_resort(event, type(error).__name__)
        try:
            if passed:
                self._recorder.record(passed, now, mark=mark)
        except Exception as error:  # noqa: BLE001 - as in `send`
            for passing in passed:
                self._recorder.last_resort(passing.event, type(error).__name__)

    def _judge(self, passing: Passing, now: float) -> list[Passing]:
        judged = self._pipeline.judge(passing, now)
        if isinstance(judged, Stopped):
            self._recorder.stopped(passing, judged)
            return []
        return [judged]

    def _release(self, now: float) -> None:
        due = self._pipeline.due()
        if due is None or due > now:
            return
        # what one alert speaks for leaves the outbox only together with that alert coming in
        with self._outbox.database.writing():
            for _, judged in self._pipeline.release(now):
                if not isinstance(judged, Stopped):
                    self._recorder.released(judged, now)

    def _look(self) -> None:
        """Take over what processes that are gone have left."""
        with self._lock:
            if self._closed:  # the next process will
                return
            try:
                self._leftovers.look(self.now())
            except OutboxError as error:
                self._recorder.fail(error)

    def _let_go_of_groups(self) -> None:
        with self._lock, suppress(Exception):
            now = self.now()
            with self._outbox.database.writing():  # as in `_release`
                for passing in self._groups.let_go(now):
                    self._recorder.released(passing, now)

    def _readable(self, row: Row) -> tuple[Row, AlertEvent] | None:
        """The alert of a row; one that cannot be read is a dead letter, and stops nothing."""
        event = readable(row.event)
        if event is None:
            self._outbox.dead(row, "unreadable")
            return None
        return row, event

    def _beat(self, now: float) -> None:
        """A sign of life; none while something fails, so that whoever listens outside notices."""
        # one that does not arrive itself must be tried again, or nobody would ever learn that it works again
        failing = self._recorder.outages.failing - set(self._heartbeats.destinations)
        if self._heartbeats.beats(now) and not (failing or self._recorder.failure):
            event = with_key(own_alerts.heartbeat(self._wiring.clock.now()), self._keys())
            self._recorder.released(Passing.of(event), now, self._heartbeats.destinations)
