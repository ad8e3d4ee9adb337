"""Orders of the past, one by one, as the limits judge those of today; the compiled loop must equal it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from live.contracts import Scope
from live.risk_limits.account import NOTHING_KNOWN, read_account
from live.risk_limits.batch import Order, read_batch
from live.risk_limits.book import Situation
from live.risk_limits.bound_rule import rules_by_scope
from live.risk_limits.equity_peak import EquityPeak
from live.risk_limits.fills import Fill
from live.risk_limits.journal import Change, Journal
from live.risk_limits.judge import Judge, Question
from live.risk_limits.ledger import Ledger
from live.risk_limits.market import Market
from live.risk_limits.pnl.daily import DailyPnl
from live.risk_limits.pnl.session_day import SessionDay
from live.risk_limits.severity import RiskCheckSeverity
from live.risk_limits.strategies import StrategyLimits

if TYPE_CHECKING:
    from datetime import datetime

    from live.orders import LiveOrderRequest
    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits import LiveRiskCheckResult, LiveRiskConfig


class Verdict(NamedTuple):
    """What was said of one order.

    Attributes:
        severity: The worst of all limits.
        limit: The first limit that is that bad; empty when all is OK.
        value: What was measured there; NaN when that could not be.
        limit_value: The limit; NaN where the order itself cannot be judged.
    """

    severity: RiskCheckSeverity
    limit: str
    value: float
    limit_value: float


class OneByOne:
    """The limits, and a book in which what is admitted has filled at once, in full, for its notional.

    Attributes:
        began: The instant of the first order.
        rules: The limits on orders that are in force.
        situation: What holds beside holdings and orders; the day's result is what the portfolio says.
        ledger: What is held.
    """

    def __init__(
        self, config: LiveRiskConfig, portfolio: LivePortfolioSnapshot | None, now: datetime
    ) -> None:
        """Begin with what was held at first."""
        rules = rules_by_scope(config.limits, config.warning_threshold_factor)
        self.config = config
        self.began = now
        self.rules = rules[Scope.ORDERS]
        self.market = Market(config.base_currency)
        self.market.describe(config.instruments, config.fx_rates)
        self.strategies = StrategyLimits(config)
        self._journal = Journal()
        self._judge = Judge(config, rules, self.strategies, self._journal, None)
        account = NOTHING_KNOWN if portfolio is None else read_account(portfolio, self.market)
        day = SessionDay(config.session_time_zone, config.session_day_starts).of(account.as_of or now)
        peak = EquityPeak(config.starting_peak_equity)
        peak.see(account)
        self.situation = Situation(
            account=account,
            pnl=DailyPnl().of(day, account),
            starting_cash=config.starting_cash,
            market=self.market,
            journal=self._journal,
            settings=config.settings,
            peak_equity=peak.value,
        )
        own = self.strategies.ledgers(account, self._journal)
        self.ledger = Ledger(account.holdings, self._journal, strategies=own)
        self._journal.take_changes()

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to complain about beside the orders."""
        return self._judge.is_quiet(self.situation)

    def check(self, request: LiveOrderRequest, now: datetime) -> Verdict:
        """Judge an order on top of those before it, and let it fill when it is admitted.

        What is held is known at every instant, so the snapshot is never stale.
        """
        batch = read_batch([request], self.ledger.holdings, self.market)
        account = self.situation.account
        if account.as_of is not None:
            account = account._replace(as_of=now)
        situation = self.situation._replace(account=account)
        result = self._judge.orders(Question(self.ledger, situation, now, batch))
        if result.allowed:
            for order in batch.orders:
                self._fill(order, now)
        return _verdict(result)

    def _fill(self, order: Order, now: datetime) -> None:
        sign = 1 if order.buys else -1
        size, value = sign * order.quantity, sign * order.notional
        fill = Fill(order.client_order_id, order.symbol, order.strategy, size, value, order.price, now)
        self._journal.passed.note([order], now)
        self._journal.passed.executed(fill)
        self.ledger = self.ledger.after([Change(order.symbol, order.strategy, fill)], self._journal)


def _verdict(result: LiveRiskCheckResult) -> Verdict:
    severity = result.severity
    if severity is RiskCheckSeverity.OK:
        return Verdict(severity, "", 0.0, 0.0)
    worst = next(one for one in result.limit_details if one.severity is severity)
    return Verdict(severity, worst.limit_name, worst.current_value, worst.limit_value)
