"""deadman-kit: its guards in the order in which its executor asks them before it sends.

Looks at 13 bounds: kill switch, entry halt, notional per order, trades per day, loss per day, connection,
latency, spread, symbols, size available, least and greatest notional, deviation from a reference price. It
stops at the first that is broken and answers with a verdict of a code and a reason, not with a value and a
limit for each. It knows no positions, no exposure, no batch and no resting orders. Every check looks for or
reads three state files on the disk. Writing the ledger and sending, which follow in its executor, are not
measured.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from deadman import (
    DailyLimits,
    EntryHalt,
    Intent,
    KillSwitch,
    Limits,
    OrderSanity,
    Paths,
    WriterIdentity,
    spot_long_only_is_exit,
)
from deadman.clock import FakeClock
from deadman.intent import resolve_units

from benchmarks.peer import PeerCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRICE, LIMITS = 100.0, 13


def intent(amount: float) -> Intent:
    """Buy for so many dollars."""
    return Intent("S0", "buy", "USD", amount, "ENTRY", "order-0")


class Gate:
    """The four guards over one folder of state files, asked in the order of the executor."""

    def __init__(self, folder: Path) -> None:
        clock, paths = FakeClock(datetime(2026, 1, 27, 12, tzinfo=UTC)), Paths(folder)
        ident = WriterIdentity(clock)
        self.kill = KillSwitch(paths)
        self.halt = EntryHalt(paths, clock, ident)
        limits = Limits(
            max_trades_per_day=1_000,
            max_daily_loss_usd=1e5,
            max_notional_usd_per_order=1e6,
            worst_case_fee_bps=10.0,
        )
        self.daily = DailyLimits(paths, limits, spot_long_only_is_exit, clock, ident)
        self.daily.record_fill(intent(100.0), 100.0, 0.1)  # a day that has begun has its file
        self.sanity = OrderSanity(
            frozenset(f"S{number}" for number in range(60)),
            500.0,
            50.0,
            1.0,
            2e6,
            max_ref_deviation_bps=500.0,
        )

    def check(self, asked: Intent) -> Any:
        """The first verdict that denies, else the last one."""
        verdict = self.kill.check()
        if not verdict or self.halt.active() is not None:
            return verdict
        resolved = resolve_units(asked, PRICE)
        return self.daily.check(asked, resolved) and self.sanity.check(
            asked,
            resolved,
            broker_status="connected",
            latency_ms=40.0,
            bid=99.95,
            ask=100.05,
            size_available=1e6,
            is_exit=False,
            ref_price=PRICE,
        )


def checks(folder: Path) -> Iterator[PeerCheck]:
    """The guards of an entry."""
    gate, asked = Gate(folder), intent(100.0)

    def passed(verdict: Any) -> bool:
        return bool(verdict) and verdict.code == "ORDER_SANITY_OK"

    def refused() -> bool:
        verdict = gate.check(intent(1.5e6))
        return not verdict and verdict.code == "DAILY_MAX_NOTIONAL"

    yield PeerCheck("guards of an entry", LIMITS, lambda: gate.check(asked), passed, refused)
