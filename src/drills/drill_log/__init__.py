"""The drill log: a Markdown document in which operators keep what was drilled, with evidence and follow-ups.

The document belongs to its owners. This package adds a numbered section and a table row for each new drill
and sets the counters of the summary; every other byte stays as it was. The way of a log through it:

    bytes -> parse (structure with lines) -> render (sections, rows) -> append (splice, read back) -> bytes

A drill that passed counts as successful; one with issues and one whose outcome is unknown both count as "with
issues", so that the two add up to the total. A line for the unknown ones, where a log has it, says how many
of those with issues they are.
"""

from drills.drill_log.append import append_drill
from drills.drill_log.entry import DrillLogEntry
from drills.drill_log.file import write_log
from drills.drill_log.findings import DrillLogError, LogFinding
from drills.drill_log.verify import verify_log

__all__ = ["DrillLogEntry", "DrillLogError", "LogFinding", "append_drill", "verify_log", "write_log"]
