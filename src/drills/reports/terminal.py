"""The results for a person: a table of verdicts, and the story of every drill that did not pass."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

from drills.contracts import Report, Verdict
from drills.judging.outcomes import tallies
from drills.timeline import explain
from drills.words import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from drills.run import DrillResult

COLOURS = {Verdict.PASS: "green", Verdict.UNKNOWN: "yellow", Verdict.FAIL: "bold red"}
STYLES = {"FAIL": "bold red", "UNKNOWN": "bold yellow", "  >": "bold", "reproduce:": "cyan"}
SUM = ("delivered", "coalesced", "suppressed", "pending", "dead")
COLUMNS = ("verdict", "drill", "playbook", "alerts", *SUM, "findings")
NUMBERS = COLUMNS[2:-1]
WIDTH = 160


class Terminal(Report):
    """A table and stories; plain text unless colour is asked for."""

    name = "terminal"
    filename = "summary.txt"

    def render(self, results: Sequence[DrillResult]) -> str:
        """The stories first and the table last, where a terminal shows it."""
        page = io.StringIO()
        console = self._console(page)
        for result in results:
            if result.verdict is not Verdict.PASS:
                _print_story(console, explain(result))
        console.print(_table(results))
        console.print(_totals(results), highlight=False)
        return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())

    def _console(self, page: io.StringIO) -> Console:
        from rich.console import Console

        system: Literal["standard"] | None = "standard" if self.colour else None
        return Console(
            file=page, width=WIDTH, color_system=system, force_terminal=self.colour, legacy_windows=False
        )


def _print_story(console: Console, text: str) -> None:
    from rich.text import Text

    for line in text.splitlines():
        styles = [style for mark, style in STYLES.items() if line.startswith(mark)]
        console.print(Text(line, style="".join(styles)), soft_wrap=True)
    console.print()


def _table(results: Sequence[DrillResult]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in COLUMNS:
        table.add_column(
            heading, justify="right" if heading in NUMBERS else "left", no_wrap=heading != "findings"
        )
    for result in results:
        verdict = Text(result.verdict.name, COLOURS[result.verdict])
        table.add_row(verdict, *(Text(str(cell)) for cell in _cells(result)))
    return table


def _cells(result: DrillResult) -> tuple[object, ...]:
    scenario, ended = result.scenario, tallies(result.history)
    sums = [sum(getattr(tally, word) for tally in ended) for word in SUM]
    codes = ", ".join(dict.fromkeys(judgement.code for judgement in result.judgements))
    return printable(scenario.id), scenario.playbook, len(result.history.of("alert")), *sums, codes


def _totals(results: Sequence[DrillResult]) -> str:
    counts = [f"{sum(one.verdict is verdict for one in results)} {verdict.name}" for verdict in Verdict]
    return f"{counted(len(results), 'drill')}: {', '.join(counts)}"
