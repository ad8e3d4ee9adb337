"""The sections of the HTML report, one function a section. Every foreign text goes through `text`."""

from __future__ import annotations

import json
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from drills.contracts import Verdict
from drills.evidence import history_name
from drills.judging.expected_check import began_s
from drills.judging.outcomes import conservation
from drills.page.chart import charts_of
from drills.timeline import rows_of, window
from drills.words import counted, instant, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from drills.contracts import Judgement
    from drills.history import Record
    from drills.page.chart import Chart
    from drills.run import DrillResult
    from drills.timeline import Row

MARKS = {Verdict.PASS: "✔", Verdict.UNKNOWN: "?", Verdict.FAIL: "✘"}
MOST_ROWS = 60
ROWS_BEFORE, ROWS_AFTER = 20, 40


def text(value: object) -> str:
    """A foreign text as HTML shows it: nothing in it is markup."""
    return escape(printable(value))


def badge(verdict: Verdict) -> str:
    """A verdict as a word, a sign and a colour."""
    return f'<span class="badge {verdict.name.lower()}">{MARKS[verdict]} {verdict.name}</span>'


def overview(results: Sequence[DrillResult]) -> str:
    """The counts of the verdicts, and a table with a line per drill."""
    verdicts = [result.verdict for result in results]
    counts = "".join(
        f'<li class="{verdict.name.lower()}"><b>{verdicts.count(verdict)}</b> {verdict.name}</li>'
        for verdict in reversed(Verdict)
    )
    head = _row("th", ("Verdict", "Drill", "Title", "Playbook", "Track", "Alerts", "Findings"))
    lines = "".join(_line(number, result) for number, result in enumerate(results, start=1))
    number, word = counted(len(results), "drill").split()
    total = f"<li><b>{number}</b> {word}</li>"
    return f'<ul class="counts">{total}{counts}</ul>\n{_table("overview", head, lines)}'


def _line(number: int, result: DrillResult) -> str:
    scenario = result.scenario
    cells = (
        badge(result.verdict),
        f'<a href="#drill-{number}">{text(scenario.id)}</a>',
        text(scenario.title),
        text(scenario.playbook),
        text(scenario.track),
        str(len(result.history.of("alert"))),
        ", ".join(text(code) for code in dict.fromkeys(one.code for one in result.judgements)),
    )
    return _row("td", cells) + "\n"


def drill(number: int, result: DrillResult) -> str:
    """Everything about one drill; open when it did not pass."""
    verdict, name, title = result.verdict, text(result.scenario.id), text(result.scenario.title)
    opened = "" if verdict is Verdict.PASS else " open"
    parts = (_findings(result.judgements), _timeline(result), _checks(result.history.of("check")))
    charts = "".join(
        _chart(f"chart-{number}-{place}", one) for place, one in enumerate(charts_of(result), start=1)
    )
    return (
        f'<details class="drill {verdict.name.lower()}" id="drill-{number}"{opened}>\n'
        f"<summary><h2>{badge(verdict)} {name}</h2> <span>{title}</span></summary>\n"
        f"{''.join(parts)}{charts}{_evidence(result)}</details>\n"
    )


def _findings(judgements: Sequence[Judgement]) -> str:
    items = "".join(_finding(judgement) for judgement in judgements)
    return f'<h3>Findings</h3>\n<ol class="findings">\n{items}</ol>\n' if items else ""


def _finding(judgement: Judgement) -> str:
    place = f" {_code(judgement.where)}" if judgement.where else ""
    near = f'<br><span class="near">nearest: {text(judgement.nearest)}</span>' if judgement.nearest else ""
    code = f"{badge(judgement.verdict)} <b>{text(judgement.code)}</b>{place}"
    return f"<li>{code}<br>{text(judgement.message)}{near}</li>\n"


def _timeline(result: DrillResult) -> str:
    rows = rows_of(result.scenario, result.history)
    begin, end = 0, len(rows)
    if len(rows) > MOST_ROWS:
        begin, end = window(rows, result.judgements, ROWS_BEFORE, ROWS_AFTER)
    head = _row("th", ("Time", "Expected", "", "Got"))
    lines = "".join(_timeline_row(row, result.scenario.start) for row in rows[begin:end])
    left_out = f"<p>{begin} earlier and {len(rows) - end} later rows stand in the history.</p>\n"
    rest = left_out if end - begin < len(rows) else ""
    return f"<h3>Timeline</h3>\n{_table('timeline', head, lines)}{rest}"


def _timeline_row(row: Row, start: datetime) -> str:
    at = (start + timedelta(seconds=row.at_s)).isoformat()
    time = f'<time datetime="{at}" title="{at}">{instant(row.at_s)}</time>'
    cells = (time, text(row.left), text(row.sign), text(row.right))
    return _row("td", cells, "diverges" if row.diverges else "") + "\n"


def _checks(checks: Sequence[Record]) -> str:
    lines = "".join(_check_row(check, detail) for check in checks for detail in check.data["details"])
    head = _row("th", ("Time", "Check", "Limit", "Value", "Limit value", "Used", "Severity"))
    return f"<h3>Checks and limits</h3>\n{_table('checks', head, lines)}" if lines else ""


def _check_row(check: Record, detail: Any) -> str:
    severity = text(detail["severity"])
    cells = (
        instant(began_s(check)),
        text(check.data["check"]),
        text(detail["limit_name"]),
        _number(detail["value"]),
        _number(detail["limit"]),
        _used(detail["value"], detail["limit"], severity.lower()),
        f'<span class="severity {severity.lower()}">{severity}</span>',
    )
    return _row("td", cells) + "\n"


def _used(value: Any, limit: Any, severity: str) -> str:
    """How much of a limit is used up, as a bar and in per cent; nothing where one of them is no number."""
    if not all(isinstance(number, int | float) for number in (value, limit)) or not limit:
        return ""
    ratio = abs(value) / abs(limit)
    return f'<span class="bar {severity}"><i style="width: {min(ratio, 1.0):.0%}"></i></span> {ratio:.0%}'


def _number(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else text(value)


def _chart(name: str, chart: Chart) -> str:
    figure = json.dumps(chart.figure, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    note = f" ({text(chart.note)})" if chart.note else ""
    label = f"Candles of {text(chart.symbol)} with alerts and faults{note}"
    return (
        f'<h3>Chart</h3>\n<figure><div class="chart" id="{name}" role="img" aria-label="{label}"></div>\n'
        f'<script type="application/json" id="{name}-data">{figure}</script>\n'
        f"<figcaption>{label}. Bands are faults. The timeline lists the same events.</figcaption></figure>\n"
    )


def _evidence(result: DrillResult) -> str:
    scenario, digest = result.scenario, result.history.sha256()
    file = scenario.where(()).file
    facts = {
        "Alerts": text(conservation(result.history)),
        "Scenario": f"{_code(file)}, playbook {scenario.playbook}, track {text(scenario.track)}",
        "Starts": text(scenario.start.isoformat()),
        "History": f"{_code(history_name(scenario.id))}<br>SHA-256 {_code(digest)}",
        "Reproduce": _code(result.command),
    }
    lines = "".join(f"<dt>{name}</dt><dd>{value}</dd>\n" for name, value in facts.items())
    return f"<h3>Evidence</h3>\n<dl>\n{lines}</dl>\n"


def _code(value: object) -> str:
    return f"<code>{text(value)}</code>"


def _table(kind: str, head: str, lines: str) -> str:
    table = f'<table class="{kind}"><thead>{head}</thead><tbody>\n{lines}</tbody></table>'
    return f'<div class="wide">{table}</div>\n'


def _row(tag: str, cells: Iterable[str], kind: str = "") -> str:
    inner = "".join(f"<{tag}>{cell}</{tag}>" for cell in cells)
    return f'<tr class="{kind}">{inner}</tr>' if kind else f"<tr>{inner}</tr>"
