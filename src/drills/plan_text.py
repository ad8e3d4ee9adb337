"""A plan as `drills plan` prints it."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from drills.durations import clock_time, format_duration
from drills.plan import Kind
from drills.registry import STEPS
from drills.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from drills.plan import Plan, PlannedEvent

WIDTH = len("00:00:00 … 00:00:00")


def describe(plan: Plan) -> str:
    """The timeline: a line for each fault and step; between them one for each series and the clock."""
    lines: list[str] = []
    for alike, group in groupby(plan.events, lambda event: event.kind in (Kind.CANDLE, Kind.TICK)):
        events = list(group)
        lines += _runs(events, plan.timeframes) if alike else map(_staged, events)
    return "\n".join(lines)


def _runs(events: Iterable[PlannedEvent], timeframes: Mapping[str, timedelta]) -> Iterator[str]:
    runs: dict[str, list[PlannedEvent]] = {}
    for event in events:
        runs.setdefault(event.name, []).append(event)
    for name, run in runs.items():
        what = "candle" if name else "tick"
        series = f" {name} {format_duration(timeframes[name])}" if name else ""
        yield _line(run[0].at, run[-1].at, f"{counted(len(run), what)}{series}")


def _staged(event: PlannedEvent) -> str:
    if event.kind is Kind.STEP:
        text = f"{event.name}: {STEPS[event.name]().summary(event.params)}"
    else:
        target, params = event.params
        begins = event.kind is Kind.FAULT_BEGINS
        text = (
            f"fault begins on {target}: {event.name} {_said(params)}"
            if begins
            else f"fault heals on {target}"
        )
    return f"{_line(event.at, event.at, text.rstrip())}  ({event.where})"


def _line(first: timedelta, last: timedelta, text: str) -> str:
    span = clock_time(first) if first == last else f"{clock_time(first)} … {clock_time(last)}"
    return f"{span:<{WIDTH}}  {text}"


def _said(params: Any) -> str:
    """The parameters of a fault as the file has them: `code 429, retry_after 30s`."""
    if isinstance(params, timedelta):
        return format_duration(params)
    names = getattr(params, "model_fields_set", None)
    if names is None:
        return "" if params is True else str(params)
    fields = [name for name in type(params).model_fields if name in names]
    return ", ".join(f"{name} {_said(getattr(params, name))}" for name in fields)
