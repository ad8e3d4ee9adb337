"""Literal histories, and the scenarios that they are judged against: no runner anywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter

from drills.contracts import Judgement, Where
from drills.history import History, Record
from drills.registry import EXPECTATIONS
from drills.scenario import Scenario
from live.config import LiveConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from drills.yaml_nodes import Source

FILE = "scenarios/3-risk/order-notional.yaml"
START = datetime(2026, 1, 27, tzinfo=UTC)
VIOLATION = "RISK_LIMIT_VIOLATION_ORDERS"
WARNING = "RISK_LIMIT_WARNING_ORDERS"
STEP = (0.0, "step", {"step": "check_orders", "where": f"{FILE}:12", "summary": "1 order"})
END = (600.0, "end", {"steps": 1, "standing_faults": []})

Line = tuple[float, str, dict[str, Any]]


def history(*lines: Line) -> History:
    """A history of these records, numbered in their order."""
    return History(Record(seq, at_s, kind, data) for seq, (at_s, kind, data) in enumerate(lines))


def alert(at_s: float, code: str = VIOLATION, number: int = 1, **data: Any) -> Line:
    """An alert record; by default the CRITICAL one of an order check."""
    usual = {
        "level": "CRITICAL",
        "source": "live_risk.orders",
        "message": f"{code} was raised",
        "context": {},
        "runbook": f"docs/RUNBOOKS_AND_INCIDENT_HANDLING.md#{code.lower()}",
    }
    return at_s, "alert", {"alert": number, "code": code, **usual, **data}


def delivery(at_s: float, destination: str, state: str = "delivered", number: int = 1, **data: Any) -> Line:
    """What became of an alert at a destination."""
    usual = {"reason": "", "held_s": 0.0, "fallback": False}
    return at_s, "delivery", {"alert": number, "destination": destination, "state": state, **usual, **data}


def check(at_s: float, severity: str = "BREACH", **data: Any) -> Line:
    """A check of orders; by default one that breaches the limit on an order's notional."""
    details = [
        {
            "limit_name": "max_order_notional",
            "severity": severity,
            "value": 2000.0,
            "limit": 500.0,
            "message": "",
        }
    ]
    usual = {"check": "orders", "allowed": severity != "BREACH", "severity": severity, "reasons": []}
    return at_s, "check", {**usual, "details": details, "held_s": 0.0, **data}


def places(count: int) -> list[Where]:
    """The places of so many items of an expectation, ten lines apart."""
    return [Where(FILE, 30 + 10 * number, 7) for number in range(count)]


def validated(name: str, said: Any) -> Any:
    """The value of an expectation as a scenario gives it, validated."""
    return TypeAdapter(EXPECTATIONS[name].Params).validate_python(said)


def judged(name: str, said: Any, happened: History) -> list[Judgement]:
    """What one expectation has to say about a history."""
    where = places(len(said) if isinstance(said, list) else 1)
    return list(EXPECTATIONS[name]().judge(happened, validated(name, said), where))


def told(judgements: Iterable[Judgement]) -> str:
    """Findings as a person reads them, in lines of a width that fits a page; empty when there is none."""
    return "\n".join(line for judgement in judgements for line in _told(judgement))


def _told(judgement: Judgement) -> list[str]:
    place = f" line {judgement.where.line}" if judgement.where else ""
    near = [f"nearest: {judgement.nearest}"] if judgement.nearest else []
    lines = [line for text in (judgement.message, *near) for line in wrap(text, 88, break_long_words=False)]
    return [f"{judgement.verdict.name} {judgement.code}{place}", *(f"  {line}" for line in lines)]


class _Places:
    file = FILE

    def where(self, path: Sequence[str | int]) -> Where:
        return Where(FILE, 20 + len(path))


def scenario(expect: Mapping[str, Any], **fields: Any) -> Scenario:
    """A scenario of which only the expectations matter."""
    expected = {
        name: (validated(name, said), places(len(said) if isinstance(said, list) else 1))
        for name, said in expect.items()
    }
    usual: dict[str, Any] = {
        "id": "order-notional[at-limit]",
        "drill": "order-notional",
        "case": "at-limit",
        "title": "An order above the notional limit is blocked and pages",
        "playbook": 3,
        "runbook": "risk-limit-violation",
        "track": "paper",
        "start": START,
        "seed": 0,
        "tags": (),
        "config": LiveConfig.from_mapping({}),
        "given_portfolio": None,
        "candles": {},
        "steady": True,
        "tick": None,
        "until": None,
        "steps": (),
        "file": Path(FILE),
        "series": {},
        "source": cast("Source", _Places()),
    }
    return Scenario(**{**usual, "expect": expected, **fields})
