"""`max_cancel_wait_s`: how long a cancellation may go unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.contracts import Observation, Unit, risk_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.book import Book


@risk_rule(
    key="max_cancel_wait_s",
    unit=Unit.SECONDS,
    subject="client_order_id",
    spares_exits=True,
    asked_by=("RTS 6 Art. 12", "FIA: cancel on disconnect"),
)
def max_cancel_wait_s(book: Book) -> Iterator[Observation]:
    """Seconds since the cancellation of an order was asked for that rests all the same.

    A venue that does not answer a cancellation answers nothing else either: entries are refused until it
    does.
    """
    for name, asked_at in book.journal.unanswered.items():
        yield Observation(max(0.0, (book.now - asked_at).total_seconds()), name)
