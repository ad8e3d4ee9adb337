"""The operator's command: what it prints, and how it ends."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from live import ops, ops_alerts
from live.alerts.dispatch.database import Database, OutboxError
from live.alerts.dispatch.journal import Journal
from live.alerts.dispatch.outbox import Outbox
from live.alerts.dispatch.record import to_record
from live.alerts.dispatch.rows import Entry
from live.clock import SystemClock
from live.events import AlertEvent, AlertLevel

CONFIG = """
[live_risk]
max_order_notional = 500.0
max_daily_loss_abs = 100.0

[live_alerts]
sinks = "stderr"
"""
NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)
ORDER = {"client_order_id": "a", "symbol": "BTC/EUR", "side": "BUY", "notional": 100.0}


@pytest.fixture
def live_ops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `live-ops` in an empty folder with a configuration; gives the exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "live.toml").write_text(CONFIG)

    def run(*words: str, **files: object) -> tuple[object, str, str]:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / name.replace("__", "-").replace("_", ".").replace("-", "_")).write_text(text)
        monkeypatch.setattr(sys, "argv", ["live-ops", *words])
        with pytest.raises(SystemExit) as ended:
            ops.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


def test_allowed_orders_end_with_0(live_ops: Any) -> None:
    """And say so in words."""
    status, out, err = live_ops("orders", "orders.json", orders_json=[ORDER])
    assert status == 0
    assert "allowed: true   status: green" in out
    assert err == ""


def test_refused_orders_end_with_1_and_alert(live_ops: Any) -> None:
    """The reason on stdout, the alert where the configuration says."""
    status, out, err = live_ops("orders", "orders.json", orders_json=[{**ORDER, "notional": 2000.0}])
    assert status == 1
    assert "max_order_notional_exceeded(client_order_id='a', max=500.00, observed=2000.00)" in out
    assert "RISK_LIMIT_VIOLATION_ORDERS" in err


def test_no_alerts_means_none(live_ops: Any) -> None:
    """An operator can ask without waking anybody."""
    bad = [{**ORDER, "notional": 2000.0}]
    status, _, err = live_ops("orders", "orders.json", "--no-alerts", orders_json=bad)
    assert (status, err) == (1, "")


def test_orders_from_csv(live_ops: Any) -> None:
    """Numbers are read as numbers; what is none stays what it is, and is refused."""
    text = "client_order_id,symbol,side,notional\na,BTC/EUR,BUY,100\nb,BTC/EUR,BUY,1.000,00\n"
    status, out, _ = live_ops(
        "orders", "orders.csv", "--no-alerts", orders_csv=text.replace("1.000,00", '"1.000,00"')
    )
    assert status == 1
    assert "order_invalid(client_order_id='b'" in out


def test_of_several_orders_those_that_may_go_out_are_named(live_ops: Any) -> None:
    """Limit prices of a CSV are numbers, and marks of short sales are true or false."""
    text = (
        "client_order_id,symbol,side,quantity,limit_price,short_sale\n"
        "a,BTC/EUR,BUY,1,100,\nb,BTC/EUR,SELL,1,1e9,true\nc,BTC/EUR,SELL,1,90,false\n"
    )
    status, out, _ = live_ops("orders", "orders.csv", "--no-alerts", orders_csv=text)
    assert status == 1
    assert "of 3 orders may go out: a, c" in out


def test_health_names_what_is_restricted(live_ops: Any) -> None:
    """A list is no number."""
    _, out, _ = live_ops("health", live_toml='[live_risk]\nrestricted_symbols = ["XYZ"]\n')
    assert "restricted_symbols=[XYZ]" in out


def test_only_amounts_of_a_csv_are_numbers(live_ops: Any) -> None:
    """An id and a symbol of digits are names; what a spreadsheet puts before the first one is ignored."""
    text = "\ufeffclient_order_id,symbol,side,notional\n1001,600519,BUY,100\n"
    assert live_ops("orders", "orders.csv", orders_csv=text)[0] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; its first line must name columns"),
        ("client_order_id,symbol,side,symbol\na,A,BUY,B\n", "column 'symbol' stands twice"),
        ("client_order_id,symbol,side\na,A,BUY,5\n", "unknown key None"),
        ('client_order_id,symbol,side\n"a,A,BUY\nb,B,BUY\n', "is not CSV"),
        (f"client_order_id,symbol,side\n{'a' * 200_000},A,BUY\n", "is not CSV"),
    ],
)
def test_unusable_csv_ends_with_2(live_ops: Any, text: str, message: str) -> None:
    """A file that was cut off must not look like one without orders."""
    status, out, err = live_ops("orders", "orders.csv", orders_csv=text)
    assert (status, out) == (2, "")
    assert message in err


def test_a_portfolio_in_loss_ends_with_1(live_ops: Any) -> None:
    """The daily loss of the snapshot counts."""
    held = {"symbol": "BTC/EUR", "size": 1, "entry_price": 500, "mark_price": 300}
    snapshot = {"as_of": "2026-01-27T00:00:00Z", "positions": [held], "equity": 1000}
    status, out, _ = live_ops("portfolio", "held.json", "--no-alerts", held_json=snapshot)
    assert status == 1
    assert "max_daily_loss_abs_reached(limit=100.00, value=-200.00)" in out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "is not JSON"),
        ('{"symbol": "BTC/EUR"}', "expected a list of orders"),
        ('[{"symbol": "A", "symbol": "B"}]', "key 'symbol' stands twice"),
        ('[{"client_order_id": "a", "symbol": "B", "side": "BUY", "notionl": 1}]', "did you mean 'notional'"),
        ('[{"symbol": "B"}]', "key 'client_order_id' is missing"),
        ("[5]", "expected an object"),
        pytest.param("[" * 100_000, "is nested too deeply", id="deep"),
    ],
)
def test_unusable_orders_end_with_2(live_ops: Any, content: str, message: str) -> None:
    """Nothing was judged, and the text says why."""
    status, out, err = live_ops("orders", "orders.json", orders_json=content)
    assert (status, out) == (2, "")
    assert message in err


def test_files_that_are_not_there_end_with_2(live_ops: Any) -> None:
    """Neither orders nor a configuration are made up."""
    assert live_ops("orders", "orders.json")[0] == 2
    assert live_ops("health", "--config", "other.toml")[0] == 2


BREAKER = f"""{CONFIG}
[live_breaker]
enabled = true
cool_down_s = 0.0
"""


INIT = ("breaker", "init", "--role", "risk_owner", "--reason", "first day")


def test_a_breaker_begins_with_a_person(live_ops: Any) -> None:
    """Without a store everything is refused: what was halted in a lost one would trade on."""
    status, out, err = live_ops("orders", "orders.json", live_toml=BREAKER, orders_json=[ORDER])
    assert (status, "breaker_halted(scope='account'" in out) == (1, True)
    assert "is not there; put it back, or make a new one with live-ops breaker init" in err
    status, out, _ = live_ops("health")
    assert (status, "FAIL  trading breaker is on and HALTED, its store: " in out) == (1, True)
    status, out, err = live_ops(*INIT)
    assert (status, out.partition("   ")[0], "BREAKER_OVERRIDE" in err) == (0, "account: ACTIVE", True)
    assert live_ops("orders", "orders.json")[0] == 0
    assert live_ops("health")[0] == 0


@pytest.mark.parametrize(
    ("words", "there", "why"),
    [
        (("--role", "trader", "--reason", "now"), None, "role 'trader' may not re-arm; risk_owner may"),
        (("--role", "risk_owner", "--reason", " "), None, "no reason is given"),
        (INIT[2:], "", "there is a file already, and it is no store: live_breaker.sqlite: is empty"),
    ],
)
def test_a_breaker_does_not_begin_with_anybody_or_over_anything(
    live_ops: Any, words: tuple[str, ...], there: str | None, why: str
) -> None:
    """It ends with 1, says why, and nothing has changed."""
    files = {} if there is None else {"live__breaker_sqlite": there}
    status, out, _ = live_ops("breaker", "init", *words, live_toml=BREAKER, **files)
    assert (status, out.startswith(f"refused: {why}")) == (1, True), out
    assert live_ops("breaker", "show")[0] == 1


def test_a_breaker_begins_once(live_ops: Any) -> None:
    """A second beginning would be a re-arm without a cool-down."""
    live_ops(*INIT, live_toml=BREAKER)
    live_ops("breaker", "halt", "--role", "trader", "--reason", "runaway")
    status, out, _ = live_ops(*INIT)
    assert (status, "is a store already; nothing was changed" in out) == (1, True)
    assert live_ops("breaker", "show")[0] == 1


def test_a_halt_by_hand_refuses_orders_until_a_rearm(live_ops: Any) -> None:
    """Each of them a process of its own: the file is what they share, and each change is told."""
    live_ops(*INIT, live_toml=BREAKER)
    assert live_ops("breaker", "show")[:1] == (0,)
    status, out, err = live_ops("breaker", "halt", "--role", "trader", "--reason", "runaway")
    assert (status, out.partition("   ")[0]) == (0, "account: HALTED")
    assert "BREAKER_OVERRIDE" in err
    status, out, _ = live_ops("breaker", "show")
    assert status == 1
    assert "by: trader   reason: runaway" in out
    status, out, _ = live_ops("orders", "orders.json", "--no-alerts", orders_json=[ORDER])
    assert status == 1
    assert "breaker_halted(scope='account'" in out
    status, out, err = live_ops("breaker", "rearm", "--role", "risk_owner", "--reason", "reconciled")
    assert (status, out.partition("   ")[0]) == (0, "account: ACTIVE")
    assert "BREAKER_ACTIVE" in err
    assert live_ops("orders", "orders.json", orders_json=[ORDER])[0] == 0


def test_a_refused_rearm_ends_with_1_and_is_told(live_ops: Any) -> None:
    """The reason on stdout, the alert where the configuration says."""
    live_ops(*INIT, live_toml=BREAKER)
    live_ops("breaker", "halt", "--role", "trader", "--reason", "runaway")
    status, out, err = live_ops("breaker", "rearm", "--role", "trader", "--reason", "all good")
    assert (status, out) == (1, "refused: role 'trader' may not re-arm; risk_owner may\n")
    assert "BREAKER_REARM_REFUSED" in err
    assert live_ops("breaker", "show")[0] == 1


def test_one_strategy_is_halted_by_its_name(live_ops: Any) -> None:
    """The account stays as it is."""
    words = ("--role", "trader", "--reason", "runaway", "--scope", "strategy:trend")
    live_ops(*INIT, live_toml=BREAKER)
    status, out, _ = live_ops("breaker", "halt", *words)
    assert (status, out.partition("   ")[0]) == (0, "strategy:trend: HALTED")
    shown = live_ops("breaker", "show")[1].splitlines()
    assert [line.partition("   ")[0] for line in shown] == ["account: ACTIVE", "strategy:trend: HALTED"]


def test_a_halt_that_cannot_be_stored_ends_with_1(live_ops: Any) -> None:
    """No process that trades would see it: that must not look like a halt."""
    words = ("breaker", "halt", "--role", "trader", "--reason", "runaway")
    status, out, err = live_ops(*words, live_toml=BREAKER, live__breaker_sqlite="no database" * 99)
    assert status == 1
    assert "not stored, so no other process sees it" in out
    assert "BREAKER_STORE_FAILED" in err


@pytest.mark.parametrize(
    ("config", "words", "message"),
    [
        (CONFIG, ("show",), "live_breaker.enabled: is false, so there is no breaker"),
        (BREAKER, ("halt", "--role", "a", "--reason", "b", "--scope", "trend"), "neither account nor"),
    ],
)
def test_what_no_breaker_is_meant_by_ends_with_2(
    live_ops: Any, config: str, words: tuple[str, ...], message: str
) -> None:
    """And nothing was done."""
    status, out, err = live_ops("breaker", *words, live_toml=config)
    assert (status, out) == (2, "")
    assert message in err


def test_a_look_at_a_portfolio_by_hand_is_no_observation(live_ops: Any) -> None:
    """However often an operator asks, the breaker of the process that trades does not climb."""
    held = {"symbol": "BTC/EUR", "size": 1, "entry_price": 500, "mark_price": 300}
    snapshot = {"as_of": "2026-01-27T00:00:00Z", "positions": [held], "equity": 1000}
    live_ops(*INIT, live_toml=BREAKER)
    for _ in range(3):
        words = ("portfolio", "held.json", "--no-alerts")
        assert live_ops(*words, live_toml=BREAKER, held_json=snapshot)[0] == 1
    assert live_ops("breaker", "show")[0] == 0


def test_health_says_what_is_in_force(live_ops: Any) -> None:
    """Limits, what is off, and who hears."""
    status, out, _ = live_ops("health")
    assert status == 0
    assert "2 limits in force: max_daily_loss_abs=100, max_order_notional=500" in out
    assert "alerts go to: stderr" in out
    assert "the day's PnL is what snapshots and recorded results say" in out
    assert "candle guards: bad_print, divergence, " in out
    assert "watchers: correlation_drift, exchange_api, pnl_divergence" in out


def test_health_says_when_bars_are_due(live_ops: Any) -> None:
    """A market without a calendar of its own raises a gap every night, and one with a wrong one none."""
    data = '\n[live_data]\ncalendar = "XNYS"\ncalendars = { "EUR/USD" = "fx_week" }\n'
    status, out, _ = live_ops("health", live_toml=CONFIG + data)
    assert status == 0
    assert "bars are due: EUR/USD fx_week, all others XNYS" in out


def test_health_says_whether_what_guards_know_is_kept(live_ops: Any, tmp_path: Path) -> None:
    """In a file that is sound, that will be made, that has no folder, or that is damaged."""
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{}", encoding="utf-8")
    for path, expected, text in (
        ("", 0, "what candle guards know is lost with the process (no state_file)"),
        ("state.json", 0, "the state file state.json will be made"),
        ("nowhere/state.json", 1, "FAIL  the state file nowhere/state.json has no folder"),
        (str(damaged), 1, "FAIL  what candle guards know is damaged, or no state"),
    ):
        status, out, _ = live_ops("health", live_toml=f'{CONFIG}\n[live_data]\nstate_file = "{path}"\n')
        assert (status, text in out) == (expected, True)


def test_health_reads_the_registry_of_daily_results(live_ops: Any) -> None:
    """A registry that cannot be read refuses every order; that is found before the first one."""
    config = CONFIG.replace("[live_risk]", "[live_risk]\ndaily_pnl_registry = 'pnl.csv'")
    status, out, _ = live_ops("health", live_toml=config)
    assert status == 1
    assert "FAIL  PnL unknown: pnl.csv: cannot be read (No such file or directory)" in out
    status, out, _ = live_ops("health", live_toml=config, pnl_csv="ts,realized_pnl_net\n")
    assert status == 0
    assert "ok    the day's PnL is read from pnl.csv" in out
    unused = config.replace("[live_risk]", "[live_risk]\nuse_experiments_for_daily_pnl = false")
    assert live_ops("health", live_toml=unused, pnl_csv="no table")[0] == 0


@pytest.mark.parametrize(
    "config",
    [
        "[live_risk]\nenabled = false\nmax_order_notional = 5.0",
        "[live_risk]\nmax_order_notional = 5.0\n[live_alerts]\nenabled = false",
        "[live_alerts]\nsinks = 'log'",
    ],
    ids=["limits off", "nobody hears", "no limit"],
)
def test_health_fails_when_nothing_guards(live_ops: Any, config: str) -> None:
    """Silence of a guard that is not there is not health."""
    status, out, _ = live_ops("health", live_toml=config)
    assert status == 1
    assert "FAIL" in out


@pytest.mark.parametrize("command", ["orders", "portfolio", "health"])
def test_help_names_the_tables_of_the_file(live_ops: Any, command: str) -> None:
    """Brackets are no mark-up."""
    assert "[live_risk]" in live_ops(command, "--help")[1]


def test_a_symbol_in_brackets_is_shown_as_it_is(live_ops: Any) -> None:
    """Brackets are no mark-up: a closing one was a traceback, an opening one was not shown."""
    status, out, _ = live_ops("orders", "orders.json", orders_json=[{**ORDER, "client_order_id": "a[/b][c]"}])
    assert status == 0
    assert "a[/b][c]" in out


def test_what_is_wrong_is_told_with_its_file_once(live_ops: Any) -> None:
    """Configuration, orders and snapshot are three files; a message names the one that is meant."""
    config = "[live_risk]\nmax_order_notionl = 5.0\n[live_alerts]\nsinks = 'lg'"
    status, _, err = live_ops("health", live_toml=config)
    assert status == 2
    assert re.findall(r"^error: (\S+ \S+): ", err, re.MULTILINE) == [
        "live.toml: live_risk.max_order_notionl",
        "live.toml: live_alerts.sinks",
    ]
    _, _, err = live_ops("portfolio", "held.json", live_toml=CONFIG, held_json={})
    assert err.startswith("error: held.json: as_of: is missing")
    _, _, err = live_ops("orders", "no.json")
    assert err.startswith("error: no.json: cannot be read")


def test_a_configuration_that_is_not_there_is_asked_for(live_ops: Any, tmp_path: Path) -> None:
    """A newcomer has none, or has it elsewhere."""
    (tmp_path / "live.toml").unlink()
    status, _, err = live_ops("health")
    assert status == 2
    assert err == "error: live.toml: there is no such file; nothing was checked; name yours by --config\n"


def test_health_says_which_strategies_have_limits_of_their_own(live_ops: Any) -> None:
    """Whoever looks what is in force sees those beside the account's."""
    own = "\n[live_risk.strategies.trend]\nmax_order_notional = 80\nmax_orders_per_second = 2\n"
    assert "limits of strategy" not in live_ops("health")[1]
    _, out, _ = live_ops("health", live_toml=CONFIG + own)
    assert "ok    limits of strategy trend: max_order_notional=80, max_orders_per_second=2\n" in out


def test_what_has_no_numbers_is_shown_without_any(live_ops: Any) -> None:
    """A side that is none is no amount in the base currency; the reason says what is wrong."""
    _, out, _ = live_ops("orders", "orders.json", "--no-alerts", orders_json=[{**ORDER, "side": "BYE"}])
    assert re.search(r"^ *BREACH +order_input *$", out, re.MULTILINE)
    assert "order_invalid(client_order_id='a', field='side', value='BYE')" in out


def test_an_answer_that_cannot_be_written_is_no_verdict(
    live_ops: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk ends with 2, not with the 1 of a refused order."""

    def full(_text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys.stdout, "write", full)
    status, _, err = live_ops("orders", "orders.json", "--no-alerts", orders_json=[ORDER])
    assert status == 2
    assert "No space left on device; the answer was not told in full" in err


SILENCE = ("alerts", "silence", "--author", "ops", "--reason", "upgrade")
OUTBOX = """
[live_alerts]
sinks = ["stderr"]

[live_alerts.dispatch]
outbox = "outbox.sqlite"
"""


def staged(*, dead: bool = False) -> None:
    """An outbox with an alert that waits, or that has died."""
    outbox, now = Outbox("outbox.sqlite"), NOON.timestamp()
    level, context = AlertLevel.CRITICAL, {"subject": "A"}
    text = to_record(AlertEvent(NOON, level, "live_data.gap", "DATA_GAP", "a gap", context, "key-1"))
    urgent = Entry("key-1", "webhook", urgent=True, event=text, due=now)
    outbox.add([urgent, urgent._replace(destination="slack", due=now + 900, unless="acknowledged")], now)
    if dead:
        row = outbox.next("webhook", now)
        assert row is not None
        outbox.dead(row, "http_404")
    outbox.close()


def test_alerts_are_shown_with_their_sums(live_ops: Any) -> None:
    """What waits is listed; nothing of it is wrong."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    status, out, _ = live_ops("alerts", "show")
    assert status == 0
    assert "webhook: 1 emitted = 0 delivered + 1 pending + 0 coalesced + 0 suppressed + 0 dead" in out
    assert "webhook key-1 CRITICAL live_data.gap DATA_GAP a gap" in out


def test_what_a_process_has_left_in_its_inbox_is_shown(live_ops: Any) -> None:
    """It was handed over, and is no row of the outbox yet; looking at it takes nothing away."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    journal = Journal.make("outbox.sqlite")
    assert journal is not None
    journal.write(1, '{"id":"key-2"}')
    assert "key-2" not in live_ops("alerts", "show")[1]  # its process lives, and will record it
    journal.close()
    for _ in range(2):
        assert 'waits for the next process: {"id":"key-2"}' in live_ops("alerts", "show")[1]


def test_an_alert_in_an_inbox_is_shown_as_those_of_the_outbox_are(live_ops: Any) -> None:
    """In words, with the key first: its record is for programs."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    journal = Journal.make("outbox.sqlite")
    assert journal is not None
    event = AlertEvent(NOON, AlertLevel.CRITICAL, "live_data.gap", "DATA_GAP", "a gap", {}, "key-2")
    journal.write(1, to_record(event))
    journal.close()
    out = live_ops("alerts", "show")[1]
    assert "waits for the next process: key-2 CRITICAL live_data.gap DATA_GAP a gap" in out


def test_an_inbox_that_cannot_be_read_is_shown_as_such(live_ops: Any) -> None:
    """With what is wrong; all else is shown as ever."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    Path("outbox.sqlite-inbox-1-00000000").mkdir()
    status, out, _ = live_ops("alerts", "show")
    assert status == 1
    assert "cannot be read: " in out
    assert "outbox.sqlite-inbox-1-00000000: Is a directory" in out
    assert "key-1" in out


def test_whoever_looks_at_an_inbox_keeps_it_from_nobody(
    live_ops: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pager may hold the output up for hours; the next process takes it over meanwhile."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    journal = Journal.make("outbox.sqlite")
    assert journal is not None
    for number in (1, 2):
        journal.write(number, "{}")
    journal.close()
    free = list[bool]()

    def paged(text: str) -> None:
        if "next process" in text:
            (path,) = Journal.left_beside("outbox.sqlite")
            found = Journal.opened(path)
            free.append(found is not None)
            if found is not None:
                found.close()

    monkeypatch.setattr(ops_alerts, "_say", paged)
    live_ops("alerts", "show")
    assert free == [True, True]


def test_dead_letters_are_listed_and_sent_again(live_ops: Any) -> None:
    """By their number, or all."""
    live_ops("health", live_toml=OUTBOX)
    staged(dead=True)
    assert live_ops("alerts", "show")[0] == 1
    status, out, _ = live_ops("alerts", "dead")
    told = "1: 2026-01-27T12:00:00+00:00 webhook key-1 CRITICAL live_data.gap DATA_GAP a gap"
    assert (status, out) == (1, f"{told}   http_404 after 1 attempt\n")
    unknown = "no dead letter 99; live-ops alerts dead lists them\n"
    assert live_ops("alerts", "replay", "99")[:2] == (1, unknown)
    assert live_ops("alerts", "replay", "99", "1")[:2] == (1, f"{unknown}1 dead letter will be sent again\n")
    assert live_ops("alerts", "dead")[:2] == (0, "no dead letters\n")
    assert live_ops("alerts", "replay")[:2] == (1, "no dead letters\n")


def test_an_alert_is_taken_on_by_its_key(live_ops: Any) -> None:
    """Once."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    assert live_ops("alerts", "acknowledge", "key-1")[:2] == (0, "1 destination is spared\n")
    assert live_ops("alerts", "acknowledge", "key-1")[0] == 1


def test_a_silence_has_an_author_a_reason_and_an_end(live_ops: Any) -> None:
    """It is shown while it holds; a code that does not exist is refused with the nearest name."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    words = ("alerts", "silence", "--author", "ops", "--reason", "upgrade", "--minutes", "10")
    assert live_ops(*words, "--code", "DATA_GAP")[0] == 0
    assert "by ops: DATA_GAP (upgrade)" in live_ops("alerts", "show")[1]
    status, _, err = live_ops(*words, "--code", "DATA_GAPS")
    assert (status, "did you mean 'DATA_GAP'" in err) == (2, True)
    status, _, err = live_ops("alerts", "silence", "--author", " ", "--reason", "", "--minutes", "10")
    assert (status, "--author: is empty" in err, "--reason: is empty" in err) == (2, True, True)


def test_everything_is_silenced_only_by_saying_so(live_ops: Any) -> None:
    """Who forgets to say what is to be muted would not hear of a breach either."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    words = (*SILENCE, "--minutes", "10")
    status, out, err = live_ops(*words)
    assert (status, out) == (2, "")
    assert err == (
        "error: --source, --code, --subject: none is given; say what is to be muted by one of them, "
        "or --all to mute everything, CRITICAL too\n"
    )
    status, out, _ = live_ops(*words, "--all")
    assert (status, out.startswith("silence 1: everything, until ")) == (0, True)
    status, _, err = live_ops(*words, "--all", "--code", "DATA_GAP")
    assert (status, err) == (2, "error: --all: is given beside --code; say one of them\n")


def test_a_source_of_ours_that_does_not_exist_is_not_silenced(live_ops: Any) -> None:
    """It would mute nothing, and nobody would know; another program may have sources of its own."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    status, _, err = live_ops(*SILENCE, "--minutes", "10", "--source", "live_dta.gap")
    assert (status, err) == (
        2,
        "error: --source: 'live_dta.gap' is no source; did you mean 'live_data.gap'?\n",
    )
    for source in ("live_data", "live_data.gap", "desk.hedger"):
        assert live_ops(*SILENCE, "--minutes", "10", "--source", source)[0] == 0


def test_what_would_escalate_is_shown_with_its_key(live_ops: Any) -> None:
    """Whoever takes an alert on must find out under which key, and how long there is."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    _, out, _ = live_ops("alerts", "show")
    assert "to slack unless acknowledged: key-1 CRITICAL live_data.gap DATA_GAP a gap" in out


def test_a_key_that_nothing_escalates_under_is_told_with_the_way_to_the_right_one(live_ops: Any) -> None:
    """Taking the wrong alert on looks like taking one on."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    status, out, _ = live_ops("alerts", "acknowledge", "key-2")
    assert (status, out) == (
        1,
        "nothing escalates under 'key-2', or no more; live-ops alerts show lists what would, with its key\n",
    )


def test_a_silence_is_ended_by_its_number(live_ops: Any) -> None:
    """One that was set too wide must not last its week."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    status, out, _ = live_ops(*SILENCE, "--minutes", "10", "--all")
    assert (status, out.startswith("silence 1: everything, until 20")) == (0, True)
    assert live_ops("alerts", "unsilence", "2")[:2] == (1, "no silence 2 holds\n")
    assert live_ops("alerts", "unsilence", "1")[:2] == (0, "silence 1 has ended\n")
    assert "silence 1" not in live_ops("alerts", "show")[1]


def test_a_silence_may_be_given_its_end(live_ops: Any) -> None:
    """As an instant, which is what a maintenance has."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    until = (SystemClock().now() + timedelta(hours=1)).isoformat(timespec="seconds")
    _, out, _ = live_ops(*SILENCE, "--until", until, "--code", "DATA_GAP")
    assert out == f"silence 1: DATA_GAP, until {until}\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "--minutes, --until: neither is given; say for how long by one of them"),
        (("--minutes", "5", "--until", "2099-01-01"), "--minutes, --until: both are given"),
        (("--minutes", "nan"), "--minutes: expected 0.1 to 10080 minutes (a week), got nan"),
        (("--minutes", "99999"), "--minutes: expected 0.1 to 10080 minutes (a week), got 99999"),
        (("--until", "tomorrow"), "--until: 'tomorrow' is no instant; write one such as 20"),
        (("--until", "2026-01-01T00:00:00Z"), "--until: is over since"),
        (("--until", "2999-01-01T00:00:00Z"), "minutes from now; a week (10080 minutes) at most"),
    ],
)
def test_a_silence_without_a_usable_end_is_refused(live_ops: Any, words: tuple[str, ...], why: str) -> None:
    """With everything else that is wrong."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    status, _, err = live_ops(*SILENCE, "--code", "DATA_GAPS", *words)
    assert (status, why in err, "did you mean 'DATA_GAP'" in err) == (2, True, True)


def test_an_outbox_that_nothing_has_come_through_says_so(live_ops: Any) -> None:
    """No line at all would look like a command that does not work."""
    Outbox("outbox.sqlite").close()
    status, out, _ = live_ops("alerts", "show", live_toml=OUTBOX)
    assert (status, out) == (0, "outbox.sqlite: no alert has come yet\n")


def test_the_database_of_another_program_is_left_alone(live_ops: Any) -> None:
    """A wrong path must not make an outbox of it."""
    with closing(sqlite3.connect("outbox.sqlite")) as other:
        other.execute("CREATE TABLE trades (id INTEGER)")
    before = Path("outbox.sqlite").read_bytes()
    status, _, err = live_ops("alerts", "show", live_toml=OUTBOX)
    assert (status, "is the database of another program (trades); name a file of its own" in err) == (2, True)
    assert Path("outbox.sqlite").read_bytes() == before


def test_what_was_written_by_others_does_not_move_the_terminal(live_ops: Any) -> None:
    """Whoever may write to the outbox cannot hide a line of it."""
    live_ops("health", live_toml=OUTBOX)
    staged()
    words = (
        "alerts",
        "silence",
        "--author",
        "o\x1b[2Jps",
        "--reason",
        "up\ngrade",
        "--minutes",
        "10",
        "--all",
    )
    assert live_ops(*words)[0] == 0
    assert "by o\\x1b[2Jps: everything (up\\ngrade)" in live_ops("alerts", "show")[1]


@pytest.mark.parametrize(
    "words",
    [
        ("show",),
        ("dead",),
        ("replay",),
        ("acknowledge", "key-1"),
        ("silence", "--author", "a", "--reason", "b", "--minutes", "1", "--all"),
    ],
)
def test_an_outbox_that_fails_late_is_told_in_one_line(
    live_ops: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Another process holds it, or the disk is full."""
    live_ops("health", live_toml=OUTBOX)
    staged(dead=True)

    def locked(*_: object) -> Any:
        raise OutboxError("outbox.sqlite: database is locked")

    monkeypatch.setattr(Database, "rows", locked)
    monkeypatch.setattr(Database, "writing", locked)
    status, _, err = live_ops("alerts", *words)
    assert (status, "live_alerts.dispatch.outbox: outbox.sqlite: database is locked" in err) == (2, True)


@pytest.mark.parametrize(
    ("config", "why"),
    [
        (CONFIG, "live_alerts.dispatch.outbox: is no file, so alerts are kept in memory"),
        (OUTBOX, "live_alerts.dispatch.outbox: is 'outbox.sqlite', which is not there"),
    ],
)
def test_without_an_outbox_there_is_nothing_to_show(live_ops: Any, config: str, why: str) -> None:
    """And none is made by looking."""
    status, out, err = live_ops("alerts", "show", live_toml=config)
    assert (status, out, why in err) == (2, "", True)
    assert live_ops("alerts", "show")[0] == 2


def test_health_finds_an_outbox_that_the_disk_has_no_room_for(
    live_ops: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be opened and read, and keeps nothing; both numbers are told."""
    Outbox("outbox.sqlite").close()
    left = shutil.disk_usage(".")._replace(free=3_500_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: left)
    status, out, _ = live_ops("health", live_toml=OUTBOX)
    assert (status, "FAIL  the disk of outbox.sqlite has 3.5 MB left; at least 16.0 MB expected" in out) == (
        1,
        True,
    )


def test_health_finds_an_outbox_that_cannot_be_made(live_ops: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is read-only keeps nothing either."""
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode, **more: not mode & os.W_OK and access(path, mode, **more)
    )
    status, out, _ = live_ops("health", live_toml=OUTBOX)
    why = "FAIL  the outbox outbox.sqlite cannot be made: its folder is read-only"
    assert (status, why in out) == (1, True)


def test_health_says_what_holds_alerts(live_ops: Any) -> None:
    """A file that is none is found before it is needed."""
    assert "alerts are kept in memory, and lost with the process" in live_ops("health")[1]
    assert "the outbox outbox.sqlite will be made" in live_ops("health", live_toml=OUTBOX)[1]
    status, out, _ = live_ops("health", outbox_sqlite="no database" * 99)
    assert (status, "the outbox of alerts cannot be used" in out) == (1, True)
