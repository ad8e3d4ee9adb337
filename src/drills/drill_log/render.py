"""A drill as the log shows it: a numbered section, and a row of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.drill_log.text import code, code_block, plain
from drills.drill_log.words import HISTORY, SCENARIO_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from drills.drill_log.entry import DrillLogEntry
    from drills.drill_log.words import Words

_VERDICTS = {True: "PASS", False: "ISSUES", None: "UNKNOWN"}


def section_of(number: int, entry: DrillLogEntry, words: Words, level: int) -> Iterator[str]:
    """The lines of a drill's section, without endings.

    Args:
        number: Of the drill in this log.
        entry: The drill.
        words: The log's language.
        level: Of the section's heading, 1 to 5.
    """
    mark = "#" * (level + 1)
    yield f"{'#' * level} Drill #{number:03d} – {entry.date:%Y-%m-%d} (UTC) – {_subject(entry, words)}"
    yield from ("", *_head(entry, words))
    yield from ("", f"{mark} Preconditions / Backups", "", *_bullets(map(plain, entry.preconditions), words))
    yield from ("", f"{mark} Steps executed ({words.repeatable})", "", *_steps(entry, words))
    yield from ("", f"{mark} Observations", "", *_bullets(map(plain, entry.observations), words))
    yield from ("", f"{mark} Success criteria", "", *_criteria(entry, words))
    yield from ("", f"{mark} Evidence pointers ({words.no_secrets})", "", *_bullets(_evidence(entry), words))
    yield from (
        "",
        f"{mark} Follow-ups",
        "",
        *_bullets((f"[ ] {plain(todo)}" for todo in entry.follow_ups), words),
    )


def cells_of(number: int, entry: DrillLogEntry, words: Words) -> dict[str, str]:
    """The cells of a drill's row, by the name of the column."""
    notes = [
        f"Drill #{number:03d}",
        _met(entry, words),
        f"Follow-ups: {len(entry.follow_ups)}",
    ]
    return {
        "number": f"{number:03d}",
        "date": f"{entry.date:%Y-%m-%d}",
        "operator": plain(entry.operator),
        "scenario": plain(entry.scenario_title),
        "track": entry.track.capitalize(),
        "result": words.outcomes[entry.result],
        "notes": "; ".join(notes),
    }


def _subject(entry: DrillLogEntry, words: Words) -> str:
    title = plain(entry.scenario_title)
    return f"{words.scenario} {entry.playbook[0]} ({title})" if entry.playbook else title


def _head(entry: DrillLogEntry, words: Words) -> Iterator[str]:
    yield f"- **Date (UTC)**: {entry.date:%Y-%m-%dT%H:%M:%SZ}"
    yield f"- **Operator**: {plain(entry.operator)}"
    yield f"- **Environment / Track**: {entry.track}"
    scenario = f"- **{SCENARIO_ID}**: {code(entry.scenario_id)}"
    if entry.playbook:
        number, title = entry.playbook
        scenario += f" → {words.scenario} {number} – {plain(title)}"
    yield scenario
    yield f"- **{HISTORY}**: {code(entry.history_sha256)}"


def _steps(entry: DrillLogEntry, words: Words) -> list[str]:
    lines = [line for number, step in enumerate(entry.steps, start=1) for line in _step(f"{number}. ", step)]
    lines = lines or [f"- {words.none}"]
    blank = [] if lines[-1] == "" else [""]
    return [*lines, *blank, *code_block(entry.command)]


def _step(marker: str, step: str) -> Iterator[str]:
    text, _, command = step.strip().partition("\n")
    yield marker + plain(text)
    if command:
        yield ""
        yield from ((" " * len(marker) + line).rstrip() for line in code_block(command))
        yield ""


def _criteria(entry: DrillLogEntry, words: Words) -> Iterator[str]:
    yield f"- **{entry.result}** – {words.reason}: {_met(entry, words)}."
    for text, met in entry.criteria:
        yield f"  - {_VERDICTS[met]} – {plain(text)}"
    if entry.thresholds:
        yield f"- **{words.thresholds}**:"
    for key, value in entry.thresholds:
        yield f"  - {code(key)}: {plain(value)}"


def _met(entry: DrillLogEntry, words: Words) -> str:
    return words.met.format(met=entry.criteria_met, total=len(entry.criteria))


def _evidence(entry: DrillLogEntry) -> Iterator[str]:
    for path, sha256 in entry.evidence:
        yield f"{code(path)} – SHA-256 {code(sha256)}"


def _bullets(texts: Iterable[str], words: Words) -> list[str]:
    return [f"- {text}" for text in texts] or [f"- {words.none}"]
