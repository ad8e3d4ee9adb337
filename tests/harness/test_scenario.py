"""From scenario files to validated scenarios: what is read, and how one file gives several."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from drills.around import severity_at, values_around
from drills.contracts import Where
from drills.errors import UnusableInputError
from drills.given import orders_of
from drills.headings import Heading, list_scenarios
from drills.new import write_new_scenario
from drills.registry import ENDPOINT_FAULTS, EXPECTATIONS, SERIES_FAULTS, STEPS
from drills.run import run_drill
from drills.scenario import Fault, Scenario, ScenarioErrors, load_scenarios
from drills.schema import schema_text
from live.contracts import Sense

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
HEAD = """\
drill: an-order
title: An order is judged
playbook: 3
track: paper
start: 2026-01-27T00:00:00Z
"""
ORDER = "check_orders: [{symbol: BTC/EUR, side: BUY, notional: 100}]"
Load = Callable[..., list[Scenario]]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a file of the usual head and a body, from an empty working directory."""
    monkeypatch.chdir(tmp_path)

    def loaded(body: str, head: str = HEAD) -> list[Scenario]:
        Path("x.yaml").write_text(head + dedent(body), encoding="utf-8")
        return load_scenarios([Path("x.yaml")])

    return loaded


def test_everything_that_a_file_says_is_in_the_scenario(load: Load) -> None:
    """A file with every key of the grammar."""
    [scenario] = load(
        """\
        runbook: risk_limit_violation_orders
        seed: 7
        tags: [risk, orders]
        tick: 10s
        until: 1h
        config: {live_risk: {max_order_notional: 500}}
        given:
          portfolio: {cash: 10000, positions: [{symbol: BTC/EUR, size: 0.01}]}
          candles: {BTC/EUR: {timeframe: 1m, close: "30000x3"}}
          steady: false
        steps:
          - at: 1m30s
            check_orders: [{symbol: BTC/EUR, side: BUY, notional: 100}]
        expect:
          checks:
            - {at: 1m30s, allowed: true}
            - {at: 1m30s, severity: OK}
          silence: true
        """
    )
    assert (scenario.id, scenario.drill, scenario.case) == ("an-order", "an-order", "")
    assert (scenario.title, scenario.playbook) == ("An order is judged", 3)
    assert (scenario.runbook, scenario.track) == ("risk_limit_violation_orders", "paper")
    assert scenario.start == datetime(2026, 1, 27, tzinfo=UTC)
    assert (scenario.seed, scenario.tags) == (7, ("risk", "orders"))
    assert (scenario.tick, scenario.until) == (timedelta(seconds=10), timedelta(hours=1))
    assert scenario.config.risk.max_order_notional == 500
    assert scenario.given_portfolio is not None
    assert scenario.given_portfolio.cash == 10000
    assert not scenario.steady
    assert [candle.close for candle in scenario.series["BTC/EUR"]] == [30000] * 3
    [step] = scenario.steps
    assert (step.at, step.for_, step.name) == (timedelta(seconds=90), None, "check_orders")
    assert step.params[0].notional == 100
    assert step.where == Where("x.yaml", 17, 5)
    checks, places = scenario.expect["checks"]
    assert [check.allowed for check in checks] == [True, None]
    assert [place.line for place in places] == [21, 22]
    assert scenario.expect["silence"] == (True, [Where("x.yaml", 23, 12)])
    assert scenario.file == Path("x.yaml")


def test_what_is_not_said_has_a_default(load: Load) -> None:
    """The head and the steps are a whole scenario."""
    [scenario] = load("steps: []\n")
    assert (scenario.runbook, scenario.seed, scenario.tags) == ("", 0, ())
    assert set(scenario.config.risk.limits.values()) == {None}
    assert (scenario.given_portfolio, scenario.candles, scenario.steady) == (None, {}, True)
    assert (scenario.tick, scenario.until, scenario.steps, scenario.expect) == (None, None, (), {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e5", 1e5),
        ("100_000", "100_000"),
        ("007", "007"),
        ("0x10", "0x10"),
        ("-.5", -0.5),
        ("NO", "NO"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2026-01-27", "2026-01-27"),
        ("~", None),
        ("NaN", "NaN"),
        ("-.inf", -math.inf),
        ("'5'", "5"),
    ],
)
def test_values_mean_what_they_look_like(load: Load, text: str, value: object) -> None:
    """No word turns into a truth value, no time into a number; hostile values reach `live` as they stand."""
    [scenario] = load(
        f"steps: [{{at: 0s, check_orders: [{{symbol: BTC/EUR, side: BUY, notional: {text}}}]}}]\n"
    )
    assert scenario.steps[0].params[0].notional == value


def test_an_order_can_be_not_a_number(load: Load) -> None:
    """A drill must be able to hand `live` a NaN."""
    [scenario] = load("steps: [{at: 0s, check_orders: [{symbol: A, side: BUY, notional: .nan}]}]\n")
    assert math.isnan(scenario.steps[0].params[0].notional)


def test_a_step_of_faults_names_target_fault_and_parameters(load: Load) -> None:
    """Destinations and price series have faults of their own; `true` stands for the defaults."""
    [scenario] = load(
        """\
        config: {live_alerts: {sinks: [webhook]}}
        given: {candles: {BTC/EUR: {timeframe: 1m, close: "1x9"}}}
        steps:
          - at: 5m
            for: 2m
            fault: {webhook: {delay: 3s}, BTC/EUR: {drop: true}, exchange: {hang: true}}
        """
    )
    [step] = scenario.steps
    assert (step.name, step.for_) == ("fault", timedelta(minutes=2))
    assert step.params[0] == Fault("webhook", "delay", timedelta(seconds=3))
    assert [(fault.target, fault.name) for fault in step.params[1:]] == [
        ("BTC/EUR", "drop"),
        ("exchange", "hang"),
    ]


def test_an_exchange_that_is_called_can_have_a_fault(load: Load) -> None:
    """Whatever is called can fail, under the name under which it is called."""
    [scenario] = load(
        """\
        steps:
          - {at: 0s, fault: {orders-api: {status: 503}}}
          - {at: 1s, exchange_call: {endpoint: orders-api}}
        """
    )
    assert scenario.steps[0].params[0].target == "orders-api"


def test_instants_may_stand_for_offsets(load: Load) -> None:
    """With real series one thinks in dates."""
    [scenario] = load(
        f"""\
        until: 2026-01-28
        steps:
          - {{at: 2026-01-27T10:30:00+01:00, {ORDER}}}
        expect:
          alerts:
            - {{between: ["2026-01-27T00:00:01Z", 1h], code: DATA_GAP}}
        """
    )
    assert scenario.until == timedelta(days=1)
    assert scenario.steps[0].at == timedelta(hours=9, minutes=30)
    assert scenario.expect["alerts"][0][0].between == (timedelta(seconds=1), timedelta(hours=1))


def test_the_start_is_the_first_candle_of_a_data_file(load: Load) -> None:
    """Nobody has to look it up."""
    Path("prices.csv").write_text("ts,open,high,low,close\n2017-01-02T03:00:00Z,1,1,1,1\n", encoding="utf-8")
    [scenario] = load(
        "given: {candles: {EUR/USD: {timeframe: 1h, file: prices.csv}}}\nsteps: []\n",
        HEAD.replace("start: 2026-01-27T00:00:00Z\n", ""),
    )
    assert scenario.start == datetime(2017, 1, 2, 3, tzinfo=UTC)


def test_only_candles_inside_the_drill_are_played(load: Load) -> None:
    """They open at the start or later, and are complete when it ends."""
    rows = "".join(f"2026-01-27T{hour:02}:00:00Z,1,1,1,{hour + 1}\n" for hour in range(10))
    Path("prices.csv").write_text(f"ts,open,high,low,close\n{rows}", encoding="utf-8")
    [scenario] = load(
        "until: 3h\ngiven: {candles: {EUR/USD: {timeframe: 1h, file: prices.csv}}}\nsteps: []\n",
        HEAD.replace("T00:00:00Z", "T02:00:00Z"),
    )
    assert [candle.close for candle in scenario.series["EUR/USD"]] == [3, 4, 5]


def test_each_case_is_a_drill_with_its_own_values(load: Load) -> None:
    """Values keep their types, stand for keys too, and `$$` is a dollar."""
    small, large = load(
        """\
        tags: [$$literal]
        cases:
          small: {notional: 100, sink: webhook, expected: true}
          large: {notional: 2000.5, sink: slack_webhook, expected: false}
        config: {live_alerts: {sinks: [webhook, slack_webhook]}}
        steps:
          - {at: 0s, fault: {$sink: {status: 503}}}
          - {at: 0s, check_orders: [{symbol: BTC/EUR, side: BUY, notional: $notional}]}
        expect:
          checks: [{at: 0s, allowed: $expected}]
        """
    )
    assert (small.id, small.case, large.id) == ("an-order[small]", "small", "an-order[large]")
    assert [one.steps[1].params[0].notional for one in (small, large)] == [100, 2000.5]
    assert [one.steps[0].params[0].target for one in (small, large)] == ["webhook", "slack_webhook"]
    assert [one.expect["checks"][0][0].allowed for one in (small, large)] == [True, False]
    assert small.tags == ("$literal",)


def test_a_case_may_expect_something_else(load: Load) -> None:
    """Its own expectation stands instead of the common one, and is where its findings point to."""
    usual, other = load(
        """\
        cases:
          usual: {side: BUY}
          other:
            side: SELL
            expect:
              checks: [{at: 0s, severity: OK}]
        steps:
          - {at: 0s, check_orders: [{symbol: BTC/EUR, side: $side, notional: 1}]}
        expect: {silence: true}
        """
    )
    assert list(usual.expect) == ["silence"]
    assert list(other.expect) == ["checks"]
    assert other.expect["checks"][1] == [Where("x.yaml", 11, 16)]


AROUND = """\
around: live_risk.max_order_notional
config: {live_risk: {max_order_notional: 500}}
steps:
  - {at: 5m, check_orders: [{symbol: BTC/EUR, side: BUY, notional: $around}]}
"""


def test_around_a_limit_there_are_six_drills(load: Load) -> None:
    """The values at which the verdict turns, to the last digit."""
    values = {one.case: one.steps[0].params[0].notional for one in load(AROUND)}
    assert math.isnan(values.pop("not-a-number"))
    assert values == {
        "below-warning": math.nextafter(400, 0),
        "at-warning": 400,
        "below-limit": math.nextafter(500, 0),
        "at-limit": 500,
        "above-limit": math.nextafter(500, math.inf),
    }


def test_around_a_limit_every_drill_knows_what_it_expects(load: Load) -> None:
    """Severity, alert and permission follow from the sense of the limit; nobody writes them six times."""

    def expected(one: Scenario) -> tuple[Any, ...]:
        [check] = one.expect["checks"][0]
        alerts = one.expect["alerts"][0] if "alerts" in one.expect else []
        told = [(alert.at, alert.code.removeprefix("RISK_LIMIT_"), alert.level) for alert in alerts]
        return check.severity, check.allowed, told, one.expect.get("silence", (False,))[0]

    at = timedelta(minutes=5)
    warning = ("WARNING", True, [(at, "WARNING_ORDERS", "WARNING")], False)
    breach = ("BREACH", False, [(at, "VIOLATION_ORDERS", "CRITICAL")], False)
    assert {one.case: expected(one) for one in load(AROUND)} == {
        "below-warning": ("OK", True, [], True),
        "at-warning": warning,
        "below-limit": warning,
        "at-limit": breach,
        "above-limit": breach,
        "not-a-number": breach,
    }


def test_around_a_limit_every_drill_passes(load: Load) -> None:
    """What the expansion expects is what the rules do."""
    judged = [(one.id, run_drill(one).judgements) for one in load(AROUND)]
    assert judged == [(name, ()) for name, _ in judged]


def test_around_adds_to_what_the_file_expects(load: Load) -> None:
    """Alerts of other sources can be listed beside it."""
    more = "expect: {checks: [{at: 5m, check: orders}], alerts: [{at: 1h, code: DATA_GAP}]}\n"
    sound, *_, breach = load(AROUND + more)
    assert [alert.code for alert in sound.expect["alerts"][0]] == ["DATA_GAP"]
    assert [alert.code for alert in breach.expect["alerts"][0]] == ["DATA_GAP", "RISK_LIMIT_VIOLATION_ORDERS"]
    assert "silence" not in sound.expect
    assert len(breach.expect["checks"][0]) == 2


def test_without_blocking_a_breach_is_expected_as_a_warning(load: Load) -> None:
    """Level and permission are two things."""
    *_, breach = load(AROUND.replace("500}", "500, block_on_violation: false}"))
    assert breach.expect["alerts"][0][0].level == "WARNING"
    assert breach.expect["checks"][0][0].allowed is False


@pytest.mark.parametrize(
    ("sense", "turns"),
    [
        (Sense.MAXIMUM, "OK WARNING WARNING BREACH BREACH BREACH"),
        (Sense.LOSS, "OK WARNING WARNING BREACH BREACH BREACH"),
        (Sense.COUNT, "OK WARNING WARNING WARNING BREACH BREACH"),
        (Sense.MINIMUM, "BREACH OK OK BREACH"),
    ],
)
def test_the_verdict_turns_where_the_sense_says(sense: Sense, turns: str) -> None:
    """A limit of 10 that warns at 8, in each of the four senses."""
    values = [value for _, value in values_around(sense, 10, 0.8)]
    assert [severity_at(sense, value, 10, 0.8) for value in values] == turns.split()


@pytest.mark.parametrize(("limit", "factor", "warning"), [(1.1, 0.8, 0.88), (0.1, 0.7, 0.07)])
def test_the_warning_begins_where_a_person_reckons(limit: float, factor: float, warning: float) -> None:
    """0.8 of 1.1 is 0.88, although the product of the nearest floats is another number."""
    assert dict(values_around(Sense.MAXIMUM, limit, factor))["at-warning"] == warning
    assert severity_at(Sense.MAXIMUM, warning, limit, factor) == "WARNING"
    assert dict(values_around(Sense.COUNT, 50, 0.58))["below-warning"] == 29
    assert severity_at(Sense.COUNT, 29, 50, 0.58) == "OK"


def test_a_loss_is_negative_and_a_count_is_whole() -> None:
    """The values are of the kind that is measured."""
    assert dict(values_around(Sense.LOSS, 10, 0.5))["at-limit"] == -10
    counts = [value for name, value in values_around(Sense.COUNT, 10, 0.75) if name != "not-a-number"]
    assert counts == [7, 8, 9, 10, 11]


def test_folders_are_searched_to_any_depth_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that holds only data does no harm, and a file that is named twice is loaded once."""
    monkeypatch.chdir(tmp_path)
    for name in ("b/2", "b/1", "a/deep/3"):
        path = Path(f"{name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD.replace("an-order", f"drill-{path.stem}") + "steps: []\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    loaded = load_scenarios([Path("b/2.yaml"), tmp_path])
    assert [str(one.file) for one in loaded] == ["b/2.yaml", "a/deep/3.yaml", "b/1.yaml"]


def test_headings_are_read_without_what_validates_or_runs(tmp_path: Path) -> None:
    """`drills list` is there at once."""
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + "tags: [a]\ncases: {one: {}, two: {}}\nsteps: []\n", encoding="utf-8")
    [heading] = list_scenarios([tmp_path])
    expected = ("an-order", "An order is judged", 3, "paper", ("a",), path.as_posix(), ("one", "two"), "")
    assert heading == Heading(*expected)
    program = "import sys, drills.headings; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {"pydantic", "polars", "live.config", "live.registry"} & set(done.stdout.split()) == set()


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module with a step of its own, which is forgotten afterwards."""
    module = """\
        from drills.contracts import Step

        class Shout(Step):
            \"\"\"Shout.\"\"\"

            name = "shout"
            Params = str

            def apply(self, world, params):
                world.record("log", logger="shout", level="INFO", event=params, fields={})
        """
    (tmp_path / "shouting_plugin.py").write_text(dedent(module), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "shouting_plugin"
    STEPS.forget(["shout"])
    sys.modules.pop("shouting_plugin", None)


def test_a_step_of_a_plugin_is_read_like_one_of_ours(load: Load, plugin: str) -> None:
    """One file adds a step; nothing else has to know of it."""
    with pytest.raises(ScenarioErrors, match="UNKNOWN_KEY: 'shout' is not a key of steps"):
        load("steps: [{at: 0s, shout: hello}]\n")
    load_scenarios([Path("x.yaml")], plugins=[plugin])
    [scenario] = load("steps: [{at: 0s, shout: hello}]\n")
    assert (scenario.steps[0].name, scenario.steps[0].params) == ("shout", "hello")


def test_a_plugin_that_is_not_there_is_unusable_input(load: Load) -> None:
    """It is told before any file is read."""
    load("steps: []\n")
    with pytest.raises(UnusableInputError, match="plugin 'no_such_plugin' cannot be imported"):
        load_scenarios([Path("x.yaml")], plugins=["no_such_plugin"])


def test_a_new_scenario_loads_and_passes(tmp_path: Path) -> None:
    """A newcomer begins with something that works."""
    path = write_new_scenario("my-first", tmp_path / "mine")
    [scenario] = load_scenarios([path])
    assert scenario.drill == "my-first"
    assert run_drill(scenario).judgements == ()


def test_a_new_scenario_overwrites_nothing(tmp_path: Path) -> None:
    """Neither a file that is there, nor one outside the folder."""
    write_new_scenario("my-first", tmp_path)
    with pytest.raises(UnusableInputError, match=r"my-first\.yaml is there already"):
        write_new_scenario("my-first", tmp_path)
    with pytest.raises(UnusableInputError, match="cannot be the id of a drill"):
        write_new_scenario("../my-second", tmp_path)


def test_the_schema_for_editors_is_fresh() -> None:
    """`drills schema > docs/reference/scenario.schema.json` makes it anew."""
    shipped = ROOT / "docs/reference/scenario.schema.json"
    assert shipped.read_text(encoding="utf-8") == schema_text()


def test_every_leaf_stands_on_the_reference_page() -> None:
    """Whoever looks for a step, a fault or an expectation finds its name."""
    page = (ROOT / "docs/reference/scenario-format.md").read_text(encoding="utf-8")
    names = [*STEPS, *ENDPOINT_FAULTS, *SERIES_FAULTS, *EXPECTATIONS]
    assert [name for name in names if f"{name}:" not in page and f"`{name}`" not in page] == []


AROUND_AS = """\
drill: around-as
title: A drawdown just around its limit
playbook: 3
track: paper
start: 2026-01-27T00:00:00Z
around: live_risk.max_drawdown_pct
around_as: {said}
config: {{live_risk: {{max_drawdown_pct: 20}}}}
given: {{portfolio: {{equity: 1000, cash: 1000}}}}
steps:
  - {{at: 30s, set_portfolio: {{equity: $around, cash: 300}}}}
  - {{at: 1m, check_orders: [{{symbol: A, side: BUY, notional: 10}}]}}
"""


def test_around_a_limit_the_value_may_be_written_as_something_else(load: Load) -> None:
    """A drawdown of so many percent is an equity."""
    scenarios = load(AROUND_AS.format(said="{times: -10, plus: 1000, check: 1m}"), head="")
    equities = [scenario.steps[0].params.equity for scenario in scenarios]
    assert [round(equity, 3) for equity in equities[:5]] == [840.0, 840.0, 800.0, 800.0, 800.0]
    assert equities[2] > equities[3] == 800.0 > equities[4]
    assert math.isnan(equities[5])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("5", "around_as has 5; write {check, plus, times, unit}"),
        ("{time: 5}", "around_as has 'time'; write {check, plus, times, unit}"),
        ("{times: two}", "around_as holds what it cannot; numbers for times and plus"),
        ("{unit: hours}", "around_as holds what it cannot; numbers for times and plus"),
        ("{check: 5m}", "0 checks are at '5m'"),
    ],
)
def test_around_as_that_cannot_be_meant_is_told(load: Load, said: str, why: str) -> None:
    """With the place."""
    with pytest.raises(ScenarioErrors, match=re.escape(why)):
        load(AROUND_AS.format(said=said), head="")


def test_a_step_may_be_taken_several_times_and_an_order_asked_for_several_times(load: Load) -> None:
    """One after the other at one instant; the copies are numbered."""
    (scenario,) = load(
        """steps:
  - {at: 1s, times: 3, record_pnl: -1}
  - {at: 2s, check_orders: [{symbol: "S{}", side: BUY, notional: 1, copies: 2}]}
expect: {silence: true}
"""
    )
    assert [step.name for step in scenario.steps] == ["record_pnl"] * 3 + ["check_orders"]
    assert [one.symbol for one in orders_of(scenario.steps[3].params)] == ["S1", "S2"]
