"""An alert that is handed over ends, at every destination, in exactly one way, and nobody waits for it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from live.alerts.dispatch.config import DispatchConfig, Match, Silence
from live.alerts.dispatch.database import OutboxError
from live.alerts.dispatch.dispatcher import AlertDispatcher
from live.alerts.dispatch.outbox import Outbox
from live.alerts.dispatch.owner import forget
from live.alerts.sinks.webhook import WebhookAlertSink
from live.config_errors import ConfigError
from live.contracts import DeliveryState, Outcome, TransportError
from live.events import AlertLevel
from tests.unit.alerts.dispatch.bench import NOON, Bench, ByHand, alert

if TYPE_CHECKING:
    from live.contracts import HttpRequest, HttpResponse
    from live.events import AlertEvent

CRITICAL, WARNING, INFO = AlertLevel.CRITICAL, AlertLevel.WARNING, AlertLevel.INFO


def test_an_alert_arrives_with_its_key() -> None:
    """The same in every attempt."""
    bench = Bench()
    bench.answers = [503]
    bench.send()
    bench.pass_s(5)
    assert [json.loads(body)["id"] for body in bench.sent] == ["key-1", "key-1"]
    assert [one.state for one in bench.told] == [DeliveryState.DELIVERED]
    assert bench.sums() == {"delivered": 1}


@pytest.mark.parametrize("file", ["outbox.sqlite", ":memory:"])
def test_the_sums_are_told_after_the_end_too(file: str, tmp_path: Path) -> None:
    """As they were then: nothing is wrong with the outbox, and what waits is not forgotten."""
    bench = Bench(path=file if file == ":memory:" else str(tmp_path / file))
    bench.send("DATA_GAP")
    bench.driver.work()
    bench.answers = ["timeout"] * 99
    bench.send("DATA_STALE")
    bench.driver.work()
    bench.dispatcher.close(0)
    assert bench.sums() == {"delivered": 1, "pending": 1}
    assert bench.dispatcher.health().outbox_failure == ""


@pytest.mark.parametrize("power_loss", [True, False])
def test_where_power_may_fail_an_alert_is_on_the_disk_before_it_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, power_loss: bool
) -> None:
    """Once; a second attempt has nothing new to bring there."""
    bench, happened = Bench(path=str(tmp_path / "outbox.sqlite"), power_loss=power_loss), list[str]()
    monkeypatch.setattr(os, "fsync", lambda _: happened.append("disk"))
    lane = bench.dispatcher.lanes["webhook"]
    tries = lane.destination.attempt

    def noted(event: AlertEvent) -> Outcome:
        happened.append("attempt")
        return tries(event)

    lane.destination = replace(lane.destination, attempt=noted)
    bench.answers = [503]
    bench.send()
    bench.pass_s(5)
    assert happened == (["disk"] if power_loss else []) + ["attempt", "attempt"]


def test_where_power_may_fail_what_was_recorded_together_is_brought_to_the_disk_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For all destinations; what this or another process records later is there before it is tried, too."""
    path, synced = str(tmp_path / "outbox.sqlite"), list[int]()
    bench = Bench(path=path, power_loss=True, takes_over=True, addresses=2)
    other = Bench(path=path, power_loss=True, addresses=2, first_key=100)
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(len(bench.sent)))
    for subject in "ABC":
        bench.send(subject=subject)
    bench.driver.work()
    assert (synced, len(bench.sent)) == ([0], 6)
    other.send(subject="D")
    bench.driver.work()
    bench.send(subject="E")
    bench.driver.work()
    assert (synced, len(bench.sent)) == ([0, 6, 8], 10)


def test_closing_within_closing_keeps_the_sums() -> None:
    """As the handler of a signal does that comes while the program ends."""
    bench = Bench(takes_over=True)

    def closes(*_: object) -> None:
        bench.dispatcher.close(0)

    bench.dispatcher._recorder._recorded = closes  # noqa: SLF001 - the moment
    bench.send()
    bench.dispatcher.close(0)
    assert bench.sums() == {"delivered": 1}
    assert bench.dispatcher.health().outbox_failure == ""


def test_what_could_not_be_delivered_is_delivered_after_a_restart(tmp_path: Path) -> None:
    """Under the same key; what has arrived is not sent again."""
    path = str(tmp_path / "outbox.sqlite")
    first = Bench(path=path)
    first.send("DATA_GAP")
    first.driver.work()
    first.answers = ["timeout"] * 99
    first.send("DATA_STALE")
    first.driver.work()
    assert not first.dispatcher.close(0)
    second = Bench(path=path)
    second.driver.work()
    assert [json.loads(body)["code"] for body in second.sent] == ["DATA_STALE"]
    assert [json.loads(body)["id"] for body in second.sent] == ["key-2"]
    assert second.sums() == {"delivered": 2}


def test_what_is_held_for_a_group_is_told_after_a_restart(tmp_path: Path) -> None:
    """The death of the process loses no symbol."""
    path = str(tmp_path / "outbox.sqlite")
    first = Bench(path=path, group_wait_s=60)
    for subject in "ABC":
        first.send(subject=subject)
    first.driver.work()
    forget(first.dispatcher)
    second = Bench(path=path, group_wait_s=60)
    second.driver.work()
    (body,) = second.sent
    assert json.loads(body)["context"]["subjects"] == ["B", "C"]


@pytest.mark.parametrize("knows", [True, False])
def test_what_a_dead_process_held_for_a_group_is_told_by_one_that_lives(tmp_path: Path, knows: bool) -> None:  # noqa: FBT001 - both ways
    """Once, after the longest time for which whoever lives holds it, with a group of its own or without."""
    path = str(tmp_path / "outbox.sqlite")
    first, second = (Bench(path=path, group_wait_s=2, group_s=60) for _ in range(2))
    for subject in "ABC":
        first.send(subject=subject)
    first.driver.work()
    forget(first.dispatcher)
    second.pass_s(80)
    assert second.sent == []
    if knows:
        second.send(subject="D")
    second.pass_s(20)
    told = [json.loads(body)["context"].get("subjects") for body in second.sent]
    assert told == ([None, ["B", "C"]] if knows else [["B", "C"]])


def left_by_another(path: str, level: AlertLevel = WARNING, **dispatch: Any) -> None:
    """A process whose only webhook takes nothing has died a minute before noon."""
    first = Bench(path=path, **dispatch)
    first.at -= timedelta(minutes=1)
    first.answers = ["timeout"] * 99
    first.send(level=level)
    first.driver.work()
    forget(first.dispatcher)


def test_what_waits_for_an_address_that_has_another_name_now_goes_there(tmp_path: Path) -> None:
    """A second address makes `webhook` into `webhook#1`."""
    path = str(tmp_path / "outbox.sqlite")
    left_by_another(path)
    second = Bench(path=path, addresses=2)
    second.driver.work()
    assert [json.loads(body)["id"] for body in second.sent] == ["key-1"]
    assert second.sums("webhook#1") == {"delivered": 1}


def test_what_waits_for_a_sink_that_is_gone_is_told_kept_and_given_up_in_the_end(tmp_path: Path) -> None:
    """Nobody waits for it at the end of a process, and health says so."""
    path = str(tmp_path / "outbox.sqlite")
    left_by_another(path)
    second = Bench(("slack_webhook",), path=path, max_age_s=120)
    second.driver.work()
    second.answers = []
    (told,) = [body for body in second.sent if "ALERT_DELIVERY_FAILED" in body]
    assert "webhook has taken no alert for 60 s (not_configured); 1 alert waits" in told
    assert (second.dispatcher.idle(), second.dispatcher.health().is_sound) == (True, False)
    assert second.sums() == {"pending": 1}
    second.pass_s(70)
    assert second.sums() == {"dead": 1}
    assert [(one.destination, one.reason) for one in second.told if one.state is DeliveryState.DEAD] == [
        ("webhook", "not_configured")
    ]


def test_a_critical_that_waits_for_a_sink_that_is_gone_goes_to_the_fallback(tmp_path: Path) -> None:
    """At once: it has waited long enough."""
    path = str(tmp_path / "outbox.sqlite")
    left_by_another(path, CRITICAL, fallback=["stderr"], critical_deadline_s=900)
    second = Bench(("slack_webhook",), path=path, first_key=100, fallback=["stderr"])
    second.driver.work()
    assert second.stderr.getvalue().count("DATA_GAP of AAA") == 1
    assert (second.sums(), second.sums("stderr")) == ({"dead": 1}, {"delivered": 1})


@pytest.mark.parametrize("gone", ["fallback", "escalation"])
def test_a_critical_whose_last_resort_is_gone_is_on_standard_error(tmp_path: Path, gone: str) -> None:
    """Who stood by is configured no more, and nobody would notice."""
    path, sinks = str(tmp_path / "outbox.sqlite"), ("webhook", "slack_webhook")
    routes = [{"sinks": ["webhook"], "escalate_to": ["slack_webhook"] if gone == "escalation" else []}]
    first = Bench(sinks, path=path, routes=routes, fallback=["slack_webhook"])
    first.answers = ["timeout"] if gone == "fallback" else []
    first.send(level=CRITICAL)
    first.driver.work()
    forget(first.dispatcher)
    second = Bench(path=path, fallback=["stderr"])
    second.answers = ["timeout"] * 99
    second.at += timedelta(seconds=990)
    second.driver.work()
    assert "ALERT NOT DELIVERED (not_configured)" in second.stderr.getvalue()


def test_a_critical_that_was_held_for_a_sink_that_is_gone_goes_to_the_fallback(tmp_path: Path) -> None:
    """Alone in its group, after a restart without that sink."""
    path = str(tmp_path / "outbox.sqlite")
    first = Bench(path=path, group_wait_s=60)
    for subject in "AB":
        first.send(subject=subject, level=CRITICAL)
    first.driver.work()
    forget(first.dispatcher)
    second = Bench(("slack_webhook",), path=path, first_key=100, fallback=["stderr"])
    second.pass_s(6)
    assert "DATA_GAP of B" in second.stderr.getvalue()


def test_what_another_process_serves_is_left_to_it(tmp_path: Path) -> None:
    """Two processes with sinks of their own on one file, one of them in a long back-off."""
    path = str(tmp_path / "outbox.sqlite")
    first, second = Bench(path=path), Bench(("slack_webhook",), path=path)
    first.answers = ["timeout"] * 99
    first.send(level=CRITICAL)
    for _ in range(200):
        first.pass_s(1)
        second.pass_s(1)
    assert [body for body in second.sent if "not_configured" in body] == []
    assert first.sums() == {"pending": 1}


def test_what_a_dead_process_served_is_served_at_once(tmp_path: Path) -> None:
    """Its lease holds for half a minute, but nobody of that name lives any more."""
    path = str(tmp_path / "outbox.sqlite")
    first = Bench(path=path)
    first.send("DATA_GAP")
    first.driver.work()
    forget(first.dispatcher)
    second = Bench(path=path)
    second.send("DATA_STALE")
    second.driver.work()
    assert [json.loads(body)["code"] for body in second.sent] == ["DATA_STALE"]


def test_a_process_that_serves_a_destination_is_the_only_one(tmp_path: Path) -> None:
    """Two processes on one file send nothing twice, and the second takes over when the first is gone."""
    path = str(tmp_path / "outbox.sqlite")
    first, second = Bench(path=path), Bench(path=path)
    first.send("DATA_GAP")
    first.driver.work()
    second.send("DATA_STALE")
    second.driver.work()
    assert (len(first.sent), len(second.sent)) == (1, 0)
    first.driver.work()
    assert (len(first.sent), len(second.sent)) == (2, 0)
    first.dispatcher.close(0)
    second.send("CANDLE_BAD_PRINT")
    second.pass_s(2)
    assert [json.loads(body)["code"] for body in second.sent] == ["CANDLE_BAD_PRINT"]


def test_closing_gives_a_critical_its_last_chance() -> None:
    """A short program that ends while the receiver is down has written it to standard error."""
    bench = Bench(fallback=["stderr"])
    bench.answers = ["refused"] * 99
    bench.send(level=CRITICAL)
    bench.driver.work()
    assert not bench.dispatcher.close()
    assert "DATA_GAP of AAA" in bench.stderr.getvalue()


def test_a_fallback_that_fails_goes_on_to_the_next() -> None:
    """Another sink, then the log, then standard error."""
    bench = Bench(
        ("webhook", "slack_webhook"), fallback=["slack_webhook", "stderr"], routes=[{"sinks": ["webhook"]}]
    )
    bench.answers = [404, 404]  # the webhook, then Slack
    bench.send(level=CRITICAL)
    bench.driver.work()
    ended = {
        (one.destination, one.state.value, one.fallback) for one in bench.told if one.event.code == "DATA_GAP"
    }
    assert ended == {
        ("webhook", "dead", False),
        ("slack_webhook", "dead", True),
        ("stderr", "delivered", True),
    }


def test_a_fallback_that_is_where_the_alert_goes_anyway_leaves_standard_error() -> None:
    """Nobody stands by, and nobody would notice."""
    bench = Bench(fallback=["webhook"])
    bench.answers = [404]
    bench.send(level=CRITICAL)
    bench.driver.work()
    assert "ALERT NOT DELIVERED (http_404)" in bench.stderr.getvalue()


def test_what_stands_by_and_dies_for_want_of_room_goes_on_to_the_next() -> None:
    """The fallback takes nothing while the webhook does not either: standard error has every alert."""
    bench = Bench(
        ("webhook", "slack_webhook"),
        fallback=["slack_webhook", "stderr"],
        routes=[{"sinks": ["webhook"]}],
        max_pending=2,
        outage_after_s=9_999,
    )
    bench.answers = ["timeout"] * 999
    for subject in "ABCD":
        bench.send(subject=subject, level=CRITICAL)
    bench.driver.work()
    told = bench.stderr.getvalue()
    assert [subject for subject in "ABCD" if f"DATA_GAP of {subject}" in told] == ["A", "B"]
    assert bench.sums("slack_webhook") == {"dead": 2}
    health = bench.dispatcher.health()
    assert {one.name: one.emitted for one in health.destinations if one.emitted} == bench.dispatcher.emitted


@pytest.mark.parametrize("answer", [200, 404])
def test_what_dies_for_want_of_room_while_it_is_in_flight_has_died(answer: int) -> None:
    """It ends once, whatever the answer is, and is told once."""
    bench = Bench(max_pending=1)
    bench.answers = [answer]
    bench.send(subject="A")
    lane = bench.dispatcher.lanes["webhook"]
    taken = bench.dispatcher.begin(lane)
    assert taken is not None
    bench.send(subject="B")
    bench.dispatcher.end(lane, *taken, lane.attempt(taken[1]))
    told = [(one.event.message, one.state.value, one.reason) for one in bench.told]
    assert told == [("DATA_GAP of A", "dead", "outbox_full")]
    assert bench.sums()["dead"] == 1


def test_who_stood_by_and_dies_for_want_of_room_as_the_last_is_on_standard_error() -> None:
    """Nobody comes after the last of the fallback, nor after whom an alert escalates to."""
    bench = Bench(
        ("webhook", "slack_webhook"),
        fallback=["log"],
        routes=[{"sinks": ["webhook"], "escalate_to": ["slack_webhook"]}],
        max_pending=2,
    )
    for subject in "ABC":
        bench.send(subject=subject, level=CRITICAL)
    told = bench.stderr.getvalue()
    assert told.count("ALERT NOT DELIVERED (outbox_full)") == 2
    assert told.count("DATA_GAP of A") == 2


def test_a_hostile_alert_is_delivered_as_far_as_it_can_be_read() -> None:
    """A context that raises, numbers that are none: never an exception, never silence, never an address."""

    class Hostile:
        def __repr__(self) -> str:
            raise RuntimeError

    bench = Bench()
    for context in (
        {"x": Hostile()},
        {"x": float("nan")},
        {"a": {1, 2}},
        None,
        {"u": "https://h.example/secret"},
    ):
        event = alert(subject="B")
        object.__setattr__(event, "context", context)
        object.__setattr__(event, "code", f"C{len(bench.sent)}")
        bench.dispatcher.send(event)
        bench.driver.work()
    assert len(bench.sent) == 5
    assert "secret" not in "".join(bench.sent)
    assert bench.stderr.getvalue() == ""


@pytest.mark.parametrize("at", ["handing over", "recording"])
@pytest.mark.parametrize("kept", ["memory", "file"])
def test_what_comes_while_it_closes_is_delivered_or_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, kept: str
) -> None:
    """It closes in another thread while this one is on its way into `send`."""
    path = ":memory:" if kept == "memory" else str(tmp_path / "outbox.sqlite")
    monkeypatch.setattr(ByHand, "takes_over", at == "handing over")
    bench = Bench(path=path)
    keys = bench.dispatcher._keys  # noqa: SLF001 - the moment between

    def late() -> str:
        bench.dispatcher.close()
        return keys()

    monkeypatch.setattr(bench.dispatcher, "_keys", late)
    bench.send()
    assert "ALERT NOT DELIVERED (closed)" in bench.stderr.getvalue()
    assert "ALERT_OUTBOX_FAILED" not in [one.event.code for one in bench.told]


@pytest.mark.parametrize("kept", ["memory", "file"])
def test_an_attempt_that_ends_after_closing_is_no_failure_of_the_outbox(tmp_path: Path, kept: str) -> None:
    """It hung while the dispatcher closed; the next process tries again."""
    bench = Bench(path=":memory:" if kept == "memory" else str(tmp_path / "outbox.sqlite"))
    bench.send()
    lane = bench.dispatcher.lanes["webhook"]
    taken = bench.dispatcher.begin(lane)
    assert taken is not None
    bench.dispatcher.close(0)
    bench.dispatcher.end(lane, *taken, Outcome("timeout"))
    bench.dispatcher.next_due(lane)
    assert bench.dispatcher.health().outbox_failure == ""
    assert "ALERT_OUTBOX_FAILED" not in "".join(bench.sent) + bench.stderr.getvalue()
    assert bench.dispatcher.emitted == {"webhook": 1}


def test_what_cannot_even_be_recorded_is_written_to_standard_error() -> None:
    """Whoever sends is not told: there is nothing that it could do."""
    bench = Bench()
    bench.dispatcher.send(None)  # type: ignore[arg-type]  # anything may come
    assert "ALERT NOT DELIVERED" in bench.stderr.getvalue()


def test_after_closing_an_alert_is_written_to_standard_error() -> None:
    """Nobody would deliver it any more, and nobody may think that somebody does."""
    bench = Bench()
    bench.dispatcher.close()
    bench.send()
    assert "ALERT NOT DELIVERED (closed)" in bench.stderr.getvalue()


@pytest.mark.parametrize("kind", ["no folder", "no database"])
def test_an_outbox_that_cannot_be_used_is_an_alert_and_delays_nothing(tmp_path: Path, kind: str) -> None:
    """Alerts are kept in memory, and health says so."""
    path = tmp_path / "nowhere" / "outbox.sqlite" if kind == "no folder" else tmp_path / "outbox.sqlite"
    if kind == "no database":
        path.write_bytes(b"no database" * 999)
    bench = Bench(path=str(path))
    bench.send()
    bench.driver.work()
    assert [json.loads(body)["code"] for body in bench.sent] == ["ALERT_OUTBOX_FAILED", "DATA_GAP"]
    health = bench.dispatcher.health()
    assert (health.is_sound, str(path) in health.outbox_failure) == (False, True)


def test_a_row_that_was_spoilt_by_hand_is_a_dead_letter(tmp_path: Path) -> None:
    """The next one is delivered."""
    path = str(tmp_path / "outbox.sqlite")
    bench = Bench(path=path)
    bench.send("DATA_GAP")
    bench.dispatcher._outbox.database.change("UPDATE delivery SET event = '{}'")  # noqa: SLF001 - the hand that spoils
    bench.send("DATA_STALE")
    bench.driver.work()
    assert [json.loads(body)["code"] for body in bench.sent] == ["DATA_STALE"]
    assert bench.sums() == {"dead": 1, "delivered": 1}


def test_a_silence_by_hand_holds_for_every_process(tmp_path: Path) -> None:
    """It is in the outbox."""
    path = str(tmp_path / "outbox.sqlite")
    first, second = Bench(path=path), Bench(path=path)
    second.dispatcher.silence(Silence("2026-01-27T12:10:00Z", "ops", "upgrade", Match(code="DATA_GAP")))
    first.pass_s(2)
    first.send()
    first.driver.work()
    assert first.sent == []
    assert [(one.state.value, one.reason) for one in first.told] == [("suppressed", "silenced by ops")]


def test_health_says_what_fails_and_since_when() -> None:
    """And the sum."""
    bench = Bench()
    bench.answers = ["dns"] * 99
    bench.send()
    bench.driver.work()
    (health,) = [one for one in bench.dispatcher.health().destinations if one.name == "webhook"]
    assert (health.circuit, health.failures, health.failing_since) == ("open", 1, NOON.timestamp())
    text = "webhook: 1 emitted = 0 delivered + 1 pending + 0 coalesced + 0 suppressed + 0 dead"
    assert str(health) == text


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"base_s": 0}, "base_s is 0"),
        ({"base_s": 10, "longest_s": 5}, "base_s is 10.0 s, above longest_s"),
        ({"outbox": " "}, "outbox is empty"),
        ({"fallback": []}, "fallback is empty; a CRITICAL that does not arrive would reach nobody"),
        ({"otbox": "x"}, "unknown key 'otbox'; did you mean 'outbox'"),
        ({"routes": [{"sinks": []}]}, "sinks is empty; what fits would go nowhere"),
        ({"routes": [{"sinks": ["webhook"], "min_level": "LOUD"}]}, "min_level is 'LOUD'"),
        ({"routes": [{"sinks": ["slack"]}]}, "routes name 'slack'"),
        ({"fallback": ["pigeon"]}, "fallback names 'pigeon'"),
        ({"silences": [{"until": "soon", "author": "a", "reason": "b"}]}, "write instants such as"),
        (
            {"silences": [{"until": "2026-01-27T12:00:00Z", "author": "", "reason": "b"}]},
            "an author and a reason",
        ),
    ],
)
def test_a_configuration_that_cannot_be_meant_is_refused(table: dict[str, Any], why: str) -> None:
    """With what is wrong, and before anything is sent."""
    with pytest.raises(ConfigError, match=why):
        AlertDispatcher.from_config({"sinks": ["log", "stderr"], "dispatch": table}, driver=ByHand())


class Sums(RuleBasedStateMachine):
    """Emitted = delivered + pending + coalesced + suppressed + dead, at every instant, whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench(
            ("webhook", "slack_webhook"),
            group_wait_s=2,
            max_pending=4,
            max_dead=2,
            max_age_s=120,
            outage_after_s=30,
        )

    @rule(
        code=st.sampled_from(["DATA_GAP", "DATA_STALE"]),
        subject=st.sampled_from("ABC"),
        level=st.sampled_from([INFO, WARNING, CRITICAL]),
        times=st.integers(1, 5),
    )
    def send(self, code: str, subject: str, level: AlertLevel, times: int) -> None:
        """Alerts come, some of them too quiet."""
        for _ in range(times):
            self.bench.send(code, subject, level)

    @rule(answers=st.lists(st.sampled_from([200, 404, 429, 503, "timeout", "dns"]), max_size=6))
    def answer(self, answers: list[int | str]) -> None:
        """The receiver has moods."""
        self.bench.answers = answers

    @rule()
    def work(self) -> None:
        """The lanes do what is due."""
        self.bench.driver.work()

    @rule(seconds=st.sampled_from([1, 10, 400]))
    def pass_time(self, seconds: int) -> None:
        """Time passes."""
        self.bench.pass_s(seconds)

    @rule()
    def silence(self) -> None:
        """Somebody silences something for a minute."""
        until = self.bench.at.timestamp() + 60
        when = self.bench.at.fromtimestamp(until, self.bench.at.tzinfo)
        self.bench.dispatcher.silence(Silence(when, "ops", "noise", Match(code="DATA_GAP")))

    @invariant()
    def nothing_is_lost(self) -> None:
        """What was emitted for a destination is in exactly one state there."""
        health = self.bench.dispatcher.health()
        emitted = self.bench.dispatcher.emitted
        assert {one.name: one.emitted for one in health.destinations if one.emitted} == emitted


TestSums = Sums.TestCase
TestSums.settings = settings(max_examples=40, stateful_step_count=25)


class SumsOfStandby(Sums):
    """The same where one stands by for the other, there is no room, and the clock is set."""

    def __init__(self) -> None:
        super().__init__()
        route = {"sinks": ["webhook"], "escalate_after_s": 20.0, "escalate_to": ["slack_webhook"]}
        self.bench = Bench(
            ("webhook", "slack_webhook"),
            fallback=["slack_webhook", "stderr"],
            routes=[route],
            group_wait_s=2,
            max_pending=3,
            max_dead=2,
            max_age_s=120,
            outage_after_s=30,
        )

    @rule(times=st.integers(3, 8))
    def flood(self, times: int) -> None:
        """More comes than there is room for."""
        for number in range(times):
            self.bench.send(subject=f"F{number}", level=CRITICAL)

    @rule(seconds=st.sampled_from([-3_600, -5, 7, 5_000]))
    def set_clock(self, seconds: int) -> None:
        """Somebody sets the wall clock."""
        self.bench.ahead += timedelta(seconds=seconds)


TestSumsOfStandby = SumsOfStandby.TestCase
TestSumsOfStandby.settings = TestSums.settings


class SumsOfTheInbox(SumsOfStandby):
    """The same where `send` only hands over, and the outbox is a file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = str(Path(self.folder.name) / "outbox.sqlite")
        self.bench = Bench(
            ("webhook", "slack_webhook"),
            path=path,
            takes_over=True,
            fallback=["slack_webhook", "stderr"],
            max_pending=3,
            max_dead=2,
            max_age_s=120,
            outage_after_s=30,
        )

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.bench.dispatcher.close(0)
        assert [one.name for one in Path(self.folder.name).iterdir()] == ["outbox.sqlite"]
        self.folder.cleanup()


TestSumsOfTheInbox = SumsOfTheInbox.TestCase
TestSumsOfTheInbox.settings = TestSums.settings


def test_the_defaults_can_be_used() -> None:
    """Nothing has to be said."""
    assert DispatchConfig().policy.max_age_s == 259_200


@pytest.mark.soak
def test_a_storm_of_a_hundred_thousand_is_two_posts() -> None:
    """The first at once, and a last word with the count; nothing grows while it lasts."""
    bench = Bench()
    for _ in range(100_000):
        bench.send()
    bench.driver.work()
    bench.pass_s(301)
    assert len(bench.sent) == 2
    assert "repeated 99999 times" in bench.sent[1]
    assert bench.sums() == {"coalesced": 99_999, "delivered": 2}


def test_closing_tells_what_is_held_for_a_group() -> None:
    """As one alert, at once: what is in memory has no other chance."""
    bench = Bench(group_wait_s=60)
    for subject in "ABC":
        bench.send(subject=subject)
    assert bench.dispatcher.close()
    assert json.loads(bench.sent[-1])["context"]["subjects"] == ["B", "C"]
    assert len(bench.sent) == 2


def test_a_death_between_taking_a_group_out_and_telling_it_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are one change of the outbox, or none."""
    path = str(tmp_path / "outbox.sqlite")
    first = Bench(path=path, group_wait_s=2)
    for subject in "ABC":
        first.send(subject=subject)
    first.driver.work()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(first.dispatcher._outbox, "add", killed)  # noqa: SLF001 - where the process dies
    with pytest.raises(KeyboardInterrupt):
        first.pass_s(3)
    forget(first.dispatcher)
    second = Bench(path=path, group_wait_s=2)
    second.driver.work()
    (body,) = second.sent
    assert json.loads(body)["context"]["subjects"] == ["B", "C"]


@pytest.mark.parametrize(
    ("said", "waited_s"), [("", 1), ("soon", 1), ("0", 1), ("3", 3), ("Tue, 27 Jan 2026 11:00:00 GMT", 1)]
)
def test_a_new_critical_waits_as_long_as_the_destination_asks_and_no_longer(said: str, waited_s: int) -> None:
    """Not for a back-off that nobody asked for; what is no instant asks for nothing."""
    bench = Bench(base_s=900, longest_s=900, critical_deadline_s=900)
    lane = bench.dispatcher.lanes["webhook"]
    attempt = lane.destination.attempt
    busy = replace(lane.destination, attempt=lambda _event: Outcome("http_503", retry_after=said))
    lane.destination = busy
    bench.send("DATA_STALE")
    bench.driver.work()
    lane.destination = replace(busy, attempt=attempt)
    bench.send(level=CRITICAL)
    bench.pass_s(waited_s - 1)
    assert bench.sent == []
    bench.pass_s(1)
    assert [json.loads(body)["code"] for body in bench.sent] == ["DATA_GAP", "DATA_STALE"]


def test_a_death_between_a_fallback_that_fails_and_the_next_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are one change of the outbox, or none."""
    path, sinks = str(tmp_path / "outbox.sqlite"), ("webhook", "slack_webhook")
    settings: dict[str, Any] = {"fallback": ["slack_webhook", "stderr"], "routes": [{"sinks": ["webhook"]}]}
    first = Bench(sinks, path=path, **settings)
    first.answers = [404, 404]
    first.send(level=CRITICAL)
    lanes, outbox = first.dispatcher.lanes, first.dispatcher._outbox  # noqa: SLF001 - where the process dies

    def attempt_of(name: str) -> None:
        taken = first.dispatcher.begin(lanes[name])
        assert taken is not None
        first.dispatcher.end(lanes[name], *taken, lanes[name].attempt(taken[1]))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    attempt_of("webhook")
    monkeypatch.setattr(outbox, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        attempt_of("slack_webhook")
    forget(first.dispatcher)
    second = Bench(sinks, path=path, first_key=100, **settings)
    second.answers = [404]
    second.pass_s(6)
    assert "DATA_GAP of AAA" in second.stderr.getvalue()


def test_an_outbox_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    """Whoever waits until nothing is on its way does not take silence for that."""
    bench = Bench(path=str(tmp_path / "outbox.sqlite"))
    bench.answers = ["timeout"] * 99
    bench.send()
    bench.dispatcher._outbox.database.close()  # noqa: SLF001 - what fails
    assert not bench.dispatcher.idle()
    assert bench.dispatcher.health().outbox_failure != ""


def test_what_stands_by_is_not_sent_when_it_has_become_needless_meanwhile() -> None:
    """The webhook takes the alert just when standard error was about to."""
    bench = Bench(fallback=["stderr"])
    bench.answers = ["timeout"]
    bench.send(level=CRITICAL)
    bench.driver.work()
    bench.at += timedelta(seconds=6)
    stderr, outbox = bench.dispatcher.lanes["stderr"], bench.dispatcher._outbox  # noqa: SLF001 - the moment between
    activate = outbox.activate

    def late(row: Any) -> Any:
        lane = bench.dispatcher.lanes["webhook"]
        taken = bench.dispatcher.begin(lane)
        assert taken is not None
        bench.dispatcher.end(lane, *taken, lane.attempt(taken[1]))
        return activate(row)

    outbox.activate = late  # type: ignore[method-assign]  # as above
    assert bench.dispatcher.begin(stderr) is None
    assert bench.dispatcher.emitted == {"webhook": 1}
    assert bench.sums("stderr") == {}


@pytest.mark.parametrize("back", [timedelta(minutes=10), timedelta(hours=12), timedelta(days=2)])
@pytest.mark.parametrize("answer", [200, 503])
def test_a_clock_that_is_set_back_stops_no_lane(back: timedelta, answer: int) -> None:
    """Neither what comes then nor what waits already waits for the hours that come again."""
    bench = Bench()
    bench.answers = [answer]
    bench.send("DATA_GAP")
    bench.driver.work()
    bench.ahead -= back
    bench.send("DATA_STALE")
    bench.pass_s(5)
    assert {json.loads(body)["code"] for body in bench.sent} == {"DATA_GAP", "DATA_STALE"}
    assert bench.sums() == {"delivered": 2}


BACK = timedelta(hours=12)


def test_a_clock_that_is_set_back_holds_no_group() -> None:
    """What is held goes after its seconds, and is dated as the wall clock says now."""
    bench = Bench(group_wait_s=2)
    for subject in "ABC":
        bench.send(subject=subject)
    bench.ahead -= BACK
    bench.pass_s(3)
    told = json.loads(bench.sent[-1])
    assert told["context"]["subjects"] == ["B", "C"]
    assert told["ts"] == (bench.at - BACK).replace(second=2).isoformat()


def test_a_clock_that_is_set_back_delays_neither_a_repeat_nor_the_last_word() -> None:
    """What goes on is told again after its seconds, and what is over is."""
    bench = Bench(repeat_s=30)
    bench.send()
    bench.ahead -= BACK
    bench.pass_s(31)
    bench.send()
    bench.pass_s(301)
    assert ["RESOLVED" in body for body in bench.sent] == [False, False, True]


def test_a_clock_that_is_set_back_lets_no_inhibition_stand() -> None:
    """It stands as long as ever."""
    rules = [{"by": {"code": "DATA_STALE"}, "what": {"code": "DATA_GAP"}}]
    bench = Bench(inhibitions=rules)
    bench.send("DATA_STALE")
    bench.ahead -= BACK
    bench.pass_s(301)
    bench.send("DATA_GAP")
    bench.driver.work()
    assert "DATA_GAP" in [json.loads(body)["code"] for body in bench.sent]


def test_a_clock_that_is_set_back_stops_no_heartbeat() -> None:
    """Whoever listens would raise the alarm."""
    bench = Bench(("webhook", "heartbeat"), heartbeat_s=10)
    bench.driver.work()
    bench.ahead -= BACK
    bench.pass_s(30)
    assert bench.sums("heartbeat") == {"delivered": 4}


def messages(bench: Bench) -> list[str]:
    """What has arrived."""
    return [one.event.message for one in bench.told if one.state is DeliveryState.DELIVERED]


@pytest.mark.parametrize("muted_by", ["silence", "inhibition"])
def test_what_goes_on_while_it_is_muted_is_not_called_over(muted_by: str) -> None:
    """Nobody is told that it is not seen any more: it is, and at the end of the mute it is told again."""
    until = (NOON + timedelta(seconds=60)).isoformat()
    silence = {
        "begins": (NOON + timedelta(seconds=5)).isoformat(),
        "until": until,
        "author": "a",
        "reason": "b",
        "match": {"code": "DATA_GAP"},
    }
    inhibition = {"by": {"code": "DATA_STALE"}, "what": {"code": "DATA_GAP"}}
    mute: dict[str, Any] = {"silences": [silence]} if muted_by == "silence" else {"inhibitions": [inhibition]}
    bench = Bench(resolve_after_s=10, **mute)
    for second in range(80):
        bench.send()
        if 5 <= second < 50:
            bench.send("DATA_STALE")
        bench.pass_s(1)
    gaps = [message for message in messages(bench) if "DATA_GAP" in message]
    assert gaps == ["DATA_GAP of AAA", "DATA_GAP of AAA (repeated 59 times since it was told)"]


def test_what_ends_while_it_is_muted_is_called_over() -> None:
    """Whoever was called hears it."""
    bench = Bench(resolve_after_s=10)
    bench.send()
    bench.pass_s(2)
    bench.dispatcher.silence(Silence("2026-01-27T13:00:00Z", "ops", "noise"))
    bench.pass_s(2)
    bench.send()
    bench.pass_s(30)
    assert messages(bench) == [
        "DATA_GAP of AAA",
        "RESOLVED (not seen for 10 s, repeated 1 times): DATA_GAP of AAA",
    ]


def test_what_a_silence_has_muted_is_told_when_somebody_ends_it(tmp_path: Path) -> None:
    """Whoever ends one in another process does not wait for the end that it once had."""
    path = str(tmp_path / "outbox.sqlite")
    bench = Bench(path=path)
    bench.dispatcher.silence(Silence("2026-01-27T14:00:00Z", "ops", "too wide"))
    bench.send(level=CRITICAL)
    bench.pass_s(5)
    assert bench.sent == []
    with closing(Outbox(path)) as by_hand:
        assert by_hand.silences.end(1, bench.at.timestamp())
    bench.pass_s(3)
    assert [one.event.code for one in bench.told if one.state is DeliveryState.DELIVERED] == ["DATA_GAP"]


@pytest.mark.parametrize("step", [-BACK, BACK])
def test_a_silence_ends_when_the_wall_clock_says_so(step: timedelta) -> None:
    """Whoever wrote it down has looked at that one."""
    until = NOON + timedelta(minutes=10) + step
    silence = {"until": until.isoformat(), "author": "ops", "reason": "upgrade"}
    bench = Bench(silences=[silence])
    bench.ahead += step
    bench.pass_s(9 * 60)
    bench.send()
    bench.pass_s(59)
    assert bench.sent == []
    bench.pass_s(2)
    assert [json.loads(body)["code"] for body in bench.sent] == ["DATA_GAP"]


def test_what_a_process_with_a_faster_clock_has_left_goes_at_once(tmp_path: Path) -> None:
    """It is due in days that are still to come, by a clock that is gone."""
    path = str(tmp_path / "outbox.sqlite")
    first = Bench(path=path)
    first.ahead += 3 * BACK
    first.answers = ["timeout"] * 9
    first.send()
    first.pass_s(1)
    first.dispatcher.close(0)
    second = Bench(path=path)
    second.driver.work()
    assert [json.loads(body)["code"] for body in second.sent] == ["DATA_GAP"]


@pytest.mark.parametrize("context", [None, [1], {"subject": "AAA"}])
def test_a_half_wrong_alert_is_held_told_again_and_resolved_like_any_other(context: Any) -> None:
    """Neither a context that is none nor a name that UTF-8 cannot carry stops what time brings out."""
    bench = Bench(group_wait_s=2, repeat_s=30)
    for _ in range(2):
        for source in ("live_data.\udc80", "live_data.gap"):
            bench.dispatcher.send(replace(alert(source=source), context=context))
            bench.dispatcher.send(replace(alert(source=source), context={"subject": "B"}))
        bench.pass_s(40)
    bench.pass_s(400)
    assert "NOT DELIVERED" not in bench.stderr.getvalue()
    assert set(bench.sums()) == {"delivered", "coalesced"} or set(bench.sums()) == {"delivered"}
    assert sum("RESOLVED" in body for body in bench.sent) == 4


@pytest.mark.parametrize("answer", ["timeout", 404])
def test_heartbeats_go_on_after_an_outage_of_their_own(answer: int | str) -> None:
    """Whoever listens hears them again as soon as he can, and it is told."""
    bench = Bench(("webhook", "heartbeat"), heartbeat_s=10)
    post = bench.post

    def down(request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        bench.answers = [answer] if request.destination == "heartbeat" else []
        return post(request, deadline_s=deadline_s)

    bench.post = down  # type: ignore[method-assign]  # an outage of one destination
    bench.pass_s(200)
    bench.post = post  # type: ignore[method-assign]  # it is over
    bench.pass_s(60)
    assert bench.sums("heartbeat")["delivered"] >= 5


def test_what_waits_in_an_outbox_that_takes_nothing_any_more_goes_on_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRITICAL reaches its fallback, what is in flight ends once, and the sum stays."""
    bench = Bench(path=str(tmp_path / "outbox.sqlite"), fallback=["stderr"])
    bench.send("DATA_STALE")
    bench.driver.work()
    bench.answers = ["timeout"]
    bench.send(level=CRITICAL)
    bench.driver.work()
    lane = bench.dispatcher.lanes["webhook"]
    bench.at += timedelta(seconds=2)
    taken = bench.dispatcher.begin(lane)
    assert taken is not None

    def full(*_: object) -> None:
        raise OutboxError("disk is full")

    monkeypatch.setattr(bench.dispatcher._outbox, "add", full)  # noqa: SLF001 - what fails
    bench.send("CANDLE_BAD_PRINT")
    bench.answers = ["timeout"] * 5
    bench.dispatcher.end(lane, *taken, lane.attempt(taken[1]))
    bench.pass_s(200)
    assert "DATA_GAP of AAA" in bench.stderr.getvalue()
    codes = [json.loads(body)["code"] for body in bench.sent]
    assert {"DATA_GAP", "CANDLE_BAD_PRINT", "ALERT_OUTBOX_FAILED"} <= set(codes)
    assert codes.count("DATA_STALE") == 1
    health = bench.dispatcher.health()
    sums = {one.name: one.emitted for one in health.destinations if one.emitted}
    assert (sums, health.outbox_failure) == (bench.dispatcher.emitted, "disk is full")


def test_what_is_in_flight_when_the_outbox_fails_takes_no_other_alert_with_it(tmp_path: Path) -> None:
    """Numbers of the new outbox begin anew where the old one cannot be read."""
    bench = Bench(path=str(tmp_path / "outbox.sqlite"))
    bench.send()
    lane = bench.dispatcher.lanes["webhook"]
    taken = bench.dispatcher.begin(lane)
    assert taken is not None
    bench.dispatcher._recorder.fail(OutboxError("gone"))  # noqa: SLF001 - what fails
    bench.dispatcher.end(lane, *taken, lane.attempt(taken[1]))
    bench.driver.work()
    assert "ALERT_OUTBOX_FAILED" in "".join(bench.sent)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"routes": [{"sinks": ["slack_webhook"]}]}, "routes name 'slack_webhook', which hears no alerts"),
        ({"routes": [{"sinks": ["heartbeat"]}]}, "routes name 'heartbeat', which hears no alerts"),
        ({"routes": [{"sinks": ["webhook"], "escalate_to": ["email"]}]}, "'email', which hears no alerts"),
        ({"routes": [{"sinks": ["webhook"], "escalate_after_s": -1.0}]}, "escalate_after_s is -1.0"),
        ({"fallback": ["slack_webhook"]}, "fallback names 'slack_webhook', which hears no alerts"),
        ({"fallback": ["heartbeat"]}, "fallback names 'heartbeat', which hears no alerts"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(table: dict[str, Any], why: str) -> None:
    """A sink that is not switched on, or hears signs of life only, swallows what is sent there."""
    with pytest.raises(ConfigError, match=why):
        Bench(("webhook", "heartbeat"), **table)


@pytest.mark.parametrize(
    ("addresses", "table", "why"),
    [
        (1, {"routes": [{"sinks": ["webhook#7"]}]}, "'webhook#7', which is no address of 'webhook'; did you"),
        (1, {"routes": [{"sinks": ["webhook#1"]}]}, "'webhook#1', which is no address of 'webhook'; did you"),
        (2, {"routes": [{"sinks": ["webhook#3"]}]}, "no address of 'webhook'; did you mean 'webhook#"),
        (2, {"routes": [{"sinks": ["webhook"], "escalate_to": ["webhook#0"]}]}, "no address of 'webhook'"),
        (2, {"fallback": ["webhook#3"]}, "fallback names 'webhook#3', which is no address of 'webhook'"),
    ],
)
def test_an_address_that_a_sink_does_not_have_is_refused(
    addresses: int, table: dict[str, Any], why: str
) -> None:
    """What went there would be lost."""
    with pytest.raises(ConfigError, match=why):
        Bench(addresses=addresses, **table)


def test_a_sink_that_stands_by_does_so_with_all_of_its_addresses() -> None:
    """One after the other."""
    routes = [{"sinks": ["slack_webhook"]}]
    bench = Bench(("webhook", "slack_webhook"), addresses=2, fallback=["webhook"], routes=routes)
    bench.answers = [404, 404, 200]
    bench.send(level=CRITICAL)
    bench.driver.work()
    ended = {(one.destination, one.state.value) for one in bench.told if one.event.code == "DATA_GAP"}
    assert ended == {("slack_webhook", "dead"), ("webhook#1", "dead"), ("webhook#2", "delivered")}


def test_a_logger_as_python_has_it_is_no_outage(caplog: pytest.LogCaptureFixture) -> None:
    """It lets no INFO through, and the last word on an alert is one: nobody is paged for that."""
    caplog.set_level(logging.WARNING, "live.alerts")
    bench = Bench(("log", "webhook"), resolve_after_s=10, outage_after_s=30)
    bench.send()
    bench.pass_s(120)
    assert bench.sums("log") == {"delivered": 2}
    assert not [one for one in bench.told if one.event.source == "live_alerts.delivery"]


ESCALATING: dict[str, Any] = {
    "resolve_after_s": 60,
    "routes": [{"sinks": ["webhook"], "escalate_after_s": 120, "escalate_to": ["slack_webhook"]}],
}


PAGED = {"sinks": ["pagerduty"], "escalate_after_s": 120, "escalate_to": ["slack_webhook"]}


@pytest.mark.parametrize("at_once", [True, False])
def test_what_its_source_calls_over_escalates_no_more(*, at_once: bool) -> None:
    """Nobody is called for an incident that the others have heard the end of, recorded at once or not."""
    bench = Bench(("webhook", "slack_webhook"), takes_over=at_once, **ESCALATING)
    bench.send(level=CRITICAL)
    over = replace(alert(), context={"subject": "AAA", "status": "resolved"})
    bench.dispatcher.send(over)
    bench.pass_s(300)
    assert bench.sums("slack_webhook") == {}


def test_what_is_over_after_a_restart_escalates_no_more(tmp_path: Path) -> None:
    """The process that raised it is gone, and the next one says that it is over."""
    path = str(tmp_path / "outbox.sqlite")
    first = Bench(("webhook", "slack_webhook"), path=path, **ESCALATING)
    for subject in ("AAA", "BBB"):
        first.send(subject=subject, level=CRITICAL)
    first.kill()
    second = Bench(("webhook", "slack_webhook"), path=path, first_key=100, **ESCALATING)
    second.dispatcher.send(replace(alert(), context={"subject": "AAA", "status": "resolved"}))
    second.pass_s(300)
    called = [one.event.message for one in second.told if one.destination == "slack_webhook"]
    assert called == ["DATA_GAP of BBB"]


def test_what_has_only_not_come_again_escalates() -> None:
    """A breaker that has halted says so once: that it is quiet since is no reason to call nobody."""
    bench = Bench(("webhook", "slack_webhook"), **ESCALATING)
    bench.send(level=CRITICAL)
    bench.pass_s(300)
    assert bench.sums() == {"delivered": 2}
    assert bench.sums("slack_webhook") == {"delivered": 1}


def test_whom_it_has_escalated_to_hears_that_it_is_over() -> None:
    """An incident that was opened there would stay open."""
    bench = Bench(("webhook", "slack_webhook"), **ESCALATING)
    for _ in range(4):
        bench.send(level=CRITICAL)
        bench.pass_s(50)
    bench.pass_s(100)
    heard = [one.event.message for one in bench.told if one.destination == "slack_webhook"]
    assert heard == ["DATA_GAP of AAA", "RESOLVED (not seen for 60 s, repeated 3 times): DATA_GAP of AAA"]


def test_whom_it_escalates_to_learns_why() -> None:
    """They were not called at first, and must know that nobody else is at it."""
    bench = Bench(("webhook", "slack_webhook"), **ESCALATING)
    bench.send(level=CRITICAL)
    bench.pass_s(130)
    contexts = {one.destination: one.event.context for one in bench.told if one.event.level is CRITICAL}
    assert contexts == {
        "webhook": {"subject": "AAA"},
        "slack_webhook": {"unacknowledged_s": 120.0, "subject": "AAA"},
    }


def test_who_takes_an_alert_on_does_not_call_it_unacknowledged() -> None:
    """What an incident is told then is about the alert, not about the escalation that it spares."""
    bench = Bench(("pagerduty", "slack_webhook"), **{**ESCALATING, "routes": [PAGED]})
    bench.send(level=CRITICAL)
    bench.dispatcher.acknowledge("key-1")
    bench.driver.work()
    assert '"event_action":"acknowledge"' in bench.sent[-1]
    assert "unacknowledged_s" not in bench.sent[-1]


def test_who_was_spared_hears_no_last_word() -> None:
    """It was taken on before it came to them."""
    bench = Bench(("webhook", "slack_webhook"), **ESCALATING)
    bench.send(level=CRITICAL)
    bench.dispatcher.acknowledge("key-1")
    bench.pass_s(300)
    assert (bench.sums("slack_webhook"), bench.sums()) == ({}, {"delivered": 2})


REMINDING: dict[str, Any] = {**ESCALATING, "repeat_s": 600, "resolve_after_s": 900}


@pytest.mark.parametrize("group_wait_s", [0, 2])
def test_a_reminder_of_what_somebody_has_taken_on_calls_nobody(group_wait_s: float) -> None:
    """He is at it, however long that takes; a change of level is another thing."""
    bench = Bench(("webhook", "slack_webhook"), **{**REMINDING, "group_wait_s": group_wait_s})
    bench.send(level=CRITICAL)
    bench.pass_s(5)
    bench.dispatcher.acknowledge("key-1")
    for _ in range(3):
        bench.pass_s(600)
        bench.send(level=CRITICAL)
    bench.pass_s(300)
    reminders = [one.event.context.get("reminds") for one in bench.told if one.destination == "webhook"]
    assert (reminders[:2], bench.sums("slack_webhook")) == ([None, "key-1"], {})
    bench.send()
    bench.send(level=CRITICAL)
    bench.pass_s(300)
    assert bench.sums("slack_webhook") == {"delivered": 1}


def test_a_reminder_of_what_nobody_has_taken_on_calls_again() -> None:
    """Whoever was called did not say that he is at it."""
    bench = Bench(("webhook", "slack_webhook"), **REMINDING)
    for _ in range(2):
        bench.send(level=CRITICAL)
        bench.pass_s(600)
    assert bench.sums("slack_webhook") == {"delivered": 2}


def test_a_reminder_that_comes_before_anybody_is_called_does_not_call_twice() -> None:
    """The alert that it reminds of still does."""
    bench = Bench(("webhook", "slack_webhook"), **{**ESCALATING, "repeat_s": 30})
    bench.send(level=CRITICAL)
    bench.pass_s(50)
    bench.send(level=CRITICAL)
    bench.pass_s(300)
    assert bench.sums("slack_webhook") == {"delivered": 1}


def test_one_that_is_over_spares_nobody_the_others_of_its_group() -> None:
    """An alert that stands for several goes on to whom it escalates to, whichever of them ends."""
    bench = Bench(("webhook", "slack_webhook"), **{**ESCALATING, "group_wait_s": 2})
    for subject in "ABC":
        bench.send(subject=subject, level=CRITICAL)
    bench.pass_s(5)
    for subject in "AB":
        bench.dispatcher.send(replace(alert(), context={"subject": subject, "status": "resolved"}))
    bench.pass_s(130)
    called = [one.event.message for one in bench.told if one.destination == "slack_webhook"]
    assert called == ["2 alerts, the worst: DATA_GAP of B"]


def test_the_last_word_goes_where_the_alert_has_gone() -> None:
    """Whoever was called learns that it is over, and nobody else."""
    routes = [{"sinks": ["slack_webhook"], "min_level": "CRITICAL"}, {"sinks": ["webhook"]}]
    bench = Bench(("webhook", "slack_webhook"), routes=routes)
    bench.send(level=CRITICAL)
    bench.pass_s(400)
    assert bench.dispatcher.emitted == {"slack_webhook": 2}


@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError, RuntimeError])
def test_a_sink_that_exits_ends_its_attempt_and_not_its_lane(error: type[BaseException]) -> None:
    """The thread of a lane that ended would be silence, and the task of one ends the caller's loop."""
    bench = Bench()

    def exits(_event: object) -> Any:
        raise error

    lane = bench.dispatcher.lanes["webhook"]
    lane.destination = replace(lane.destination, attempt=exits)
    assert lane.attempt(alert()).reason == f"raised_{error.__name__}"


HUSH = "https://alerts.example/hush"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (Outcome(f"refused\nby {HUSH}"), "refused\\nby https://alerts.example/***"),
        (TransportError(f"no {HUSH}"), "no https://alerts.example/***"),
        (Outcome("x" * 5_000), "x" * 182 + "…(5000 characters)"),
        (Outcome("busy", retry_after=cast("Any", 5)), "busy"),
        (None, "raised_AttributeError"),
    ],
)
def test_what_a_sink_of_ones_own_says_is_shown_like_an_alert(said: Any, shown: str) -> None:
    """On one line, bounded and without addresses; what is no outcome is tried again like any failure."""
    bench = Bench()

    def says(_event: object) -> Any:
        if isinstance(said, Exception):
            raise said
        return said

    lane = bench.dispatcher.lanes["webhook"]
    lane.destination = replace(lane.destination, attempt=says)
    bench.send()
    bench.driver.work()
    assert lane.reason == shown
    assert lane.failures == 1
    assert bench.sums() == {"pending": 1}


def test_an_alert_that_a_sink_cannot_render_holds_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would raise as often as it is tried, so it is a dead letter."""
    bench, render = Bench(), WebhookAlertSink.render

    def picky(sink: WebhookAlertSink, event: AlertEvent) -> Any:
        return {"facts": event.context["facts"]} if event.level == CRITICAL else render(sink, event)

    monkeypatch.setattr(WebhookAlertSink, "render", picky)
    bench.send("DATA_STALE", level=CRITICAL)
    bench.send("DATA_GAP")
    bench.driver.work()
    assert [json.loads(body)["code"] for body in bench.sent] == ["DATA_GAP"]
    assert (bench.told[0].state, bench.told[0].reason) == (DeliveryState.DEAD, "raised_KeyError")


@pytest.mark.parametrize(
    "key", ["ключ", "a\nb: c", "k" * 300, "https://alerts.example/hush", " ", 7, "\ud800"]
)
def test_a_key_that_cannot_stand_in_a_header_has_one_that_can(key: Any) -> None:
    """The same for every attempt and process; what is no key would be refused for as long as it is tried."""
    bench = Bench(("webhook", "slack_webhook"))
    for _ in range(2):
        bench.dispatcher.send(replace(alert(), key=key, level=CRITICAL, code=f"DATA_GAP{_}"))
    bench.driver.work()
    keys = [json.loads(body)["id"] for body in bench.sent if "id" in json.loads(body)]
    assert len(keys) == 2
    assert len({*keys}) == 1
    assert re.fullmatch(r"alert-[0-9a-f]{32}", keys[0])
    assert "hush" not in "".join(bench.sent)


def test_a_key_of_ones_own_is_kept() -> None:
    """A receiver knows it."""
    bench = Bench()
    bench.dispatcher.send(replace(alert(), key="order-7/BTC:2026"))
    bench.driver.work()
    assert json.loads(bench.sent[0])["id"] == "order-7/BTC:2026"
