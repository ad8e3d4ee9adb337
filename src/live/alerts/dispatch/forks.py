"""A process that forks: lanes and the connection to the outbox stay with the parent.

SQLite forbids to carry a connection across a fork, threads do not come along, and a lock that another thread
held stays held for ever. In the child a dispatcher is therefore closed; the child makes one of its own.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from live.alerts.dispatch.database import OutboxError

if TYPE_CHECKING:
    from live.alerts.dispatch.dispatcher import AlertDispatcher

_open: WeakValueDictionary[str, AlertDispatcher] = WeakValueDictionary()


class OutboxOfParent:
    """In the place of an outbox in a fork: whoever asks is told that it belongs to another process."""

    def __getattr__(self, name: str) -> Any:
        """Nothing of it can be used here.

        Raises:
            OutboxError: always.
        """
        whose = "the outbox belongs to another process, of which this is a fork; make a dispatcher here"
        raise OutboxError(f"{name}: {whose}")


def close_in_children(owner: str, dispatcher: AlertDispatcher) -> None:
    """Close a dispatcher in whatever is forked from this process."""
    _open[owner] = dispatcher


def _in_child() -> None:
    for dispatcher in list(_open.values()):
        dispatcher.leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
