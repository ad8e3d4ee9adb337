"""Orders that rest hold what they could come to, fills count until a snapshot speaks for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.risk_limits import LiveRiskConfig, LiveRiskLimits, RiskCheckSeverity
from tests.unit.risk_limits.support import NAN, NOW, detail, limits, order, portfolio, position

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

OK, WARNING, BREACH = RiskCheckSeverity
HELD = position(size=1, mark_price=100)  # 100.00 of BTC/EUR, long


class MovedClock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        """Where it was moved to."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since noon."""
        return (self.at - NOW).total_seconds()


def total(engine: LiveRiskLimits, *orders: Any, held: Any = None) -> float:
    """The total exposure that a check of these orders sees."""
    result = engine.check_orders([*orders] or [order(notional=1)], portfolio=held)
    return next(one.current_value for one in result.limit_details if one.limit_name == "max_total_exposure")


def wide(**config: Any) -> LiveRiskLimits:
    """Limits that nothing here reaches."""
    return limits(max_total_exposure_notional=1e6, **config)


def test_a_resting_order_holds_its_notional() -> None:
    """A hundred batches that each look small are not."""
    engine = limits(max_total_exposure_notional=1000)
    for number in range(3):
        resting = order(client_order_id=f"r{number}", quantity=3, price=100)
        assert engine.check_orders([resting]).allowed
        engine.order_accepted(resting)
    refused = engine.check_orders([order(notional=100)])
    assert refused.reasons == ["max_total_exposure_exceeded(max=1000.00, observed=1000.00)"]


@pytest.mark.parametrize("filled", [0, 3])
def test_what_rests_or_has_filled_has_no_second_spelling(filled: float) -> None:
    """It would have a limit of its own."""
    engine = limits(max_symbol_exposure_notional=1000)
    engine.order_accepted(order(client_order_id="a", quantity=6, price=100))
    if filled:
        engine.order_filled("a", filled, 100)
    again = order(symbol="btc/eur", client_order_id="b", quantity=6, price=100)
    reasons = engine.check_orders([again]).reasons
    assert reasons == ["symbol_ambiguous(client_order_id='b', symbol='btc/eur', known='BTC/EUR')"]


@pytest.mark.parametrize("end", ["order_cancelled", "order_rejected"])
def test_an_order_that_has_ended_holds_nothing(end: str) -> None:
    """And ending twice, or ending what nobody knows, changes nothing."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", notional=300))
    assert total(engine) == 301
    for name in ("a", "a", "never heard of"):
        getattr(engine, end)(name)
    assert total(engine) == 1


def test_an_order_that_is_accepted_twice_holds_its_notional_once() -> None:
    """Venues repeat themselves."""
    engine = wide()
    for _ in range(2):
        engine.order_accepted(order(client_order_id="a", notional=300))
    assert total(engine) == 301


def test_a_cancellation_that_is_only_asked_for_releases_nothing() -> None:
    """The order may still fill."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", notional=300))
    engine.cancel_requested("a")
    assert total(engine) == 301


def test_a_fill_moves_what_was_held_back_to_what_is_held() -> None:
    """At the price that was paid; the rest keeps resting."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", quantity=3, price=100))
    engine.order_filled("a", 1, 120)
    assert total(engine) == 120 + 200 + 1
    engine.order_filled("a", 2, 120)
    assert total(engine) == 360 + 1


def test_a_fill_without_a_price_counts_at_that_of_the_order() -> None:
    """Its share of the notional."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", quantity=4, price=100))
    engine.order_filled("a", 1)
    assert total(engine) == 401


@pytest.mark.parametrize("price", [None, 0, -100, NAN, "100"])
def test_a_fill_at_no_price_frees_nothing(price: Any) -> None:
    """What the order had reserved counts, at the dearest price that was known, not at its own."""
    engine = wide()
    engine.price_updated("BTC/EUR", 100)
    engine.order_accepted(order(client_order_id="a", quantity=4, price=1))
    engine.order_filled("a", 1, price)
    assert total(engine) == 401


@pytest.mark.parametrize("price", [0, -50])
def test_a_fill_at_or_below_zero_counts_by_its_size(price: float) -> None:
    """A purchase below zero is long all the same."""
    engine = wide(instruments={"CL": {"negative_price": True}})
    held = portfolio(position("CL", size=2, mark_price=50), as_of=NOW - timedelta(seconds=1))
    engine.order_accepted(order(symbol="CL", client_order_id="a", quantity=1, price=50))
    engine.order_filled("a", 1, price)
    assert total(engine, held=held) == 100 + abs(price) + 1


def test_a_fill_counts_until_a_snapshot_is_taken_after_it() -> None:
    """Never twice, and never not at all."""
    clock = MovedClock()
    config = LiveRiskConfig(max_total_exposure_notional=1e6)
    engine = LiveRiskLimits(config, clock=clock)
    engine.order_accepted(order(client_order_id="a", quantity=1, price=100))
    clock.at = NOW + timedelta(seconds=1)
    engine.order_filled("a", 1, 100)
    assert total(engine, held=portfolio(as_of=NOW)) == 101
    assert total(engine, held=portfolio(HELD, as_of=NOW + timedelta(seconds=2))) == 101


def test_a_sale_that_filled_reduces_what_is_held() -> None:
    """Long and short of one symbol net."""
    engine = wide()
    engine.order_accepted(order("SELL", client_order_id="a", quantity=1, price=100))
    engine.order_filled("a", 1, 100)
    assert total(engine, order(notional=1), held=portfolio(HELD, as_of=NOW - timedelta(seconds=1))) == 1


@pytest.mark.parametrize("quantity", [NAN, 0, -1, "1", None])
def test_a_fill_that_cannot_be_read_refuses_entries_until_the_next_snapshot(quantity: Any) -> None:
    """What is held is unknown; an exit passes all the same."""
    clock = MovedClock()
    engine = LiveRiskLimits(LiveRiskConfig(max_total_exposure_notional=1e6), clock=clock)
    engine.order_accepted(order(client_order_id="a", quantity=1, price=100))
    clock.at = NOW + timedelta(seconds=1)
    engine.order_filled("a", quantity)
    old, new = portfolio(HELD, as_of=NOW), portfolio(HELD, as_of=NOW + timedelta(seconds=2))
    refused = engine.check_orders([order(notional=1, symbol="ETH/EUR")], portfolio=old)
    assert [reason.partition("(")[0] for reason in refused.reasons] == ["fill_unknown"]
    assert engine.check_orders([order("SELL", quantity=1, price=100)], portfolio=old).allowed
    assert engine.check_orders([order(notional=1, symbol="ETH/EUR")], portfolio=new).allowed


def test_a_fill_of_an_order_that_nobody_knows_refuses_entries() -> None:
    """Somebody trades on this account."""
    engine = wide()
    engine.order_filled("stranger", 1, 100)
    reasons = engine.check_orders([order(notional=1)]).reasons
    assert reasons == ["fill_unknown(client_order_id='stranger', quantity=1)"]


def test_an_accepted_order_that_cannot_be_read_refuses_entries() -> None:
    """It rests, and nobody knows what it could come to."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", quantity=1))
    (reason,) = engine.check_orders([order(notional=1)]).reasons
    assert reason.startswith("order_unknown(order_notional_unknown(client_order_id='a'")


@pytest.mark.parametrize(("notional", "price"), [(1e200, 1e-200), (1e-200, 1e200)])
def test_a_quantity_beyond_all_numbers_is_not_known(notional: float, price: float) -> None:
    """It can rest and end, and is no exit."""
    engine = wide(max_daily_loss_abs=100)
    engine.record_pnl(-100, at=NOW)
    extreme = order("SELL", client_order_id="a", notional=notional, price=price)
    engine.order_accepted(extreme)
    engine.order_cancelled("a")
    assert not engine.check_orders([extreme], portfolio=portfolio(position(size=-1, mark_price=1))).allowed


def test_an_exit_passes_beside_a_resting_entry() -> None:
    """What rests on the other side is none of its doing."""
    engine = limits(max_total_exposure_notional=50, max_daily_loss_abs=10)
    engine.record_pnl(-100, at=NOW)
    engine.order_accepted(order(client_order_id="a", notional=500))
    assert engine.check_orders([order("SELL", quantity=1, price=100)], portfolio=portfolio(HELD)).allowed


def test_resting_exits_and_a_further_one_may_not_turn_the_holding_into_a_larger_one() -> None:
    """Each by itself only closes, both together sell short."""
    engine, second = limits(max_total_exposure_notional=150), order("SELL", quantity=1.9, price=100)
    assert engine.check_orders([second], portfolio=portfolio(HELD)).allowed
    engine.order_accepted(order("SELL", client_order_id="a", quantity=1, price=100))
    assert total(wide(), second, held=portfolio(HELD)) == 100
    assert not engine.check_orders([second], portfolio=portfolio(HELD)).allowed


AMOUNTS = st.integers(1, 400).map(lambda quarters: quarters / 10)  # most of them no binary fraction


@given(st.lists(AMOUNTS, max_size=30), st.randoms(use_true_random=False))
def test_what_came_and_went_leaves_nothing_behind(amounts: list[float], chance: Any) -> None:
    """Not even by rounding, in whatever order orders end."""
    engine = wide()
    names = [f"r{number}" for number in range(len(amounts))]
    for name, amount in zip(names, amounts, strict=True):
        engine.order_accepted(order(client_order_id=name, notional=amount))
    chance.shuffle(names)
    for name in names:
        engine.order_cancelled(name)
    assert total(engine, order(notional=1)) == 1


@given(st.lists(AMOUNTS, min_size=1, max_size=6), st.integers(0, 6), AMOUNTS)
def test_splitting_a_batch_admits_no_more(amounts: list[float], place: int, limit: float) -> None:
    """What was admitted first rests, and takes the same room as in one batch."""
    config: dict[str, Any] = {"max_total_exposure_notional": limit}
    batch = [order(notional=amount) for amount in amounts]
    together = limits(**config).check_orders(batch).admissible
    engine, apart = limits(**config), []
    for part in (batch[:place], batch[place:]):
        admitted = engine.check_orders(part).admissible
        apart += admitted
        for one in part:
            if one.client_order_id in admitted:
                engine.order_accepted(one)
    assert apart == together


def test_a_holding_that_is_closed_at_another_price_is_worth_nothing() -> None:
    """What was won or lost is a result, not an exposure; half of a holding is half of its value."""
    engine = wide()
    for name, side, quantity, price, left in (
        ("a", "BUY", 2, 100.0, 200),
        ("b", "SELL", 1, 150.0, 100),
        ("c", "SELL", 1, 50.0, 0),
        ("d", "SELL", 1, 70.0, 70),
        ("e", "BUY", 3, 80.0, 160),  # closes the short, and opens a long of two
    ):
        engine.order_accepted(order(side, client_order_id=name, quantity=quantity, price=price))
        engine.order_filled(name, quantity, price)
        assert total(engine, order(symbol="ETH/EUR", notional=1)) == left + 1, name


def test_a_snapshot_older_than_one_that_was_judged_since_is_refused() -> None:
    """What filled between them is forgotten, so an exit on it could open what was sold; the newer is good."""
    clock = MovedClock()
    engine = LiveRiskLimits(LiveRiskConfig(max_total_exposure_notional=1000), clock=clock)
    engine.order_accepted(order(client_order_id="a", quantity=9, price=100))
    older = portfolio(HELD, as_of=NOW)
    clock.at = NOW + timedelta(seconds=1)
    engine.order_filled("a", 9, 100)
    newer = portfolio(position(size=10, mark_price=90), as_of=NOW + timedelta(seconds=2))
    engine.evaluate_portfolio(newer)
    asked = [order(notional=100)]
    assert engine.check_orders(asked, portfolio=older).reasons == [
        "snapshot_superseded(as_of=2026-01-27T12:00:00.000Z, executed_since=2026-01-27T12:00:01.000Z)"
    ]
    assert not engine.check_orders([order("SELL", quantity=1)], portfolio=older).allowed
    assert engine.check_orders(asked, portfolio=newer).reasons == [
        "max_total_exposure_exceeded(max=1000.00, observed=1000.00)"
    ]


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "fill", "part", "cancel", "snapshot", "pnl"]),
        st.sampled_from("abcdef"),
        st.sampled_from(["BTC/EUR", "ETH/EUR", "SOL/EUR"]),
        st.sampled_from(["BUY", "SELL"]),
        st.floats(0.01, 50),
        st.floats(0.01, 200),
        st.sampled_from([None, "trend", "carry"]),
    ),
    max_size=25,
)


@given(EVENTS)
def test_a_book_that_is_kept_up_to_date_says_what_one_made_anew_says(events: list[Any]) -> None:
    """Whatever happened, in whatever order."""
    strategies = {"trend": {"max_total_exposure_notional": 9e5}}
    config: dict[str, Any] = {"max_long_exposure_notional": 9e5, "max_net_exposure_notional": 9e5}
    kept, anew = (wide(max_open_positions=99, strategies=strategies, **config) for _ in range(2))
    held = portfolio(HELD, equity=1e6)
    for place, (what, name, symbol, side, quantity, price, strategy) in enumerate(events):
        asked = order(
            side, symbol, client_order_id=name, quantity=quantity, price=price, strategy_key=strategy
        )
        if what == "snapshot":
            held = portfolio(position(symbol, size=quantity, mark_price=price), as_of=NOW, equity=1e6)
        for engine in (kept, anew):
            if what == "accept":
                engine.order_accepted(asked)
            elif what in ("fill", "part"):
                engine.order_filled(name, quantity if what == "fill" else quantity / 3, price)
            elif what == "cancel":
                engine.order_cancelled(name)
            elif what == "pnl":
                engine.record_pnl(-price, at=NOW)
        anew._last = None  # noqa: SLF001 - users have no switch
        probe = [order(side, symbol, client_order_id=f"probe-{place}", quantity=quantity, price=price)]
        told = [repr(_without_rounding(one.check_orders(probe, portfolio=held))) for one in (kept, anew)]
        assert told[0] == told[1]


def _without_rounding(result: Any) -> Any:
    """The verdict and every value, to twelve digits: adding fills one by one may round once more."""
    values = [(one.limit_name, f"{one.current_value:.12g}") for one in result.limit_details]
    return result.allowed, [one.partition("(")[0] for one in result.reasons], values


@given(st.lists(st.floats(1e-6, 1e12), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_sums_of_a_book_stay_exact_however_long_it_is_kept(amounts: list[float], chance: Any) -> None:
    """After everything has come and gone, nothing is left."""
    engine = wide(max_net_exposure_notional=1e15)
    for number, amount in enumerate(amounts):
        engine.order_accepted(order(client_order_id=str(number), symbol=f"S{number % 7}", notional=amount))
        total(engine)
    leaving = list(range(len(amounts)))
    chance.shuffle(leaving)
    for number in leaving:
        engine.order_cancelled(str(number))
        total(engine)
    assert total(engine) == 1


def test_a_snapshot_older_than_a_fill_that_another_one_covered_is_refused() -> None:
    """What it holds is sold already: the exit on it would be an entry."""
    clock = MovedClock()
    engine = LiveRiskLimits(LiveRiskConfig(), clock=clock)
    engine.order_accepted(order("SELL", client_order_id="a", quantity=1, price=100))
    engine.order_filled("a", 1, 100)
    clock.at = NOW + timedelta(seconds=2)
    leaving = order("SELL", quantity=1, price=100)
    assert engine.evaluate_portfolio(portfolio(as_of=clock.at)).allowed
    result = engine.check_orders([leaving], portfolio=portfolio(HELD, as_of=NOW - timedelta(seconds=1)))
    assert result.reasons == [
        "snapshot_superseded(as_of=2026-01-27T11:59:59.000Z, executed_since=2026-01-27T12:00:00.000Z)"
    ]
    assert engine.check_orders([leaving], portfolio=portfolio(HELD, as_of=clock.at)).allowed


def test_a_snapshot_of_the_future_covers_no_fill() -> None:
    """It may have been taken before; the fill still counts with the next sound one."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", quantity=3, price=100))
    engine.order_filled("a", 3, 100)
    asked = order(notional=1)
    result = engine.check_orders([asked], portfolio=portfolio(as_of=NOW + timedelta(days=1)))
    assert result.reasons == ["snapshot_in_the_future(as_of=2026-01-28T12:00:00.000Z, uncovered_fills=1)"]
    assert total(engine, asked, held=portfolio(as_of=NOW - timedelta(seconds=1))) == 301


@pytest.mark.parametrize(("back_s", "allowed"), [(5, True), (6, False)])
def test_a_cancellation_asked_for_in_the_future_waits_for_an_unknown_time(back_s: int, allowed: bool) -> None:  # noqa: FBT001 - a column of the table
    """A clock that was set back does not make a silent venue answer."""
    clock = MovedClock()
    engine = LiveRiskLimits(LiveRiskConfig(max_cancel_wait_s=60), clock=clock)
    engine.order_accepted(order(client_order_id="a", notional=300))
    engine.cancel_requested("a")
    clock.at = NOW - timedelta(seconds=back_s)
    assert engine.check_orders([order(notional=1)]).allowed is allowed


def _filled(**fill: Any) -> tuple[LiveRiskLimits, MovedClock]:
    """Three units rest at noon; two seconds later one is said to be executed."""
    clock = MovedClock()
    engine = LiveRiskLimits(LiveRiskConfig(max_total_exposure_notional=1e6), clock=clock)
    engine.order_accepted(order(client_order_id="a", quantity=3, price=100))
    clock.at = NOW + timedelta(seconds=2)
    engine.evaluate_portfolio(portfolio(HELD, as_of=NOW + timedelta(seconds=1)))
    engine.order_filled("a", 1, 100, **fill)
    return engine, clock


@pytest.mark.parametrize(("executed_s", "counted"), [(0.5, 301), (1.5, 401)])
def test_a_fill_told_after_the_snapshot_that_holds_it_is_not_counted_again(
    executed_s: float, counted: float
) -> None:
    """It takes its part of what rests all the same. One that the snapshot does not hold counts."""
    engine, _ = _filled(at=NOW + timedelta(seconds=executed_s))
    held = portfolio(HELD, as_of=NOW + timedelta(seconds=1))
    assert total(engine, held=held) == counted


def test_a_snapshot_a_little_ahead_of_the_clock_speaks_for_no_fill_after_it_was_seen() -> None:
    """Whoever took it cannot have known the fill, whatever their clock says."""
    engine, clock = _filled(at=NOW)
    ahead = portfolio(HELD, as_of=NOW + timedelta(seconds=6))
    assert total(engine, held=ahead) == 301
    clock.at = NOW + timedelta(seconds=3)
    engine.order_filled("a", 2, 200)
    assert total(engine, held=ahead) == 501


def test_a_fill_told_late_makes_older_snapshots_useless() -> None:
    """They do not hold it, and nothing else speaks for it any more."""
    engine, _ = _filled(at=NOW + timedelta(seconds=0.5))
    refused = engine.check_orders([order(notional=1)], portfolio=portfolio(HELD, as_of=NOW))
    assert [reason.partition("(")[0] for reason in refused.reasons] == ["snapshot_superseded"]


def test_an_execution_told_twice_counts_once() -> None:
    """Venues tell again after a reconnection, before and after the order is done."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", quantity=3, price=100))
    for _ in range(2):
        engine.order_filled("a", 1, 100, execution_id="x1")
    assert total(engine) == 301
    for _ in range(2):
        engine.order_filled("a", 2, 100, execution_id="x2")
    assert total(engine) == 301


def test_one_id_for_two_executions_refuses_entries() -> None:
    """One of them is wrong, and nobody knows which."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", quantity=3, price=100))
    engine.order_filled("a", 1, 100, execution_id="x1")
    engine.order_filled("a", 2, 100, execution_id="x1")
    assert engine.check_orders([order(notional=1)]).reasons == [
        "fill_contradicts(client_order_id='a', execution_id='x1', quantity=2)"
    ]


def test_more_than_rested_refuses_entries_and_counts() -> None:
    """Somebody has made a mistake with money; an exit by what is held passes."""
    engine = wide()
    engine.order_accepted(order(client_order_id="a", quantity=3, price=100))
    engine.order_filled("a", 3.5, 100)
    refused = engine.check_orders([order(notional=1)])
    assert refused.reasons == ["fill_exceeds_order(client_order_id='a', quantity=3.5, rested=3.0)"]
    assert detail(refused, "max_total_exposure").current_value == 351
    assert engine.check_orders([order("SELL", quantity=3.5, price=100)]).allowed


@pytest.mark.parametrize("at", ["yesterday", NOW + timedelta(days=1)])
def test_a_fill_at_no_instant_or_in_the_future_refuses_entries(at: Any) -> None:
    """Whether the snapshot holds it cannot be known; until the next it counts."""
    engine, clock = _filled(at=at)
    held = portfolio(HELD, as_of=NOW + timedelta(seconds=1))
    refused = engine.check_orders([order(notional=1)], portfolio=held)
    assert refused.reasons[0].startswith("fill_unknown(client_order_id='a', at=")
    clock.at = NOW + timedelta(seconds=5)
    assert engine.check_orders(
        [order(notional=1)], portfolio=portfolio(HELD, as_of=NOW + timedelta(seconds=4))
    ).allowed


@given(st.permutations(range(6)))
def test_fills_in_any_order_come_to_what_they_come_to_by_their_instants(places: list[int]) -> None:
    """A book that learns late holds what one holds that learnt in time."""
    told = [(side, 1 + place, 100 - 7 * place) for place, side in enumerate(["BUY", "SELL", "SELL"] * 2)]

    def engine(sequence: Iterable[int]) -> float:
        limits = wide()
        for place, (side, quantity, price) in enumerate(told):
            limits.order_accepted(order(side, client_order_id=str(place), quantity=quantity, price=price))
        for place in sequence:
            _, quantity, price = told[place]
            total(limits)
            limits.order_filled(str(place), quantity, price, at=NOW + timedelta(seconds=place - 10))
        return total(limits)

    assert engine(places) == engine(range(6))


@pytest.mark.parametrize("filled", [0, 1, 3])
def test_what_rests_and_has_filled_is_worth_what_its_currency_is_worth_now(filled: float) -> None:
    """A rate that moves moves every amount in it; one that is lost moves none."""
    engine = wide(instruments={"SPY": {"currency": "USD"}}, fx_rates={"USD": 0.9})
    engine.order_accepted(order(symbol="SPY", client_order_id="a", quantity=3, price=100))
    if filled:
        engine.order_filled("a", filled, 100)
    assert total(engine) == 270 + 1
    for rate, worth in ((1.2, 360), (NAN, 360), (0.6, 180)):
        engine.fx_updated("USD", rate)
        assert total(engine) == pytest.approx(worth + 1)
