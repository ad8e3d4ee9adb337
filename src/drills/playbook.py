"""The scenarios of the playbook, by number; their pages are in `docs/INCIDENT_SIMULATION_AND_DRILLS.md`."""

from __future__ import annotations

PLAYBOOK = {
    1: "Data gap",
    2: "Corrupt candle",
    3: "Risk-limit violation",
    4: "PnL divergence",
    5: "Exchange API failure",
    6: "Correlation drift",
    7: "Alert delivery",
    8: "Trading breaker",
}
