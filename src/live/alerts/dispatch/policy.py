"""When an alert is tried again, and when it is given up. Pure: (history, outcome, now) in, a decision out.

Exponential back-off with full jitter: the wait before attempt n + 1 is drawn evenly from zero to
`base x 2^(n-1)`, `longest` at most, so that many clients of one receiver do not come back together
(M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015). A `Retry-After` (RFC 9110,
10.2.3) goes before it, in seconds or as a date, within a ceiling.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from live.alerts.dispatch.instants import later

if TYPE_CHECKING:
    from random import Random

    from live.contracts import Outcome


class Attempts(NamedTuple):
    """What was tried before.

    Attributes:
        failures: Attempts in a row that have failed at this destination, with the one that has just ended.
        first_at: When the alert was recorded, in seconds since 1970.
    """

    failures: int
    first_at: float


class Delivered(NamedTuple):
    """The alert has arrived."""


class RetryAt(NamedTuple):
    """It will be tried again.

    Attributes:
        at: When, in seconds since 1970; nothing goes to the destination before.
        reason: Why it did not arrive.
        asked: When the destination itself has asked to come back, at the earliest; 0 when it has not.
    """

    at: float
    reason: str
    asked: float = 0.0


class DeadLetter(NamedTuple):
    """It is given up.

    Attributes:
        reason: Why.
        permanent: Whether the destination itself refuses: its configuration has to be looked at.
    """

    reason: str
    permanent: bool


Decision = Delivered | RetryAt | DeadLetter
EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait, and how long to try.

    Attributes:
        base_s: Longest wait before the second attempt, in seconds.
        longest_s: Longest wait of all that the back-off chooses.
        ceiling_s: Longest wait that a `Retry-After` may ask for.
        max_age_s: An alert that has not arrived by then is given up.
    """

    base_s: float = 1.0
    longest_s: float = 300.0
    ceiling_s: float = 3_600.0
    max_age_s: float = 259_200.0

    def decide(self, attempts: Attempts, outcome: Outcome, now: float, rng: Random) -> Decision:
        """What becomes of an alert after an attempt."""
        if not outcome.reason:
            return Delivered()
        if outcome.permanent:
            return DeadLetter(outcome.reason, permanent=True)
        if now - attempts.first_at >= self.max_age_s:
            return DeadLetter(f"{EXPIRED}: {outcome.reason}", permanent=False)
        chosen_s = self._chosen_s(attempts.failures, rng)
        asked_s = min(seconds_of(outcome.retry_after, now) or 0.0, self.ceiling_s)
        # one of 0, or a date of a clock that is behind, is no leave to come back without a pause
        return RetryAt(
            later(now, max(chosen_s, asked_s)), outcome.reason, later(now, asked_s) if asked_s else 0.0
        )

    def _chosen_s(self, count: int, rng: Random) -> float:
        return rng.uniform(0.0, min(self.longest_s, self.base_s * 2.0 ** min(count - 1, 60)))


def seconds_of(retry_after: str, now: float) -> float | None:
    """How long a `Retry-After` asks to wait, in seconds from now; None when it is none."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(text)
        left = (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - now
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return max(0.0, left) if math.isfinite(left) else None
