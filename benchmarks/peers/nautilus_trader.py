"""nautilus_trader: its RiskEngine, given the command to submit an order, with its own bus, cache, portfolio.

Looks at 12 bounds: precision and sign of the price; precision, least and greatest size of the quantity;
notional per order; least and greatest notional of the instrument; free balance for the order and for the
whole command; trading state; orders per second. A command that passes goes on to the execution endpoint, here
a stub that counts: there is no result object, and no value beside its limit. One that does not pass is denied
by an event with the first reason. Its book is sequential within one command only. It looks at no position
(save in the state REDUCING), no exposure, no loss and no resting order: the second figure is there to show
that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nautilus_trader.accounting.factory import AccountFactory
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.config import RiskEngineConfig
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import SubmitOrder
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.identifiers import AccountId, StrategyId, TraderId
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.portfolio.portfolio import Portfolio
from nautilus_trader.risk.engine import RiskEngine
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.test_kit.stubs.events import TestEventStubs

from benchmarks.peer import PeerCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nautilus_trader.model.orders import LimitOrder

LIMITS, RESTING = 12, 1_000
TRADER, STRATEGY, ACCOUNT = TraderId("BENCH-001"), StrategyId("S-001"), AccountId("SIM-001")
INSTRUMENT = TestInstrumentProvider.default_fx_ccy("AUD/USD")


class Engine:
    """A risk engine whose orders end at a stub."""

    def __init__(self, resting: int) -> None:
        self.sent = 0
        self.denied: list[str] = []
        clock, self.cache = LiveClock(), Cache()
        bus = MessageBus(TRADER, clock)
        self.factory = OrderFactory(TRADER, STRATEGY, clock)
        config = RiskEngineConfig(
            max_order_submit_rate="1000000/00:00:01", max_notional_per_order={str(INSTRUMENT.id): 1_000_000}
        )
        self.risk = RiskEngine(Portfolio(bus, self.cache, clock), bus, self.cache, clock, config)
        bus.register("ExecEngine.execute", self.count)
        bus.register("ExecEngine.process", lambda event: self.denied.append(event.reason))
        self.cache.add_instrument(INSTRUMENT)
        self.cache.add_account(account())
        for _ in range(resting):
            self.rest(self.order(2_000))
        assert self.cache.orders_open_count() == resting

    def count(self, _: object) -> None:
        """Stand for the execution engine."""
        self.sent += 1

    def order(self, quantity: int) -> LimitOrder:
        """A purchase a little below par."""
        return self.factory.limit(
            INSTRUMENT.id, OrderSide.BUY, Quantity.from_int(quantity), Price.from_str("0.70000")
        )

    def rest(self, order: LimitOrder) -> None:
        """Let an order lie at the exchange."""
        self.cache.add_order(order)
        order.apply(TestEventStubs.order_submitted(order, ACCOUNT))
        self.cache.update_order(order)
        order.apply(TestEventStubs.order_accepted(order, ACCOUNT))
        self.cache.update_order(order)

    def submit(self, quantity: int) -> SubmitOrder:
        """The command for one more order."""
        return SubmitOrder(TRADER, STRATEGY, self.order(quantity), UUID4(), 0)


def account() -> object:
    """A cash account with a million dollars."""
    return AccountFactory.create(TestEventStubs.cash_account_state(ACCOUNT))


def check(what: str, resting: int) -> PeerCheck:
    """The same command again and again: an order that passes is not changed by it."""
    engine = Engine(resting)
    command = engine.submit(2_000)

    def passed(_: object) -> bool:
        before = engine.sent
        engine.risk.execute(command)
        return engine.sent == before + 1 == engine.risk.command_count and not engine.denied

    def refused() -> bool:
        engine.risk.execute(engine.submit(2_000_000))
        denied = engine.denied.pop()
        return not engine.denied and denied.startswith("NOTIONAL_EXCEEDS_MAX_PER_ORDER")

    return PeerCheck(what, LIMITS, lambda: engine.risk.execute(command), passed, refused)


def checks(_: Path) -> Iterator[PeerCheck]:
    """Beside none and beside a thousand resting orders."""
    yield check("RiskEngine.execute", 0)
    yield check(f"the same beside {RESTING:,} resting orders", RESTING)
