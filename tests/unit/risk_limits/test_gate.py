"""A gate that refuses orders whatever their size, asked once for every strategy of the batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from live.risk_limits import LiveRiskConfig, LiveRiskLimits, RiskCheckSeverity
from tests.unit.risk_limits.support import Inbox, StandingClock, detail, order, portfolio, position


@dataclass
class Gate:
    """Refuses the strategies that it is told to, and remembers what it was asked."""

    closed: dict[str | None, str] = field(default_factory=dict)
    asked: list[tuple[str | None, bool]] = field(default_factory=list)

    def refusal(self, strategy: str | None, only_reduces: bool) -> str | None:  # noqa: FBT001 - the contract of the gate
        """What was said of that strategy."""
        self.asked.append((strategy, only_reduces))
        return self.closed.get(strategy)


def behind(gate: Any, sink: Inbox | None = None) -> LiveRiskLimits:
    """Limits of which none is in force, behind a gate."""
    return LiveRiskLimits(LiveRiskConfig(), sink, clock=StandingClock(), breaker=gate)


def test_an_open_gate_changes_nothing() -> None:
    """No detail, no reason."""
    result = behind(Gate()).check_orders([order(notional=1.0)])
    assert result.allowed
    assert result.limit_details == []


def test_a_closed_gate_refuses_the_batch_and_alerts() -> None:
    """Its line is the reason, the detail and the message."""
    inbox = Inbox()
    result = behind(Gate({"trend": "closed(by='test')"}), inbox).check_orders(
        [order(notional=1.0, strategy_key="carry"), order(notional=1.0, strategy_key="trend")]
    )
    assert not result.allowed
    assert result.reasons == ["closed(by='test')"]
    assert detail(result, "breaker").severity is RiskCheckSeverity.BREACH
    assert [event.message for event in inbox.events] == ["Live risk limit violation: closed(by='test')"]


def test_each_strategy_is_asked_once_with_what_the_batch_does() -> None:
    """A strategy that is no name is asked for as nobody's."""
    gate = Gate()
    batch = [order("SELL", quantity=1.0, strategy_key=key) for key in ("a", "b", "a", None, " ", 5)]
    held = portfolio(position(size=10.0, mark_price=100.0))
    behind(gate).check_orders(batch, portfolio=held)
    assert gate.asked[:3] == [("a", True), ("b", True), (None, True)]


@pytest.mark.parametrize("gate", [5, Gate.refusal])
def test_a_gate_that_fails_is_closed(gate: Any) -> None:
    """Whatever it raises reaches nobody."""
    result = behind(gate).check_orders([order(notional=1.0)])
    assert result.reasons == ["breaker_failed(error='AttributeError')"]


def test_an_empty_batch_is_not_refused() -> None:
    """There is nothing to refuse."""
    assert behind(Gate({None: "closed()"})).check_orders([]).allowed


def test_a_closed_gate_holds_although_the_limits_are_switched_off() -> None:
    """Switching limits off is no way to let trading in again."""
    gate = Gate({"trend": "closed()"})
    engine = behind(gate)
    assert engine.reconfigure(LiveRiskConfig(enabled=False))
    result = engine.check_orders([order(notional=1.0, strategy_key="trend")])
    assert result.reasons == ["closed()"]
    assert [verdict.allowed for verdict in result.orders] == [False]
    assert engine.check_orders([order(notional=1.0, strategy_key="carry")]).allowed
    held = portfolio(position(size=1.0, mark_price=100.0))
    leaving = order("SELL", quantity=1.0, price=100.0, strategy_key="trend")
    engine.check_orders([leaving], portfolio=held)
    assert gate.asked[-1] == ("trend", True)
