"""When the breaker changes its state by itself. Pure: a record and an observation in, a record out.

What the words mean:

* An observation *asks* for a rung: WARNING for WARN, BREACH for WARN and REDUCE_ONLY.
* A rung is *confirmed* when the present observation asks for it, and with it at least `confirm` of the last
  `window`. A single bad tick latches nothing unless `confirm` is 1.
* A *further confirmed breach* is one more BREACH in REDUCE_ONLY, with the confirmation still standing. After
  `halt_after` of them, or with the first that comes `halt_after_s` after the breach began, trading is halted.
  When fewer than `confirm` of the window are breaches, the breach has lapsed, and both counts begin again.
* WARN is left for ACTIVE after `calm` OK observations in a row; that is the hysteresis.
* REDUCE_ONLY and HALTED are never left downwards here: see `live.breaker.by_hand`.

Thresholds that are set in advance and stop orders by themselves are what SEC Rule 15c3-5(c)(1)(i) asks for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from live.breaker.state import BreakerRecord, BreakerState
from live.risk_limits.severity import RiskCheckSeverity

if TYPE_CHECKING:
    from datetime import datetime

    from live.breaker.config import BreakerConfig

POLICY = "policy"
OK, WARNING, BREACH = RiskCheckSeverity.OK, RiskCheckSeverity.WARNING, RiskCheckSeverity.BREACH


class Transition(NamedTuple):
    """A change of state.

    Attributes:
        before: The record that was left.
        after: The record that was entered.
    """

    before: BreakerRecord
    after: BreakerRecord


def observe(
    record: BreakerRecord, observed: object, now: datetime, config: BreakerConfig
) -> tuple[BreakerRecord, Transition | None]:
    """What one observation makes of a record.

    Args:
        record: What was remembered.
        observed: A `RiskCheckSeverity`; what is none counts as a BREACH.
        now: The present instant, UTC.
        config: How many observations confirm each other.
    """
    severity = observed if isinstance(observed, RiskCheckSeverity) else BREACH
    noted = _noted(record, severity, now, config)
    step = _step(noted, severity, now, config)
    if step is None:
        return noted, None
    state, reason = step
    after = entered(noted, state, now, reason, POLICY)
    return after, Transition(record, after)


def entered(record: BreakerRecord, state: BreakerState, now: datetime, reason: str, by: str) -> BreakerRecord:
    """The record with another state; downwards it forgets what it has seen, so that nothing old confirms."""
    return replace(
        record,
        state=state,
        since=now,
        reason=reason,
        by=by,
        seen=() if state < record.state else record.seen,
        calm=0,
        run=0,
        run_since=now if state is BreakerState.REDUCE_ONLY and by == POLICY else None,
    )


def _noted(
    record: BreakerRecord, severity: RiskCheckSeverity, now: datetime, config: BreakerConfig
) -> BreakerRecord:
    """The record with one observation more."""
    noted = replace(
        record,
        seen=(*record.seen, severity)[-config.window :],
        calm=min(record.calm + 1, config.calm) if severity is OK else 0,
    )
    if record.state is not BreakerState.REDUCE_ONLY:
        return noted
    if noted.count(BREACH) < config.confirm:
        return replace(noted, run=0, run_since=None)
    further = severity is BREACH
    return replace(noted, run=record.run + further, run_since=record.run_since or (now if further else None))


def _step(
    record: BreakerRecord, severity: RiskCheckSeverity, now: datetime, config: BreakerConfig
) -> tuple[BreakerState, str] | None:
    """The state that is due, and why; None when the present one stays."""
    breaches, warnings = record.count(BREACH), record.count(WARNING)
    if severity is BREACH and breaches >= config.confirm and record.state < BreakerState.HALTED:
        if record.state is not BreakerState.REDUCE_ONLY:
            return BreakerState.REDUCE_ONLY, _counted(record, breaches, "BREACH", config)
        return _halt(record, now, config)
    if severity >= WARNING and warnings >= config.confirm and record.state is BreakerState.ACTIVE:
        return BreakerState.WARN, _counted(record, warnings, "WARNING or worse", config)
    if record.state is BreakerState.WARN and record.calm >= config.calm:
        return BreakerState.ACTIVE, f"{record.calm} observations in a row are OK, {config.calm} needed"
    return None


def _halt(record: BreakerRecord, now: datetime, config: BreakerConfig) -> tuple[BreakerState, str] | None:
    lasted_s = (now - (record.run_since or now)).total_seconds()
    if record.run >= config.halt_after:
        return (
            BreakerState.HALTED,
            f"{record.run} further confirmed breaches in REDUCE_ONLY, {config.halt_after} halt",
        )
    if lasted_s >= config.halt_after_s:
        needed = f"{config.halt_after_s:g} s halt"
        return BreakerState.HALTED, f"the breach has lasted {lasted_s:g} s, {needed}"
    return None


def _counted(record: BreakerRecord, found: int, what: str, config: BreakerConfig) -> str:
    verb = "is" if found == 1 else "are"
    needed = f"{config.confirm} of {config.window} confirm"
    return f"{found} of the last {len(record.seen)} observations {verb} {what}, {needed}"
