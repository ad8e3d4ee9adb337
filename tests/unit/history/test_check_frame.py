"""A frame of orders of the past: judged as if each had been checked alone, compiled or not."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from live.config_errors import ConfigError
from live.history import check_frame
from live.history.compiled import loop
from live.orders import LiveOrderRequest
from live.portfolio import LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits import LiveRiskConfig, LiveRiskLimits

if TYPE_CHECKING:
    from live.history import Way

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)
NAN, INF = math.nan, math.inf
SYMBOLS = ["AAA", "BBB", "CCC", "DDD", "EEE", "fff", "FFF", " GGG", "CL", "HHH"]
PRICE = {symbol: 10.0 * 3**place for place, symbol in enumerate(SYMBOLS[:5])}
TIGHT: dict[str, Any] = {
    "warning_threshold_factor": 0.95,
    "absolute_max_order_notional": 90_000,
    "max_order_notional": 20_000,
    "max_order_quantity": 900,
    "live_trade_min_size": 0.01,
    "max_symbol_exposure_notional": 60_000,
    "max_symbol_concentration_pct": 55,
    "max_total_exposure_notional": 150_000,
    "max_long_exposure_notional": 110_000,
    "max_short_exposure_notional": 90_000,
    "max_net_exposure_notional": 80_000,
    "max_leverage": 1.4,
    "max_open_positions": 11,
    "min_free_cash": 1_000,
    "max_daily_loss_abs": 5_000,
    "max_daily_loss_pct": 50,
    "max_drawdown_pct": 50,
    "instruments": {"CL": {"multiplier": 10.0, "currency": "USD"}},
    "fx_rates": {"USD": 0.9},
}
HELD = LivePortfolioSnapshot(
    NOON,
    (
        LivePositionSnapshot("AAA", size=100.0, mark_price=10.0, entry_price=9.0),
        LivePositionSnapshot("BBB", size=-50.0, mark_price=30.0),
        LivePositionSnapshot("HHH", size=1e-7, mark_price=1e-3),
    ),
    equity=120_000.0,
    cash=60_000.0,
)
DTYPES: Any = dict.fromkeys(("notional", "limit_price", "quantity", "current_price"), pl.Float64) | {
    "strategy_key": pl.String
}
HOSTILE: dict[str, list[Any]] = {
    "symbol": [None, "", " AAA", "aaa", "AAA\x00", "Ä"],
    "side": [None, "", "HOLD", "buy", "Sell"],
    "quantity": [None, 0.0, -1.0, NAN, INF, -INF, 1e308, 5e-324, 1e-300, 1e16],
    "notional": [0.0, -1.0, NAN, INF, 1e308, 5e-324, 19_999.999999999996, 20_000.0],
    "current_price": [None, 0.0, -1.0, NAN, INF, 1e308, 1e-320],
    "limit_price": [0.0, -5.0, NAN, INF, 1e308, 1e-300],
    "client_order_id": [None, "", " x", "x ", "ü", "x\ny"],
    "order_type": [None, "", " LIMIT", "STOP"],
    "strategy_key": ["", " t", "trend"],
}


def orders(count: int, seed: int, hostile: float = 0.05) -> pl.DataFrame:
    """Random orders that drift around the limits, some of them with a value that no order may have."""
    chance = Random(seed)  # noqa: S311 - reproducible, not secret
    rows = []
    for number in range(count):
        symbol = chance.choice(SYMBOLS) if chance.random() < 0.1 else chance.choice(SYMBOLS[:5])
        price = round(PRICE.get(symbol, 7.0) * chance.uniform(0.8, 1.2), 2)
        quantity = round(chance.lognormvariate(0, 1.5) * 900 / price, chance.choice([0, 2, 6])) or 1.0
        row: dict[str, Any] = {
            "client_order_id": f"o{number}",
            "symbol": symbol,
            "side": chance.choice(["BUY", "SELL"]),
            "quantity": quantity,
            "notional": chance.choice([None, None, None, quantity * price * chance.uniform(0.5, 1.5)]),
            "current_price": price,
            "limit_price": chance.choice([None, None, round(price * 1.01, 2)]),
            "order_type": "MARKET",
            "strategy_key": None,
        }
        if chance.random() < hostile:
            name = chance.choice(list(HOSTILE))
            row[name] = chance.choice(HOSTILE[name])
        rows.append(row)
    return pl.DataFrame(rows, schema_overrides=DTYPES)


def both(
    frame: pl.DataFrame, config: dict[str, Any], held: LivePortfolioSnapshot | None = HELD
) -> pl.DataFrame:
    """The frame with verdicts, the same both ways."""
    ways: list[Way] = ["python", "compiled"]
    slow, fast = (check_frame(frame, LiveRiskConfig(**config), held, way=way) for way in ways)
    assert_frame_equal(fast, slow, check_exact=True)
    return slow


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_both_ways_give_the_same_verdicts_to_the_last_bit(count: int) -> None:
    """Who is refused or warned, by which limit, with which value; hostile orders among them."""
    said = both(orders(count, seed=1), TIGHT)
    counts = dict(said["severity"].value_counts().iter_rows())
    assert min(counts.values()) > count / 20
    assert said["limit"].n_unique() >= 12


@settings(max_examples=40)
@given(
    frame=st.builds(orders, st.just(150), st.integers(0, 10**6), st.sampled_from([0.0, 0.3])),
    keys=st.sets(
        st.sampled_from([key for key in TIGHT if key.startswith(("max_", "min_", "live_", "absolute_"))])
    ),
    factor=st.sampled_from([0.01, 0.3, 1.0, 1.7, 100.0]),
    equity=st.sampled_from([120_000.0, None, -5.0, 0.0, 1e-9]),
    cash=st.sampled_from([60_000.0, None, -1.0]),
)
def test_under_any_limits_both_ways_say_the_same(
    frame: pl.DataFrame, keys: set[str], factor: float, equity: float | None, cash: float | None
) -> None:
    """Whatever the account is worth."""
    chosen = {key: TIGHT[key] * factor for key in sorted(keys)}
    chosen |= {key: math.ceil(chosen[key]) for key in chosen if key == "max_open_positions"}
    shared = {"instruments": TIGHT["instruments"], "fx_rates": TIGHT["fx_rates"]}
    held = LivePortfolioSnapshot(NOON, HELD.positions, equity=equity, cash=cash)
    both(frame, {**chosen, **shared}, held)


def test_the_loop_is_compiled_once_whatever_the_columns_hold() -> None:
    """Few symbols or many, sides that are missing, texts or enumerations: each type more takes seconds."""
    few = orders(20, 1, hostile=0.0)
    frames = [
        few,
        few.with_columns(pl.col("symbol", "side").cast(pl.Categorical)),
        few.with_columns(side=pl.when(pl.int_range(20) > 3).then("side")),
        pl.concat([few] * 20).with_columns(symbol=pl.format("S{}", pl.int_range(400))),
    ]
    for frame in frames:
        both(frame, TIGHT)
    assert len(loop().signatures) == 1


def test_sums_of_very_large_and_very_small_amounts_are_the_same_both_ways() -> None:
    """Where two floats cannot hold a sum exactly, the compiled way hands over."""
    amounts = [1e300, 1e-300, 1.0, 1e200, 1e-10, 3e299]
    rows = [
        {"symbol": f"S{place % 3}", "side": side, "quantity": amount, "current_price": 1.0}
        for place, amount in enumerate(amounts * 6)
        for side in ("BUY", "SELL")
    ]
    said = both(
        pl.DataFrame(rows), {"max_total_exposure_notional": 1e301, "max_net_exposure_notional": 9e299}
    )
    assert said["severity"].n_unique() > 1


def test_a_holding_too_small_to_multiply_is_closed_like_any_other() -> None:
    """The product of two such sizes is nothing, of either sign; what is closed is worth nothing then."""
    sides, sizes = ["SELL", "BUY", "SELL", "BUY"], [1e-200, 1e-200, 1.0, 1.0]
    declared = [None, 5_000.0, None, 5_000.0]
    frame = pl.DataFrame(
        {"symbol": "AAA", "side": sides, "quantity": sizes, "notional": declared, "current_price": 9.0}
    )
    said = both(frame, {"max_symbol_exposure_notional": 6_000, "warning_threshold_factor": 0.5}, None)
    assert said["severity"].to_list() == ["OK"] * 4


def test_it_says_what_the_limits_say_when_each_order_is_checked_accepted_and_filled() -> None:
    """The public way, order by order."""
    config = {**TIGHT, "max_orders_per_minute": 30, "max_duplicate_orders": 0}
    frame = (
        orders(400, 7, hostile=0.0)
        .drop("notional", "limit_price")
        .filter(pl.col("symbol").is_in(SYMBOLS[:5]))
    )
    instants = [NOON + timedelta(seconds=place) for place in range(frame.height)]
    frame = frame.with_columns(pl.Series("at", instants))
    said = check_frame(frame, LiveRiskConfig(**config), HELD)

    class Clock:
        at = NOON

        def now(self) -> datetime:
            return self.at

        def monotonic(self) -> float:
            return 0.0

    clock = Clock()
    limits, public = LiveRiskLimits(LiveRiskConfig(**config), clock=clock), []
    for row in frame.iter_rows(named=True):
        clock.at, price = row["at"], row["current_price"]
        asked = LiveOrderRequest(
            row["client_order_id"],
            row["symbol"],
            row["side"],
            quantity=row["quantity"],
            extra={"current_price": price},
        )
        result = limits.check_orders([asked], portfolio=HELD)
        public.append((result.allowed, result.severity.name))
        if result.allowed:
            limits.order_accepted(asked)
            limits.order_filled(asked.client_order_id, row["quantity"], price)
    assert list(said.select("allowed", "severity").iter_rows()) == public
    assert "order_rate_minute" in str(said["limit"].unique().to_list()) or not all(said["allowed"])


def test_what_is_refused_takes_no_room() -> None:
    """Three of four thousand fit under ten thousand, and a small one after the one that does not."""
    frame = pl.DataFrame({"symbol": "AAA", "side": "BUY", "quantity": [40, 40, 40, 10], "current_price": 100})
    said = both(frame, {"max_total_exposure_notional": 10_000, "warning_threshold_factor": 1.0}, None)
    assert said["allowed"].to_list() == [True, True, False, True]
    assert said.row(2)[-3:] == ("max_total_exposure", 12_000.0, 10_000.0)
    assert said.row(3)[-3:] == (None, None, None)


def test_an_exit_passes_in_breach() -> None:
    """With a warning."""
    frame = pl.DataFrame(
        {"symbol": ["AAA"] * 2, "side": ["SELL", "BUY"], "quantity": 1.0, "current_price": 10.0}
    )
    said = both(frame, {"max_total_exposure_notional": 100})
    assert said["severity"].to_list() == ["WARNING", "BREACH"]


def test_a_text_is_no_number_and_an_order_without_an_id_has_the_number_of_its_row() -> None:
    """It is refused, and the rest is judged."""
    frame = pl.DataFrame(
        {"symbol": "AAA", "side": "BUY", "quantity": ["1.000,00", None], "notional": [None, 5.0]}
    )
    said = both(frame, {"max_order_notional": 100})
    assert said["allowed"].to_list() == [False, True]
    assert said["limit"].to_list() == ["order_input", None]


def test_prices_of_the_market_may_come_with_the_orders() -> None:
    """For a collar around the last price."""
    frame = pl.DataFrame(
        {
            "symbol": "AAA",
            "side": "BUY",
            "order_type": "LIMIT",
            "quantity": 1.0,
            "limit_price": [100.0, 120.0],
            "last_price": 100.0,
            "at": [NOON, NOON + timedelta(seconds=1)],
        }
    )
    said = check_frame(frame, LiveRiskConfig(max_price_deviation_pct=5))
    assert said["limit"].to_list() == [None, "price_collar"]


def test_a_frame_that_cannot_be_judged_is_refused_with_every_reason() -> None:
    """Nothing is guessed: a column that is misspelt would be an order without a limit price."""
    frame = pl.DataFrame(
        {
            "symbl": ["AAA"],
            "sid": ["BUY"],
            "qty": [1],
            "limit_prise": [5.0],
            "allowed": [True],
            "at": ["noon"],
        }
    )
    with pytest.raises(ConfigError) as refused:
        check_frame(frame, LiveRiskConfig())
    assert str(refused.value) == (
        "symbol: the column is missing; did you mean 'symbl'?\n"
        "side: the column is missing; did you mean 'sid'?\n"
        "neither 'quantity' nor 'notional' is a column; an order needs one of them; "
        "known: allowed, at, limit_prise, qty, sid, symbl\n"
        "symbl: unknown column; did you mean 'symbol'? If not, rename it\n"
        "sid: unknown column; did you mean 'side'? If not, rename it\n"
        "limit_prise: unknown column; did you mean 'limit_price'? If not, rename it\n"
        "allowed: the column would be overwritten by the verdict; rename it\n"
        "at: got String; expected Datetime, naive for UTC"
    )


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (
            [NOON, NOON, NOON - timedelta(seconds=1)],
            "at: row 2 is earlier than the one before; sort the frame by 'at'",
        ),
        ([NOON, None, None], "at: row 1 has no instant that can be read, and 1 more have none; write"),
        ([NOON, NOON, None], "at: row 2 has no instant that can be read; write 2026-01-27T00:00:00Z"),
    ],
)
def test_instants_must_be_there_and_in_order(at: list[Any], why: str) -> None:
    """A rate is counted over them; the first row that is wrong is named."""
    frame = pl.DataFrame({"symbol": ["A"] * 3, "side": "BUY", "notional": 1.0, "at": at})
    with pytest.raises(ConfigError, match=why):
        check_frame(frame, LiveRiskConfig())


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"max_orders_per_second": 5}, "limits without a formula are in force: max_orders_per_second"),
        ({"enabled": False}, "the limits are switched off"),
        ({"strategies": {"trend": {"max_order_notional": 5}}}, "strategies have limits of their own"),
    ],
)
def test_the_compiled_way_says_why_it_cannot_be_gone(config: dict[str, Any], why: str) -> None:
    """Asked for by name; left to itself, the other way is taken."""
    frame = orders(3, 1)
    with pytest.raises(ConfigError, match=f"cannot be judged the compiled way: {why}"):
        check_frame(frame, LiveRiskConfig(**config), way="compiled")
    assert check_frame(frame, LiveRiskConfig(**config)).height == 3


def test_an_empty_frame_has_an_empty_verdict() -> None:
    """With the columns of any other."""
    said = both(orders(3, 1).head(0), TIGHT)
    assert said.columns[-5:] == ["allowed", "severity", "limit", "value", "limit_value"]
    assert said.height == 0
