"""How bad a check came out: OK < WARNING < BREACH."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class RiskCheckSeverity(IntEnum):
    """OK passes, WARNING passes and is told, BREACH is refused."""

    OK = 0
    WARNING = 1
    BREACH = 2


_STATUS = {
    RiskCheckSeverity.OK: "green",
    RiskCheckSeverity.WARNING: "yellow",
    RiskCheckSeverity.BREACH: "red",
}


def aggregate_severities(severities: Iterable[RiskCheckSeverity]) -> RiskCheckSeverity:
    """The worst of several severities; OK when there is none."""
    return max(severities, default=RiskCheckSeverity.OK)


def severity_to_status(severity: RiskCheckSeverity) -> str:
    """The traffic light of a severity: `green`, `yellow` or `red`."""
    return _STATUS[severity]
