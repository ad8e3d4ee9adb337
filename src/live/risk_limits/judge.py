"""From a book to a verdict: the loop over the rules. It changes nothing and tells nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import NAN
from live.contracts import Scope, Sense
from live.risk_limits.batch import Batch, Unreadable, unpriced
from live.risk_limits.book import Book
from live.risk_limits.gate import refusals
from live.risk_limits.metrics import order_metrics
from live.risk_limits.result import LimitCheckDetail, LiveRiskCheckResult, OrderVerdict, rank
from live.risk_limits.severity import RiskCheckSeverity, aggregate_severities
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from live.contracts import OrderGate
    from live.risk_limits.batch import Order
    from live.risk_limits.book import Situation
    from live.risk_limits.bound_rule import BoundRule
    from live.risk_limits.config import LiveRiskConfig
    from live.risk_limits.journal import Journal
    from live.risk_limits.ledger import Ledger
    from live.risk_limits.plain import Proof
    from live.risk_limits.strategies import StrategyLimits

NO_ORDERS = Batch(0, (), ())


class Question(NamedTuple):
    """What is asked: may this go out, on top of that?

    Attributes:
        ledger: What is held and rests.
        situation: What holds beside it.
        now: The instant of the check, UTC.
        batch: The orders; none for a portfolio.
        proof: What is proven already and is not asked for again.
    """

    ledger: Ledger
    situation: Situation
    now: datetime
    batch: Batch = NO_ORDERS
    proof: Proof | None = None

    def book(self) -> Book:
        """Everything together."""
        return Book(self.ledger, self.batch.orders, self.situation, self.now)


class Judge:
    """Holds books against the limits in force."""

    def __init__(
        self,
        config: LiveRiskConfig,
        rules: Mapping[Scope, tuple[BoundRule, ...]],
        strategies: StrategyLimits,
        journal: Journal,
        gate: OrderGate | None,
    ) -> None:
        """Know the limits of the account and of strategies, and what may refuse orders besides."""
        self._config = config
        self._absolute = {
            scope: [rule for rule in known if rule.rule.absolute] for scope, known in rules.items()
        }
        self._rules = rules if config.enabled else self._absolute
        self._strategies = strategies
        self._journal = journal
        self._gate = gate

    def orders(self, question: Question) -> LiveRiskCheckResult:
        """The batch as a whole, and each of its orders by itself."""
        batch, book = question.batch, question.book()
        metrics = order_metrics(self._config, batch, book)
        if not batch.size and not batch.complaints:
            return LiveRiskCheckResult(allowed=True, metrics=metrics)
        wrong = {"order_input": batch.complaints}
        result = self.result(Scope.ORDERS, book, wrong, metrics, question.proof)
        if self._judges_nothing(Scope.ORDERS):
            return result
        return replace(result, orders=self._verdicts(question, result))

    def result(
        self,
        scope: Scope,
        book: Book,
        complaints: Mapping[str, Sequence[str]],
        metrics: Mapping[str, Any],
        proof: Proof | None = None,
    ) -> LiveRiskCheckResult:
        """A book as a whole; `complaints` are what is wrong with the orders, by the name of their detail."""
        if self._judges_nothing(scope):
            return LiveRiskCheckResult(allowed=True, metrics=metrics)
        more = self._complaints(scope, book) if proof is None else {}
        details, reasons = self._judged(scope, book, {**complaints, **more}, proof)
        severity = aggregate_severities(detail.severity for detail in details)
        allowed = severity is not RiskCheckSeverity.BREACH
        return LiveRiskCheckResult(allowed, reasons, metrics, severity, details)

    def _judges_nothing(self, scope: Scope) -> bool:
        """Whether limits are off, and neither a ceiling nor a gate holds all the same."""
        return not self._config.enabled and not self._absolute[scope] and self._gate is None

    def is_quiet(self, situation: Situation) -> bool:
        """Whether limits are on, and there is nothing to complain about beside the orders."""
        account = situation.account
        lost = situation.misplaced or self._journal.unknown
        wrong = account.position_complaints or account.snapshot_complaints or lost
        return self._config.enabled and not wrong and not situation.pnl.unknown

    def gated(self, orders: Iterable[Order], *, exits: bool) -> tuple[str, ...]:
        """Why the gate lets orders through no more; nothing when it does."""
        if self._gate is None:
            return ()
        asking = dict.fromkeys(order.strategy or None for order in orders)
        return refusals(self._gate, asking, only_reduces=exits)

    def _complaints(self, scope: Scope, book: Book) -> dict[str, Sequence[str]]:
        """What cannot be judged, beside the orders; an exit needs neither a result nor a sound journal."""
        account, exits = book.account, scope is Scope.ORDERS and book.only_reduces
        blind = [unpriced(one) for one in book.orders if one.unpriced and not book.reduces(one.symbol)]
        if not self._config.enabled:
            return {"order_price": blind, "breaker": self.gated(book.orders, exits=exits)}
        lost = book.situation.misplaced or ("" if exits else self._journal.unknown)
        return {
            "order_price": blind,
            "breaker": self.gated(book.orders, exits=exits),
            "snapshot_input": account.snapshot_complaints,
            "position_input": account.position_complaints,
            "order_events": [lost] if lost else (),
            "daily_pnl": () if exits else self._unheard_pnl(scope, book),
        }

    def _unheard_pnl(self, scope: Scope, book: Book) -> Sequence[str]:
        """A day's result that is not known, where no loss limit is in force that would say so."""
        told = any(rule.rule.sense is Sense.LOSS for rule in self._rules[scope])
        if told or not book.pnl.unknown:
            return ()
        return [f"daily_pnl_unknown(reason={shown(book.pnl.unknown)})"]

    def _judged(
        self, scope: Scope, book: Book, complaints: Mapping[str, Sequence[str]], proof: Proof | None
    ) -> tuple[list[LimitCheckDetail], list[str]]:
        """A detail for every limit, and a reason for every breach."""
        details = [_input_detail(name, lines) for name, lines in complaints.items() if lines]
        reasons = [line for lines in complaints.values() for line in lines]
        for rule in self._rules[scope]:
            known = None if proof is None else proof.measured.get(rule.rule.name)
            judged = rule.judge(book) if known is None else known
            reasons += _breaches(judged)
            details += judged if rule.told_per_subject or not judged else [max(judged, key=rank)]
        for judged in self._strategies.judge(scope, book) if self._config.enabled else ():
            reasons += _breaches(judged)
            details += [max(judged, key=rank)] if judged else []
        return details, reasons

    def _verdicts(self, question: Question, whole: LiveRiskCheckResult) -> list[OrderVerdict]:
        """Each order by itself, on top of those before it that are admitted."""
        batch = question.batch
        if len(batch.outcomes) == 1 == len(batch.orders):
            return [_verdict(batch.orders[0], whole)]
        verdicts, admitted = self._walk(question, together=False)
        if whole.allowed or not admitted[1:] or self._one_batch(question, admitted).allowed:
            return verdicts
        # a rule that looks at the orders under check alone saw one at a time
        return self._walk(question, together=True)[0]

    def _walk(self, question: Question, *, together: bool) -> tuple[list[OrderVerdict], list[Order]]:
        """The verdicts, and what they admit; `together` holds also what is admitted so far as one batch."""
        verdicts: list[OrderVerdict] = []
        admitted: list[Order] = []
        taken = question.ledger.fork()
        for outcome in question.batch.outcomes:
            if isinstance(outcome, Unreadable):
                verdicts.append(_unreadable(outcome))
                continue
            book = Book(taken, (outcome,), question.situation, question.now)
            result = self.result(Scope.ORDERS, book, {}, {}, question.proof)
            if together and result.allowed:
                as_one = self._one_batch(question, [*admitted, outcome])
                result = result if as_one.allowed else as_one
            verdicts.append(_verdict(outcome, result))
            if result.allowed:
                taken.reserve(outcome)
                admitted.append(outcome)
        return verdicts, admitted

    def _one_batch(self, question: Question, orders: Sequence[Order]) -> LiveRiskCheckResult:
        """So many of the orders as if nothing else were asked for."""
        book = Book(question.ledger, tuple(orders), question.situation, question.now)
        return self.result(Scope.ORDERS, book, {}, {}, question.proof)


def _verdict(order: Order, result: LiveRiskCheckResult) -> OrderVerdict:
    name = order.client_order_id
    return OrderVerdict(name, result.allowed, result.reasons, result.severity, result.limit_details)


def _breaches(details: Iterable[LimitCheckDetail]) -> list[str]:
    return [detail.message for detail in details if detail.severity is RiskCheckSeverity.BREACH]


def _unreadable(outcome: Unreadable) -> OrderVerdict:
    detail = _input_detail("order_input", outcome.complaints)
    breach = RiskCheckSeverity.BREACH
    return OrderVerdict(outcome.client_order_id, False, outcome.complaints, breach, [detail])  # noqa: FBT003 - the fields in their order


def _input_detail(name: str, complaints: Sequence[str]) -> LimitCheckDetail:
    more = f" and {len(complaints) - 1} more" if len(complaints) > 1 else ""
    return LimitCheckDetail(name, NAN, NAN, None, RiskCheckSeverity.BREACH, f"{complaints[0]}{more}")
