"""What becomes of an alert: exactly one delivery per destination, and never silence."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from live.alerts import MultiAlertSink, WebhookAlertSink, build_alert_sink_from_config
from live.contracts import HttpResponse, Outcome
from live.events import AlertLevel
from tests.unit.alerts.helpers import HELD_S, Bench, alert, hardly_alerts

if TYPE_CHECKING:
    from live.alerts import AlertEvent, AlertSink
    from live.contracts import Delivery

BAD_GATEWAY = HttpResponse(502)
URL = "https://receiver.example/hush"


def built(bench: Bench, sinks: list[str], urls: int = 1, **values: Any) -> AlertSink:
    """A sink from configuration, connected to a bench."""
    addresses = {"webhook_urls": [URL] * urls, "slack_webhook_urls": [URL]}
    sink = build_alert_sink_from_config(
        {"sinks": sinks, **addresses, **values},
        transport=bench,
        clock=bench,
        observer=bench.deliveries.append,
        stderr=bench.stderr,
    )
    assert sink is not None
    return sink


def test_every_destination_is_told_of_once() -> None:
    """A destination is a URL; several of one sink are numbered."""
    bench = Bench({"webhook#2": "timeout", "slack_webhook": BAD_GATEWAY})
    built(bench, ["log", "stderr", "webhook", "slack_webhook"], urls=3).send(alert())
    assert bench.told == [
        ("log", "delivered", ""),
        ("stderr", "delivered", ""),
        ("webhook#1", "delivered", ""),
        ("webhook#2", "dead", "timeout"),
        ("webhook#3", "delivered", ""),
        ("slack_webhook", "dead", "http_502"),
    ]


def test_a_delivery_says_how_long_the_caller_was_held() -> None:
    """Held times are measured on the clock that is given, and each destination has its own."""
    bench = Bench({"webhook": "timeout"})
    built(bench, ["log", "webhook"]).send(alert())
    assert [one.held_s for one in bench.deliveries] == [0.0, HELD_S, 0.0]


def test_every_destination_has_the_configured_deadline() -> None:
    """The transport is asked for an answer within it."""
    bench = Bench()
    built(bench, ["webhook", "slack_webhook"], urls=2, webhook_timeout_seconds=1.5).send(alert())
    assert bench.deadlines == [1.5, 1.5, 1.5]


def test_below_its_level_a_sink_is_not_tried() -> None:
    """That is recorded by the name of the rule, and is no failure that needs a fallback."""
    bench = Bench()
    built(bench, ["webhook", "slack_webhook"], urls=2, min_level="CRITICAL").send(alert(AlertLevel.WARNING))
    assert [told[1:] for told in bench.told] == [("suppressed", "below_min_level")] * 3
    assert (bench.requests, bench.stderr.getvalue()) == ([], "")


@pytest.mark.parametrize(
    ("level", "count"), [(AlertLevel.INFO, 0), (AlertLevel.WARNING, 1), (AlertLevel.CRITICAL, 1)]
)
def test_a_level_lets_itself_and_all_above_through(level: AlertLevel, count: int) -> None:
    """`min_level` itself is loud enough."""
    bench = Bench()
    built(bench, ["webhook"], min_level="WARNING").send(alert(level))
    assert len(bench.requests) == count


@pytest.mark.parametrize(
    ("sinks", "answers"),
    [
        (["webhook"], {"webhook": "refused"}),
        (["webhook", "slack_webhook"], {"webhook": "refused", "slack_webhook": BAD_GATEWAY}),
        (["log", "webhook"], {"webhook": "refused"}),
    ],
)
def test_when_no_remote_destination_took_it_stderr_does(sinks: list[str], answers: Any) -> None:
    """Alone or among several, and although a local sink has it: one line, once, with the reasons."""
    bench = Bench(answers)
    built(bench, sinks).send(alert())
    assert bench.told[-1] == ("stderr (fallback)", "delivered", "")
    assert len(bench.told) == len(sinks) + 1
    assert bench.stderr.getvalue().count("\n") == 1
    assert bench.stderr.getvalue().startswith("ALERT NOT DELIVERED (webhook: refused")
    assert "RISK_LIMIT_VIOLATION_ORDERS" in bench.stderr.getvalue()


@pytest.mark.parametrize("sinks", [["webhook", "slack_webhook"], ["slack_webhook", "webhook"]])
def test_one_remote_destination_that_took_it_is_enough(sinks: list[str]) -> None:
    """Stderr is the last resort and not a copy."""
    bench = Bench({"webhook": "reset"})
    built(bench, sinks).send(alert())
    assert {told[0] for told in bench.told} == {"webhook", "slack_webhook"}
    assert bench.stderr.getvalue() == ""


def test_what_stands_on_stderr_already_is_not_written_again() -> None:
    """With a stderr sink that worked there is nothing to fall back to."""
    bench = Bench({"webhook": "dns"})
    built(bench, ["stderr", "webhook"]).send(alert())
    assert bench.told == [("stderr", "delivered", ""), ("webhook", "dead", "dns")]
    assert bench.stderr.getvalue().count("\n") == 1


def test_local_sinks_have_no_fallback() -> None:
    """Only what can fail while this machine is well is replaced by this machine."""
    bench = Bench()
    built(bench, ["log"]).send(alert())
    assert bench.told == [("log", "delivered", "")]


def test_a_fallback_that_fails_too_is_told() -> None:
    """An alert that reached nobody is dead, and counted."""
    bench = Bench({"webhook": "dns"})
    bench.stderr.close()
    built(bench, ["webhook"]).send(alert())
    assert bench.told == [("webhook", "dead", "dns"), ("stderr (fallback)", "dead", "unwritable")]


class Foreign:
    """Somebody else's sink, with nothing but a `send`."""

    def __init__(self, error: Exception | None = None) -> None:
        self.received: list[AlertEvent] = []
        self._error = error

    def send(self, event: AlertEvent) -> None:
        """Receive, or raise."""
        self.received.append(event)
        if self._error:
            raise self._error


def test_any_object_with_a_send_can_be_one_of_several() -> None:
    """One that raises keeps nothing from the others, and is told of by its type."""
    bench, deaf, well = Bench(), Foreign(RuntimeError("deaf")), Foreign()
    own = WebhookAlertSink(URL, wiring=bench.wiring)
    MultiAlertSink([deaf, MultiAlertSink([own]), well], wiring=bench.wiring).send(alert())
    assert well.received == [alert()]
    assert bench.told == [
        ("Foreign", "dead", "raised_RuntimeError"),
        ("webhook", "delivered", ""),
        ("Foreign", "delivered", ""),
    ]


def test_a_transport_that_breaks_is_a_reason() -> None:
    """Nothing comes back to the caller."""

    class Broken(Bench):
        def post(self, *_args: object, **_options: object) -> HttpResponse:
            raise MemoryError

    bench = Broken()
    WebhookAlertSink(URL, wiring=bench.wiring).send(alert())
    assert bench.told[0] == ("webhook", "dead", "raised_MemoryError")


def test_what_a_sink_of_ones_own_says_shows_no_address() -> None:
    """Neither in what is told of a delivery, nor on standard error."""

    class Chatty(WebhookAlertSink):
        def classify(self, response: HttpResponse) -> Outcome:
            return Outcome(f"{response.status}\nfrom {self.urls[0].reveal()}")

    bench = Bench()
    Chatty("https://receiver.example/hush", wiring=bench.wiring).send(alert())
    assert bench.told[0] == ("webhook", "dead", "200\\nfrom https://receiver.example/***")
    assert "hush" not in bench.stderr.getvalue()


def test_an_observer_that_breaks_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Who watches deliveries does not endanger them."""

    def broken(_delivery: Delivery) -> None:
        raise LookupError

    bench = Bench()
    sink = build_alert_sink_from_config(
        {"sinks": "webhook", "webhook_urls": URL}, transport=bench, observer=broken
    )
    assert sink is not None
    sink.send(alert())
    assert len(bench.requests) == 1
    assert "alert.observer_failed error=LookupError" in caplog.text


def test_without_an_observer_failures_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A destination that is down does not go unnoticed because another one works."""
    bench = Bench({"webhook": "timeout"})
    config = {"sinks": ["webhook", "slack_webhook"], "webhook_urls": URL, "slack_webhook_urls": URL}
    sink = build_alert_sink_from_config(config, transport=bench)
    assert sink is not None
    sink.send(alert())
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (
            logging.WARNING,
            "alert.delivery_failed destination=webhook reason=timeout code=RISK_LIMIT_VIOLATION_ORDERS",
        )
    ]


@pytest.mark.parametrize("broken", hardly_alerts())
def test_what_is_hardly_an_alert_is_sent_as_far_as_it_goes(broken: Any) -> None:
    """Remote sinks take whatever they are given, too."""
    bench = Bench()
    built(bench, ["webhook", "slack_webhook"], min_level="INFO").send(broken)
    assert [state for _, state, _ in bench.told] == ["delivered", "delivered"]


def test_an_answer_is_judged_by_the_sink() -> None:
    """The same answer can be a delivery to one and a failure to another."""
    bench = Bench({"webhook": HttpResponse(202), "slack_webhook": HttpResponse(202)})
    built(bench, ["webhook", "slack_webhook"]).send(alert())
    assert bench.told == [("webhook", "delivered", ""), ("slack_webhook", "dead", "http_202")]


def test_a_huge_alert_is_cut_visibly() -> None:
    """Bounded on the wire, whatever was put into it; what matters most comes first."""
    bench = Bench()
    huge = alert(message="x" * 100_000, context={f"symbol_{n}": list(range(100)) for n in range(10_000)})
    built(bench, ["webhook", "slack_webhook"]).send(huge)
    assert max(len(request.body) for request in bench.requests) < 100_000
    webhook = bench.payload(0)
    assert webhook["message"].endswith("x…(100000 characters)")
    assert webhook["context"]["…"].endswith(" more")
    assert webhook["runbook"].endswith("#risk_limit_violation_orders")


def test_a_log_handler_that_breaks_stops_nothing() -> None:
    """Not even what reports a failure can fail into the caller."""

    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise OSError(record)

    bench, handler = Bench({"webhook": "reset"}), Broken()
    logger = logging.getLogger("live.alerts")
    logger.addHandler(handler)
    try:
        sink = build_alert_sink_from_config(
            {"sinks": ["webhook"], "webhook_urls": URL}, transport=bench, stderr=bench.stderr
        )
        assert sink is not None
        sink.send(alert())
    finally:
        logger.removeHandler(handler)
    assert bench.stderr.getvalue().startswith("ALERT NOT DELIVERED (webhook: reset)")
