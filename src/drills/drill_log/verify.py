"""Compares a log with itself and with the evidence that it points to."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

from drills.drill_log.entry import is_relative
from drills.drill_log.findings import Findings
from drills.drill_log.parse import parse_log
from drills.drill_log.summary import count

if TYPE_CHECKING:
    from pathlib import Path

    from drills.drill_log.drill_section import Drill, Evidence
    from drills.drill_log.findings import LogFinding
    from drills.drill_log.parse import DrillLog


def verify_log(log: bytes, root: Path, *, name: str = "drill log") -> tuple[LogFinding, ...]:
    """What does not hold in a log: evidence, counters, numbering, results.

    Args:
        log: The log's content.
        root: The folder that evidence paths are relative to.
        name: How findings call the file.

    Returns:
        The findings in the order of their lines; none for a log that holds.

    Raises:
        DrillLogError: The log cannot be read.
    """
    findings = Findings(name)
    parsed = parse_log(log, name)
    for before, drill in pairwise(parsed.drills):
        _check_number(before.number + 1, drill, findings)
    for drill in parsed.drills:
        _check_drill(drill, root, findings)
    _check_counters(parsed, findings)
    return tuple(sorted(findings.all, key=lambda finding: finding.line))


def _check_number(expected: int, drill: Drill, findings: Findings) -> None:
    if drill.number != expected:
        what = f"drill #{drill.number:03d} stands where #{expected:03d} is due"
        findings.add(drill.line, "DRILL_NUMBER_GAP", what, "restore the missing drill from an older version")


def _check_drill(drill: Drill, root: Path, findings: Findings) -> None:
    if not drill.result:
        what = f"drill #{drill.number:03d} has no single result and counts as one with issues"
        findings.add(
            drill.line, "DRILL_WITHOUT_RESULT", what, "say PASS, ISSUES or UNKNOWN in its success criteria"
        )
    for evidence in drill.evidence:
        _check_evidence(evidence, root, findings)


def _check_evidence(evidence: Evidence, root: Path, findings: Findings) -> None:
    path = evidence.path
    if not is_relative(path):
        findings.add(
            evidence.line, "EVIDENCE_OUTSIDE", f"{path!r} is no relative path", "keep it below the log's root"
        )
    elif not (root / path).is_file():
        findings.add(
            evidence.line, "EVIDENCE_MISSING", f"{path!r} is no file there", "restore it from its archive"
        )
    elif (found := hashlib.sha256((root / path).read_bytes()).hexdigest()) != evidence.sha256:
        what = f"{path!r} has SHA-256 {found}, logged was {evidence.sha256}"
        findings.add(
            evidence.line, "EVIDENCE_CHANGED", what, "restore the logged file, or run the drill again"
        )


def _check_counters(log: DrillLog, findings: Findings) -> None:
    values = count([drill.result for drill in log.drills])
    for name, counter in log.counters.items():
        if counter.value != str(values[name]):
            what = f"{counter.label!r} says {counter.value}, the log has {values[name]}"
            findings.add(counter.line, "LOG_COUNTER_WRONG", what, f"write {values[name]}")
