"""Limits of single strategies, `[live_risk.strategies.NAME]`: judged on what each holds and asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from live.contracts import Scope
from live.orders import strategy_name
from live.risk_limits.book import Book
from live.risk_limits.bound_rule import rules_in_force
from live.risk_limits.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.risk_limits.account import Account
    from live.risk_limits.bound_rule import BoundRule
    from live.risk_limits.config import LiveRiskConfig
    from live.risk_limits.journal import Journal
    from live.risk_limits.result import LimitCheckDetail


class StrategyLimits:
    """The strategies that have limits of their own.

    A limit is told as `max_order_notional[NAME]`. What a strategy holds are the holdings, fills and resting
    orders that name it, in whatever spelling.

    Attributes:
        names: Names in the configuration, by what `strategy_name` makes of them.
    """

    def __init__(self, config: LiveRiskConfig) -> None:
        """Put their limits in force."""
        factor = config.warning_threshold_factor
        self.names = {strategy_name(name): name for name in config.strategies}
        self._rules = {
            (strategy_name(name), scope): rules_in_force(limits, factor, scope)
            for name, limits in config.strategies.items()
            for scope in Scope
        }

    def rules(self, scope: Scope) -> list[BoundRule]:
        """Every limit of every strategy that takes part in a check."""
        return [rule for name in self.names for rule in self._rules[name, scope]]

    def ledgers(self, account: Account, journal: Journal) -> dict[str, Ledger]:
        """What each of them holds and has resting."""
        return {
            name: Ledger(journal.holdings(account.by_strategy.get(name, {}), name), journal, strategy=name)
            for name in self.names
        }

    def judge(self, scope: Scope, book: Book) -> Iterator[list[LimitCheckDetail]]:
        """The details of every limit of every strategy that the check is about."""
        for name, ledger in book.ledger.strategies.items():
            orders = tuple(order for order in book.orders if order.strategy == name)
            if orders or scope is Scope.PORTFOLIO:
                own = Book(ledger, orders, book.situation, book.now)
                for rule in self._rules[name, scope]:
                    yield [_named(detail, self.names[name]) for detail in rule.judge(own)]


def _named(detail: LimitCheckDetail, strategy: str) -> LimitCheckDetail:
    message = f"strategy_limit(strategy={strategy!r}, {detail.message})"
    return replace(detail, limit_name=f"{detail.limit_name}[{strategy}]", message=message)
