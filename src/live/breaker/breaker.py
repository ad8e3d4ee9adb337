"""`TradingBreaker`: the door. Observations and people go in, a refusal or none comes out."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from live.breaker.alerts import override_alert, refused_alert, store_alert, transition_alert
from live.breaker.by_hand import Act, RearmRefusedError, override, rearm
from live.breaker.memory import Memory
from live.breaker.policy import Transition, observe
from live.breaker.scopes import ACCOUNT, scope_named, strategy_scope
from live.breaker.state import NEW, BreakerRecord, BreakerState
from live.breaker.store import StoreUnreadableError, StoreUnwritableError
from live.clock import SystemClock
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from live.breaker.config import BreakerConfig
    from live.breaker.store import BreakerStore
    from live.contracts import Clock
    from live.events import AlertEvent


class TradingBreaker:
    """Latches when observations confirm each other, and refuses orders until a person lets trading in again.

    Every method may be called from any thread. A store that fails is an alert, never an exception.
    """

    def __init__(
        self,
        config: BreakerConfig,
        store: BreakerStore,
        tell: Callable[[AlertEvent], None] | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        """Take up the states that the store holds.

        Args:
            config: What confirms, what halts, who may re-arm.
            store: Where the states are kept.
            tell: Told of every alert; None when nobody is.
            clock: Where the time comes from; the machine's clock when not given.
        """
        self._config = config
        self._tell = tell or (lambda _event: None)
        self._clock = clock or SystemClock()
        self._memory = Memory(store, self._store_failed)
        self._lock = RLock()

    @property
    def store_failure(self) -> str:
        """Why the store does not work; empty when it does."""
        return self._memory.failure

    def records(self) -> Mapping[str, BreakerRecord]:
        """What is remembered, by scope: the account first, then the strategies by name."""
        with self._lock:
            known = self._memory.read(self._clock.now())
            return {ACCOUNT: known.get(ACCOUNT, NEW), **dict(sorted(known.items()))}

    def state(self, scope: str = ACCOUNT) -> BreakerState:
        """The state of a scope: `account`, or `strategy:NAME`."""
        return self.records().get(scope_named(scope), NEW).state

    def observe(self, severity: object, *, strategy: str | None = None) -> BreakerState:
        """Take note of how a check came out, and return the state that follows.

        Args:
            severity: A `RiskCheckSeverity`; what is none counts as a BREACH.
            strategy: The strategy that it is about; the account when not given.
        """
        scope = ACCOUNT if strategy is None else strategy_scope(strategy)
        now, steps = self._clock.now(), list[Transition | None]()

        def noted(record: BreakerRecord) -> BreakerRecord:
            after, step = observe(record, severity, now, self._config)
            steps.append(step)
            return after

        with self._lock:
            after = self._memory.change(scope, noted, now)
        if step := steps[-1]:
            self._tell(transition_alert(scope, step, now))
        return after.state

    def refusal(self, strategy: str | None, only_reduces: bool) -> str | None:  # noqa: FBT001 - the contract of the gate
        """Why an order may not go out, as one coded line; None when it may.

        Args:
            strategy: The strategy that asks. An order that names none is judged by the worst of all.
            only_reduces: Whether it can do nothing but reduce what is held.
        """
        with self._lock:
            known = self.records()
            scopes = [ACCOUNT, strategy_scope(strategy)] if strategy and strategy.strip() else [*known]
            worst = max(scopes, key=lambda scope: known.get(scope, NEW).state)  # the account, when equal
            record = known.get(worst, NEW)
        if not record.state.latches or (record.state is BreakerState.REDUCE_ONLY and only_reduces):
            return None
        since = "unknown" if record.since is None else record.since.isoformat()
        name = record.state.name.lower()
        return f"breaker_{name}(scope={shown(worst)}, since={since}, reason={shown(record.reason)})"

    def rearm(
        self, *, role: str, reason: str, scope: str = ACCOUNT, to: BreakerState = BreakerState.ACTIVE
    ) -> None:
        """Let trading in again.

        Args:
            role: Who asks; one of `rearm_roles`.
            reason: Why it may go on.
            scope: `account`, or `strategy:NAME`.
            to: The lower state to be entered.

        Raises:
            RearmRefusedError: it is refused, with the reason; nothing has changed, and an alert was sent.
            ValueError: the scope is none.
        """
        self._lower(scope_named(scope), Act(to, role, reason), transition_alert)

    def override(self, state: BreakerState, *, role: str, reason: str, scope: str = ACCOUNT) -> None:
        """Put a state by hand. Upwards nothing is asked; downwards it is judged as a re-arm.

        This is the kill switch: `override(BreakerState.HALTED, ...)`. It holds even when it cannot be stored;
        see `store_failure`. Orders at rest are not cancelled by it.

        Args:
            state: The state to be entered.
            role: Who does it.
            reason: Why.
            scope: `account`, or `strategy:NAME`.

        Raises:
            RearmRefusedError: it goes down, and is refused.
            ValueError: the scope is none.
        """
        scope, act, now = scope_named(scope), Act(state, role, reason), self._clock.now()
        if state < self.state(scope):
            self._lower(scope, act, override_alert)
            return
        seen: list[BreakerRecord] = []

        def put(record: BreakerRecord) -> BreakerRecord:
            seen.append(record)
            return override(record, act._replace(state=max(state, record.state)), now, self._config)

        with self._lock:
            after = self._memory.change(scope, put, now)
        self._tell(override_alert(scope, Transition(seen[-1], after), now))

    def _lower(self, scope: str, act: Act, alert: Callable[[str, Transition, datetime], AlertEvent]) -> None:
        """Enter a lower state, in the store or not at all: what a restart would undo is not let in again."""
        now, seen = self._clock.now(), list[BreakerRecord]()

        def lowered(record: BreakerRecord) -> BreakerRecord:
            seen.append(record)
            return rearm(record, act, now, self._config)

        try:
            with self._lock:
                after = self._memory.change_stored(scope, lowered, now)
        except (RearmRefusedError, StoreUnreadableError, StoreUnwritableError) as error:
            why = str(error) if isinstance(error, RearmRefusedError) else f"the store failed: {error}"
            self._tell(refused_alert(scope, act, self.state(scope), why, now))
            raise RearmRefusedError(why) from None
        self._tell(alert(scope, Transition(seen[-1], after), now))

    def _store_failed(self, why: str, reading: bool) -> None:  # noqa: FBT001 - told by the memory alone
        self._tell(store_alert(why, self._clock.now(), reading=reading))
