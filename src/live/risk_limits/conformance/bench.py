"""Where a rule is tried: engines of its own, in which no limit but its own is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.contracts import Scope, Unit
from live.instruments import Instrument
from live.risk_limits.config import LiveRiskConfig
from live.risk_limits.conformance.books import NOON, SYMBOLS
from live.risk_limits.engine import LiveRiskLimits

if TYPE_CHECKING:
    from datetime import datetime

    from live.contracts import AlertSink, RiskRule
    from live.events import AlertEvent
    from live.risk_limits.conformance.books import Trial
    from live.risk_limits.result import LimitCheckDetail, LiveRiskCheckResult

_LIMITS = {Unit.MONEY: 300.0, Unit.QUANTITY: 3.0, Unit.COUNT: 2, Unit.RATIO: 0.5}
_INSTRUMENTS = {"AAA": Instrument("AAA", group="g", venue="v", lot=0.5, tick=0.5, outstanding=10.0)}


class Bench:
    """Asks a rule about books, each time in an engine that has seen nothing yet.

    Attributes:
        rule: The rule.
        limit: A limit in the middle of what the books come to.
    """

    def __init__(self, rule: RiskRule) -> None:
        """Take a rule, which the registry must know."""
        self.rule = rule
        self.limit: Any = list(SYMBOLS[:1]) if rule.unit is Unit.NAMES else _LIMITS.get(rule.unit, 30.0)
        self._results: dict[tuple[int, float | None, float], tuple[object, LiveRiskCheckResult]] = {}
        self._configs: dict[tuple[float | None, float], LiveRiskConfig] = {}

    def ask(
        self, trial: Trial, scope: Scope, *, limit: float | None = None, factor: float = 0.8
    ) -> LiveRiskCheckResult:
        """What a check says; it is made once for each book, limit and factor.

        Args:
            trial: The book.
            scope: Which check.
            limit: The limit; the one in the middle when not given.
            factor: At which part of it a warning begins.
        """
        about = trial if scope is Scope.ORDERS else trial.held
        asked = id(about), limit, factor
        if asked not in self._results:
            result = self._checked(trial, scope, self._config(limit, factor))
            self._results[asked] = about, result  # what is kept here lends its id to nothing else
        return self._results[asked][1]

    def ask_again(
        self, trial: Trial, scope: Scope, inbox: list[AlertEvent] | None = None
    ) -> LiveRiskCheckResult:
        """What a check made anew says, at the limit in the middle; alerts go to `inbox`."""
        return self._checked(trial, scope, self._config(None, 0.8), None if inbox is None else _Inbox(inbox))

    def details(self, trial: Trial) -> list[LimitCheckDetail]:
        """What the rule says of a book, in every check that it takes part in."""
        return [one for scope in self.rule.scopes for one in self.of_the_rule(self.ask(trial, scope))]

    def of_the_rule(self, result: LiveRiskCheckResult) -> list[LimitCheckDetail]:
        """What the rule says in a result."""
        name, prefix = self.rule.name, f"{self.rule.per_subject}_"
        return [
            one
            for one in result.limit_details
            if one.limit_name == name or (self.rule.per_subject and one.limit_name.startswith(prefix))
        ]

    def _checked(
        self, trial: Trial, scope: Scope, config: LiveRiskConfig, sink: AlertSink | None = None
    ) -> LiveRiskCheckResult:
        engine = LiveRiskLimits(config, sink, clock=_Noon())
        engine.price_updated("AAA", 100.0, bid=99.0, ask=101.0, previous_close=98.0)
        if scope is Scope.ORDERS:
            return engine.check_orders(trial.orders, portfolio=trial.held)
        return engine.evaluate_portfolio(trial.held)

    def _config(self, limit: float | None, factor: float) -> LiveRiskConfig:
        """A configuration; checking all its keys takes longer than a check of orders."""
        known = self._configs.get((limit, factor))
        if known is None:
            bound = self.limit if limit is None else limit
            known = LiveRiskConfig(**{self.rule.key: bound, "warning_threshold_factor": factor})
            object.__setattr__(
                known, "instruments", _INSTRUMENTS
            )  # read from tables they would load pydantic
            self._configs[limit, factor] = known
        return known


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
