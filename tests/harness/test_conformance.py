"""Every rule is tried before it is trusted: ours here, those of plugins when they are loaded."""

from __future__ import annotations

import sys
from itertools import count
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from drills.conformance import LAWS, violations
from drills.registry import load_plugins
from live.contracts import Figure, Formula, Observation, RiskRule, Scope, Sense, Unit, risk_rule
from live.registry import RULES, RegistryError

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


WITHOUT_A_SOURCE = ("live_trade_min_size", "max_daily_loss_abs", "max_daily_loss_pct", "max_open_positions")
BAD = [never_raises, deterministic, one_more_order_admits_no_more, the_formula_is_the_value]


@pytest.fixture
def registered(request: pytest.FixtureRequest) -> Iterator[RiskRule]:
    """The rule under test, registered until the end of it."""
    rule: RiskRule = request.param
    module = ModuleType("bad_rules")
    vars(module)[rule.name] = rule
    taken = RULES.take_from(module)
    yield rule
    RULES.forget(taken)


@pytest.mark.parametrize("name", RULES)
def test_our_rules_keep_every_law(name: str) -> None:
    """All of them."""
    assert [str(one) for one in violations(RULES[name])] == []


@pytest.mark.parametrize("registered", BAD, ids=lambda rule: rule.name, indirect=True)
def test_a_rule_that_breaks_a_law_is_caught(registered: RiskRule) -> None:
    """By the law that its name says."""
    assert registered.name in [one.law for one in violations(registered)]


@pytest.mark.parametrize("name", RULES)
def test_our_rules_say_what_they_measure_and_who_asks_for_it(name: str) -> None:
    """The reference is made of it."""
    assert RULES[name].doc
    assert RULES[name].asked_by or name in WITHOUT_A_SOURCE


def test_every_law_says_what_it_asks() -> None:
    """In one line."""
    assert all(law.__doc__ for law in LAWS)


def test_a_plugin_with_a_rule_that_breaks_a_law_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a drill is run with it, and it is not left behind."""
    (tmp_path / "house_limits.py").write_text(
        "from live.contracts import Observation, Unit, risk_rule\n\n"
        '@risk_rule(key="max_share", unit=Unit.PERCENT)\n'
        'def max_share(book):\n    """Share of the equity."""\n'
        "    return Observation(100 * book.total_exposure / book.account.equity)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    try:
        with pytest.raises(
            RegistryError, match=r"house_limits.py: max_share breaks never_raises: .*TypeError"
        ):
            load_plugins(["house_limits"])
        assert "max_share" not in RULES
    finally:
        sys.modules.pop("house_limits", None)
