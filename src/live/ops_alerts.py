"""`live-ops alerts`: what became of alerts, and what may be done about it. It works on the outbox file.

Exit status: 0 done, or nothing is wrong; 1 something is dead, or nothing fits; 2 unusable input.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated

import typer

from live.config_errors import ConfigError, Problem, collect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.alerts.dispatch.journal import Journal
    from live.alerts.dispatch.outbox import Outbox
    from live.alerts.dispatch.rows import Row
    from live.events import AlertEvent

app = typer.Typer(
    help="See what became of alerts, silence them, take them on, send dead letters again.",
    no_args_is_help=True,
)

NO_DEAD = "no dead letters"

Config = Annotated[Path, typer.Option("--config", "-c", help=r"TOML file with \[live_alerts.dispatch]")]
Author = Annotated[str, typer.Option(help="Who asks, as the evidence will say it.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many lines.")]


@app.command()
def show(config: Config = Path("live.toml"), limit: Limit = 20) -> None:
    """The sum of every destination, what waits, what holds; ends with 1 if something is dead or unread."""
    from live.alerts.dispatch.escalations import escalating
    from live.alerts.dispatch.health import sum_of
    from live.clock import SystemClock
    from live.ops_silences import subject_of

    now = SystemClock().now().timestamp()
    with _opened(config) as outbox:
        sums = outbox.sums()
        for name, counts in sums.items():
            _say(sum_of(name, counts))
        if not sums:
            _say(f"{outbox.path}: no alert has come yet")
        for row in outbox.pending(limit):
            _say(f"waits {max(0.0, now - row.first_at):.0f} s: {_told(row)}")
        left, unread = _left(outbox)
        for record in left:
            _say(f"waits for the next process: {_handed_over(record)}")
        for why in unread:
            _say(f"waits for somebody to look after it, an inbox that cannot be read: {why}")
        for due, row in escalating(outbox.database, limit):
            left_s = max(0.0, due - now)
            _say(f"in {left_s:.0f} s to {row.destination} unless acknowledged: {_alert_of(row)}")
        for number, one in outbox.silences.numbered(now).items():
            left_s = one.until - now
            _say(f"silence {number}, {left_s:.0f} s more, by {one.author}: {subject_of(one)} ({one.reason})")
    raise typer.Exit(1 if unread or any(counts["dead"] for counts in sums.values()) else 0)


@app.command()
def dead(config: Config = Path("live.toml"), limit: Limit = 100) -> None:
    """The dead letters, the newest first; ends with 1 when there are any."""
    with _opened(config) as outbox:
        rows = outbox.dead_letters(limit)
    for row in rows:
        recorded_at = datetime.fromtimestamp(row.first_at, UTC).isoformat(timespec="seconds")
        _say(f"{row.seq}: {recorded_at} {_told(row)}")
    if not rows:
        _say(NO_DEAD)
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
        known = {row.seq for row in outbox.dead_letters(-1)}
        count = outbox.replay(SystemClock().now().timestamp(), numbers or None)
    unknown = sorted({*(numbers or ())} - known)
    for number in unknown:
        _say(f"no dead letter {number}; live-ops alerts dead lists them")
    if count:
        _say(f"{_counted(count, 'dead letter')} will be sent again")
    elif not unknown:
        _say(NO_DEAD)
    raise typer.Exit(0 if count and not unknown else 1)


@app.command()
def acknowledge(
    key: Annotated[str, typer.Argument(help="Key of the alert: the `id` in what was sent.")],
    config: Config = Path("live.toml"),
) -> None:
    """Take an alert on: it does not escalate, and an incident of it is acknowledged."""
    with _opened(config) as outbox:
        count = _acknowledged(outbox, key, config)
    if count:
        _say(f"{_counted(count, 'destination')} {'is' if count == 1 else 'are'} spared")
    else:
        where = "live-ops alerts show lists what would, with its key"
        _say(f"nothing escalates under {key!r}, or no more; {where}")
    raise typer.Exit(0 if count else 1)


@app.command()
def silence(  # noqa: PLR0913, PLR0917 - the fields of a silence
    author: Author,
    reason: Annotated[str, typer.Option(help="Why, as the evidence will say it.")],
    minutes: Annotated[
        float | None, typer.Option(help="For how long; a week at most. Either this or --until.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="An instant such as 2026-01-27T00:00:00Z; naive is UTC.")
    ] = None,
    source: Annotated[str, typer.Option(help="A source, or where it begins.")] = "",
    code: Annotated[str, typer.Option(help="A code.")] = "",
    subject: Annotated[str, typer.Option(help="A subject.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Everything, CRITICAL too.")] = False,  # noqa: FBT002 - a switch
    config: Config = Path("live.toml"),
) -> None:
    """Tell nobody for a while, of a CRITICAL neither; what still holds at the end is told then."""
    from live.alerts.dispatch.silence_table import SilenceRow
    from live.clock import SystemClock
    from live.ops_silences import end_of, subject_of, unusable

    about = {"--source": source, "--code": code, "--subject": subject}
    wrong = list(unusable(author, reason, about, everything=everything))
    with collect(wrong):
        end = end_of(minutes, until, SystemClock().now())
    if wrong:
        raise ConfigError(wrong)
    row = SilenceRow(source, code, subject, end.timestamp(), author, reason)
    with _opened(config) as outbox:
        number = outbox.silences.add(row)
    _say(f"silence {number}: {subject_of(row)}, until {end.isoformat(timespec='seconds')}")


@app.command()
def unsilence(
    number: Annotated[int, typer.Argument(help="As `show` lists it.")], config: Config = Path("live.toml")
) -> None:
    """End a silence that was set by hand; what it has muted and still holds is told."""
    from live.clock import SystemClock

    with _opened(config) as outbox:
        ended = outbox.silences.end(number, SystemClock().now().timestamp())
    typer.echo(f"silence {number} has ended" if ended else f"no silence {number} holds")
    raise typer.Exit(0 if ended else 1)


def _left(outbox: Outbox) -> tuple[list[str], list[str]]:
    """What was handed over to processes that are gone, and is not recorded yet; and what cannot be read."""
    from live.alerts.dispatch.journal import Journal, JournalError

    left, unread = list[str](), list[str]()
    for path in Journal.left_beside(outbox.database.file):
        try:
            left += _texts_of(Journal.opened(path), outbox)
        except JournalError as error:
            unread.append(str(error))
    return left, unread


def _texts_of(journal: Journal | None, outbox: Outbox) -> list[str]:
    if journal is None:
        return []
    with closing(journal):
        return [line.text for line in outbox.journals.left(journal)]


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
        why = "is no file, so alerts are kept in memory and no other process sees them; name one"
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
    why = f"   {row.reason} after {_counted(row.attempts, 'attempt')}" if row.reason else ""
    return f"{row.destination} {_alert_of(row)}{why}"


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _alert_of(row: Row) -> str:
    from live.alerts.dispatch.record import readable

    return f"{row.key} {_words(event) if (event := readable(row.event)) else '(unreadable)'}"


def _handed_over(record: str) -> str:
    """An alert that is in no row; what cannot be read is shown as it is, for nothing else has its key."""
    from live.alerts.dispatch.record import readable

    event = readable(record)
    return f"{event.key} {_words(event)}" if event else record


def _words(event: AlertEvent) -> str:
    return f"{event.level.name} {event.source} {event.code} {event.message}"


def _say(text: str) -> None:
    """Print on one line: what others have written does not move the terminal."""
    from live.alerts.lines import one_line

    typer.echo(one_line(text))
