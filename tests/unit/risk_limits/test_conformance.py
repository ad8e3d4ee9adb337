"""Every rule is tried before it is trusted: ours here, those of others when they come in."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from itertools import count
from typing import TYPE_CHECKING

import pytest

from drills.registry import load_plugins
from live import registry
from live.config import LiveConfig
from live.config_errors import ConfigError
from live.contracts import Figure, Formula, Observation, RiskRule, Scope, Sense, Unit, risk_rule
from live.registry import RULES, Registry, RegistryError, load_plugin
from live.risk_limits import LiveRiskLimits
from live.risk_limits.conformance import LAWS, Violation, violations
from live.risk_limits.conformance.boundary import FACTOR, verdict_of
from live.risk_limits.limits import severity_of, warning_threshold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from live.risk_limits.book import Book


@risk_rule(key="bad_raises", unit=Unit.MONEY)
def never_raises(book: Book) -> Observation:
    """Fails where there is no equity."""
    return Observation(100 / (book.account.equity or 0))


_calls = count()


@risk_rule(key="bad_chance", unit=Unit.MONEY)
def deterministic(_book: Book) -> Observation:
    """Another value each time."""
    return Observation(next(_calls))


@risk_rule(key="bad_room", unit=Unit.COUNT, sense=Sense.COUNT, scopes=(Scope.ORDERS,))
def one_more_order_admits_no_more(book: Book) -> Observation:
    """Many orders look fewer."""
    return Observation(max(0, 5 - len(book.orders)))


@risk_rule(key="bad_formula", unit=Unit.MONEY, formula=Formula(Figure.NOTIONAL))
def the_formula_is_the_value(book: Book) -> Observation:
    """Its formula is below its value."""
    return Observation(book.total_exposure)


class Cents(float):
    """A number that thinks a cent more or less is the same."""

    __slots__ = ()

    def __ge__(self, other: float) -> bool:
        return float(self) >= other + 0.01


@risk_rule(key="bad_cents", unit=Unit.MONEY)
def the_sense_says_the_verdict(book: Book) -> Observation:
    """At the limit, and still within it."""
    return Observation(Cents(book.total_exposure))


BAD = [
    never_raises,
    deterministic,
    one_more_order_admits_no_more,
    the_formula_is_the_value,
    the_sense_says_the_verdict,
]


@risk_rule(
    key="bad_fee", unit=Unit.MONEY, scopes=(Scope.ORDERS,), subject="order", formula=Formula(Figure.NOTIONAL)
)
def notional_with_fee(book: Book) -> Iterator[Observation]:
    """Ever so little more than its formula."""
    for order in book.orders:
        yield Observation(order.notional * 1.0001, order.client_order_id)


SHARE = """\
from live.contracts import Observation, Unit, risk_rule


@risk_rule(key="max_share", unit=Unit.PERCENT)
def max_share(book):
    \"\"\"Share of the equity.\"\"\"
    return Observation(100 * book.total_exposure / book.account.equity)
"""
SOUND = SHARE.replace("book.account.equity)", "book.equity)")
REFUSED = (
    r"house_limits.py:4: max_share breaks never_raises: .*TypeError.*; seen with equity None.*; yield Obs"
)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a plugin, which the test writes."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "house_limits.py"
    sys.modules.pop("house_limits", None)
    RULES.forget(["max_share"])


WITHOUT_A_SOURCE = ("live_trade_min_size", "max_daily_loss_abs", "max_daily_loss_pct", "max_open_positions")


@pytest.mark.parametrize("name", RULES)
def test_our_rules_keep_every_law(name: str) -> None:
    """All of them."""
    assert [str(one) for one in violations(RULES[name])] == []


@pytest.mark.parametrize("rule", BAD, ids=lambda rule: rule.name)
def test_a_rule_that_breaks_a_law_is_caught(rule: RiskRule) -> None:
    """By the law that its name says, and it is not registered for that."""
    assert rule.name in [one.law for one in violations(rule)]
    assert rule.name not in RULES


def test_a_formula_that_is_a_shade_too_low_is_caught_at_the_limit() -> None:
    """Far from the limit both say the same."""
    (found,) = violations(notional_with_fee)
    assert found.law == "the_sense_says_the_verdict"
    assert "but measured" in found.text


@pytest.mark.parametrize("sense", Sense)
@pytest.mark.parametrize("limit", [0, 1, 2, 7, 100, 0.3, 1e-9, 123.456])
def test_what_a_sense_says_is_written_down_twice(sense: Sense, limit: float) -> None:
    """Engine and law agree beside every boundary, though neither knows the other."""
    beside = [limit, limit * FACTOR, math.floor(limit * FACTOR), 0.0, math.nan, math.inf]
    near = [
        step
        for one in beside
        for step in (one, math.nextafter(one, 0), math.nextafter(one, math.inf), one + 1)
    ]
    for value in (sign * one for one in near for sign in (1, -1)):
        warning = warning_threshold(sense, limit, FACTOR)
        assert verdict_of(sense, value, limit) is severity_of(sense, value, limit, warning), value


@pytest.mark.parametrize("name", RULES)
def test_our_rules_say_what_they_measure_and_who_asks_for_it(name: str) -> None:
    """The reference is made of it."""
    assert RULES[name].doc
    assert RULES[name].asked_by or name in WITHOUT_A_SOURCE


def test_every_law_says_what_it_asks_and_what_to_do() -> None:
    """In a line each."""
    assert all(law.check.__doc__ and law.remedy for law in LAWS)


def test_a_plugin_with_a_rule_that_breaks_a_law_is_refused(plugin: Path) -> None:
    """Before a drill is run with it, and it is not left behind."""
    plugin.write_text(SHARE, encoding="utf-8")
    with pytest.raises(RegistryError, match=REFUSED):
        load_plugins(["house_limits"])
    assert "max_share" not in RULES


@pytest.mark.parametrize("load", [LiveConfig.from_toml, LiveRiskLimits.from_config])
def test_a_configuration_that_names_it_is_refused(plugin: Path, load: object) -> None:
    """In production as in a drill: with file, line, law, example and remedy, and all else that is wrong."""
    plugin.write_text(SHARE, encoding="utf-8")
    config = plugin.with_name("live.toml")
    config.write_text('plugins = ["house_limits", "no_such_module"]\n[live_risk]\n', encoding="utf-8")
    assert callable(load)
    with pytest.raises(ConfigError) as caught:
        load(config)
    assert re.search(rf"live.toml.*plugins.*{REFUSED}", str(caught.value))
    assert "'no_such_module' cannot be imported" in str(caught.value)


def test_a_sound_rule_of_others_is_tried_once(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the configuration again does not wait again."""
    plugin.write_text(SOUND, encoding="utf-8")
    tried: list[str] = []

    def noted(rule: RiskRule) -> list[Violation]:
        tried.append(rule.name)
        return violations(rule)

    monkeypatch.setattr("live.risk_limits.conformance.violations", noted)
    for _ in range(2):
        load_plugin("house_limits")
    assert tried == ["max_share"]
    assert "max_share" in RULES


def test_a_rule_that_a_distribution_offers_is_tried_as_well(
    plugin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has named it, so nobody has looked at it; and what is refused is refused every time."""
    plugin.write_text(SHARE, encoding="utf-8")
    offered = EntryPoints([EntryPoint("house", "house_limits", "live_drills.rules")])
    monkeypatch.setattr(registry, "_entry_points", lambda: offered)
    rules: Registry[RiskRule] = Registry(
        "risk rule",
        "live.risk_limits.rules",
        RiskRule,
        "live_drills.rules",
        laws="live.risk_limits.conformance",
    )
    for _ in range(2):
        with pytest.raises(RegistryError, match=REFUSED):
            list(rules)


def test_trying_a_rule_loads_no_slow_library(plugin: Path) -> None:
    """Production starts with it."""
    plugin.write_text(SOUND, encoding="utf-8")
    program = f"""
import sys
sys.path.insert(0, {str(plugin.parent)!r})
from live.risk_limits import LiveRiskConfig
LiveRiskConfig.load({{"plugins": ["house_limits"], "live_risk": {{"max_share": 5.0}}}})
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "live.risk_limits.conformance" in loaded
    assert sorted({"httpcore", "numpy", "polars", "pydantic", "rich", "structlog"} & loaded) == []
