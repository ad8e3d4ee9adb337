"""`live-ops alerts`: what became of alerts, and what may be done about it. It works on the outbox file.

Exit status: 0 done, or nothing is wrong; 1 something is dead, or nothing fits; 2 unusable input.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated

import typer

from live.config_errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.alerts.dispatch.outbox import Outbox
    from live.alerts.dispatch.rows import Row

app = typer.Typer(
    help="See what became of alerts, silence them, take them on, send dead letters again.",
    no_args_is_help=True,
)

Config = Annotated[Path, typer.Option("--config", "-c", help=r"TOML file with \[live_alerts.dispatch]")]
Author = Annotated[str, typer.Option(help="Who asks, as the evidence will say it.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many lines.")]


@app.command()
def show(config: Config = Path("live.toml"), limit: Limit = 20) -> None:
    """The sum of every destination, what waits, and what holds; ends with 1 when something is dead."""
    from live.alerts.dispatch.health import sum_of
    from live.alerts.lines import one_line
    from live.clock import SystemClock

    now = SystemClock().now().timestamp()
    with _opened(config) as outbox:
        sums = outbox.sums()
        for name, counts in sums.items():
            typer.echo(one_line(sum_of(name, counts)))
        for row in outbox.pending(limit):
            typer.echo(f"waits {max(0.0, now - row.first_at):.0f} s: {_told(row)}")
        for left in _left(outbox):
            typer.echo(f"waits for the next process: {one_line(left)}")
        for source, code, subject, until, author, reason in outbox.silences.holding(now):
            what = " ".join(part for part in (source, code, subject) if part) or "everything"
            typer.echo(one_line(f"silenced for {until - now:.0f} s by {author}: {what} ({reason})"))
    raise typer.Exit(1 if any(counts["dead"] for counts in sums.values()) else 0)


@app.command()
def dead(config: Config = Path("live.toml"), limit: Limit = 100) -> None:
    """The dead letters, the newest first; ends with 1 when there are any."""
    with _opened(config) as outbox:
        rows = outbox.dead_letters(limit)
    for row in rows:
        typer.echo(f"{row.seq}: {_told(row)}")
    raise typer.Exit(1 if rows else 0)


@app.command()
def replay(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="As `dead` lists them; all when none is given.")
    ] = None,
    config: Config = Path("live.toml"),
) -> None:
    """Let dead letters be sent again, by the process that serves the outbox."""
    from live.clock import SystemClock

    with _opened(config) as outbox:
        count = outbox.replay(SystemClock().now().timestamp(), numbers or None)
    typer.echo(f"{count} dead letters wait to be sent again")
    raise typer.Exit(0 if count else 1)


@app.command()
def acknowledge(
    key: Annotated[str, typer.Argument(help="Key of the alert: the `id` in what was sent.")],
    config: Config = Path("live.toml"),
) -> None:
    """Take an alert on: it does not escalate, and an incident of it is acknowledged."""
    with _opened(config) as outbox:
        count = _acknowledged(outbox, key, config)
    typer.echo(f"{count} destinations are spared" if count else f"nothing was to escalate for {key!r}")
    raise typer.Exit(0 if count else 1)


@app.command()
def silence(  # noqa: PLR0913, PLR0917 - the fields of a silence
    author: Author,
    reason: Annotated[str, typer.Option(help="Why, as the evidence will say it.")],
    minutes: Annotated[float, typer.Option(min=0.1, max=10_080, help="For how long; a week at most.")],
    source: Annotated[str, typer.Option(help="A source, or where it begins.")] = "",
    code: Annotated[str, typer.Option(help="A code.")] = "",
    subject: Annotated[str, typer.Option(help="A subject.")] = "",
    config: Config = Path("live.toml"),
) -> None:
    """Tell nobody for a while; what still holds at the end is told then."""
    from live.alerts.dispatch.silence_table import SilenceRow
    from live.clock import SystemClock
    from live.codes import alert_codes
    from live.registry import nearest

    said = {"--author": author, "--reason": reason}
    wrong = [Problem((name,), "is empty") for name, text in said.items() if not text.strip()]
    if code and code not in alert_codes():
        wrong.append(Problem(("--code",), f"{code!r} is no alert code; {nearest(code, alert_codes())}"))
    if wrong:
        raise ConfigError(wrong)
    until = SystemClock().now() + timedelta(minutes=minutes)
    with _opened(config) as outbox:
        outbox.silences.add(SilenceRow(source, code, subject, until.timestamp(), author, reason))
    typer.echo(f"silenced until {until.isoformat(timespec='seconds')}")


def _left(outbox: Outbox) -> Iterator[str]:
    """What was handed over to processes that are gone, and is not recorded yet."""
    from live.alerts.dispatch.journal import Journal

    for journal in Journal.left_beside(outbox.database.file):
        with closing(journal):
            for line in journal.lines(outbox.journals.recorded(journal.name)):
                yield line.text


def _acknowledged(outbox: Outbox, key: str, config: Path) -> int:
    """Take an alert on, and let the process that serves the outbox tell where incidents are kept."""
    from live.alerts.build import build_sinks
    from live.alerts.dispatch.lanes import names_that_hear_acknowledgements
    from live.alerts.dispatch.own_alerts import acknowledged
    from live.alerts.dispatch.record import readable, to_record
    from live.alerts.dispatch.rows import Entry
    from live.alerts.wiring import default_wiring
    from live.clock import SystemClock
    from live.config import LiveConfig

    spared = outbox.acknowledge(key)
    event = readable(spared[0]) if spared else None
    if event is not None:
        sinks = build_sinks(LiveConfig.from_toml(config).alerts, default_wiring())
        record, now = to_record(acknowledged(event)), SystemClock().now().timestamp()
        names, own = names_that_hear_acknowledgements(sinks), token_hex(12)
        outbox.add([Entry(own, name, urgent=True, event=record, due=now) for name in names], now)
    return len(spared)


@contextmanager
def _opened(path: Path) -> Iterator[Outbox]:
    """The outbox that is configured; whatever goes wrong with it is told like any unusable input."""
    from live.alerts.dispatch.config import DispatchConfig
    from live.alerts.dispatch.database import MEMORY, OutboxError
    from live.alerts.dispatch.outbox import Outbox
    from live.config import LiveConfig

    dispatch = LiveConfig.from_toml(path).alerts.dispatch or DispatchConfig()
    if dispatch.outbox == MEMORY:
        why = "is not set, so alerts are kept in memory and no other process sees them; name a file"
        raise ConfigError([Problem(("live_alerts", "dispatch", "outbox"), why)])
    if not Path(dispatch.outbox).exists():
        why = f"is {dispatch.outbox!r}, which is not there; run this in the folder of the process that trades"
        raise ConfigError([Problem(("live_alerts", "dispatch", "outbox"), why)])
    try:
        with closing(Outbox(dispatch.outbox)) as outbox:
            yield outbox
    except OutboxError as error:
        raise ConfigError([Problem(("live_alerts", "dispatch", "outbox"), str(error))]) from None


def _told(row: Row) -> str:
    from live.alerts.dispatch.record import readable
    from live.alerts.lines import one_line

    event = readable(row.event)
    what = f"{event.level.name} {event.source} {event.code} {event.message}" if event else "(unreadable)"
    why = f"   {row.reason} after {row.attempts} attempts" if row.reason else ""
    return one_line(f"{row.destination} {row.key} {what}{why}")
