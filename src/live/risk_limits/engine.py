"""`LiveRiskLimits`: the loop over the rules, from orders and holdings to a verdict and its alert."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from live.amounts import NAN
from live.clock import SystemClock, as_utc
from live.contracts import Scope, Sense
from live.registry import RULES
from live.risk_limits.account import NOTHING_KNOWN, read_account
from live.risk_limits.alerts import alert_of
from live.risk_limits.batch import read_batch
from live.risk_limits.book import Book
from live.risk_limits.bound_rule import BoundRule
from live.risk_limits.config import LiveRiskConfig
from live.risk_limits.daily_pnl import DailyPnl
from live.risk_limits.gate import refusals
from live.risk_limits.limits import warning_threshold
from live.risk_limits.metrics import order_metrics, portfolio_metrics
from live.risk_limits.result import LimitCheckDetail, LiveRiskCheckResult, rank
from live.risk_limits.severity import RiskCheckSeverity, aggregate_severities
from live.risk_limits.wording import shown
from live.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from os import PathLike

    from live.contracts import AlertSink, Clock, OrderGate
    from live.orders import LiveOrderRequest
    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits.account import Account
    from live.risk_limits.batch import Order


class LiveRiskLimits:
    """Judges orders before they go out, and what the account holds.

    A check never raises for what an order or a position holds: what cannot be judged is a breach.
    """

    def __init__(
        self,
        config: LiveRiskConfig,
        alert_sink: AlertSink | None = None,
        *,
        clock: Clock | None = None,
        breaker: OrderGate | None = None,
    ) -> None:
        """Put the limits in force.

        Args:
            config: The limits, and how they act.
            alert_sink: Who is told about a check that is not OK; None when nobody is.
            clock: Where the time comes from; the machine's clock when not given.
            breaker: What may refuse orders whatever the limits say; None when nothing does.
        """
        self.config = config
        self._breaker = breaker
        self._tell = Telling(alert_sink, "live.risk_limits")
        self._clock = clock or SystemClock()
        self._rules = {scope: _rules_in_force(config, scope) for scope in Scope}
        self._daily_pnl = DailyPnl(
            config.daily_pnl_registry if config.use_experiments_for_daily_pnl else None
        )

    @classmethod
    def from_config(
        cls,
        source: Mapping[str, Any] | PathLike[str] | str,
        starting_cash: float | None = None,
        alert_sink: AlertSink | None = None,
        *,
        clock: Clock | None = None,
    ) -> LiveRiskLimits:
        """Put in force what a mapping or a TOML file describes.

        Args:
            source: Flat keys, or tables of which one is `live_risk`; a path is a TOML file with that table.
            starting_cash: What a daily loss in percent refers to; goes before what the source says.
            alert_sink: Who is told about a check that is not OK.
            clock: Where the time comes from.

        Raises:
            ConfigError: the source cannot be read, or holds unknown keys or unusable values; all at once.
        """
        over = {} if starting_cash is None else {"starting_cash": starting_cash}
        return cls(LiveRiskConfig.load(source, over), alert_sink, clock=clock)

    def check_orders(
        self,
        orders: Iterable[LiveOrderRequest],
        *,
        portfolio: LivePortfolioSnapshot | None = None,
        current_date: date | None = None,
    ) -> LiveRiskCheckResult:
        """Judge a batch of orders, all of them together, on top of what the account holds.

        Args:
            orders: What is asked for. Without any order there is nothing to refuse.
            portfolio: What the account holds, where that is known.
            current_date: The UTC day whose result counts; that of the clock when not given.
        """
        account = NOTHING_KNOWN if portfolio is None else read_account(portfolio)
        batch = read_batch(orders, account.holdings)
        book = self._book(account, batch.orders, _day(current_date, self._clock.now()))
        metrics = order_metrics(self.config, batch, book)
        if not batch.size and not batch.complaints:
            return LiveRiskCheckResult(allowed=True, metrics=metrics)
        unheard = () if book.only_reduces else self._unheard_pnl(Scope.ORDERS, book)
        gated = refusals(self._breaker, batch.strategies, only_reduces=book.only_reduces)
        complaints = {
            "breaker": gated,
            "order_input": batch.complaints,
            **_account_complaints(account),
            "daily_pnl": unheard,
        }
        facts = {"num_orders": batch.size, "num_symbols": metrics["n_symbols"]}
        return self._check(Scope.ORDERS, book, complaints, metrics, facts)

    def evaluate_portfolio(
        self, snapshot: LivePortfolioSnapshot, *, current_date: date | None = None
    ) -> LiveRiskCheckResult:
        """Judge what the account holds.

        Args:
            snapshot: What it holds.
            current_date: The UTC day whose result counts; that of the snapshot when not given.
        """
        account = read_account(snapshot)
        as_of = account.as_of or self._clock.now()
        book = self._book(account, (), _day(current_date, as_of))
        metrics = portfolio_metrics(self.config, account, book)
        facts = {
            "num_orders": 0,
            "num_symbols": len(book.exposures),
            "as_of": as_of,
            "total_notional": metrics["portfolio_total_notional"],
            "num_open_positions": metrics["portfolio_num_open_positions"],
        }
        complaints = {**_account_complaints(account), "daily_pnl": self._unheard_pnl(Scope.PORTFOLIO, book)}
        return self._check(Scope.PORTFOLIO, book, complaints, metrics, facts)

    def record_pnl(self, amount: float, *, at: datetime) -> None:
        """Add a closed result (base currency) to the UTC day of `at`; no number makes the day unknown."""
        self._daily_pnl.record(amount, at)

    def _unheard_pnl(self, scope: Scope, book: Book) -> Sequence[str]:
        """A day's result that is not known, where no loss limit is in force that would say so."""
        told = any(rule.rule.sense is Sense.LOSS for rule in self._rules[scope])
        return (
            () if told or not book.pnl.unknown else [f"daily_pnl_unknown(reason={shown(book.pnl.unknown)})"]
        )

    def _book(self, account: Account, orders: tuple[Order, ...], day: date) -> Book:
        pnl = self._daily_pnl.of(day, account)
        base = self.config.starting_cash
        if base is None and account.equity is not None:
            base = account.equity - pnl.amount
        return Book(account.holdings, orders, pnl, base)

    def _check(
        self,
        scope: Scope,
        book: Book,
        complaints: Mapping[str, Sequence[str]],
        metrics: Mapping[str, Any],
        facts: Mapping[str, Any],
    ) -> LiveRiskCheckResult:
        if not self.config.enabled:
            return LiveRiskCheckResult(allowed=True, metrics=metrics)
        details = [_input_detail(name, lines) for name, lines in complaints.items() if lines]
        reasons = [line for lines in complaints.values() for line in lines]
        for rule in self._rules[scope]:
            judged = rule.judge(book)
            reasons += [detail.message for detail in judged if detail.severity is RiskCheckSeverity.BREACH]
            details += judged if rule.told_per_subject or not judged else [max(judged, key=rank)]
        severity = aggregate_severities(detail.severity for detail in details)
        allowed = severity is not RiskCheckSeverity.BREACH
        result = LiveRiskCheckResult(allowed, reasons, metrics, severity, details)
        if severity is not RiskCheckSeverity.OK:
            self._tell(alert_of(scope, result, self.config, self._clock.now(), facts))
        return result


def _rules_in_force(config: LiveRiskConfig, scope: Scope) -> tuple[BoundRule, ...]:
    factor = config.warning_threshold_factor
    limits = [(rule, config.limits.get(rule.key)) for rule in RULES.values() if scope in rule.scopes]
    return tuple(
        BoundRule(rule, limit, warning_threshold(rule.sense, limit, factor), scope)
        for rule, limit in limits
        if limit is not None
    )


def _day(given: date | None, otherwise: datetime) -> date:
    if isinstance(given, datetime) or given is None:
        return as_utc(given or otherwise).date()
    if not isinstance(given, date):
        raise TypeError(f"current_date is {given!r}; expected a datetime.date")
    return given


def _account_complaints(account: Account) -> dict[str, tuple[str, ...]]:
    return {"snapshot_input": account.snapshot_complaints, "position_input": account.position_complaints}


def _input_detail(name: str, complaints: Sequence[str]) -> LimitCheckDetail:
    more = f" and {len(complaints) - 1} more" if len(complaints) > 1 else ""
    return LimitCheckDetail(name, NAN, NAN, None, RiskCheckSeverity.BREACH, f"{complaints[0]}{more}")
