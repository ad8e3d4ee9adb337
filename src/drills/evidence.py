"""Writes what a run leaves behind: a history per drill, and the reports.

    drill-results/
        results.json  report.html  junit.xml
        history/<drill>.jsonl

The same results give the same bytes: no instant of the real run stands in any of these files.
"""

from __future__ import annotations

import hashlib
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from drills.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from drills.contracts import Report
    from drills.run import DrillResult
    from drills.scenario_errors import ScenarioError

DEFAULT_REPORTS = ("json", "html", "junit")


def history_name(drill_id: str) -> str:
    """The file of a drill's history, below the results folder: `history/<drill>--<case>.jsonl`."""
    return f"history/{drill_id.replace('[', '--').replace(']', '')}.jsonl"


def make_results_folder(folder: Path) -> None:
    """Make sure, before anything is run, that results can be written.

    Raises:
        UnusableInputError: the folder cannot be made, or nothing can be written into it.
    """
    histories = folder / "history"
    try:
        histories.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder), TemporaryFile(dir=histories):
            pass
    except OSError as error:
        problem = f"{folder}: no results can be written there: {error.strerror}"
        raise UnusableInputError(
            f"{problem}; nothing was run; give --results a folder that can be written"
        ) from None


def write_results(folder: Path, results: Sequence[DrillResult], reports: Iterable[Report]) -> dict[str, str]:
    """Write histories and reports; files of an earlier run with the same names are replaced.

    Args:
        folder: The results folder, from `make_results_folder`.
        results: What happened.
        reports: What is written beside the histories.

    Returns:
        The SHA-256 of every file that was written, by its path below the folder.
    """
    texts = {history_name(result.scenario.id): result.history.as_jsonl() for result in results}
    for report in reports:
        texts[report.filename] = report.render(results)
    return {name: _write(folder / name, text) for name, text in texts.items()}


def write_refusal(folder: Path, errors: Sequence[ScenarioError], reports: Iterable[Report]) -> None:
    """Write that scenario files cannot be used, in the forms that have a place for it.

    Raises:
        UnusableInputError: nothing can be written into the folder.
        OSError: one of the files cannot be written.
    """
    texts = {report.filename: text for report in reports if (text := report.refused(errors))}
    if texts:
        make_results_folder(folder)
    for name, text in texts.items():
        _write(folder / name, text)


def _write(path: Path, text: str) -> str:
    content = text.encode()
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
