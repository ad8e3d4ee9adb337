"""Series that are not related and have the same prices are one alert; coarse prices may meet by chance."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.candles import Candle, Series
from live.config import LiveConfig
from live.config_errors import ConfigError
from live.events import AlertLevel
from live.monitor import LiveMonitor
from live.registry import CROSS_GUARDS
from tests.unit.data_quality.feeds import EURUSD, real
from tests.unit.stage import START, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from live.contracts import Finding

MINUTE = timedelta(minutes=1)
CODE = "DATA_SAME_PRICE"


def walk(seed: int, bars: int, *, price: int = 30_000, size: float = 20.0) -> list[tuple[int, ...]]:
    """Open, high, low and close of a random walk, in ticks; each bar opens at the close before."""
    rng, made = Random(seed), list[tuple[int, ...]]()  # noqa: S311 - seeded, not secret
    for _ in range(bars):
        path = [price]
        for _ in range(4):
            path.append(max(1, path[-1] + round(rng.gauss(0.0, size / 2))))
        made.append((path[0], max(path), min(path), path[-1]))
        price = path[-1]
    return made


def flat(price: float, bars: int) -> list[tuple[float, ...]]:
    """Bars in which nothing moves."""
    return [(price,) * 4] * bars


def guarded(
    streams: Mapping[str, Sequence[tuple[float, ...] | None]], tick: float = 0.01, **config: Any
) -> list[Finding]:
    """What is found of series of equal length, bar by bar; None is a bar that does not come."""
    guard = CROSS_GUARDS["same_price"](CROSS_GUARDS["same_price"].Config(**config))
    found: list[Finding] = []
    for number, bars in enumerate(zip(*streams.values(), strict=True)):
        ts = START + number * MINUTE
        for symbol, bar in zip(streams, bars, strict=True):
            if bar is not None:
                candle = Candle(symbol, ts, *(round(price * tick, 10) for price in bar))
                found += guard.on_candle(Series(symbol, MINUTE), candle, ts + MINUTE)
        found += guard.on_tick(ts + MINUTE)
    return found


def told(found: Iterable[Finding]) -> list[tuple[str, tuple[str, ...]]]:
    """How it stands, and with which series."""
    return [(one.context["status"], one.context["symbols"]) for one in found]


A, B, C = (walk(seed, 60, price=10_000 * seed) for seed in (1, 2, 3))


def test_series_of_their_own_are_never_told() -> None:
    """Whatever they do."""
    assert guarded({"A": A, "B": B, "C": C}) == []


def test_crossed_streams_are_told_at_the_first_bar_that_has_a_range() -> None:
    """B shows the bars of A for ten minutes; one alert, and one word when it is over."""
    raised, resolved = guarded({"A": A, "B": [*B[:30], *A[30:40], *B[40:]], "C": C})
    assert (raised.code, raised.level, raised.subject) == (CODE, AlertLevel.CRITICAL, "prices")
    assert raised.context["ts"] == START + 30 * MINUTE
    assert raised.context["odds"] > raised.context["bound"] == pytest.approx(3e8)
    assert (resolved.level, resolved.context["status"]) == (AlertLevel.WARNING, "resolved")
    assert resolved.message == "prices: RESOLVED, 2 series differ again: A, B"


def test_a_test_price_is_told_at_once_when_prices_were_others_before() -> None:
    """All at 100.00 from one bar on: one alert with all of them, and not one a pair."""
    streams = {name: [*bars[:30], *flat(10_000, 20)] for name, bars in {"A": A, "B": B, "C": C}.items()}
    (raised,) = guarded({**streams, "D": walk(9, 50)})
    assert (raised.context["ts"], raised.context["symbols"]) == (START + 30 * MINUTE, ("A", "B", "C"))
    assert "3 series that are not related have the same closes" in raised.message


def test_a_test_price_from_the_beginning_is_told_after_two_bars() -> None:
    """Nobody knows how fine these prices are, so nobody calls it chance."""
    (raised,) = guarded({"A": flat(10_000, 9), "B": flat(10_000, 9)})
    assert raised.context["ts"] == START + MINUTE
    assert "2 bars of series that have hardly moved, and stand; 2 are told" in raised.message


def test_made_up_prices_that_are_the_same_for_all_are_told_soon_after_the_beginning() -> None:
    """Before anything is usual: what they move together is enough."""
    (raised,) = guarded({"A": A[:20], "B": A[:20]})
    assert raised.context["ts"] <= START + 9 * MINUTE


def test_one_that_joins_is_told_with_all_the_others() -> None:
    """Whoever reads only the last alert knows every series that cannot be used."""
    streams = {"A": A, "B": [*B[:20], *A[20:]], "C": [*C[:40], *A[40:]]}
    assert told(guarded(streams)) == [("raised", ("A", "B")), ("raised", ("A", "B", "C"))]


def test_it_is_over_when_no_two_are_the_same() -> None:
    """One that leaves first is not told by itself, and all are named at the end."""
    streams = {"A": A, "B": [*B[:20], *A[20:50], *B[50:]], "C": [*C[:20], *A[20:30], *C[30:]]}
    assert told(guarded(streams)) == [("raised", ("A", "B", "C")), ("resolved", ("A", "B", "C"))]


def test_related_symbols_may_have_the_same_prices() -> None:
    """But not with a third."""
    related = [["A", "B"]]
    assert guarded({"A": A, "B": A}, related=related) == []
    assert told(guarded({"A": A, "B": A, "C": A}, related=related)) == [("raised", ("A", "B", "C"))]


def test_pegged_coins_that_are_declared_are_silent_and_others_are_not() -> None:
    """Both stand at 1.0000 from the beginning."""
    coins = {"USDT/USD": flat(10_000, 9), "USDC/USD": flat(10_000, 9)}
    assert guarded(coins, related=[["USDT/USD", "USDC/USD"]]) == []
    assert told(guarded(coins)) == [("raised", ("USDC/USD", "USDT/USD"))]


@pytest.mark.parametrize("size", [0.6, 1.5, 4.0])
def test_coarse_prices_meet_by_chance(size: float) -> None:
    """Eight series that are all about the same price, with moves of a few ticks: no word in 40,000 bars."""
    streams = {f"S{seed}": walk(seed, 5_000, price=500 + 10 * seed, size=size) for seed in range(8)}
    assert guarded(streams) == []


def test_thin_series_that_stand_at_one_price_are_not_told() -> None:
    """Each has come there by steps of its own, and stays there for an hour."""
    up = [(n, n, n, n) for n in (497, 498, 499, 500)]
    down = [(n, n, n, n) for n in (503, 502, 501, 500)]
    assert guarded({"UP": [*up, *flat(500, 60)], "DOWN": [*down, *flat(500, 60)]}) == []


def test_a_bar_that_does_not_come_neither_ends_it_nor_goes_on_with_it() -> None:
    """Only bars of one instant are compared."""
    some = [*B[:20], *(bar if number % 2 else None for number, bar in enumerate(A[20:], 20))]
    assert told(guarded({"A": A, "B": some})) == [("raised", ("A", "B"))]


@pytest.mark.parametrize("bad", [math.nan, math.inf, None, "100"])
def test_what_is_no_number_is_the_same_as_nothing(bad: Any) -> None:
    """Other guards tell it."""
    guard = CROSS_GUARDS["same_price"](CROSS_GUARDS["same_price"].Config())
    for number in range(5):
        for symbol in "AB":
            candle = replace(Candle(symbol, START + number * MINUTE, *[1.0] * 4), close=bad)
            assert list(guard.on_candle(Series(symbol, MINUTE), candle, START + 9 * MINUTE)) == []
        assert list(guard.on_tick(START + 9 * MINUTE)) == []


@given(st.permutations(range(4)), st.integers(0, 1_000))
@settings(max_examples=30)
def test_the_order_in_which_series_arrive_is_no_matter(order: list[int], seed: int) -> None:
    """Within an instant."""
    made = walk(seed, 40, price=900, size=3.0)
    streams: dict[str, Any] = {"A": made, "B": made, "C": [*B[:20], *made[20:]], "D": C[:40]}
    turned = {name: streams[name] for name in (list(streams)[place] for place in order)}
    assert told(guarded(turned)) == told(guarded(streams))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"odds": 1.0}, r"odds is 1\.0; it must be above 1"),
        ({"related": [["A"]]}, r"related has the group \['A'\]; name two symbols or more"),
        ({"related": [["A", "A", "B"]]}, "each of them once"),
        ({"related": [["A", ""]]}, "name two symbols or more"),
        ({"related": ["A", "B"]}, r"same_price\.related\.0: got 'A'"),
        ({"relatd": []}, "unknown key 'relatd'; did you mean 'related'"),
    ],
)
def test_a_configuration_that_means_nothing_is_refused(table: dict[str, Any], message: str) -> None:
    """With its place and the remedy."""
    with pytest.raises(ConfigError, match=message):
        LiveConfig.from_mapping({"live_data": {"same_price": table}})


def test_a_symbol_that_no_instrument_has_is_refused_with_the_nearest_that_one_has() -> None:
    """Where instruments are described; else nobody can know which symbols there are."""
    data = {"same_price": {"related": [["USDT/USD", "USDC/USB"]]}}
    assert LiveConfig.from_mapping({"live_data": data}).data.across["same_price"].odds == 1e8
    instruments = {"USDT/USD": {"venue": "kraken"}, "USDC/USD": {"venue": "kraken"}}
    with pytest.raises(ConfigError, match="unknown symbol 'USDC/USB'; did you mean 'USDC/USD'"):
        LiveConfig.from_mapping({"live_risk": {"instruments": instruments}, "live_data": data})


def test_candles_that_stream_through_the_monitor_come_out_as_one_alert() -> None:
    """With its source; the sink hears of it at the tick after the bars."""
    stage = Stage()
    monitor = LiveMonitor(LiveConfig.from_mapping({}), stage, clock=stage)
    for symbol in "AB":
        monitor.watch(symbol, MINUTE)
    for number in range(3):
        stage.present = START + (number + 1) * MINUTE
        for symbol in "AB":
            monitor.on_candle(Candle(symbol, START + number * MINUTE, *[100.0] * 4))
        monitor.tick()
    assert [(one.code, one.source, one.ts) for one in stage.sent] == [
        (CODE, "live_data.same_price", START + 2 * MINUTE)
    ]


@pytest.mark.parametrize("size", [0.3, 1.0, 10.0])
def test_parts_of_a_real_series_that_are_put_beside_each_other_are_not_told(size: float) -> None:
    """Thirty stretches of 200 hours, at levels within 800 ticks; a usual move has so many ticks."""
    rows = real(EURUSD)
    usual = sorted(abs(one.close / one.open - 1.0) for one in rows if one.close != one.open)[len(rows) // 2]
    rng, streams = Random(11), dict[str, list[tuple[float, ...]]]()  # noqa: S311 - seeded, not secret
    for begin in rng.sample(range(len(rows) - 200), 30):
        part, level = rows[begin : begin + 200], rng.randrange(200, 1_000)
        streams[f"S{begin}"] = [
            tuple(
                max(1, round(level + size * math.log(price / part[0].open) / usual))
                for price in (one.open, one.high, one.low, one.close)
            )
            for one in part
        ]
    assert guarded(streams) == []
