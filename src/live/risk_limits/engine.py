"""`LiveRiskLimits`: the loop over the rules, from orders and holdings to a verdict and its alert."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import NAN, finite
from live.clock import SystemClock, instant
from live.contracts import Scope
from live.risk_limits.account import NOTHING_KNOWN, read_account
from live.risk_limits.alerts import alert_of
from live.risk_limits.batch import Batch, Unreadable, read_batch
from live.risk_limits.book import Book, Situation
from live.risk_limits.bound_rule import rules_by_scope
from live.risk_limits.config import LiveRiskConfig
from live.risk_limits.config_suspect import suspect_alert, suspects
from live.risk_limits.equity_peak import EquityPeak
from live.risk_limits.fills import Execution
from live.risk_limits.journal import Journal
from live.risk_limits.judge import Judge, Question
from live.risk_limits.ledger import Ledger
from live.risk_limits.market import Market
from live.risk_limits.metrics import portfolio_metrics
from live.risk_limits.plain import PlainOrders
from live.risk_limits.pnl.daily import DailyPnl
from live.risk_limits.pnl.registry import PnlRegistry
from live.risk_limits.pnl.session_day import SessionDay
from live.risk_limits.result import (
    LiveRiskCheckResult,
    PassedResult,
)
from live.risk_limits.room import NO_ROOM
from live.risk_limits.severity import RiskCheckSeverity
from live.risk_limits.strategies import StrategyLimits
from live.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    from live.contracts import AlertSink, Clock, OrderGate, PnlSource
    from live.orders import LiveOrderRequest
    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits.account import Account
    from live.risk_limits.plain import Proof
    from live.risk_limits.room import Ceilings, Room


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
        pnl_source: PnlSource | None = None,
    ) -> None:
        """Put the limits in force.

        Args:
            config: The limits, and how they act.
            alert_sink: Who is told about a check that is not OK; None when nobody is.
            clock: Where the time comes from; the machine's clock when not given.
            breaker: What may refuse orders whatever the limits say; None when nothing does.
            pnl_source: Where the result of a day comes from; the registry of the configuration when it is
                None and there is one, else snapshots and what `record_pnl` has been told.
        """
        self._breaker = breaker
        self._tell = Telling(alert_sink, "live.risk_limits")
        self._clock = clock or SystemClock()
        self._market = Market(config.base_currency)
        self._journal = Journal()
        self._peak = EquityPeak(config.starting_peak_equity)
        self._session = SessionDay(config.session_time_zone, config.session_day_starts)
        source = pnl_source or _registry(config, self._session, self._clock)
        self._daily_pnl = DailyPnl(source, self._session)
        self._put_in_force(config)

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
            current_date: The session day whose result counts; that of the clock when not given.
        """
        now = self._clock.now()
        standing = self._standing(portfolio, self._day(current_date, now), now)
        proof = self._proof(orders, standing, now)
        if proof is not None:
            return self._passed(proof, standing, now)
        batch = read_batch(orders, standing.ledger.holdings, self._market)
        result = self._judge.orders(Question(standing.ledger, standing.situation, now, batch))
        if result.allowed and self._remembers:
            self._journal.passed.note(batch.orders, now)
        if result.severity is not RiskCheckSeverity.OK:
            facts = {"num_orders": batch.size, "num_symbols": result.metrics["n_symbols"]}
            self._tell(alert_of(Scope.ORDERS, result, self.config, now, facts))
        return result

    def evaluate_portfolio(
        self, snapshot: LivePortfolioSnapshot, *, current_date: date | None = None
    ) -> LiveRiskCheckResult:
        """Judge what the account holds.

        Args:
            snapshot: What it holds.
            current_date: The session day whose result counts; that of the snapshot when not given.
        """
        now = self._clock.now()
        account = self._read(snapshot, now)
        as_of = account.as_of or now
        situation = self._situation(account, self._day(current_date, as_of))
        situation = situation._replace(misplaced=self._cover(account, now))
        book = Book(self._whole_ledger(account), (), situation, now)
        metrics = portfolio_metrics(self.config, account, book)
        facts = {
            "num_orders": 0,
            "num_symbols": len(book.exposures),
            "as_of": as_of,
            "total_notional": metrics["portfolio_total_notional"],
            "num_open_positions": metrics["portfolio_num_open_positions"],
        }
        result = self._judge.result(Scope.PORTFOLIO, book, {}, metrics)
        if result.severity is not RiskCheckSeverity.OK:
            self._tell(alert_of(Scope.PORTFOLIO, result, self.config, now, facts))
        return result

    def record_pnl(self, amount: float, *, at: datetime, fee: float = 0.0) -> None:
        """Add a closed result (base currency) to the session day of `at`; no number makes the day unknown.

        Args:
            amount: What was won or lost.
            at: When the trade was closed.
            fee: What it cost, taken off; a rebate is negative.
        """
        result = finite(amount) - finite(fee)
        self._daily_pnl.record(amount if fee == 0 else result, at)
        self._journal.closed(result)

    def price_updated(  # noqa: PLR0913 - a quote has these parts; all but the first two by name
        self,
        symbol: str,
        price: float,
        *,
        at: datetime | None = None,
        bid: float | None = None,
        ask: float | None = None,
        previous_close: float | None = None,
    ) -> None:
        """Take note of a price in the instrument's currency, made `at` (now when not given).

        A price that is no number makes the price unknown: orders that need it are refused until the next.
        """
        when = self._clock.now() if at is None else at
        self._market.price_updated(symbol, price, when, bid=bid, ask=ask, previous_close=previous_close)

    def fx_updated(self, currency: str, rate: float) -> None:
        """Take note of what one unit of a currency is worth in the base currency; no number is no rate.

        What rests and has filled in that currency is worth as much more or less.
        """
        factor = self._market.fx_updated(currency, rate)
        if factor != 1:
            self._journal.revalued(lambda symbol: self._market.is_in(symbol, currency), factor)

    def order_accepted(self, order: LiveOrderRequest) -> None:
        """An order rests in the market: it holds what it could come to until it fills or ends."""
        held = {} if self._last is None else self._last.ledger.holdings
        (outcome,) = read_batch([order], held, self._market).outcomes
        now = self._clock.now()
        if isinstance(outcome, Unreadable):
            self._journal.spoil(f"order_unknown({outcome.complaints[0]})", now)
        else:
            self._journal.accepted(outcome, now)

    def order_filled(
        self,
        client_order_id: str,
        quantity: float,
        price: float | None = None,
        *,
        at: datetime | None = None,
        execution_id: str = "",
    ) -> None:
        """A part of a resting order was executed; it is held until a snapshot taken later speaks for it.

        More than rested, or one id for two executions, leaves the account unknown until the next snapshot.

        Args:
            client_order_id: The order.
            quantity: How much was executed, in base units.
            price: At what price, in the instrument's currency; without one, or with one that is none, its
                share of what the order has reserved counts.
            at: When it was executed; now when not given. One that is told late, after a snapshot that holds
                it, is not counted again.
            execution_id: The venue's id of it; with one, the same execution told again changes nothing.
        """
        working = self._journal.working.get(client_order_id)
        symbol = "" if working is None else working.order.symbol
        paid = price if self._market.is_price(symbol, price) else NAN
        now, when = self._clock.now(), instant(at)
        future = when is not None and self._is_later(when, now)
        wrong = at if future or (when is None and at is not None) else None
        said = Execution(quantity, paid, None if future else when, execution_id, wrong)
        self._journal.filled(client_order_id, said, self._market.scale(symbol), now)

    def order_cancelled(self, client_order_id: str) -> None:
        """An order rests no longer: it was cancelled or has expired."""
        self._journal.ended(client_order_id)

    def order_rejected(self, client_order_id: str) -> None:
        """An order was refused by the venue: it never rested."""
        self._journal.ended(client_order_id)

    def cancel_requested(self, client_order_id: str) -> None:
        """The cancellation of a resting order was asked for; until it is gone, the order may still fill."""
        self._journal.cancel_requested(client_order_id, self._clock.now())

    def reconfigure(self, config: LiveRiskConfig, *, confirmed: bool = False) -> bool:
        """Put other limits in force; what rests, has filled and has passed stays known.

        A limit that moves ten times or more, or is switched off, is alerted as `LIMIT_CONFIG_SUSPECT`. When
        more would pass with it, nothing of the new configuration is applied unless somebody has confirmed it.
        Base currency, source of the PnL, session day and starting values are those of the start.

        Args:
            config: The limits, and how they act.
            confirmed: Whether somebody has looked at the numbers and means them.

        Returns:
            Whether the new limits are in force.
        """
        found = suspects(self.config, config)
        applied = confirmed or not any(suspect.loosened for suspect in found)
        if applied:
            self._put_in_force(config)
        if found:
            self._tell(suspect_alert(found, self._clock.now(), applied=applied))
        return applied

    def _put_in_force(self, config: LiveRiskConfig) -> None:
        rules = rules_by_scope(config.limits, config.warning_threshold_factor)
        self.config = config
        self._market.describe(config.instruments, config.fx_rates)
        self._strategies = StrategyLimits(config)
        self._plain = PlainOrders(rules[Scope.ORDERS], self._market)
        asked = (*rules[Scope.ORDERS], *self._strategies.rules(Scope.ORDERS))
        self._remembers = any(rule.rule.remembers for rule in asked)
        self._judge = Judge(config, rules, self._strategies, self._journal, self._breaker)
        self._last_read: tuple[object, int, Account] = (object(), 0, NOTHING_KNOWN)
        self._last: Standing | None = None

    def _standing(self, snapshot: LivePortfolioSnapshot | None, day: date, now: datetime) -> Standing:
        """What orders come on top of, as it was worked out before where nothing has changed."""
        last, pnl = self._last, self._daily_pnl.version
        if (
            last is not None
            and snapshot is last.snapshot
            and day == last.day
            and pnl == last.pnl
            and pnl is not None
            and self._journal.version == last.journal
            and self._market.version == last.market
        ):
            return last
        account = NOTHING_KNOWN if snapshot is None else self._read(snapshot, now)
        misplaced, ledger = self._cover(account, now), self._ledger(account, last)
        if (
            last is not None
            and account is last.account
            and (day, pnl) == (last.day, last.pnl)
            and pnl is not None
        ):
            situation, ceilings = last.situation, last.ceilings
        else:
            situation = self._situation(account, day)
            ceilings = self._plain.ceilings(situation, now)
        if misplaced != situation.misplaced:
            situation = situation._replace(misplaced=misplaced)
        is_kept = snapshot is None or account is self._last_read[2]  # others may change where they are
        self._last = Standing(
            account=account,
            ledger=ledger,
            situation=situation,
            ceilings=ceilings,
            room=ceilings.room(ledger) if self._judge.is_quiet(situation) else NO_ROOM,
            snapshot=snapshot if is_kept else object(),
            day=day,
            pnl=pnl,
            journal=self._journal.version,
            market=self._market.version,
        )
        return self._last

    def _read(self, snapshot: LivePortfolioSnapshot, now: datetime) -> Account:
        """The snapshot as it was read before, where it is the same one and nothing of it can have changed."""
        known, rates, account = self._last_read
        if snapshot is known and rates == self._market.version:
            return account
        account = read_account(snapshot, self._market)
        if not self._is_ahead(account, now):
            self._peak.see(account)
        self._last = None
        if isinstance(getattr(snapshot, "positions", None), tuple):
            self._last_read = (snapshot, self._market.version, account)
        return account

    def _is_ahead(self, account: Account, now: datetime) -> bool:
        """Whether a snapshot is of the future, by more than clocks may differ: nobody can have taken it."""
        return account.as_of is not None and self._is_later(account.as_of, now)

    def _is_later(self, at: datetime, now: datetime) -> bool:
        return (at - now).total_seconds() > finite(self.config.settings["clock_skew_s"])

    def _cover(self, account: Account, now: datetime) -> str:
        """Let a snapshot speak for what was executed before it; why it cannot, where that is so."""
        ahead = self._is_ahead(account, now)
        if not ahead:
            self._journal.covered_until(account.as_of, now)
        return self._journal.misplaced(account.as_of, ahead=ahead)

    def _ledger(self, account: Account, last: Standing | None) -> Ledger:
        """What is held and rests: as it was the last time but for what has changed, else worked out anew."""
        changes = self._journal.take_changes()
        if last is None or account is not last.account or changes is None:
            return self._whole_ledger(account)
        return last.ledger.after(changes, self._journal)

    def _whole_ledger(self, account: Account) -> Ledger:
        strategies = self._strategies.ledgers(account, self._journal)
        return Ledger(self._journal.holdings(account.holdings), self._journal, strategies=strategies)

    def _situation(self, account: Account, day: date) -> Situation:
        """What holds beside holdings and orders."""
        return Situation(
            account=account,
            pnl=self._daily_pnl.of(day, account),
            starting_cash=self.config.starting_cash,
            market=self._market,
            journal=self._journal,
            settings=self.config.settings,
            peak_equity=self._peak.value,
            losses_in_a_row=self._journal.losses_in_a_row,
        )

    def _day(self, given: date | None, otherwise: datetime) -> date:
        if given is None or isinstance(given, datetime):
            return self._session.of(given or otherwise)
        if not isinstance(given, date):
            raise TypeError(f"current_date is {given!r}; expected a datetime.date")
        return given

    def _proof(self, orders: object, standing: Standing, now: datetime) -> Proof | None:
        """Orders that are proven OK the short way; None for all others."""
        if type(orders) is not list and type(orders) is not tuple:
            return None
        if self._strategies.names and any(getattr(one, "strategy_key", None) for one in orders):
            return None
        proof = self._plain.proof(orders, standing.room, standing.ledger, standing.situation, now)
        if proof is None or self._breaker is None:
            return proof
        return None if self._judge.gated(proof.orders, exits=False) else proof

    def _passed(self, proof: Proof, standing: Standing, now: datetime) -> LiveRiskCheckResult:
        """The result of orders that are proven OK; its details are worked out when somebody reads them."""
        if self._remembers:
            self._journal.passed.note(proof.orders, now)
        return PassedResult.of(_in_full, self._judge, proof, standing, now)


class Standing(NamedTuple):
    """What orders come on top of, and what it was worked out from.

    Attributes:
        account: The snapshot as it was read.
        ledger: What is held and rests.
        situation: What holds beside it.
        ceilings: What orders must stay below.
        room: What is left of that.
        snapshot: What was handed in; the very same one is not read again.
        day: The session day.
        pnl: Version of the day's result.
        journal: Version of what became of orders.
        market: Version of rates and instruments.
    """

    account: Account
    ledger: Ledger
    situation: Situation
    ceilings: Ceilings
    room: Room
    snapshot: object
    day: date
    pnl: int | None
    journal: int
    market: int


def _in_full(judge: Judge, proof: Proof, standing: Standing, now: datetime) -> LiveRiskCheckResult:
    batch = Batch(len(proof.orders), proof.orders, ())
    return judge.orders(Question(standing.ledger, standing.situation, now, batch, proof))


def _registry(config: LiveRiskConfig, session: SessionDay, clock: Clock) -> PnlRegistry | None:
    path = config.daily_pnl_registry
    if path is None or not config.use_experiments_for_daily_pnl:
        return None
    return PnlRegistry(path, session=session, clock=clock, poll_s=config.daily_pnl_registry_poll_s)
