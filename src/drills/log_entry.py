"""From the result of a drill to its entry in the drill log.

Everything but the operator and the date comes from the scenario and its history.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from drills.contracts import Verdict
from drills.drill_log import DrillLogEntry
from drills.evidence import history_name
from drills.playbook import PLAYBOOK
from drills.registry import EXPECTATIONS
from drills.timeline import words_of
from drills.words import instant
from live.registry import WATCHERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import PurePath

    from drills.drill_log.entry import Result
    from drills.run import DrillResult

RESULTS: dict[Verdict, Result] = {Verdict.PASS: "PASS", Verdict.FAIL: "ISSUES", Verdict.UNKNOWN: "UNKNOWN"}
DONE = ("step", "fault")
SEEN = ("steady_state", "check", "alert", "delivery", "stderr", "error")
MOST_LINES = 40
DEADLINE = "_timeout_seconds"  # the end of the keys that say how long a sink may hold the caller


def log_entry(
    result: DrillResult, operator: str, date: datetime, results: PurePath, hashes: Mapping[str, str]
) -> DrillLogEntry:
    """The entry of one drill.

    Args:
        result: How it went.
        operator: Who held it.
        date: When it was held, aware UTC.
        results: The results folder, relative to where the command was given.
        hashes: SHA-256 of the files in that folder, by their path below it.

    Raises:
        DrillLogError: the entry cannot stand in a log, for example with evidence outside the project.
    """
    scenario = result.scenario
    history = history_name(scenario.id)
    return DrillLogEntry(
        date=date,
        operator=operator,
        track=scenario.track,
        scenario_id=scenario.id,
        scenario_title=scenario.title,
        playbook=(scenario.playbook, PLAYBOOK.get(scenario.playbook, "of our own")),
        preconditions=tuple(_preconditions(result)),
        steps=_lines(result, DONE),
        command=result.command,
        observations=_lines(result, SEEN),
        result=RESULTS[result.verdict],
        criteria=tuple(_criteria(result)),
        thresholds=tuple(_thresholds(result)),
        evidence=(((results / history).as_posix(), hashes[history]),),
        follow_ups=tuple(f"{one.code}: {one.message}" for one in result.judgements),
        history_sha256=result.history.sha256(),
    )


def _preconditions(result: DrillResult) -> Iterator[str]:
    yield "Config: the scenario's own, laid over the defaults; no file was changed"
    for series in result.history.of("series"):
        data = series.data
        yield f"Data: {data['symbol']}, {data['bars']} bars from {data['source']}; no data set was changed"
    yield "Safety: virtual time, orders and far ends in memory; no socket, no real address"


def _lines(result: DrillResult, kinds: Iterable[str]) -> tuple[str, ...]:
    lines = [f"{instant(record.at_s)} {words_of(record).strip()}" for record in result.history.of(*kinds)]
    cut = [f"… and {len(lines) - MOST_LINES} more: see the history"] if len(lines) > MOST_LINES else []
    return (*lines[:MOST_LINES], *cut)


def _criteria(result: DrillResult) -> Iterator[tuple[str, bool | None]]:
    """What was expected, with whether it was met; nobody can tell of a drill whose verdict is not known."""
    known = result.verdict is not Verdict.UNKNOWN
    for name, (expected, _) in result.scenario.expect.items():
        for due in EXPECTATIONS[name]().lane(result.history, expected):
            yield f"{instant(due.at_s)} {due.text}", due.met if known else None
    everything = "Everything that was expected, no other alert, and every invariant held"
    yield everything, not result.judgements if known else None


def _thresholds(result: DrillResult) -> Iterator[tuple[str, str]]:
    """What the drill was judged by: limits, guards of what was played, the watcher tried, deadlines."""
    config = result.scenario.config
    for key, limit in config.risk.limits.items():
        if limit is not None:
            yield key, f"{limit:g} ({_unit(key, config.risk.base_currency)})"
    if any(limit is not None for limit in config.risk.limits.values()):
        yield "warning_threshold_factor", f"{config.risk.warning_threshold_factor:g}"
    if any(result.history.of("series")):
        yield from _tables("live_data", {**config.data.guards, **config.data.across})
    yield from _tables("live_watchers", {name: config.watchers[name] for name in _watchers_of(result)})
    if config.breaker.enabled:
        for field in fields(config.breaker):
            yield f"live_breaker.{field.name}", f"{getattr(config.breaker, field.name)}"
    for key, deadline in _deadlines(config.alerts.settings.values()).items():
        yield f"live_alerts.{key}", f"{deadline:g} (s)"


def _deadlines(sinks: Iterable[Any]) -> dict[str, float]:
    """How long sinks may hold the caller, in seconds; one key may be read by several of them."""
    return {
        field.name: getattr(sink, field.name)
        for sink in sinks
        for field in fields(sink)
        if field.name.endswith(DEADLINE)
    }


def _tables(section: str, leaves: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, config in leaves.items():
        for field in fields(config):
            yield f"{section}.{name}.{field.name}", f"{getattr(config, field.name)}"


def _watchers_of(result: DrillResult) -> list[str]:
    """The watchers that the drill is about: by its runbook section, and by what was alerted."""
    about = {result.scenario.runbook, *(one.data["code"].lower() for one in result.history.of("alert"))}
    return [name for name in WATCHERS if about & {code.lower() for code in WATCHERS[name].codes}]


def _unit(key: str, currency: str) -> Any:
    from live.contracts import Unit
    from live.registry import RULES

    units = {rule.key: rule.unit for rule in RULES.values()}
    return currency if units[key] is Unit.MONEY else units[key]
