"""What every risk rule must keep, ours or a user's: it is tried on made-up books, and on hostile ones.

A rule of a plugin is tried when `drills` loads it. The books come from a seed of their own, so that the same
rule gives the same findings in every run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from live.contracts import Scope, Sense, Unit
from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits import LiveRiskConfig, LiveRiskLimits, RiskCheckSeverity
from live.risk_limits.wording import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from live.contracts import RiskRule
    from live.events import AlertEvent
    from live.risk_limits import LimitCheckDetail, LiveRiskCheckResult

BOOKS = 12
NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)
SYMBOLS = ("AAA", "BBB", "CCC")
HOSTILE: tuple[Any, ...] = (math.nan, math.inf, -math.inf, -1.0, "1.000,00", None, True, 10**400)
BREACH, OK = RiskCheckSeverity.BREACH, RiskCheckSeverity.OK


@dataclass(frozen=True, slots=True)
class Violation:
    """A property that a rule does not keep.

    Attributes:
        rule: Name of the rule.
        law: Which property: `never_raises`, `deterministic`, `tighter_admits_no_more`, …
        text: What was expected and what was got, with the numbers.
    """

    rule: str
    law: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule} breaks {self.law}: {self.text}"


class Trial(NamedTuple):
    """A book to try a rule on: what is held, and what is asked for on top."""

    held: LivePortfolioSnapshot
    orders: list[LiveOrderRequest]


def violations(rule: RiskRule) -> list[Violation]:
    """Every property that a registered rule does not keep, with the first book that shows it."""
    found = []
    for law in LAWS:
        text = next((text for trial in _trials() for text in law(rule, trial)), None)
        if text is not None:
            found.append(Violation(rule.name, law.__name__, text))
    return found


def never_raises(rule: RiskRule, trial: Trial) -> Iterator[str]:
    """Whatever an order or a holding holds: what cannot be judged is a value that is not known."""
    for held, orders in (trial, *_spoilt(trial)):
        for detail in _details(rule, held, orders):
            if "the rule failed with" in detail.message:
                yield f"{detail.message}; yield Observation(nan, unknown=…) for what cannot be measured"


def deterministic(rule: RiskRule, trial: Trial) -> Iterator[str]:
    """The same book gives the same values, in the same order."""
    once, again = (_told(_details(rule, *trial)) for _ in range(2))
    if once != again:
        yield f"got {once}, then {again} for the same book"


def nan_is_never_ok(rule: RiskRule, trial: Trial) -> Iterator[str]:
    """A value that is not known is a breach."""
    for held, orders in (trial, *_spoilt(trial)):
        for detail in _details(rule, held, orders):
            if math.isnan(detail.current_value) and detail.severity is OK:
                yield f"a value that is not known is {detail.severity.name}"


def tighter_admits_no_more(rule: RiskRule, trial: Trial) -> Iterator[str]:
    """Half of a maximum, or twice a minimum, never lets through what the whole refuses."""
    if rule.unit is Unit.NAMES:
        return
    wide, factor = _limit(rule), 2.0 if rule.sense is Sense.MINIMUM else 0.5
    tight = int(wide * factor) if rule.unit is Unit.COUNT else wide * factor
    for scope in rule.scopes:
        before, after = (_severity(rule, trial, scope, limit) for limit in (wide, tight))
        if after < before:
            yield f"{scope}: limit {wide:g} gives {before.name}, limit {tight:g} gives {after.name}"


def one_more_order_admits_no_more(rule: RiskRule, trial: Trial) -> Iterator[str]:
    """No order buys room for another one."""
    if Scope.ORDERS in rule.scopes:
        more = replace(trial.orders[0], client_order_id="one-more")
        shorter = _severity(rule, trial, Scope.ORDERS, _limit(rule))
        longer = _severity(rule, Trial(trial.held, [*trial.orders, more]), Scope.ORDERS, _limit(rule))
        if longer < shorter:
            yield f"{len(trial.orders)} orders give {shorter.name}, one more gives {longer.name}"


def the_formula_is_the_value(rule: RiskRule, trial: Trial) -> Iterator[str]:
    """What is proven by its `formula` is what its values say."""
    asked = trial.orders[:1]
    if rule.formula is not None and Scope.ORDERS in rule.scopes:
        result = _limits(rule, _limit(rule)).check_orders(asked, portfolio=trial.held)
        worst = max((one.severity for one in result.limit_details), default=OK)
        if result.severity is OK and worst is not OK:
            yield f"proven OK, but measured {worst.name}"


def alerts_when_not_ok(rule: RiskRule, trial: Trial) -> Iterator[str]:
    """One alert unless all is OK, and both numbers in it."""
    for scope in rule.scopes:
        inbox: list[AlertEvent] = []
        result = _ask(_limits(rule, _limit(rule), inbox), trial, scope)
        if len(inbox) != (result.severity is not OK):
            yield f"{scope}: {result.severity.name} gives {len(inbox)} alerts"
        for detail in result.limit_details:
            numbers = written(rule.unit, detail.current_value, detail.limit_value)
            if detail.severity is BREACH and not any(
                map(math.isnan, (detail.current_value, detail.limit_value))
            ):
                missing = [number for number in numbers if number not in detail.message]
                if missing:
                    yield f"{scope}: {', '.join(missing)} is not in {detail.message!r}"


LAWS: tuple[Callable[[RiskRule, Trial], Iterator[str]], ...] = (
    never_raises,
    deterministic,
    nan_is_never_ok,
    tighter_admits_no_more,
    one_more_order_admits_no_more,
    the_formula_is_the_value,
    alerts_when_not_ok,
)
"""All of them; a rule that keeps them cannot weaken what stands around it."""


class _Noon:
    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return 0.0


class _Inbox:
    def __init__(self, events: list[AlertEvent]) -> None:
        self._events = events

    def send(self, event: AlertEvent) -> None:
        self._events.append(event)


def _limit(rule: RiskRule) -> Any:
    """A limit in the middle of what the books come to."""
    if rule.unit is Unit.NAMES:
        return list(SYMBOLS[:1])
    return {Unit.MONEY: 300.0, Unit.QUANTITY: 3.0, Unit.COUNT: 2, Unit.RATIO: 0.5}.get(rule.unit, 30.0)


def _limits(rule: RiskRule, limit: Any, inbox: list[AlertEvent] | None = None) -> LiveRiskLimits:
    instruments = {"AAA": {"group": "g", "venue": "v", "lot": 0.5, "tick": 0.5, "outstanding": 10.0}}
    config = LiveRiskConfig(**{rule.key: limit, "instruments": instruments})
    engine = LiveRiskLimits(config, None if inbox is None else _Inbox(inbox), clock=_Noon())
    engine.price_updated("AAA", 100.0, bid=99.0, ask=101.0, previous_close=98.0)
    return engine


def _ask(engine: LiveRiskLimits, trial: Trial, scope: Scope) -> LiveRiskCheckResult:
    if scope is Scope.ORDERS:
        return engine.check_orders(trial.orders, portfolio=trial.held)
    return engine.evaluate_portfolio(trial.held)


def _severity(rule: RiskRule, trial: Trial, scope: Scope, limit: Any) -> RiskCheckSeverity:
    return _ask(_limits(rule, limit), trial, scope).severity


def _details(
    rule: RiskRule, held: LivePortfolioSnapshot, orders: list[LiveOrderRequest]
) -> list[LimitCheckDetail]:
    """What the rule says of a book, in every check that it takes part in."""
    results = [_ask(_limits(rule, _limit(rule)), Trial(held, orders), scope) for scope in rule.scopes]
    prefixes = (rule.name, f"{rule.per_subject}_" if rule.per_subject else rule.name)
    return [
        detail
        for result in results
        for detail in result.limit_details
        if detail.limit_name.startswith(prefixes)
    ]


def _told(details: list[LimitCheckDetail]) -> list[str]:
    return [f"{detail.limit_name} {detail.current_value!r} {detail.subject}" for detail in details]


def _trials() -> Iterator[Trial]:
    for number in range(BOOKS):
        chance = Random(f"conformance:{number}")  # noqa: S311 - books are reproducible, not secret
        held = [_position(chance, symbol) for symbol in chance.sample(SYMBOLS, chance.randint(0, 3))]
        equity = chance.choice([None, 1000.0, -5.0])
        snapshot = LivePortfolioSnapshot(NOON, tuple(held), equity=equity, cash=chance.choice([None, 500.0]))
        yield Trial(snapshot, [_order(chance, place) for place in range(chance.randint(1, 3))])


def _position(chance: Random, symbol: str) -> LivePositionSnapshot:
    size = chance.choice([-1, 1]) * chance.randint(1, 8) / 2
    return LivePositionSnapshot(symbol, size=size, mark_price=100.0, entry_price=chance.uniform(50, 150))


def _order(chance: Random, place: int) -> LiveOrderRequest:
    return LiveOrderRequest(
        f"order-{place}",
        chance.choice(SYMBOLS),
        chance.choice(["BUY", "SELL"]),
        quantity=chance.randint(1, 8) / 2,
        strategy_key=chance.choice([None, "trend"]),
        extra={"current_price": chance.choice([90.0, 100.0, 130.0])},
    )


def _spoilt(trial: Trial) -> Iterator[Trial]:
    """The same book with one value that is none, and without anything that is held."""
    yield Trial(replace(trial.held, positions=(), equity=None, cash=None), trial.orders)
    for value in HOSTILE:
        yield Trial(replace(trial.held, equity=value, cash=value), trial.orders)
        yield Trial(trial.held, [replace(trial.orders[0], quantity=value, extra={}), *trial.orders[1:]])
