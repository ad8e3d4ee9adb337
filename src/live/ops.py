"""`live-ops`: what an operator asks of the limits by hand.

Exit status: 0 allowed, healthy or done; 1 refused, unhealthy, latched or not stored; 2 unusable input.
"""

from __future__ import annotations

import math
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from live.config_errors import ConfigError, Problem
from live.ops_alerts import app as alerts_app

if TYPE_CHECKING:
    from live.breaker import BreakerStore, TradingBreaker
    from live.config import LiveConfig
    from live.contracts import AlertSink
    from live.monitor import LiveMonitor
    from live.risk_limits import LiveRiskCheckResult

app = typer.Typer(
    help="Ask the risk limits of a trading system by hand. Alerts go where the configuration says.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

breaker_app = typer.Typer(help="See the breaker, halt trading, let it in again.", no_args_is_help=True)
app.add_typer(breaker_app, name="breaker")
app.add_typer(alerts_app, name="alerts")
_closing = ExitStack()  # what is to be closed at the end of a command

NARROWEST = 120
PATIENCE_S = 10.0
"""How long a command waits for a process that is writing to the breaker's store."""

Config = Annotated[
    Path, typer.Option("--config", "-c", help=r"TOML file with \[live_risk], \[live_alerts], …")
]
Quiet = Annotated[bool, typer.Option("--no-alerts", help="Judge only; send no alert.")]

Role = Annotated[str, typer.Option(help="Who asks, as the alert will say it.")]
Reason = Annotated[str, typer.Option(help="Why, as the alert will say it.")]
BreakerScope = Annotated[str, typer.Option("--scope", help="account, or strategy:NAME.")]
LowerState = Literal["ACTIVE", "WARN", "REDUCE_ONLY"]


@app.command()
def orders(
    file: Annotated[Path, typer.Argument(help="JSON list of orders, or CSV with a header.")],
    config: Config = Path("live.toml"),
    portfolio: Annotated[Path | None, typer.Option(help="JSON snapshot of what the account holds.")] = None,
    *,
    no_alerts: Quiet = False,
) -> None:
    """Judge a batch of orders."""
    from live.files import read_orders, read_portfolio

    monitor = _monitor(_config(config), alerts=not no_alerts)
    held = read_portfolio(portfolio) if portfolio else None
    _show(monitor.check_orders(read_orders(file), held))


@app.command()
def portfolio(
    file: Annotated[Path, typer.Argument(help="JSON snapshot: as_of, positions, equity, cash, margin_used.")],
    config: Config = Path("live.toml"),
    *,
    no_alerts: Quiet = False,
) -> None:
    """Judge what the account holds."""
    from live.files import read_portfolio

    monitor = _monitor(_unlatching(_config(config)), alerts=not no_alerts)
    _show(monitor.evaluate_portfolio(read_portfolio(file)))


@app.command()
def health(config: Config = Path("live.toml")) -> None:
    """Say what is in force and what is not: limits, guards, sinks, the PnL registry."""
    from live.clock import SystemClock
    from live.health import findings

    lines = findings(_config(config), SystemClock().now())
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if all(line.sound for line in lines) else 1)


@breaker_app.command("init")
def breaker_init(role: Role, reason: Reason, config: Config = Path("live.toml")) -> None:
    """Make the store of a new breaker, ACTIVE; ends with 1 when that is refused, and says why."""
    from live.breaker import BreakerState, RearmRefusedError, StoreUnwritableError, begin
    from live.breaker.by_hand import Act
    from live.clock import SystemClock

    read = _with_breaker(_config(config))
    try:
        event = begin(read.breaker, Act(BreakerState.ACTIVE, role, reason), SystemClock().now())
    except (RearmRefusedError, StoreUnwritableError) as error:
        typer.echo(f"refused: {error}")
        raise typer.Exit(1) from None
    sink = _sink(read)
    if sink is not None:
        sink.send(event)
    _closing.close()
    typer.echo(f"account: ACTIVE   kept in: {Path(read.breaker.path).resolve()}")


@breaker_app.command("show")
def breaker_show(config: Config = Path("live.toml")) -> None:
    """Say what each breaker lets through; ends with 1 when one of them has latched."""
    found, _ = _breaker(_config(config))
    records = found.records()
    for scope, record in records.items():
        since = "" if record.since is None else f"   since: {record.since.isoformat()}"
        why = f"   by: {record.by}   reason: {record.reason}" if record.by else ""
        typer.echo(f"{scope}: {record.state.name}{since}{why}")
    raise typer.Exit(1 if any(record.state.latches for record in records.values()) else 0)


@breaker_app.command("halt")
def breaker_halt(
    role: Role, reason: Reason, scope: BreakerScope = "account", config: Config = Path("live.toml")
) -> None:
    """Let nothing through from now on, in every process that has this store; anybody may."""
    from live.breaker import BreakerState

    found, kept = _breaker(_config(config))
    found.override(BreakerState.HALTED, role=role, reason=reason, scope=_scope(scope))
    _show_breaker(found, scope, kept)


@breaker_app.command("rearm")
def breaker_rearm(
    role: Role,
    reason: Reason,
    scope: BreakerScope = "account",
    to: Annotated[LowerState, typer.Option(help="The lower state to be entered.")] = "ACTIVE",
    config: Config = Path("live.toml"),
) -> None:
    """Let trading in again; ends with 1 when that is refused, and says why."""
    from live.breaker import BreakerState, RearmRefusedError

    found, kept = _breaker(_config(config))
    try:
        found.rearm(role=role, reason=reason, scope=_scope(scope), to=BreakerState[to])
    except RearmRefusedError as error:
        _closing.close()
        typer.echo(f"refused: {error}")
        raise typer.Exit(1) from None
    _show_breaker(found, scope, kept)


def main() -> None:
    """Run the command line; unusable input is told in full and ends with status 2."""
    sys.path.append(str(Path.cwd()))  # where plugins of one's own are looked for last
    try:
        with _closing:
            app()
    except ConfigError as error:
        for problem in error.problems:
            typer.echo(f"error: {problem}", err=True)
        sys.exit(2)
    except OSError as error:
        typer.echo(f"error: {error}; the answer was not told in full", err=True)
        sys.exit(2)


def _config(path: Path) -> LiveConfig:
    from live.config import LiveConfig

    if not path.exists():
        raise ConfigError(
            [Problem((), f"{path}: there is no such file; nothing was checked; name yours by --config")]
        )
    return LiveConfig.from_toml(path)


def _breaker(config: LiveConfig) -> tuple[TradingBreaker, Path]:
    """The breaker and the file that it is kept in; with alerts, so that nobody changes it in silence."""
    from live.breaker import SqliteStore

    path = _with_breaker(config).breaker.path
    found = _monitor(config, alerts=True, store=SqliteStore(path, busy_s=PATIENCE_S)).breaker
    assert found is not None  # noqa: S101 - it is enabled
    return found, Path(path).resolve()


def _with_breaker(config: LiveConfig) -> LiveConfig:
    if not config.breaker.enabled:
        off = "is false, so there is no breaker; set it to true"
        raise ConfigError([Problem(("live_breaker", "enabled"), off)])
    return config


def _unlatching(config: LiveConfig) -> LiveConfig:
    """The same without the breaker: who looks at a portfolio by hand adds no observation."""
    from live.breaker import BreakerConfig

    return replace(config, breaker=BreakerConfig())


def _scope(text: str) -> str:
    from live.breaker.scopes import scope_named

    try:
        return scope_named(text)
    except ValueError as error:
        raise ConfigError([Problem((), str(error))]) from None


def _show_breaker(breaker: TradingBreaker, scope: str, kept: Path) -> NoReturn:
    """Say what holds now; a change that no other process can see is status 1."""
    state = breaker.state(scope)
    failure = breaker.store_failure
    _closing.close()  # what was alerted comes before the answer
    typer.echo(f"{_scope(scope)}: {state.name}   kept in: {kept}")
    if failure:
        typer.echo(f"not stored, so no other process sees it: {failure}; stop the trading process by hand")
    raise typer.Exit(1 if failure else 0)


def _monitor(config: LiveConfig, *, alerts: bool, store: BreakerStore | None = None) -> LiveMonitor:
    from live.monitor import LiveMonitor

    return LiveMonitor(config, _sink(config) if alerts else None, breaker_store=store)


def _sink(config: LiveConfig) -> AlertSink | None:
    """What delivers alerts; at the end of the command what is on its way is waited for."""
    if not (config.alerts.enabled and config.alerts.sinks):
        return None
    from live.alerts.dispatch.dispatcher import AlertDispatcher

    return _closing.enter_context(AlertDispatcher.from_config(config.alerts))


def _show(result: LiveRiskCheckResult) -> NoReturn:
    from rich.console import Console
    from rich.table import Table

    from live.risk_limits.wording import written

    _closing.close()  # what was alerted comes before the answer
    table = Table("severity", "limit", "of", "value", "limit value", "unit", box=None)
    for detail in result.limit_details:
        numbers = (*written(detail.unit, detail.current_value, detail.limit_value), detail.unit)
        shown = ("", "", "") if math.isnan(detail.limit_value) else numbers
        table.add_row(detail.severity.name, detail.limit_name, detail.subject, *shown)
    console = Console(markup=False)  # a symbol in brackets is a symbol
    console.width = max(console.width, NARROWEST)
    console.print(table)
    typer.echo(f"allowed: {str(result.allowed).lower()}   status: {result.risk_status}")
    if len(result.orders) > 1:
        typer.echo(f"of {len(result.orders)} orders may go out: {', '.join(result.admissible) or 'none'}")
    for reason in result.reasons:
        typer.echo(f"  {reason}")
    raise typer.Exit(0 if result.allowed else 1)
