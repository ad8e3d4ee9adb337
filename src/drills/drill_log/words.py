"""The words of the two languages in which a log may be kept: data only.

Headings, counters and table columns are compared by their letters alone (`letters`), so that numbering,
emphasis, hyphens and case do not matter. Where several words are known, messages name the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HISTORY = "History (SHA-256)"
SCENARIO_ID = "Scenario-ID"

RESULTS: Mapping[str, str] = {
    "pass": "PASS",
    "passed": "PASS",
    "ok": "PASS",
    "bestanden": "PASS",
    "issue": "ISSUES",
    "issues": "ISSUES",
    "fail": "ISSUES",
    "failed": "ISSUES",
    "unknown": "UNKNOWN",
    "unbekannt": "UNKNOWN",
}
RESULT_LABELS = ("result", "outcome", "ergebnis")
CRITERIA = ("success criteria", "erfolgskriterien", "result", "ergebnis")
EVIDENCE = ("evidence pointers", "evidence", "nachweise")

_LETTERS = re.compile(r"[^\W\d_]+|#")


def letters(text: str) -> str:
    """The words before any bracket, nothing else: `3. Drill-Protokoll (alle)` becomes `drill protokoll`."""
    return " ".join(_LETTERS.findall(text.casefold().partition("(")[0]))


@dataclass(frozen=True, slots=True)
class Words:
    """One language.

    Attributes:
        protocol: Headings of the section with the table of all drills.
        summary: Headings of the section with the counters.
        counters: Labels of each counter, by its name; `unknown` is one that a log need not have.
        columns: First words of each column of the table.
        outcomes: What the result column says for each result.
        scenario: "Scenario".
        repeatable: Adjective behind the heading of the steps.
        no_secrets: Remark behind the heading of the evidence.
        reason: Label of why the result is what it is.
        met: How many criteria were met; takes `met` and `total`.
        thresholds: Label of the thresholds in force.
        none: What stands in an empty list.
    """

    protocol: tuple[str, ...]
    summary: tuple[str, ...]
    counters: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, str]
    scenario: str
    repeatable: str
    no_secrets: str
    reason: str
    met: str
    thresholds: str
    none: str


GERMAN = Words(
    protocol=("Drill-Protokoll", "Drillprotokoll", "Protokoll"),
    summary=("Zusammenfassung",),
    counters={
        "performed": ("Anzahl durchgeführter Drills", "Durchgeführte Drills", "Anzahl Drills"),
        "successful": ("Erfolgreiche Drills",),
        "issues": ("Drills mit Issues", "Drills mit Problemen"),
        "unknown": ("Davon UNKNOWN", "Drills mit UNKNOWN", "Davon mit unbekanntem Ergebnis"),
    },
    columns={
        "number": ("#", "nr", "nummer", "drill"),
        "date": ("datum", "date"),
        "operator": ("operator",),
        "scenario": ("szenario",),
        "track": ("track", "umgebung"),
        "result": ("ergebnis",),
        "notes": ("erkenntnisse", "bemerkungen", "notizen", "follow"),
    },
    outcomes={"PASS": "OK", "ISSUES": "Issues", "UNKNOWN": "Issues (UNKNOWN)"},
    scenario="Szenario",
    repeatable="reproduzierbar",
    no_secrets="token-policy safe",
    reason="Begründung",
    met="{met} von {total} Kriterien erfüllt",
    thresholds="Geltende Schwellen",
    none="keine",
)

ENGLISH = Words(
    protocol=("Drill protocol", "Drill register", "Drill log", "Protocol"),
    summary=("Summary",),
    counters={
        "performed": (
            "Number of drills performed",
            "Number of drills conducted",
            "Drills performed",
            "Total drills",
        ),
        "successful": ("Successful drills",),
        "issues": ("Drills with issues",),
        "unknown": ("Of these UNKNOWN", "Drills with UNKNOWN", "Of these with an unknown result"),
    },
    columns={
        "number": ("#", "no", "number", "drill"),
        "date": ("date",),
        "operator": ("operator",),
        "scenario": ("scenario",),
        "track": ("track", "environment"),
        "result": ("result", "outcome"),
        "notes": ("findings", "lessons", "learnings", "notes", "follow"),
    },
    outcomes={"PASS": "OK", "ISSUES": "Issues", "UNKNOWN": "Issues (UNKNOWN)"},
    scenario="Scenario",
    repeatable="repeatable",
    no_secrets="no secrets",
    reason="Reason",
    met="{met} of {total} criteria met",
    thresholds="Thresholds in force",
    none="none",
)

LANGUAGES = (GERMAN, ENGLISH)
