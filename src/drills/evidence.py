"""Writes what a run leaves behind: a history per drill, and the reports.

    drill-results/
        results.json  report.html  junit.xml
        history/<drill>.jsonl

The same results give the same bytes: no instant of the real run stands in any of these files.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from drills.contracts import Report
    from drills.run import DrillResult

DEFAULT_REPORTS = ("json", "html", "junit")


def history_name(drill_id: str) -> str:
    """The file of a drill's history, below the results folder: `history/<drill>--<case>.jsonl`."""
    return f"history/{drill_id.replace('[', '--').replace(']', '')}.jsonl"


def write_results(folder: Path, results: Sequence[DrillResult], reports: Iterable[Report]) -> dict[str, str]:
    """Write histories and reports; files of an earlier run with the same names are replaced.

    Args:
        folder: The results folder; made when it is not there.
        results: What happened.
        reports: What is written beside the histories.

    Returns:
        The SHA-256 of every file that was written, by its path below the folder.
    """
    texts = {history_name(result.scenario.id): result.history.as_jsonl() for result in results}
    for report in reports:
        texts[report.filename] = report.render(results)
    (folder / "history").mkdir(parents=True, exist_ok=True)
    return {name: _write(folder / name, text) for name, text in texts.items()}


def _write(path: Path, text: str) -> str:
    content = text.encode()
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()
