"""The door: what passes in which state, who may do what by hand, and what is told."""

from __future__ import annotations

import re
from typing import Any

import pytest

from live.breaker import (
    ACCOUNT,
    BreakerConfig,
    BreakerState,
    MemoryStore,
    RearmRefusedError,
    StoreUnreadableError,
    StoreUnwritableError,
)
from live.events import AlertLevel
from tests.unit.breaker.bench import Bench

ACTIVE, WARN, REDUCE_ONLY, HALTED = BreakerState
OWNER: Any = {"role": "risk_owner", "reason": "mark corrected"}


class Shaky(MemoryStore):
    """A store that fails as the test says."""

    fails: str = ""

    def read(self) -> Any:
        """Fail or read."""
        if self.fails == "read":
            raise StoreUnreadableError("disk gone")
        return super().read()

    def change(self, scope: str, change: Any) -> Any:
        """Fail or change."""
        self.read()
        if self.fails == "write":
            raise StoreUnwritableError("disk full")
        return super().change(scope, change)


@pytest.mark.parametrize(
    ("state", "entry", "exit_"),
    [(ACTIVE, True, True), (WARN, True, True), (REDUCE_ONLY, False, True), (HALTED, False, False)],
)
def test_what_passes_in_which_state(state: BreakerState, entry: bool, exit_: bool) -> None:  # noqa: FBT001 - a row of the table
    """Exits pass until trading is halted."""
    bench = Bench()
    bench.breaker.override(state, role="trader", reason="test")
    assert (bench.breaker.refusal("trend", only_reduces=False) is None) is entry
    assert (bench.breaker.refusal("trend", only_reduces=True) is None) is exit_


def test_a_refusal_says_where_since_when_and_why() -> None:
    """One coded line."""
    bench = Bench()
    bench.watch("bb")
    assert bench.breaker.refusal(None, only_reduces=False) == (
        "breaker_reduce_only(scope='account', since=2026-01-27T09:01:00+00:00, "
        "reason='2 of the last 2 observations are BREACH, 2 of 3 confirm')"
    )


def test_a_strategy_is_stopped_alone() -> None:
    """In whatever case its name is written; the account and other strategies go on."""
    bench = Bench()
    bench.watch("bb", strategy="Trend")
    assert bench.breaker.state("strategy:trend") is REDUCE_ONLY
    assert bench.breaker.state() is ACTIVE
    assert bench.breaker.refusal("TREND", only_reduces=False) is not None
    assert bench.breaker.refusal("carry", only_reduces=False) is None
    assert bench.told[0].source == "live_breaker.strategy"


def test_an_order_that_names_no_strategy_may_be_that_of_any() -> None:
    """Leaving the name out is no way around the breaker."""
    bench = Bench()
    bench.watch("bb", strategy="trend")
    assert "strategy:trend" in str(bench.breaker.refusal(None, only_reduces=False))
    assert "strategy:trend" in str(bench.breaker.refusal(" ", only_reduces=False))


def test_the_higher_of_account_and_strategy_counts() -> None:
    """A halted account halts every strategy."""
    bench = Bench()
    bench.watch("bb", strategy="trend")
    bench.breaker.override(HALTED, role="trader", reason="runaway")
    assert "scope='account'" in str(bench.breaker.refusal("trend", only_reduces=True))


def test_every_transition_is_one_alert() -> None:
    """With its level; observations that change nothing are none."""
    bench = Bench(BreakerConfig(halt_after=2, calm=2))
    bench.watch("wwooobbbbbbb")
    assert [(event.code, event.level) for event in bench.told] == [
        ("BREAKER_WARN", AlertLevel.WARNING),
        ("BREAKER_ACTIVE", AlertLevel.INFO),
        ("BREAKER_REDUCE_ONLY", AlertLevel.CRITICAL),
        ("BREAKER_HALTED", AlertLevel.CRITICAL),
    ]
    assert {event.source for event in bench.told} == {"live_breaker.account"}


@pytest.mark.parametrize(
    ("act", "why"),
    [
        ({"role": "trader"}, "role 'trader' may not re-arm; risk_owner may"),
        ({"role": ""}, "role '' may not re-arm; risk_owner may"),
        ({"reason": " "}, "no reason is given"),
        ({"to": HALTED}, "the state is REDUCE_ONLY, and a re-arm to HALTED does not go down"),
        ({}, "waited 60 s since REDUCE_ONLY, needed 900 s"),
    ],
)
def test_a_refused_rearm_says_why_and_changes_nothing(act: dict[str, Any], why: str) -> None:
    """With both numbers, and an alert of its own."""
    bench = Bench()
    bench.watch("bb")
    before = bench.breaker.records()
    if act:
        bench.wait(900)
    with pytest.raises(RearmRefusedError) as refused:
        bench.breaker.rearm(**{**OWNER, **act})
    assert str(refused.value) == why
    assert bench.breaker.records() == before
    assert bench.codes == ["BREAKER_REDUCE_ONLY", "BREAKER_REARM_REFUSED"]
    assert why in bench.told[-1].message


def test_a_rearm_after_the_cool_down_lets_trading_in() -> None:
    """At the very second; what was seen before confirms nothing any more."""
    bench = Bench()
    bench.watch("bb")
    bench.wait(840)
    bench.breaker.rearm(**OWNER)
    bench.watch("b")
    assert bench.breaker.state() is ACTIVE
    assert bench.codes == ["BREAKER_REDUCE_ONLY", "BREAKER_ACTIVE"]
    assert bench.told[-1].level is AlertLevel.WARNING
    assert "risk_owner: mark corrected" in bench.told[-1].message


def test_a_rearm_may_go_half_the_way() -> None:
    """From HALTED to REDUCE_ONLY: exits first. The cool-down then begins anew."""
    bench = Bench()
    bench.breaker.override(HALTED, role="trader", reason="runaway")
    bench.wait(900)
    bench.breaker.rearm(**OWNER, to=REDUCE_ONLY)
    assert bench.breaker.refusal(None, only_reduces=True) is None
    with pytest.raises(RearmRefusedError, match="waited 0 s since REDUCE_ONLY, needed 900 s"):
        bench.breaker.rearm(**OWNER)


def test_the_kill_switch_asks_for_nothing() -> None:
    """Not even for a name: a missing one is told as such."""
    bench = Bench()
    bench.breaker.override(HALTED, role="", reason="")
    assert bench.breaker.state() is HALTED
    assert bench.told[-1].code == "BREAKER_OVERRIDE"
    assert bench.told[-1].level is AlertLevel.CRITICAL
    assert "ACTIVE -> HALTED by unnamed: no reason given" in bench.told[-1].message


def test_an_override_that_goes_down_is_judged_as_a_rearm() -> None:
    """It is no way around roles and cool-down."""
    bench = Bench()
    bench.breaker.override(HALTED, role="trader", reason="runaway")
    with pytest.raises(RearmRefusedError, match="may not re-arm"):
        bench.breaker.override(ACTIVE, role="trader", reason="all good")
    bench.wait(900)
    bench.breaker.override(ACTIVE, **OWNER)
    assert bench.breaker.state() is ACTIVE
    assert bench.codes == ["BREAKER_OVERRIDE", "BREAKER_REARM_REFUSED", "BREAKER_OVERRIDE"]


@pytest.mark.parametrize("scope", ["acount", "trend", "strategy:", "strategy: ", ""])
def test_a_scope_that_is_none_is_an_error(scope: str) -> None:
    """A halt never goes nowhere."""
    with pytest.raises(ValueError, match=r"neither account nor strategy:NAME|name of a strategy is empty"):
        Bench().breaker.override(HALTED, role="trader", reason="runaway", scope=scope)


def test_neither_a_restart_nor_midnight_lets_trading_in() -> None:
    """The store knows, and no day rolls it back."""
    bench = Bench()
    bench.watch("bb")
    before = bench.breaker.records()
    bench.restart()
    bench.wait(86_400)
    assert bench.breaker.records() == before
    assert bench.codes == ["BREAKER_REDUCE_ONLY"]


def test_a_confirmation_goes_on_after_a_restart() -> None:
    """Who restarts after every bad tick does not trade through a breach."""
    bench = Bench()
    for _ in range(2):
        bench.watch("b")
        bench.restart()
    assert bench.breaker.state() is REDUCE_ONLY


def test_a_store_that_cannot_be_read_halts_and_stays_halted() -> None:
    """One alert per outage, and no exception; when it can be read again a person has to re-arm."""
    store = Shaky()
    bench = Bench(store=store)
    store.fails = "read"
    assert "store cannot be read: disk gone" in str(bench.breaker.refusal(None, only_reduces=True))
    bench.watch("oo")
    with pytest.raises(RearmRefusedError, match="the store failed: disk gone"):
        bench.breaker.rearm(**OWNER)
    store.fails = ""
    bench.watch("ooo")
    assert bench.breaker.state() is HALTED
    assert bench.codes == ["BREAKER_STORE_FAILED", "BREAKER_REARM_REFUSED"]
    assert store.read()[ACCOUNT].state is HALTED
    bench.wait(900)
    bench.breaker.rearm(**OWNER)
    assert bench.breaker.state() is ACTIVE


def test_a_store_that_cannot_be_written_is_told_and_the_state_holds_in_memory() -> None:
    """It is written as soon as that works again."""
    store = Shaky()
    bench = Bench(store=store)
    store.fails = "write"
    bench.watch("bb")
    assert bench.breaker.state() is REDUCE_ONLY
    assert bench.breaker.store_failure == "disk full"
    assert bench.codes == ["BREAKER_STORE_FAILED", "BREAKER_REDUCE_ONLY"]
    store.fails = ""
    bench.watch("o", strategy="trend")
    assert store.read()[ACCOUNT].state is REDUCE_ONLY
    assert bench.breaker.store_failure == ""


def test_a_foreign_store_that_raises_whatever_halts_and_raises_nothing() -> None:
    """Never an exception out of a check."""

    class Foreign(MemoryStore):
        def read(self) -> Any:
            raise ZeroDivisionError

    bench = Bench(store=Foreign())
    bench.watch("o")
    assert "the store cannot be read: ZeroDivisionError" in str(bench.breaker.refusal("a", only_reduces=True))
    assert bench.codes == ["BREAKER_STORE_FAILED"]


def test_what_was_stored_is_not_counted_twice_when_the_rest_is_not() -> None:
    """One scope is written, the one that waited fails again: the first is as it would be anyway."""

    class Picky(Shaky):
        def change(self, scope: str, change: Any) -> Any:
            self.fails = "write" if scope == ACCOUNT else ""
            return super().change(scope, change)

    bench = Bench(store=Picky())
    bench.watch("b")
    bench.watch("b", strategy="trend")
    assert bench.breaker.state("strategy:trend") is ACTIVE
    assert len(bench.breaker.records()["strategy:trend"].seen) == 1
    assert bench.codes == ["BREAKER_STORE_FAILED"]


def test_a_cool_down_without_end_is_none_that_ends() -> None:
    """A number of seconds that no calendar holds is a number all the same."""
    bench = Bench(BreakerConfig(cool_down_s=1e300, halt_after_s=1e300))
    bench.watch("bbb")
    with pytest.raises(RearmRefusedError, match=r"needed 1e\+300 s"):
        bench.breaker.rearm(**OWNER)


def test_a_warning_passes_in_memory_as_well() -> None:
    """A store that cannot be written does not hold a WARN up for ever."""
    store = Shaky()
    bench = Bench(BreakerConfig(calm=2), store)
    bench.watch("ww")
    store.fails = "write"
    bench.watch("oooo")
    assert bench.codes == ["BREAKER_WARN", "BREAKER_STORE_FAILED", "BREAKER_ACTIVE"]


def test_a_rearm_that_cannot_be_stored_is_refused() -> None:
    """A restart would undo it."""
    store = Shaky()
    bench = Bench(store=store)
    bench.watch("bb")
    bench.wait(900)
    store.fails = "write"
    with pytest.raises(RearmRefusedError, match="the store failed: disk full"):
        bench.breaker.rearm(**OWNER)
    assert bench.breaker.state() is REDUCE_ONLY


def test_a_halt_of_another_process_is_seen_although_ours_could_not_be_written() -> None:
    """The higher of both states holds."""
    store = Shaky()
    bench, other = Bench(store=store), Bench(store=store)
    store.fails = "write"
    bench.watch("ww")
    store.fails = ""
    other.breaker.override(HALTED, role="trader", reason="runaway")
    assert bench.breaker.state() is HALTED


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"confirm": 4}, "confirm is 4 of a window of 3; that can never be met"),
        ({"confirm": 0}, "confirm is 0; it must be above 0"),
        ({"halt_after_s": 0.0}, "halt_after_s is 0.0; it must be above 0"),
        ({"cool_down_s": -1.0}, "cool_down_s is -1.0; it must be 0 or more"),
        ({"rearm_roles": []}, "rearm_roles are []; name at least one"),
        ({"rearm_roles": [""]}, "rearm_roles are ['']; name at least one"),
        ({"path": ""}, "path is empty"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(values: dict[str, Any], why: str) -> None:
    """With the number, before anything trades on it."""
    with pytest.raises(ValueError, match=re.escape(why)):
        BreakerConfig(**values)
