"""The story of a drill in two lanes, expected and got, around the first divergence. Plain text.

time        expected                             got
00:00:00                                         step check_orders: 1 order
> 00:00:00    CRITICAL DATA_GAP                  ≠ WARNING DATA_GAP from live_data.gap
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drills.judging.expected_alert import alert_words
from drills.judging.expected_check import check_words
from drills.registry import EXPECTATIONS
from drills.verdict import expects_no_alert_unsaid, first_divergence
from drills.words import duration, instant, microseconds, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from drills.contracts import Due, Judgement
    from drills.history import History, Record
    from drills.run import DrillResult
    from drills.scenario import Scenario

BEFORE, AFTER = 5, 6
WIDTH = 52
NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline.

    Attributes:
        at_s: Virtual seconds after the start.
        expected: What was expected here; empty when nobody says.
        got: What happened here; empty when nothing did.
        diverges: Whether the two contradict each other.
    """

    at_s: float
    expected: str
    got: str
    diverges: bool = False

    @property
    def left(self) -> str:
        """The expected lane; empty where nobody says what is expected."""
        return self.expected or (NOTHING if self.diverges else "")

    @property
    def right(self) -> str:
        """The lane of what was got."""
        return self.got or NOTHING

    @property
    def sign(self) -> str:
        """What stands between the lanes of a row that diverges: which side is too much."""
        if not self.diverges:
            return " "
        return "<" if not self.got else ">" if not self.expected else "≠"


def rows_of(scenario: Scenario, history: History) -> list[Row]:
    """The whole timeline, in the order of time; on one instant in the order of the history."""
    beside: dict[int, Due] = {}
    alone: list[Due] = []
    for due in _dues(scenario, history):
        if due.seq is None:
            alone.append(due)
        elif due.seq not in beside or not due.met:
            beside[due.seq] = due
    placed = [
        (microseconds(due.at_s), len(history), Row(due.at_s, due.text, "", diverges=True)) for due in alone
    ]
    for record in history:
        due_here = beside.get(record.seq)
        if (words := words_of(record)) or due_here:
            placed.append((microseconds(record.at_s), record.seq, _row(record, words, due_here)))
    return [row for _, _, row in sorted(placed, key=lambda one: one[:2])]


def _row(record: Record, words: str, due: Due | None) -> Row:
    if due is None:
        return Row(record.at_s, "", words, diverges=record.kind == "error")
    return Row(record.at_s, due.text, words, diverges=not due.met)


def _dues(scenario: Scenario, history: History) -> Iterable[Due]:
    said = [(name, expected) for name, (expected, _) in scenario.expect.items()]
    for name, expected in [*said, ("alerts", [])] if expects_no_alert_unsaid(scenario) else said:
        try:
            yield from EXPECTATIONS[name]().lane(history, expected)
        except Exception:  # noqa: BLE001, S112 - the verdict tells of the crash already; the other lanes still count
            continue


def explain(result: DrillResult) -> str:
    """Everything a person needs who has to mend a drill that did not pass.

    The timeline around the first divergence, every finding with its place and its near miss, and the command
    that runs the drill again.
    """
    scenario, history = result.scenario, result.history
    head = f"{result.verdict.name} {scenario.id} – {printable(scenario.title)}"
    parts = [head, *_lanes(rows_of(scenario, history), result.judgements)]
    parts.extend(line for judgement in result.judgements for line in finding(judgement))
    parts.append(f"reproduce: {result.command}")
    return "\n".join(line.rstrip() for line in parts) + "\n"


def finding(judgement: Judgement) -> list[str]:
    """A judgement as lines of text."""
    place = f" {judgement.where}" if judgement.where else ""
    lines = [f"{judgement.verdict.name} {judgement.code}{place}", f"    {judgement.message}"]
    return [*lines, f"    nearest: {judgement.nearest}"] if judgement.nearest else lines


def window(
    rows: Sequence[Row], judgements: Iterable[Judgement], before: int = BEFORE, after: int = AFTER
) -> tuple[int, int]:
    """The rows around the first divergence: number of the first, and of the one after the last."""
    first = _first_row(rows, judgements)
    diverging = len(rows) - 1 if first is None else first
    return max(0, diverging - before), min(len(rows), diverging + after + 1)


def _first_row(rows: Sequence[Row], judgements: Iterable[Judgement]) -> int | None:
    """The first row that diverges; without one, the first row at the instant of the first finding."""
    diverging = [number for number, row in enumerate(rows) if row.diverges]
    if not diverging and (first := first_divergence(judgements)) and first.at_s is not None:
        diverging = [number for number, row in enumerate(rows) if row.at_s >= first.at_s]
    return diverging[0] if diverging else None


def _lanes(rows: Sequence[Row], judgements: Iterable[Judgement]) -> list[str]:
    if not rows:
        return []
    first = _first_row(rows, judgements)
    begin, end = window(rows, judgements)
    shown = rows[begin:end]
    left = min(WIDTH, max(len("expected"), *(len(row.left) for row in shown)))
    clock = max(len(instant(row.at_s)) for row in shown)
    lines = [f"    {'time':<{clock}}  {'expected':<{left}}   got"]
    if begin:
        lines.append(f"    … {begin} earlier")
    for number, row in enumerate(shown, start=begin):
        mark = ">" if row.diverges or number == first else " "
        lanes = f"{shortened(row.left, left):<{left}} {row.sign} {shortened(row.right, 2 * WIDTH)}"
        lines.append(f"  {mark} {instant(row.at_s):<{clock}}  {lanes}")
    if end < len(rows):
        lines.append(f"    … {len(rows) - end} later")
    return lines


def words_of(record: Record) -> str:
    """A record in a few words; empty for what only the evidence needs."""
    describe = WORDS.get(record.kind)
    return printable(describe(record)) if describe else ""


def _delivery(record: Record) -> str:
    data = record.data
    held = f" after {duration(data['held_s'])}" if data.get("held_s") else ""
    reason = f": {data['reason']}" if data.get("reason") else ""
    way = " (fallback)" if data.get("fallback") else ""
    return f"  {data['state']} {data['destination']}{way}{reason}{held}"


def _fault(record: Record) -> str:
    data = record.data
    return f"fault {data['fault']} on {data['target']} {'begins' if data['phase'] == 'begin' else 'heals'}"


def _candle(record: Record) -> str:
    return f"candle {record.data['symbol']} {record.data['ts']} changed by {record.data['fault']}"


def _steady(record: Record) -> str:
    return f"{'steady' if record.data['steady'] else 'not steady'}: {record.data['reason']}"


def _series(record: Record) -> str:
    data: Any = record.data
    return f"series {data['symbol']}, {data['bars']} bars of {duration(data['timeframe_s'])}"


WORDS: dict[str, Callable[[Record], str]] = {
    "steady_state": _steady,
    "step": lambda record: f"step {record.data['step']}: {record.data['summary']}",
    "fault": _fault,
    "series": _series,
    "candle": _candle,
    "check": check_words,
    "alert": alert_words,
    "delivery": _delivery,
    "stderr": lambda record: f"stderr: {record.data['text']}",
    "error": lambda record: f"raised {record.data['type']}: {record.data['message']}",
    "end": lambda record: f"end (steps: {record.data['steps']})",
}
