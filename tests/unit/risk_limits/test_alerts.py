"""One alert for every check that is not OK, with everything that a person and a machine need."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from inline_snapshot import snapshot

from live.events import AlertLevel
from live.risk_limits import LiveRiskLimits
from tests.unit.risk_limits.support import NAN, NOW, Inbox, limits, order, portfolio, position

if TYPE_CHECKING:
    from live.events import AlertEvent

HELD = position(size=0.02, mark_price=30000)


def alert(inbox: Inbox) -> AlertEvent:
    """The one alert that came in."""
    (event,) = inbox.events
    return event


def test_a_check_that_is_ok_alerts_nobody() -> None:
    """Neither orders nor portfolio."""
    inbox = Inbox()
    engine = limits(inbox, max_order_notional=500, max_total_exposure_notional=5000)
    engine.check_orders([order(notional=100)], portfolio=portfolio(HELD))
    engine.check_orders([])
    engine.evaluate_portfolio(portfolio(HELD))
    assert inbox.events == []


@pytest.mark.parametrize(
    ("notional", "blocks", "code", "level"),
    [
        (450, True, "RISK_LIMIT_WARNING_ORDERS", AlertLevel.WARNING),
        (450, False, "RISK_LIMIT_WARNING_ORDERS", AlertLevel.WARNING),
        (500, True, "RISK_LIMIT_VIOLATION_ORDERS", AlertLevel.CRITICAL),
        (500, False, "RISK_LIMIT_VIOLATION_ORDERS", AlertLevel.WARNING),
    ],
)
def test_code_and_level_of_an_order_alert(
    notional: float, code: str, level: AlertLevel, *, blocks: bool
) -> None:
    """A breach pages only where it blocks."""
    inbox = Inbox()
    limits(inbox, max_order_notional=500, block_on_violation=blocks).check_orders([order(notional=notional)])
    assert (alert(inbox).code, alert(inbox).level, alert(inbox).source) == (code, level, "live_risk.orders")


@pytest.mark.parametrize(
    ("limit", "code", "level"),
    [
        (700, "RISK_LIMIT_WARNING_PORTFOLIO", AlertLevel.WARNING),
        (600, "RISK_LIMIT_VIOLATION_PORTFOLIO", AlertLevel.CRITICAL),
    ],
)
def test_code_and_level_of_a_portfolio_alert(limit: float, code: str, level: AlertLevel) -> None:
    """600.00 are held."""
    inbox = Inbox()
    limits(inbox, max_total_exposure_notional=limit).evaluate_portfolio(portfolio(HELD))
    assert (alert(inbox).code, alert(inbox).level, alert(inbox).source) == (
        code,
        level,
        "live_risk.portfolio",
    )


def test_an_order_alert_in_full() -> None:
    """Time, message and context."""
    inbox = Inbox()
    engine = limits(inbox, max_order_notional=500, max_total_exposure_notional=2200, max_open_positions=9)
    engine.check_orders([order(notional=2000, client_order_id="a"), order(symbol="ETH/EUR", notional=10)])
    assert alert(inbox).ts == NOW
    assert alert(inbox).message == snapshot(
        "Live risk limit violation: max_order_notional 2000.00 EUR, limit 500.00 EUR (a)"
    )
    assert alert(inbox).context == snapshot(
        {
            "num_orders": 2,
            "num_symbols": 2,
            "severity": "BREACH",
            "allowed": False,
            "worst_limit": "max_order_notional",
            "breached": {
                "max_order_notional": {"value": 2000.0, "limit": 500.0, "headroom": -1500.0, "subject": "a"}
            },
            "warned": {
                "max_total_exposure": {"value": 2010.0, "limit": 2200.0, "headroom": 190.0, "subject": ""}
            },
            "reasons": ["max_order_notional_exceeded(client_order_id='a', max=500.00, observed=2000.00)"],
        }
    )


def test_a_portfolio_alert_in_full() -> None:
    """It also says what is held, and as of when."""
    inbox = Inbox()
    held = position("ETH/EUR", side="short", size=1, mark_price=3000, unrealized_pnl=-550)
    engine = limits(inbox, max_symbol_exposure_notional=2500, max_daily_loss_abs=500, base_currency="USD")
    engine.evaluate_portfolio(portfolio(HELD, held))
    assert alert(inbox).message == snapshot(
        "Live risk limit violation: symbol_exposure_ETH/EUR 3000.00 USD, limit 2500.00 USD"
    )
    assert alert(inbox).context == snapshot(
        {
            "num_orders": 0,
            "num_symbols": 2,
            "as_of": NOW,
            "total_notional": 3600.0,
            "num_open_positions": 2,
            "severity": "BREACH",
            "allowed": False,
            "worst_limit": "symbol_exposure_ETH/EUR",
            "breached": {
                "max_daily_loss_abs": {"value": -550.0, "limit": 500.0, "headroom": -50.0, "subject": ""},
                "symbol_exposure_ETH/EUR": {
                    "value": 3000.0,
                    "limit": 2500.0,
                    "headroom": -500.0,
                    "subject": "ETH/EUR",
                },
            },
            "warned": {},
            "reasons": [
                "max_daily_loss_abs_reached(limit=500.00, value=-550.00)",
                "max_symbol_exposure_exceeded(symbol='ETH/EUR', max=2500.00, observed=3000.00)",
            ],
        }
    )


def test_a_warning_in_full() -> None:
    """Nothing is breached."""
    inbox = Inbox()
    limits(inbox, max_open_positions=1).check_orders([order(notional=1)])
    assert alert(inbox).message == snapshot("Live risk limit warning: max_open_positions 1, limit 1")
    assert alert(inbox).context == snapshot(
        {
            "num_orders": 1,
            "num_symbols": 1,
            "severity": "WARNING",
            "allowed": True,
            "worst_limit": "max_open_positions",
            "breached": {},
            "warned": {"max_open_positions": {"value": 1, "limit": 1, "headroom": 0, "subject": ""}},
            "reasons": [],
        }
    )


def test_the_worst_limit_is_the_most_severe_and_then_the_most_exceeded_one() -> None:
    """A breach by little goes before a warning, a breach by far before one by little."""
    inbox = Inbox()
    engine = limits(
        inbox, max_order_notional=950, max_symbol_exposure_notional=400, max_total_exposure_notional=900
    )
    engine.check_orders([order(notional=900)])
    assert alert(inbox).context["worst_limit"] == "max_symbol_exposure"
    assert list(alert(inbox).context["breached"]) == ["max_symbol_exposure", "max_total_exposure"]
    assert list(alert(inbox).context["warned"]) == ["max_order_notional"]


def test_of_several_subjects_the_worst_stands_in_the_context() -> None:
    """Neither the first nor the last of a batch, and the reasons name them all."""
    inbox = Inbox()
    engine = limits(inbox, max_order_notional=500)
    engine.check_orders(
        [order(notional=600), order(notional=9000, client_order_id="far"), order(notional=700)]
    )
    breached = alert(inbox).context["breached"]["max_order_notional"]
    assert breached == {"value": 9000.0, "limit": 500.0, "headroom": -8500.0, "subject": "far"}
    assert len(alert(inbox).context["reasons"]) == 3


def test_input_that_cannot_be_judged_is_worse_than_any_number() -> None:
    """Its ratio is infinite."""
    inbox = Inbox()
    batch = [order(notional=1e9), order(notional=NAN, client_order_id="a")]
    limits(inbox, max_order_notional=1).check_orders(batch)
    assert alert(inbox).context["worst_limit"] == "order_input"
    text = "order_input cannot be judged: order_invalid(client_order_id='a', field='notional', value=nan)"
    assert alert(inbox).message == f"Live risk limit violation: {text}"


def test_a_sink_that_raises_never_changes_the_verdict(caplog: pytest.LogCaptureFixture) -> None:
    """It is reported once per outage, without the text of the error, which may hold an address."""

    class Broken:
        works = False

        def send(self, _event: AlertEvent) -> None:
            if not self.works:
                raise RuntimeError("https://secret.invalid/token")

    sink = Broken()
    engine = limits(sink, max_order_notional=500)
    with caplog.at_level(logging.INFO):
        for works in (False, False, True, False):
            sink.works = works
            result = engine.check_orders([order(notional=2000)])
            assert (result.allowed, len(result.reasons)) == (False, 1)
    text = "alert sink Broken raised RuntimeError; RISK_LIMIT_VIOLATION_ORDERS was not delivered"
    assert [line.getMessage() for line in caplog.records] == [f"{text}, the verdict stands"] * 2
    assert {line.name for line in caplog.records} == {"live.risk_limits"}
    assert "secret" not in caplog.text


def test_without_a_sink_a_breach_is_a_breach() -> None:
    """Whether anybody is told or not."""
    assert not limits(None, max_order_notional=500).check_orders([order(notional=500)]).allowed


def test_when_disabled_nobody_is_alerted() -> None:
    """There is nothing to tell."""
    inbox = Inbox()
    limits(inbox, enabled=False, max_order_notional=500).check_orders([order(notional=500)])
    assert inbox.events == []


def test_limits_from_a_mapping_alert_as_well() -> None:
    """On the machine's clock."""
    inbox = Inbox()
    LiveRiskLimits.from_config({"max_order_notional": 500}, alert_sink=inbox).check_orders(
        [order(notional=500)]
    )
    assert alert(inbox).ts.tzinfo is not None
