"""Work that may hang, done in a thread of its own: the caller waits until a deadline and not longer.

The thread is a daemon, so that what hangs in it holds up neither the caller nor the exit of the interpreter.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from live.contracts import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def done_within(deadline_s: float, work: Callable[[], T], *, name: str) -> T:
    """What `work` gives.

    Args:
        deadline_s: How long the caller waits, in seconds.
        work: Done in a thread of its own, which goes on after the deadline.
        name: Name of the thread.

    Raises:
        TransportError: `timeout` when it is not done in time, `internal` when it raises anything else. The
            text of what it raises is not passed on, because it may hold an address.
    """
    found: Future[T | TransportError] = Future()
    threading.Thread(target=_settle, args=(found, work), name=name, daemon=True).start()
    try:
        outcome = found.result(deadline_s)
    except TimeoutError:
        raise TransportError("timeout", f"not done within {deadline_s:g} s") from None
    if isinstance(outcome, TransportError):
        raise TransportError(outcome.kind) from None
    return outcome


def _settle(found: Future[T | TransportError], work: Callable[[], T]) -> None:
    try:
        found.set_result(work())
    except TransportError as error:
        found.set_result(error)
    except BaseException as error:  # noqa: BLE001 - an exception that leaves a thread is printed with its text
        found.set_result(TransportError("internal", type(error).__name__))
