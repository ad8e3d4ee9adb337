"""`max_cancel_wait_s`: how long a cancellation may go unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book

_SKEW_S = 5.0


@risk_rule(
    key="max_cancel_wait_s",
    unit=Unit.SECONDS,
    subject="client_order_id",
    spares_exits=True,
    asked_by=("RTS 6 Art. 12(1)",),
)
def max_cancel_wait_s(book: Book) -> Iterator[Observation]:
    """Seconds since the cancellation of an order was asked for that rests all the same.

    A venue that does not answer a cancellation answers nothing else either: entries are refused until it
    does. One asked for in the future (by more than 5 seconds), as when a clock is set back, has waited for
    an unknown time.
    """
    for name, asked_at in book.journal.unanswered.items():
        waited_s = (book.now - asked_at).total_seconds()
        why = f"it was asked for {-waited_s:.3f} s in the future" if waited_s < -_SKEW_S else ""
        yield Observation(max(0.0, waited_s), name, unknown=why)
