"""A progress bar for long runs; nothing where nobody watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from drills.run import run_drills

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.run import DrillResult
    from drills.scenario import Scenario

LONG_RUN = 100


def run_with_progress(scenarios: Sequence[Scenario]) -> list[DrillResult]:
    """Run drills; a run of a hundred or more shows how far it is when stderr is a terminal."""
    if len(scenarios) < LONG_RUN or not sys.stderr.isatty():
        return run_drills(scenarios)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("drills"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("drills", total=len(scenarios))
        return run_drills(scenarios, done=lambda _result: progress.advance(task))
