"""The trading breaker: ACTIVE -> WARN -> REDUCE_ONLY -> HALTED, for the account and for every strategy.

`TradingBreaker` is the door. It climbs by itself when several observations confirm each other, it latches,
and only a person whose role may do so lets trading in again. `policy.py` and `by_hand.py` say when a state
changes, `store.py` and `sqlite_store.py` where it outlives the process, `begin.py` how that begins.

What it is modelled on: thresholds that are set in advance and stop orders (SEC Rule 15c3-5(c)(1)(i)), a
system that stays disabled until a designated person re-enables it (RTS 6, Art. 15(3)), and the FIA's kill
switch, which may let through what reduces risk (Best Practices of 2024, section 1.5). It refuses new orders;
to cancel those at rest, as RTS 6, Art. 12 asks, is up to whoever sends them.
"""

from __future__ import annotations

from live.breaker.begin import begin, create_store
from live.breaker.breaker import TradingBreaker
from live.breaker.by_hand import RearmRefusedError
from live.breaker.config import BreakerConfig
from live.breaker.scopes import ACCOUNT, strategy_scope
from live.breaker.sqlite_store import SqliteStore
from live.breaker.state import BreakerRecord, BreakerState
from live.breaker.store import BreakerStore, MemoryStore, StoreUnreadableError, StoreUnwritableError

__all__ = [
    "ACCOUNT",
    "BreakerConfig",
    "BreakerRecord",
    "BreakerState",
    "BreakerStore",
    "MemoryStore",
    "RearmRefusedError",
    "SqliteStore",
    "StoreUnreadableError",
    "StoreUnwritableError",
    "TradingBreaker",
    "begin",
    "create_store",
    "strategy_scope",
]
