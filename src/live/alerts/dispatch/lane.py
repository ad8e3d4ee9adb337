"""A lane: one destination, one request in flight, a back-off of its own. No I/O and no threads here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from live.alerts.attempt import outcome_of
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.policy import Attempts, DeadLetter, Delivered, RetryAt
from live.contracts import Outcome

if TYPE_CHECKING:
    from random import Random

    from live.alerts.dispatch.outbox import Outbox
    from live.alerts.dispatch.policy import Decision, RetryPolicy
    from live.alerts.dispatch.rows import Row
    from live.contracts import Destination
    from live.events import AlertEvent

LEASE_S = 30.0
EAGER_S = 1.0
"""During a back-off a new CRITICAL is tried so many seconds after the last attempt; others wait it out."""


class Ended(NamedTuple):
    """How an attempt ended.

    Attributes:
        row: What was tried.
        decision: What becomes of it.
        recovered_s: How long the destination had failed, when it works again with this; None otherwise.
        before: Whether the alert had ended before the attempt did, and that is told already.
    """

    row: Row
    decision: Decision
    recovered_s: float | None = None
    before: bool = False


@dataclass(slots=True)
class Lane:
    """One destination.

    Attributes:
        destination: Where it leads.
        policy: When it is tried again.
        rng: Chance of the back-off.
        owner: Name of this process among those that share the outbox.
        every_s: Seconds between two requests that the destination asks for; 0 for none.
        failures: Attempts in a row that have failed.
        failing_since: When the first of them was; None when it works.
        not_before: Nothing is tried before.
        last_at: When it was tried last.
        asked: When the destination itself has asked to come back, at the earliest; 0 when it has not.
        reason: Why it failed the last time.
        leased_until: Until when this process serves the destination; below 0 while another one does.
    """

    destination: Destination
    policy: RetryPolicy
    rng: Random
    owner: str
    every_s: float = 0.0
    failures: int = 0
    failing_since: float | None = None
    not_before: float = 0.0
    last_at: float = 0.0
    asked: float = 0.0
    leased_until: float = 0.0
    reason: str = ""

    @property
    def name(self) -> str:
        """What the destination is called."""
        return self.destination.name

    @property
    def circuit(self) -> str:
        """`closed` while it works, `open` while nothing but a probe goes through."""
        return "open" if self.failures else "closed"

    def begin(self, outbox: Outbox, now: float) -> Row | None:
        """What is to be tried now; None when nothing is, or another process serves the destination."""
        row = outbox.next(self.name, now)
        if row is None or not self._leases(outbox, now) or now < self._free_at(row):
            return None
        if row.unless and not outbox.activate(row):
            return self.begin(outbox, now)  # it has arrived elsewhere at this very moment
        return row

    def next_due(self, outbox: Outbox, now: float) -> float | None:
        """When to ask again; None when nothing waits."""
        due = outbox.next_due(self.name)
        if due is None:
            return None
        row = outbox.next(self.name, now)
        soonest = due if row is None else self._free_at(row)
        return max(soonest, later(now, 1.0)) if self.leased_until < 0 else soonest

    def attempt(self, event: AlertEvent) -> Outcome:
        """Try once; whatever goes wrong is the reason of the outcome."""
        try:
            return outcome_of(self.destination, event)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - foreign code may exit or cancel
            return Outcome(f"raised_{type(error).__name__}")

    def end(self, outbox: Outbox, row: Row, outcome: Outcome, now: float) -> Ended:
        """Take note of how an attempt ended."""
        decision = self.policy.decide(Attempts(self.failures + 1, row.first_at), outcome, now, self.rng)
        self.last_at = now
        if isinstance(decision, Delivered):
            ended = outbox.delivered(row, remote=self.destination.remote)
            recovered = None if self.failing_since is None else now - self.failing_since
            self.failures, self.failing_since, self.asked = 0, None, 0.0
            self.not_before = later(now, self.every_s)
            return Ended(row, decision, recovered, before=not ended)
        self.failing_since = now if self.failing_since is None else self.failing_since
        self.failures += 1
        ended = True
        if isinstance(decision, RetryAt):
            self.not_before, self.asked = decision.at, decision.asked
            outbox.retry(row, decision.reason)
        elif isinstance(decision, DeadLetter):
            self.not_before = later(now, self.every_s)
            ended = outbox.dead(row, decision.reason)
        self.reason = decision.reason
        return Ended(row, decision, before=not ended)

    def _free_at(self, row: Row) -> float:
        """When the lane may try a row: a new CRITICAL does not wait out a back-off that nobody asked for."""
        if row.urgent and not row.attempts and self.failures:
            return min(self.not_before, max(later(self.last_at, EAGER_S), self.asked))
        return self.not_before

    def _leases(self, outbox: Outbox, now: float) -> bool:
        if self.leased_until - now > LEASE_S / 2:
            return True
        mine = outbox.leases.take(self.name, self.owner, now, now + LEASE_S)
        self.leased_until = now + LEASE_S if mine else -1.0
        return mine
