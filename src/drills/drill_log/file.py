"""The log as a file."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from drills.drill_log.append import append_drill
from drills.drill_log.findings import DrillLogError
from drills.drill_log.parse import parse_log
from live.whole_files import replace_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from drills.drill_log.entry import DrillLogEntry


def write_log(path: Path, entries: Sequence[DrillLogEntry], *, create: bool = False) -> tuple[int, ...]:
    """Append drills to a log file, all or none; a reader sees the old file or the new one, never a part.

    Args:
        path: The log. A link stays a link; the file's mode is kept.
        entries: The drills, in the order in which they are numbered.
        create: Begin the log, in English, when there is no such file.

    Returns:
        The numbers of the drills that were appended; none, and nothing is written, when the log has them all.

    Raises:
        DrillLogError: The file cannot be read, written or understood, or changed meanwhile; it is as it was.
    """
    try:
        return _write(path.resolve(), entries, create=create)
    except FileNotFoundError as error:
        remedy = "name an existing log, or begin one from docs/INCIDENT_DRILL_LOG.md"
        raise DrillLogError([f"{path}: there is no such log; {remedy}"]) from error
    except OSError as error:
        problem = f"{path}: {error.strerror or error}; make file and folder readable and writable"
        raise DrillLogError([problem]) from error


def _write(path: Path, entries: Sequence[DrillLogEntry], *, create: bool) -> tuple[int, ...]:
    is_new = create and not path.exists()
    before = files(__package__).joinpath("template.md").read_bytes() if is_new else path.read_bytes()
    after = append_drill(before, entries, name=path.name)
    if after == before and not is_new:
        return ()
    if not is_new and path.read_bytes() != before:
        raise DrillLogError([f"{path}: somebody else wrote to the log meanwhile; run the command again"])
    replace_whole(path, after)
    known = {drill.number for drill in parse_log(before, path.name).drills}
    return tuple(drill.number for drill in parse_log(after, path.name).drills if drill.number not in known)
