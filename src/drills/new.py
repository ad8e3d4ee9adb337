"""The scenario file that `drills new` makes: it loads, runs and passes, and shows what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.errors import UnusableInputError
from drills.names import NAME_REMEDY, is_name

if TYPE_CHECKING:
    from pathlib import Path

_TEMPLATE = """\
drill: NAME
title: An order above the limit is blocked and pages    # what the drill shows, in one sentence
playbook: 3                                 # its scenario in docs/INCIDENT_SIMULATION_AND_DRILLS.md
runbook: risk_limit_violation_orders        # its section in docs/RUNBOOKS_AND_INCIDENT_HANDLING.md
track: paper                                # or shadow, testnet; never live
start: 2026-01-27T00:00:00Z                 # instant 0 of virtual time
tags: [orders]

config:                                     # laid over the defaults; the same keys as the TOML file
  live_risk: {max_order_notional: 500}
  live_alerts: {sinks: [log, webhook]}

given:
  portfolio: {cash: 10000}

steps:                                      # what happens, and when after the start
  - at: 0s
    check_orders: [{symbol: BTC/EUR, side: BUY, notional: 2000}]

expect:                                     # an alert that is not listed fails the drill
  alerts:
    - at: 0s
      code: RISK_LIMIT_VIOLATION_ORDERS
      level: CRITICAL
      source: live_risk.orders
      context: {worst_limit: max_order_notional}
      delivered: {log: once, webhook: once}
  checks:
    - {at: 0s, allowed: false, severity: BREACH, breached: [max_order_notional]}
"""


def scenario_text(name: str) -> str:
    """The text of a scenario with that id."""
    return _TEMPLATE.replace("NAME", name, 1)


def write_new_scenario(name: str, folder: Path) -> Path:
    """Make `FOLDER/NAME.yaml`; a file that is there is never overwritten.

    Args:
        name: Id of the drill.
        folder: Where it is made; created when it does not exist.

    Raises:
        UnusableInputError: the name cannot be an id, the file is there already, or it cannot be written.
    """
    if not is_name(name):
        raise UnusableInputError(f"{name!r} cannot be the id of a drill; {NAME_REMEDY}")
    path = folder / f"{name}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInputError(f"{folder} cannot be made a folder: {error.strerror}") from None
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(scenario_text(name))
    except FileExistsError:
        raise UnusableInputError(f"{path} is there already; choose another name, or delete it") from None
    except OSError as error:
        raise UnusableInputError(f"{path} cannot be written: {error.strerror}") from None
    return path
