"""The beginning of a breaker: a store is made once, by a person, and never by itself.

A file that is not there has been lost, or is looked for in the wrong folder. Whatever was halted in it would
trade on if a new one took its place.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from live.breaker.alerts import override_alert
from live.breaker.by_hand import RearmRefusedError, objections_to
from live.breaker.policy import Transition, entered
from live.breaker.scopes import ACCOUNT
from live.breaker.sqlite_store import SqliteStore, make_table
from live.breaker.state import NEW
from live.breaker.store import StoreUnreadableError, StoreUnwritableError

if TYPE_CHECKING:
    from datetime import datetime

    from live.breaker.by_hand import Act
    from live.breaker.config import BreakerConfig
    from live.breaker.state import BreakerRecord
    from live.events import AlertEvent


def begin(config: BreakerConfig, act: Act, now: datetime) -> AlertEvent:
    """Make the store of a breaker, and let trading in.

    Args:
        config: Who may, and where the store will be.
        act: Who asks, and why.
        now: The present instant, UTC.

    Returns:
        The alert that says so; the caller sends it.

    Raises:
        RearmRefusedError: the role may not, no reason is given, or there is a store already.
        StoreUnwritableError: the file cannot be made.
    """
    why_not = [*objections_to(act, config), *_there_already(config.path)]
    if why_not:
        raise RearmRefusedError("; ".join(why_not))
    record = entered(NEW, act.state, now, act.reason, act.role)
    create_store(config.path, record)
    return override_alert(ACCOUNT, Transition(NEW, record), now)


def create_store(path: str, account: BreakerRecord = NEW) -> SqliteStore:
    """Make a store in one step: there is never half a one, and never one in the place of another.

    Raises:
        StoreUnwritableError: there is a file already, or none can be made there.
    """
    import sqlite3

    making = f"{path}.new-{os.getpid()}"
    try:
        with closing(sqlite3.connect(making, isolation_level=None)) as db:
            make_table(db)
        store = SqliteStore(making)
        if account != NEW:
            store.change(ACCOUNT, lambda _: account)
        store.close()
        os.link(making, path)  # unlike a rename, it fails where something stands
    except (sqlite3.Error, OSError) as error:
        raise StoreUnwritableError(f"{path}: {error}") from None
    finally:
        for name in (making, f"{making}-wal", f"{making}-shm"):
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108 - pathlib takes longer to import than all the rest
    return SqliteStore(path)


def _there_already(path: str) -> list[str]:
    if not os.path.lexists(path):
        return []
    try:
        SqliteStore(path).read()
    except StoreUnreadableError as error:
        return [f"there is a file already, and it is no store: {error}; move it away first"]
    return [f"{path} is a store already; nothing was changed; use rearm to let trading in"]
