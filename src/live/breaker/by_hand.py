"""What a person may do to the breaker: let trading in again, or put a state by hand. Pure.

Upwards anybody who names a role may go, at any time: that is the kill switch. Downwards only the roles that
are configured may go, with a reason, and out of a latched state only after the cool-down: somebody has to
have looked before trading begins again (RTS 6, Art. 15(3): re-enabled by a designated staff member; a halt
that is re-armed at once is none).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from live.breaker.policy import entered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from live.breaker.config import BreakerConfig
    from live.breaker.state import BreakerRecord, BreakerState

UNNAMED = "unnamed"


class RearmRefusedError(Exception):
    """Trading is not let in again; the message says why, and nothing has changed."""


class Act(NamedTuple):
    """What a person asks for.

    Attributes:
        state: The state to be entered.
        role: Who asks: `risk_owner`.
        reason: Why, in a person's words.
    """

    state: BreakerState
    role: str
    reason: str


def rearm(record: BreakerRecord, act: Act, now: datetime, config: BreakerConfig) -> BreakerRecord:
    """The record after a re-arm.

    Raises:
        RearmRefusedError: the role may not, no reason is given, the state is no lower one, or the cool-down
            is not over; all of it at once.
    """
    why_not = list(_objections(record, act, now, config))
    if why_not:
        raise RearmRefusedError("; ".join(why_not))
    return _entered(record, act, now)


def override(record: BreakerRecord, act: Act, now: datetime, config: BreakerConfig) -> BreakerRecord:
    """The record after a state was put by hand; never refused upwards, judged as a re-arm downwards.

    Raises:
        RearmRefusedError: it goes down, and a re-arm would be refused.
    """
    if act.state < record.state:
        return rearm(record, act, now, config)
    return _entered(record, act, now)


def _entered(record: BreakerRecord, act: Act, now: datetime) -> BreakerRecord:
    role, reason = _storable(act.role) or UNNAMED, _storable(act.reason) or "no reason given"
    return entered(record, act.state, now, reason, role)


def _storable(text: str) -> str:
    """What a person wrote, half characters of another encoding made question marks: no store takes them."""
    return text.strip().encode(errors="replace").decode()


def objections_to(act: Act, config: BreakerConfig) -> Iterator[str]:
    """Why somebody may not let trading in, whatever the state."""
    role = act.role.strip()
    if role not in config.rearm_roles:
        yield f"role {role!r} may not re-arm; {' or '.join(config.rearm_roles)} may"
    if not act.reason.strip():
        yield "no reason is given"


def _objections(record: BreakerRecord, act: Act, now: datetime, config: BreakerConfig) -> Iterator[str]:
    yield from objections_to(act, config)
    if act.state >= record.state:
        yield f"the state is {record.state.name}, and a re-arm to {act.state.name} does not go down"
    elif record.state.latches:
        waited_s = 0.0 if record.since is None else (now - record.since).total_seconds()
        if waited_s < config.cool_down_s:
            needed = f"needed {config.cool_down_s:g} s"
            yield f"waited {waited_s:g} s since {record.state.name}, {needed}"
