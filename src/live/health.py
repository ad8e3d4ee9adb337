"""What of a configuration is in force, and what is not."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from live.registry import CROSS_GUARDS, GUARDS, WATCHERS
from live.risk_limits.pnl.registry import PnlRegistry
from live.risk_limits.pnl.session_day import SessionDay
from live.state_store import FileStateStore, StateUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from live.alerts.dispatch.config import DispatchConfig
    from live.config import LiveConfig
    from live.risk_limits import LiveRiskConfig

LEAST_ROOM = 16_000_000
"""Bytes: some ten thousand alerts that wait."""


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One thing that was looked at.

    Attributes:
        sound: Whether it does what an operator would count on.
        what: What was looked at, and what was found.
    """

    sound: bool
    what: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.sound else 'FAIL'}  {self.what}"


def findings(config: LiveConfig, now: datetime) -> list[HealthLine]:
    """Everything that is looked at, limits first; `now` says which day's result is looked up."""
    daily_pnl = _daily_pnl(config.risk, now)
    return [*_limits(config.risk), daily_pnl, *_guards(config), _breaker(config), *_alerts(config)]


def _limits(risk: LiveRiskConfig) -> Iterator[HealthLine]:
    yield HealthLine(
        risk.enabled, f"risk limits are {'on' if risk.enabled else 'off: every order is allowed'}"
    )
    on = {key: limit for key, limit in risk.limits.items() if limit is not None}
    off = [key for key, limit in risk.limits.items() if limit is None]
    yield HealthLine(
        bool(on), f"{len(on)} limits in force: {', '.join(_shown(risk, key) for key in on) or 'none'}"
    )
    for strategy, own in risk.strategies.items():
        numbers = ", ".join(f"{key}={limit:g}" for key, limit in own.items() if limit is not None)
        yield HealthLine(sound=True, what=f"limits of strategy {strategy}: {numbers or 'none'}")
    if off:
        yield HealthLine(sound=True, what=f"switched off: {', '.join(off)}")
    yield HealthLine(
        sound=True, what=f"a breach {'blocks and pages' if risk.block_on_violation else 'warns only'}"
    )


def _shown(risk: LiveRiskConfig, key: str) -> str:
    """A limit with its number, or with the names that it is about."""
    names = risk.settings.get(key)
    return f"{key}={risk.limits[key]:g}" if names is None else f"{key}=[{', '.join(names)}]"


def _daily_pnl(risk: LiveRiskConfig, now: datetime) -> HealthLine:
    registry = risk.daily_pnl_registry if risk.use_experiments_for_daily_pnl else None
    if registry is None:
        return HealthLine(sound=True, what="the day's PnL is what snapshots and recorded results say")
    session = SessionDay(risk.session_time_zone, risk.session_day_starts)
    unknown = PnlRegistry(registry, session=session).of(session.of(now)).unknown
    return HealthLine(not unknown, unknown or f"the day's PnL is read from {registry}")


def _breaker(config: LiveConfig) -> HealthLine:
    breaker = config.breaker
    if not breaker.enabled:
        return HealthLine(sound=True, what="trading breaker is off")
    from live.breaker import SqliteStore, StoreUnreadableError

    try:
        SqliteStore(breaker.path).read()
    except StoreUnreadableError as error:
        return HealthLine(sound=False, what=f"trading breaker is on and HALTED, its store: {error}")
    latches = f"latches at {breaker.confirm} of {breaker.window}"
    return HealthLine(sound=True, what=f"trading breaker is on: {latches}, kept in {breaker.path}")


def _guards(config: LiveConfig) -> Iterator[HealthLine]:
    guards = ", ".join((*GUARDS, *CROSS_GUARDS))
    yield HealthLine(sound=True, what=f"candle guards: {guards}; watchers: {', '.join(WATCHERS)}")
    own = [f"{symbol} {calendar}" for symbol, calendar in config.data.calendars.items()]
    rest = f"{'all others' if own else 'all series'} {config.data.calendar}"
    yield HealthLine(sound=True, what=f"bars are due: {', '.join([*own, rest])}")
    yield _kept(config.data.state_file)


def _kept(path: str) -> HealthLine:
    if not path:
        return HealthLine(sound=True, what="what candle guards know is lost with the process (no state_file)")
    if not Path(path).exists():
        return _to_be_made("the state file", path)
    try:
        FileStateStore(path).read()
    except StateUnreadableError as error:
        return HealthLine(sound=False, what=f"what candle guards know {error}")
    return HealthLine(sound=True, what=f"what candle guards know is kept in {path}")


def _to_be_made(what: str, path: str) -> HealthLine:
    folder = Path(path).resolve().parent
    if not folder.is_dir():
        return HealthLine(sound=False, what=f"{what} {path} has no folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        return HealthLine(sound=False, what=f"{what} {path} cannot be made: its folder is read-only")
    return HealthLine(sound=True, what=f"{what} {path} will be made")


def _too_full(path: str) -> HealthLine | None:
    """The disk of a file that is written to, when it has hardly any room; None when it has."""
    free = shutil.disk_usage(Path(path).resolve().parent).free
    if free >= LEAST_ROOM:
        return None
    numbers = f"{free / 1e6:.1f} MB left; at least {LEAST_ROOM / 1e6:.1f} MB expected"
    return HealthLine(sound=False, what=f"the disk of {path} has {numbers}")


def _outbox(dispatch: DispatchConfig | None) -> HealthLine:
    from live.alerts.dispatch.database import MEMORY, OutboxError
    from live.alerts.dispatch.outbox import Outbox

    path = MEMORY if dispatch is None else dispatch.outbox
    if path == MEMORY:
        return HealthLine(sound=True, what="alerts are kept in memory, and lost with the process")
    if not Path(path).exists():
        return _to_be_made("the outbox", path)
    try:
        Outbox(path).close()
    except OutboxError as error:
        return HealthLine(sound=False, what=f"the outbox of alerts cannot be used: {error}")
    return _too_full(path) or HealthLine(
        sound=True, what=f"alerts are kept in {path} until they have arrived"
    )


def _alerts(config: LiveConfig) -> Iterator[HealthLine]:
    alerts = config.alerts
    heard = alerts.enabled and bool(alerts.sinks)
    sinks = ", ".join(alerts.sinks) or "none"
    if heard:
        yield _outbox(alerts.dispatch)
    yield HealthLine(
        heard, f"alerts go to: {sinks}" if heard else f"alerts are heard by nobody (sinks: {sinks})"
    )
