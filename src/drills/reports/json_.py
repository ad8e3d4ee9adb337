"""The results for a machine: `results.json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from drills.contracts import Report, Verdict
from drills.evidence import history_name
from drills.judging.outcomes import tallies
from drills.verdict import exit_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.contracts import Judgement
    from drills.history import History
    from drills.run import DrillResult

SCHEMA_VERSION = 1


class Json(Report):
    """Verdicts, findings and the identity of every history; the same results give the same bytes."""

    name = "json"
    filename = "results.json"

    def render(self, results: Sequence[DrillResult]) -> str:
        """One object: the schema's version, the totals, and an object per drill."""
        verdicts = [result.verdict for result in results]
        page = {
            "schema_version": SCHEMA_VERSION,
            "verdicts": {verdict.name: verdicts.count(verdict) for verdict in Verdict},
            "exit_status": exit_status(verdicts),
            "drills": [_drill(result) for result in results],
        }
        return json.dumps(page, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _drill(result: DrillResult) -> dict[str, Any]:
    scenario, history = result.scenario, result.history
    return {
        "id": scenario.id,
        "title": scenario.title,
        "playbook": scenario.playbook,
        "track": scenario.track,
        "file": scenario.where(()).file,
        "verdict": result.verdict.name,
        "judgements": [_judgement(judgement) for judgement in result.judgements],
        "history": history_name(scenario.id),
        "history_sha256": history.sha256(),
        "alerts": len(history.of("alert")),
        "conservation": _conservation(history),
        "command": result.command,
    }


def _conservation(history: History) -> dict[str, Any]:
    """Where the alerts ended: emitted = delivered + suppressed + dead at every destination but a fallback."""
    return {
        "emitted": len(history.of("alert")),
        "destinations": [asdict(tally) for tally in tallies(history)],
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    return {
        "verdict": judgement.verdict.name,
        "code": judgement.code,
        "message": judgement.message,
        "nearest": judgement.nearest,
        "at_s": judgement.at_s,
        "where": asdict(judgement.where) if judgement.where else None,
    }
