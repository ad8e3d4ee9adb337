"""A plain snapshot is read the short way, and comes out as the full one makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.portfolio import LivePositionSnapshot
from live.risk_limits import account
from live.risk_limits.account import read_account, read_plain
from live.risk_limits.market import Market
from tests.unit.risk_limits.support import INF, NAN, portfolio, position

if TYPE_CHECKING:
    from live.portfolio import LivePortfolioSnapshot

SIZES = st.floats(-1e6, 1e6).filter(bool)
PRICES = st.floats(1e-6, 1e6)
HELD = st.lists(
    st.builds(
        LivePositionSnapshot,
        st.sampled_from(["A", "B", "C", "D", "E"]),
        size=SIZES,
        mark_price=PRICES,
        entry_price=st.none() | PRICES,
    ),
    max_size=4,
    unique_by=lambda one: one.symbol,
).map(lambda held: portfolio(*held, equity=1000.0))


@given(HELD)
def test_both_ways_come_out_the_same(held: LivePortfolioSnapshot) -> None:
    """To the last digit."""
    market = Market("EUR")
    plain = read_plain(held, market)
    assert plain is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(account, "read_plain", lambda *_: None)
        assert read_account(held, market) == plain


@pytest.mark.parametrize("value", [NAN, INF, -1.0, "1", True, None, 0.0])
@pytest.mark.parametrize(
    "field", ["size", "mark_price", "entry_price", "leverage", "notional", "symbol", "side"]
)
def test_what_is_not_plain_is_left_to_the_full_way(field: str, value: Any) -> None:
    """Unless it means that nothing is said, or is a plain value after all."""
    held = replace(position(size=1.0, mark_price=100.0, entry_price=90.0), **{field: value})
    said = (field, value) not in {
        ("size", -1.0),
        ("entry_price", None),
        ("entry_price", 0.0),
        ("leverage", None),
        ("notional", None),
        ("side", None),
        ("symbol", "1"),
    }
    assert (read_plain(portfolio(held), Market("EUR")) is None) == said


def test_two_holdings_of_one_symbol_are_left_to_the_full_way() -> None:
    """They are added there."""
    twice = portfolio(position(size=1.0, mark_price=100.0), position(size=2.0, mark_price=100.0))
    assert read_plain(twice, Market("EUR")) is None
    assert read_account(twice, Market("EUR")).holdings["BTC/EUR"].size == 3.0
