"""`live-ops`: what an operator asks of the limits by hand.

Exit status: 0 allowed or healthy, 1 refused or unhealthy, 2 unusable input.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from live.config_errors import ConfigError, Problem

if TYPE_CHECKING:
    from live.config import LiveConfig
    from live.monitor import LiveMonitor
    from live.risk_limits import LiveRiskCheckResult

app = typer.Typer(
    help="Ask the risk limits of a trading system by hand. Alerts go where the configuration says.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

NARROWEST = 120

Config = Annotated[
    Path, typer.Option("--config", "-c", help=r"TOML file with \[live_risk], \[live_alerts], …")
]
Quiet = Annotated[bool, typer.Option("--no-alerts", help="Judge only; send no alert.")]


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

    monitor = _monitor(_config(config), alerts=not no_alerts)
    _show(monitor.evaluate_portfolio(read_portfolio(file)))


@app.command()
def health(config: Config = Path("live.toml")) -> None:
    """Say what is in force and what is not: limits, guards, sinks, the PnL registry."""
    from live.clock import SystemClock
    from live.health import findings

    lines = findings(_config(config), SystemClock().now().date())
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if all(line.sound for line in lines) else 1)


def main() -> None:
    """Run the command line; unusable input is told in full and ends with status 2."""
    sys.path.append(str(Path.cwd()))  # where plugins of one's own are looked for last
    try:
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


def _monitor(config: LiveConfig, *, alerts: bool) -> LiveMonitor:
    from live.alerts import build_alert_sink_from_config
    from live.monitor import LiveMonitor

    return LiveMonitor(config, build_alert_sink_from_config(config.alerts) if alerts else None)


def _show(result: LiveRiskCheckResult) -> NoReturn:
    from rich.console import Console
    from rich.table import Table

    from live.risk_limits.wording import written

    table = Table("severity", "limit", "of", "value", "limit value", "unit", box=None)
    for detail in result.limit_details:
        value, limit = written(detail.unit, detail.current_value, detail.limit_value)
        table.add_row(detail.severity.name, detail.limit_name, detail.subject, value, limit, detail.unit)
    console = Console(markup=False)  # a symbol in brackets is a symbol
    console.width = max(console.width, NARROWEST)
    console.print(table)
    typer.echo(f"allowed: {str(result.allowed).lower()}   status: {result.risk_status}")
    for reason in result.reasons:
        typer.echo(f"  {reason}")
    raise typer.Exit(0 if result.allowed else 1)
