"""Reads what an account holds from a snapshot that nobody has vouched for.

What cannot be judged is taken out and complained about, one coded line for each value: a breach, but never an
exception, and never less severity for the rest.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from live.amounts import NAN, finite, finite_or_none, total
from live.clock import instant
from live.orders import strategy_name
from live.portfolio import DIRECTIONS, LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits.soundness import (
    absent_or,
    is_finite,
    is_instant,
    is_list,
    is_name,
    is_not_negative,
    is_one_of,
)
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from live.risk_limits.market import Market


class Holding(NamedTuple):
    """All positions in one symbol together.

    Attributes:
        size: Signed quantity in base units; NaN when only a notional is known.
        net: Signed value in the base currency.
        gross: Absolute value in the base currency, long and short added.
        price: The highest mark price; NaN when none is known.
    """

    size: float = 0.0
    net: float = 0.0
    gross: float = 0.0
    price: float = NAN


class Account(NamedTuple):
    """What an account holds: the part that can be judged, and what is wrong with the rest.

    Attributes:
        holdings: By symbol, in the order of the snapshot.
        realized: Closed result of the day in the base currency; None when no position says.
        unrealized: Open result in the base currency; None when no position says.
        as_of: When the snapshot was taken, UTC; None when not known.
        equity: Worth of the account in the base currency; None when not known, NaN when it is no number.
        cash: Free cash, likewise.
        margin_used: Margin that holdings tie up, likewise.
        position_complaints: What is wrong with positions.
        snapshot_complaints: What is wrong with the snapshot itself.
        by_strategy: Holdings by symbol, for every strategy (as `strategy_name` has it) that holds any.
    """

    holdings: Mapping[str, Holding]
    realized: float | None = None
    unrealized: float | None = None
    as_of: datetime | None = None
    equity: float | None = None
    cash: float | None = None
    margin_used: float | None = None
    position_complaints: tuple[str, ...] = ()
    snapshot_complaints: tuple[str, ...] = ()
    by_strategy: Mapping[str, Mapping[str, Holding]] = MappingProxyType({})


NOTHING_KNOWN = Account({})


def read_account(snapshot: object, market: Market) -> Account:
    """Read a snapshot; what is none is an account without holdings and with a complaint.

    Amounts that a position declares are in the base currency, prices in that of its instrument.
    """
    if not isinstance(snapshot, LivePortfolioSnapshot):
        complaint = f"snapshot_invalid(field='snapshot', value={shown(snapshot)})"
        return Account({}, snapshot_complaints=(complaint,))
    plain = read_plain(snapshot, market)
    if plain is not None:
        return plain
    positions, complaints = _read_positions(snapshot.positions if is_list(snapshot.positions) else (), market)
    return Account(
        holdings=_holdings(positions, market),
        realized=_sum_of_known(finite_or_none(position.realized_pnl) for position in positions),
        unrealized=_sum_of_known(_open_result(position, market) for position in positions),
        as_of=instant(snapshot.as_of),
        equity=finite_or_none(snapshot.equity),
        cash=finite_or_none(snapshot.cash),
        margin_used=finite_or_none(snapshot.margin_used),
        position_complaints=complaints,
        snapshot_complaints=tuple(_snapshot_complaints(snapshot)),
        by_strategy=_by_strategy(positions, market),
    )


def read_plain(snapshot: LivePortfolioSnapshot, market: Market) -> Account | None:
    """The account of a snapshot in which every value is of the plainest sound type; None for any other.

    Reading it so takes a fraction of the time (`make bench`). What comes out is the same:
    `tests/unit/risk_limits/test_plain_account.py` holds both ways against each other.
    """
    holdings: dict[str, Holding] = {}
    results: list[float] = []
    if not (is_list(snapshot.positions) and all(sound(getattr(snapshot, field)) for field, sound in _SOUND)):
        return None
    for position in snapshot.positions:
        holding = _plain_holding(position, market)
        if holding is None or position.symbol in holdings:
            return None
        holdings[position.symbol] = holding
        if position.entry_price is not None:
            results.append(holding.size * (holding.price - position.entry_price))
    return Account(
        holdings=holdings,
        unrealized=total(results) if results else None,
        as_of=instant(snapshot.as_of),
        equity=finite_or_none(snapshot.equity),
        cash=finite_or_none(snapshot.cash),
        margin_used=finite_or_none(snapshot.margin_used),
    )


def _plain_holding(position: object, market: Market) -> Holding | None:
    """A holding by size and mark alone, at most with what it cost, in an instrument that nobody described."""
    if type(position) is not LivePositionSnapshot:
        return None
    size, mark, entry = position.size, position.mark_price, position.entry_price
    if (
        type(size) is not float
        or type(mark) is not float
        or not (entry is None or (type(entry) is float and 0.0 <= entry < math.inf))
        or not (position.side is None and position.notional is None and position.unrealized_pnl is None)
        or not (position.realized_pnl is None and position.leverage is None and position.strategy_key is None)
        or not is_name(position.symbol)
        or market.is_described(position.symbol)
    ):
        return None
    net = size * mark
    if not (0.0 < mark < math.inf and size != 0 and -math.inf < net < math.inf):
        return None
    return Holding(size, net, abs(net), mark)


def _read_positions(
    positions: Iterable[object], market: Market
) -> tuple[list[LivePositionSnapshot], tuple[str, ...]]:
    readable: list[LivePositionSnapshot] = []
    complaints: list[str] = []
    for place, position in enumerate(positions):
        if not isinstance(position, LivePositionSnapshot):
            complaints.append(f"position_invalid(place={place}, field='position', value={shown(position)})")
            continue
        wrong = list(_position_complaints(position, market))
        complaints += wrong
        if not wrong:
            readable.append(position)
    return readable, tuple(complaints)


def _snapshot_complaints(snapshot: LivePortfolioSnapshot) -> Iterator[str]:
    for field, sound in _SNAPSHOT_FIELDS.items():
        value = getattr(snapshot, field)
        if not sound(value):
            yield f"snapshot_invalid(field={field!r}, value={shown(value)})"


def _position_complaints(position: LivePositionSnapshot, market: Market) -> Iterator[str]:
    wrong = [field for field, sound in _POSITION_FIELDS.items() if not sound(getattr(position, field))]
    wrong += [] if "symbol" in wrong else _prices_that_are_none(position, market)
    for field in wrong or _contradictions(position, market):
        value = shown(getattr(position, field))
        yield f"position_invalid(symbol={shown(position.symbol)}, field={field!r}, value={value})"
    if not wrong and math.isnan(market.scale(position.symbol)):
        currency = shown(market.instrument(position.symbol).currency)
        yield f"fx_rate_unknown(symbol={shown(position.symbol)}, currency={currency})"


def _prices_that_are_none(position: LivePositionSnapshot, market: Market) -> list[str]:
    free, mark = market.may_be_negative(position.symbol), position.mark_price
    entry_sound = absent_or(is_finite if free else is_not_negative)(position.entry_price)
    mark_sound = mark is None or market.is_price(position.symbol, mark)
    return [field for field, sound in (("entry_price", entry_sound), ("mark_price", mark_sound)) if not sound]


def _contradictions(position: LivePositionSnapshot, market: Market) -> Iterator[str]:
    """Fields that are sound by themselves, but together do not say what is held."""
    exposure, size = _exposure(position, market, unscaled=True), finite(position.size or 0)
    unmarked = position.direction and size != 0 and exposure == 0 and position.mark_price is None
    if unmarked or not math.isfinite(exposure):
        yield "mark_price"
    elif _is_unsized(position):
        yield "size"
    elif not position.direction and (exposure > 0 or size != 0):
        yield "side"
    elif position.direction == 1 and size < 0:
        yield "size"


def _is_unsized(position: LivePositionSnapshot) -> bool:
    """Whether nobody says how large a holding is; one whose side is flat needs no size."""
    said_flat = position.side is not None and position.direction == 0
    return position.size is None and position.notional is None and not said_flat


def _exposure(position: LivePositionSnapshot, market: Market, *, unscaled: bool = False) -> float:
    """Absolute value in the base currency: the larger of what is declared and size times mark."""
    scale = 1.0 if unscaled else market.scale(position.symbol)
    if scale == 1 and not market.may_be_negative(position.symbol):
        return position.exposure
    size, mark = abs(finite(position.size or 0)), position.mark_price
    worth = [] if not size or mark is None else [size * abs(finite(mark)) * scale]
    known = worth + ([] if position.notional is None else [finite(position.notional)])
    return max(known) if known else NAN if size else 0.0


def _open_result(position: LivePositionSnapshot, market: Market) -> float | None:
    scale, result = market.scale(position.symbol), position.open_result
    return result if position.unrealized_pnl is not None or result is None else result * scale


def _holdings(positions: Iterable[LivePositionSnapshot], market: Market) -> dict[str, Holding]:
    by_symbol: dict[str, list[LivePositionSnapshot]] = {}
    for position in positions:
        by_symbol.setdefault(position.symbol, []).append(position)
    return {symbol: _holding(together, market) for symbol, together in by_symbol.items()}


def _by_strategy(positions: list[LivePositionSnapshot], market: Market) -> dict[str, Mapping[str, Holding]]:
    named: dict[str, list[LivePositionSnapshot]] = {}
    for position in positions:
        if position.strategy_key is not None:
            named.setdefault(strategy_name(position.strategy_key), []).append(position)
    return {strategy: _holdings(together, market) for strategy, together in named.items()}


def _holding(positions: list[LivePositionSnapshot], market: Market) -> Holding:
    marks = [finite(position.mark_price) for position in positions if position.mark_price is not None]
    return Holding(
        size=total(position.signed_size for position in positions),
        net=total((position.direction or 0) * _exposure(position, market) for position in positions),
        gross=total(_exposure(position, market) for position in positions),
        price=max(marks, default=NAN),
    )


def _sum_of_known(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return total(known) if known else None


_POSITION_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "symbol": is_name,
    "side": absent_or(is_one_of(DIRECTIONS)),
    "size": absent_or(is_finite),
    "notional": absent_or(is_not_negative),
    "unrealized_pnl": absent_or(is_finite),
    "realized_pnl": absent_or(is_finite),
    "leverage": absent_or(is_not_negative),
    "strategy_key": absent_or(is_name),
}
_SNAPSHOT_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "as_of": is_instant,
    "positions": is_list,
    "equity": absent_or(is_finite),
    "cash": absent_or(is_finite),
    "margin_used": absent_or(is_not_negative),
}
_SOUND = tuple(_SNAPSHOT_FIELDS.items())
