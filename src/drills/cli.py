"""`drills`: stage incidents and judge the alerts.

Exit status: 0 every drill passed, 1 a drill failed, 2 a verdict is unknown or the input cannot be used.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drills.run import DrillResult
    from drills.scenario import Scenario

app = typer.Typer(
    help="Stage incidents against risk limits and alerts, in virtual time, and judge what was alerted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

replay_app = typer.Typer(
    help="Say what limits and guards would have said of the past.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(replay_app, name="replay")

Paths = Annotated[list[Path] | None, typer.Argument(help="Scenario files and folders; scenarios/ when none.")]
Plugins = Annotated[list[str] | None, typer.Option("--plugin", help="Module with leaves of your own.")]
Case = Annotated[str | None, typer.Option(help="Only the drills of this case.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Only drills with this tag.")]
Results = Annotated[Path, typer.Option(help="Folder for history and evidence.")]
Reports = Annotated[
    list[str] | None,
    typer.Option("--report", help="json, html, junit, github, terminal; may be given again."),
]
Operator = Annotated[str | None, typer.Option(help="Who holds the drill; needs --log.")]
Log = Annotated[Path | None, typer.Option(help="Markdown drill log that is appended to; needs --operator.")]

SCENARIOS = Path("scenarios")


@app.command()
def run(  # noqa: PLR0913, PLR0917 - the options of the command
    paths: Paths = None,
    results: Results = Path("drill-results"),
    report: Reports = None,
    case: Case = None,
    tag: Tags = None,
    plugin: Plugins = None,
    operator: Operator = None,
    log: Log = None,
) -> None:
    """Run drills, print their verdicts, and write history and evidence."""
    from drills.errors import UnusableInputError
    from drills.evidence import DEFAULT_REPORTS, make_results_folder, write_refusal, write_results
    from drills.progress import run_with_progress
    from drills.registry import REPORTS
    from drills.scenario_errors import ScenarioErrors
    from drills.verdict import exit_status

    if bool(operator and operator.strip()) != (log is not None):
        raise typer.BadParameter("--operator and --log belong together: an entry names who held the drill")
    try:
        scenarios = _load(paths, case, tag, plugin)
    except ScenarioErrors as refused:
        asked = [REPORTS[name]() for name in report or () if name in REPORTS]
        with suppress(UnusableInputError, OSError):  # what is wrong with the scenarios is told in any case
            write_refusal(results, refused.errors, asked)
        raise
    reports = [REPORTS[name]() for name in report or DEFAULT_REPORTS]
    if log is not None:
        _check_log(log, results)
    make_results_folder(results)
    done = run_with_progress(scenarios)
    hashes = write_results(results, done, reports)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    typer.echo(REPORTS["terminal"](colour=colour).render(done), nl=False)
    typer.echo(f"evidence: {results}/ ({len(hashes)} files)")
    if operator is not None and log is not None:
        _append_to_log(log, operator, done, results, hashes)
    raise typer.Exit(exit_status(each.verdict for each in done))


@app.command("list")
def list_drills(paths: Paths = None, tag: Tags = None) -> None:
    """List drills without running them."""
    from drills.headings import list_scenarios
    from drills.words import printable

    listed = list_scenarios(paths or [SCENARIOS])
    headings = [heading for heading in listed if all(one in heading.tags for one in tag or ())]
    if not headings:
        _refuse_choice([], [str(each) for heading in listed for each in heading.tags], None, tag or [])
    width = max((len(heading.drill) for heading in headings), default=0)
    for heading in headings:
        line = f"{heading.drill:<{width}}  {heading.playbook}  {heading.track:<7}  {heading.title}"
        typer.echo(printable(line))
    typer.echo(f"{len(headings)} scenario files")


@app.command()
def plan(
    path: Annotated[Path, typer.Argument(help="A scenario file.")],
    case: Case = None,
    plugin: Plugins = None,
) -> None:
    """Print what a drill would do, and when."""
    from drills.plan import make_plan

    for scenario in _load([path], case, None, plugin):
        typer.echo(f"{scenario.id} – {scenario.title}")
        typer.echo(make_plan(scenario).describe())


@app.command()
def verify(log: Annotated[Path, typer.Argument(help="Markdown drill log.")]) -> None:
    """Hold a drill log against its evidence, below this folder; ends with 1 when something does not hold."""
    from drills.drill_log import verify_log
    from drills.errors import UnusableInputError

    try:
        content = log.read_bytes()
    except OSError as error:
        raise UnusableInputError(f"{log} cannot be read ({error.strerror}); check the path") from None
    findings = verify_log(content, Path.cwd(), name=str(log))
    for finding in findings:
        typer.echo(finding)
    if not findings:
        typer.echo(f"{log}: its counters and all its evidence hold")
    raise typer.Exit(1 if findings else 0)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Id of the drill: lower case, digits and hyphens.")],
    folder: Annotated[Path, typer.Option(help="Where the file is made.")] = SCENARIOS,
) -> None:
    """Make a scenario file that runs, to begin with."""
    from drills.new import write_new_scenario

    typer.echo(f"made {write_new_scenario(name, folder)}")


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for completion and checks in an editor."""
    from drills.schema import schema_text

    typer.echo(schema_text(), nl=False)


@replay_app.command("orders")
def replay_orders(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet file, one row an order.")],
    config: Annotated[Path, typer.Option(help="TOML file with the limits.")] = Path("live.toml"),
    portfolio: Annotated[Path | None, typer.Option(help="JSON file: what was held at first.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV or Parquet file for all verdicts.")] = None,
    most: Annotated[int, typer.Option(min=0, help="How many blocked orders are listed.")] = 20,
) -> None:
    """Say which orders of the past the limits would have blocked, each on top of those that pass."""
    from drills.errors import UnusableInputError
    from drills.replay.order_files import read_order_file, write_verdicts
    from drills.replay.out_files import TABLES, check_place
    from drills.replay.summary import summary
    from live.config_errors import ConfigError, in_file
    from live.files import read_portfolio
    from live.history import check_frame
    from live.risk_limits import LiveRiskConfig

    if out is not None:
        check_place(out, TABLES)
    try:
        limits = LiveRiskConfig.load(config)
        held = None if portfolio is None else read_portfolio(portfolio)
        orders = read_order_file(file)
        with in_file(file):
            said = check_frame(orders, limits, held)
    except ConfigError as error:
        raise UnusableInputError(str(error)) from None
    if out is not None:
        write_verdicts(said, out)
    typer.echo(summary(said, most, limits.base_currency))
    if out is not None:
        typer.echo(f"verdicts: {out}")


@replay_app.command("candles")
def replay_candles(  # noqa: PLR0913, PLR0917 - one argument per option
    files: Annotated[list[Path], typer.Argument(help="CSV or Parquet files, one row a bar.")],
    timeframe: Annotated[str, typer.Option(help="Length of a bar: 1m, 1h, 1d.")],
    calendar: Annotated[
        str, typer.Option(help="24x7, fx_week, an exchange such as XNYS, or learned.")
    ] = "24x7",
    config: Annotated[
        Path | None, typer.Option(help=r"TOML file with \[live_data]; defaults without.")
    ] = None,
    second: Annotated[
        list[Path] | None, typer.Option(help="The same bars as another feed tells them, one for each file.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="CSV or Parquet file for all alarms.")] = None,
    most: Annotated[int, typer.Option(min=0, help="How many alarms are listed for each file.")] = 20,
    chart: Annotated[Path | None, typer.Option(help="HTML file: the histories, a marker an alarm.")] = None,
    power: Annotated[bool, typer.Option("--power", help="Say how many placed faults are found.")] = False,  # noqa: FBT002 - a switch
    budget: Annotated[
        float | None, typer.Option(help="Seek thresholds for so many alarms per 10,000 bars.")
    ] = None,
    places: Annotated[int, typer.Option(min=1, help="Faults of each size, for --power and --budget.")] = 50,
    seed: Annotated[int, typer.Option(help="Seed of where they are placed.")] = 1,
) -> None:
    """Say how often the candle guards would have spoken of histories of your own, and of what."""
    import polars as pl

    from drills.replay.candles import Setting, replayed
    from drills.replay.measured import Questions
    from drills.replay.order_files import write_verdicts
    from drills.replay.out_files import PAGES, TABLES, check_place, write_whole
    from drills.replay.power import Chance
    from drills.replay.refusals import Refusals

    refusals = Refusals()
    for option, path, kinds in (("--out", out, TABLES), ("--chart", chart, PAGES)):
        with refusals.of(option):
            if path is not None:
                check_place(path, kinds)
    questions = Questions(power, budget, Chance(places, seed))
    setting = Setting(timeframe, calendar, config, most, questions, chart is not None, second or ())
    done = replayed(files, setting, refusals)
    typer.echo("\n\n".join(done.texts))
    if out is not None:
        write_verdicts(pl.concat(done.frames), out)
        typer.echo(f"alarms: {out}")
    if chart is not None:
        from drills.replay.chart_page import page

        write_whole(page(done.sections).encode(), chart)
        typer.echo(f"chart: {chart}")


def main() -> None:
    """Run the command line; unusable input is told in full and ends with status 2."""
    from drills.errors import UnusableInputError
    from live.registry import RegistryError

    sys.path.append(str(Path.cwd()))  # where plugins of one's own are looked for last
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe of an old code page has no letter for our lines
    try:
        app()
    except (UnusableInputError, RegistryError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)


def _load(
    paths: list[Path] | None, case: str | None, tags: list[str] | None, plugins: list[str] | None
) -> list[Scenario]:
    from drills.scenario import load_scenarios

    loaded = load_scenarios(paths or [SCENARIOS], plugins=plugins or [])
    wanted = [one for one in loaded if case in (None, one.case) and set(tags or ()) <= set(one.tags)]
    if not wanted:
        there = [tag for one in loaded for tag in one.tags]
        _refuse_choice([one.case for one in loaded if one.case], there, case, tags or [])
    return wanted


def _refuse_choice(
    cases: Iterable[str], all_tags: Iterable[str], case: str | None, tags: Sequence[str]
) -> NoReturn:
    from drills.errors import UnusableInputError

    known = {
        "case": (dict.fromkeys(cases), [case] if case else []),
        "tag": (dict.fromkeys(tag for tag in all_tags if ":" not in tag), tags),
    }
    asked = " and ".join(f"{kind} {each!r}" for kind, (_, wanted) in known.items() for each in wanted)
    there = [
        f"known {kind}s: {', '.join(names) or 'none'}" for kind, (names, wanted) in known.items() if wanted
    ]
    raise UnusableInputError("; ".join([f"no drill has {asked}", "nothing was run", *there]))


def _check_log(log: Path, results: Path) -> None:
    """Refuse, before anything is run, a log that could not be appended to."""
    from drills.drill_log import write_log
    from drills.errors import UnusableInputError

    write_log(log, [])
    if not all(os.access(place, os.W_OK) for place in (log, log.resolve().parent)):
        raise UnusableInputError(f"{log} cannot be written; nothing was run; make file and folder writable")
    if not results.resolve().is_relative_to(Path.cwd()):
        text = f"{results} does not lie below {Path.cwd()}, and a log points to evidence by relative paths"
        raise UnusableInputError(f"{text}; give --results a folder below this one")


def _append_to_log(
    log: Path, operator: str, done: Sequence[DrillResult], results: Path, hashes: dict[str, str]
) -> None:
    from drills.drill_log import write_log
    from drills.log_entry import log_entry
    from live.clock import SystemClock

    now, folder = SystemClock().now(), results.resolve().relative_to(Path.cwd())
    numbers = write_log(log, [log_entry(result, operator, now, folder, hashes) for result in done])
    told = ", ".join(f"#{number:03}" for number in numbers)
    outcome = f"appended {told}" if told else "the same drills of this day stand in it already"
    typer.echo(f"drill log: {log}: {outcome}")
