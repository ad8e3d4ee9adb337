"""The reference page of the controls, made from rules, guards and watchers: `make reference`."""

from __future__ import annotations

import inspect
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drills.scenario import load_scenarios
from live.codes import risk_code
from live.contracts import Sense, Unit
from live.registry import CROSS_GUARDS, GUARDS, RULES, WATCHERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drills.scenario import Scenario
    from live.contracts import RiskRule

HEAD = """\
# Controls

Every risk rule, candle guard and watcher that ships. This page is made from the code: `make reference`.

An alert's level is CRITICAL for a breach while `block_on_violation` is true, else WARNING; a breach is
refused in both.

"Asked for by" names the paragraph that a control answers to, or "practice" where it is custom and we have
found no text that asks for it. Nothing here makes a firm compliant: the SEC rule binds brokers and dealers
with market access, RTS 6 binds investment firms in the EU that trade by algorithm, and the FIA recommends.
The paragraphs were looked up in public copies and quotations of these texts, not in the originals that are
linked here:

* SEC 15c3-5: 17 CFR 240.15c3-5, <https://www.law.cornell.edu/cfr/text/17/240.15c3-5>, and the release that
  adopted it, <https://regulations.justia.com/regulations/fedreg/2010/11/15/2010-28303.html>
* SEC Reg SHO Rule 200(g): 17 CFR 242.200, <https://www.law.cornell.edu/cfr/text/17/242.200>
* FINRA Rule 5210.02: <https://www.finra.org/rules-guidance/rulebooks/finra-rules/5210>
* RTS 6: Commission Delegated Regulation (EU) 2017/589, Articles 12, 15 and 17,
  <https://eur-lex.europa.eu/eli/reg_del/2017/589/oj/eng>
* MAR: Regulation (EU) No 596/2014, Article 12, <https://eur-lex.europa.eu/eli/reg/2014/596/oj/eng>
* FIA, with the number of the section: Best Practices for Automated Trading Risk Controls and System
  Safeguards, July 2024,
  <https://www.fia.org/sites/default/files/2024-07/FIA_WP_AUTOMATED%20TRADING%20RISK%20CONTROLS_FINAL_0.pdf>
"""
SENSES = {
    Sense.MAXIMUM: "warning at `warning_threshold_factor` × limit, breach at the limit",
    Sense.COUNT: "warning above ⌊`warning_threshold_factor` × limit⌋, breach above the limit",
    Sense.LOSS: (
        "warning at a loss of `warning_threshold_factor` × limit, breach at the limit; a profit is neither"
    ),
    Sense.MINIMUM: "breach below the limit, no warning",
}


def controls_page(scenarios: Sequence[Scenario]) -> str:
    """The page as Markdown.

    Args:
        scenarios: The shipped drills; each control names those that expect it.
    """
    risk = [part for rule in RULES.values() for part in _rule(rule, scenarios)]
    every: list[Any] = [*GUARDS.values(), *CROSS_GUARDS.values()]
    guards = [part for guard in every for part in _leaf(guard, "live_data", scenarios)]
    watchers = [part for watcher in WATCHERS.values() for part in _leaf(watcher, "live_watchers", scenarios)]
    parts = [HEAD, "## Risk rules", *risk, "## Candle guards", *guards, "## Watchers", *watchers]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _rule(rule: RiskRule, scenarios: Sequence[Scenario]) -> Iterator[str]:
    yield f"### {rule.name}"
    yield inspect.cleandoc(rule.measure.__doc__ or "")
    levels = (True,) if rule.sense is Sense.MINIMUM else (True, False)
    codes = [risk_code(scope, breach=breach) for scope in rule.scopes for breach in levels]
    beside = [(f"`{one.key}`", f"{one.doc} ({one.default})") for one in rule.settings]
    asked_by = [("asked for by", ", ".join(rule.asked_by))] if rule.asked_by else []
    yield _table(
        ("key", f"`[live_risk] {rule.key}`, in {rule.unit}; off when not set"),
        *beside,
        *asked_by,
        ("judged in", ", ".join(f"{scope} checks" for scope in rule.scopes)),
        ("severity", "breach at the first hit" if rule.unit is Unit.NAMES else SENSES[rule.sense]),
        ("alerts", _links(codes)),
        ("drills", _names(one for one in scenarios if _expects_limit(one, rule))),
    )


def _leaf(leaf: Any, section: str, scenarios: Sequence[Scenario]) -> Iterator[str]:
    yield f"### {leaf.name}"
    yield inspect.cleandoc(leaf.__doc__ or "")
    keys = ", ".join(f"`{field.name}` ({field.default})" for field in fields(leaf.Config)) or "none"
    yield _table(
        ("keys", f"`[{section}.{leaf.name}]` {keys}"),
        ("alerts", _links(leaf.codes)),
        ("drills", _names(one for one in scenarios if _codes(one) & set(leaf.codes))),
    )


def _expects_limit(scenario: Scenario, rule: RiskRule) -> bool:
    checks, _ = scenario.expect.get("checks", ((), ()))
    named = {name for check in checks for name in (*(check.breached or ()), *(check.warned or ()))}
    prefix = rule.per_subject or rule.name
    return any(name == rule.name or name.startswith(f"{prefix}_") for name in named)


def _codes(scenario: Scenario) -> set[str]:
    alerts, _ = scenario.expect.get("alerts", ((), ()))
    return {alert.code for alert in alerts}


def _names(scenarios: Iterable[Scenario]) -> str:
    return ", ".join(dict.fromkeys(f"`{scenario.drill}`" for scenario in scenarios)) or "none"


def _links(codes: Iterable[str]) -> str:
    return ", ".join(f"[{code}](../RUNBOOKS_AND_INCIDENT_HANDLING.md#{code.lower()})" for code in codes)


def _table(*rows: tuple[str, str]) -> str:
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in rows)])


if __name__ == "__main__":
    sys.stdout.write(controls_page(load_scenarios([Path("scenarios")])))
