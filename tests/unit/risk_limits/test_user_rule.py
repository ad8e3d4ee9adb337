"""A rule of a user's own is found, configurable and alerting, and may be as bad as it likes."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from live.config_errors import ConfigError
from live.contracts import Observation, RiskRule, Sense, Unit, risk_rule
from live.registry import RULES
from live.risk_limits import LiveRiskConfig, LiveRiskLimits, RiskCheckSeverity
from tests.unit.risk_limits.support import Inbox, detail, limits, order, portfolio, position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from live.risk_limits.book import Book

OK, WARNING, BREACH = RiskCheckSeverity


@pytest.fixture
def take() -> Iterator[Callable[[RiskRule], None]]:
    """Makes a rule known until the end of the test, untried: here the engine is what is tested."""
    with ExitStack() as stack:
        yield lambda rule: stack.enter_context(RULES.on_trial(rule))


@risk_rule(key="max_batch_orders", unit=Unit.COUNT, sense=Sense.COUNT)
def max_batch_orders(book: Book) -> Iterator[Observation]:
    """How many orders a batch holds."""
    yield Observation(len(book.orders))


def test_a_rule_knows_itself_from_its_function() -> None:
    """Name and first line of the docstring."""
    assert (max_batch_orders.name, max_batch_orders.doc) == (
        "max_batch_orders",
        "How many orders a batch holds.",
    )


def test_a_rule_of_a_users_own_works_like_ours(take: Callable[[RiskRule], None]) -> None:
    """Its key is configurable, its limit judges and alerts."""
    take(max_batch_orders)
    inbox = Inbox()
    engine = limits(inbox, max_batch_orders=2)
    batch = [order(notional=1) for _ in range(3)]
    assert engine.config.max_batch_orders == 2
    assert engine.check_orders(batch).reasons == ["max_batch_orders_exceeded(max=2, observed=3)"]
    assert inbox.events[0].message == "Live risk limit violation: max_batch_orders 3, limit 2"
    assert inbox.events[0].context["breached"]["max_batch_orders"]["headroom"] == -1


def test_what_may_go_out_keeps_a_rule_that_counts_a_batch(take: Callable[[RiskRule], None]) -> None:
    """The rule sees no more than the orders that are asked about: one by one they would all pass."""
    take(max_batch_orders)
    engine = limits(max_batch_orders=2, max_order_notional=100)
    batch = [order(client_order_id=name, notional=1) for name in "abcd"]
    result = engine.check_orders(batch)
    assert (result.allowed, result.admissible) == (False, ["a", "b"])
    assert [list(one.reasons) for one in result.orders[2:]] == [
        ["max_batch_orders_exceeded(max=2, observed=3)"]
    ] * 2
    assert engine.check_orders(batch[:2]).allowed


def test_an_order_that_a_batch_has_no_place_for_takes_no_room(take: Callable[[RiskRule], None]) -> None:
    """What comes behind it is judged as if it had not been asked for."""

    @risk_rule(key="max_batch_symbols", unit=Unit.COUNT, sense=Sense.COUNT)
    def max_batch_symbols(book: Book) -> Iterator[Observation]:
        """How many symbols a batch holds."""
        yield Observation(len({one.symbol for one in book.orders}))

    take(max_batch_symbols)
    engine = limits(max_batch_symbols=1, max_total_exposure_notional=100)
    asked = [("a", "AAA", 10), ("b", "BBB", 80), ("c", "AAA", 80)]
    batch = [order(client_order_id=name, symbol=symbol, notional=much) for name, symbol, much in asked]
    assert engine.check_orders(batch).admissible == ["a", "c"]


def test_without_its_module_its_key_is_unknown() -> None:
    """Nothing of it is left in the project."""
    with pytest.raises(ConfigError, match="unknown key 'max_batch_orders'"):
        LiveRiskConfig(max_batch_orders=2)


def test_a_file_names_the_modules_of_its_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`plugins = ["my_limits"]` beside the table."""
    (tmp_path / "my_limits.py").write_text(
        "from live.contracts import Observation, Unit, risk_rule\n\n"
        '@risk_rule(key="max_nothing", unit=Unit.MONEY)\n'
        "def max_nothing(book):\n    yield Observation(7)\n",
        encoding="utf-8",
    )
    file = tmp_path / "live.toml"
    file.write_text('plugins = ["my_limits"]\n[live_risk]\nmax_nothing = 7\n', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        result = LiveRiskLimits.from_config(file).check_orders([order(notional=1)])
        assert result.reasons == ["max_nothing_exceeded(max=7.00, observed=7.00)"]
    finally:
        RULES.forget(["max_nothing"])
        sys.modules.pop("my_limits", None)


@pytest.mark.parametrize("source", [{"plugins": ["no_such_module"]}, {"plugins": "my_limits"}])
def test_a_plugin_that_cannot_be_used_is_told_with_the_other_problems(source: dict[str, object]) -> None:
    """Nothing is half configured."""
    with pytest.raises(ConfigError) as refused:
        LiveRiskLimits.from_config({**source, "live_risk": {"enabled": 1}})
    assert [problem.path for problem in refused.value.problems] == [("plugins",), ("live_risk", "enabled")]


def _raises(_book: Book) -> Iterable[Observation]:
    raise ZeroDivisionError("https://secret.invalid")


def _yields_then_raises(book: Book) -> Iterable[Observation]:
    yield Observation(0)
    yield from _raises(book)


def _of_text(_book: Book) -> Iterable[Observation]:
    return [Observation("5")]  # type: ignore[arg-type]  # on purpose


def _of_nothing(_book: Book) -> Iterable[Observation]:
    return None  # type: ignore[return-value]  # on purpose


def _of_decimal(_book: Book) -> Iterable[Observation]:
    return [Observation(Decimal(5))]  # type: ignore[arg-type]  # on purpose


def _about_a_number(_book: Book) -> Iterable[Observation]:
    return [Observation(600, 5)]  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    "measure", [_raises, _yields_then_raises, _of_text, _of_decimal, _about_a_number, _of_nothing]
)
def test_a_rule_that_fails_is_a_breach(
    take: Callable[[RiskRule], None], measure: Callable[[Book], Iterable[Observation]]
) -> None:
    """Told by the type of its error alone; the other rules still judge."""
    measure.__name__ = "broken"
    take(risk_rule(key="broken", unit=Unit.MONEY)(measure))
    result = limits(broken=500, max_order_notional=500).check_orders([order(notional=500)])
    assert [one.limit_name for one in result.limit_details] == ["broken", "max_order_notional"]
    assert result.reasons[0].startswith("broken_unknown(limit=500.00, reason='the rule failed with ")
    assert "secret" not in str(result)


def test_a_value_that_its_rule_does_not_know_is_a_breach(take: Callable[[RiskRule], None]) -> None:
    """Even where a number stands beside the reason."""

    @risk_rule(key="max_spread", unit=Unit.PERCENT)
    def max_spread(_book: Book) -> Iterator[Observation]:
        yield Observation(0.0, unknown="no quotes")

    take(max_spread)
    result = limits(max_spread=5).check_orders([order(notional=1)])
    assert result.reasons == ["max_spread_unknown(limit=5.00, reason='no quotes')"]


def test_a_rule_says_what_its_subjects_are(take: Callable[[RiskRule], None]) -> None:
    """In a portfolio check every one of them may have a detail."""

    @risk_rule(key="max_side", unit=Unit.MONEY, subject="side", per_subject="side")
    def max_side(book: Book) -> Iterator[Observation]:
        for side in ("long", "short"):
            yield Observation(sum(h.gross for h in book.holdings.values()) if side == "long" else 0, side)

    take(max_side)
    result = limits(max_side=50).evaluate_portfolio(portfolio(position(size=1, mark_price=100)))
    assert result.reasons == ["max_side_exceeded(side='long', max=50.00, observed=100.00)"]
    assert [one.limit_name for one in result.limit_details] == ["side_long", "side_short"]


def test_a_rule_decides_what_exits_may_do(take: Callable[[RiskRule], None]) -> None:
    """`spares_exits` lets them pass with a warning."""

    @risk_rule(key="always", unit=Unit.MONEY, spares_exits=True)
    def always(_book: Book) -> Iterator[Observation]:
        yield Observation(100)

    take(always)
    held = portfolio(position(size=1, mark_price=100))
    leaving = limits(always=50).check_orders([order("SELL", quantity=1)], portfolio=held)
    entering = limits(always=50).check_orders([order("BUY", quantity=1)], portfolio=held)
    assert (detail(leaving, "always").severity, detail(entering, "always").severity) == (WARNING, BREACH)
