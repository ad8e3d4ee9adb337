"""Reads orders and holdings that nobody has vouched for.

What cannot be judged is taken out and complained about, one coded line for each value: a breach, but never an
exception, and never less severity for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import NAN, finite, total
from live.clock import as_utc
from live.orders import LiveOrderRequest
from live.portfolio import DIRECTIONS, LivePortfolioSnapshot, LivePositionSnapshot
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SIDES = {"BUY": True, "SELL": False}


class Order(NamedTuple):
    """An order that can be judged.

    Attributes:
        client_order_id: The caller's id.
        symbol: The instrument.
        buys: Whether it buys; it sells otherwise.
        quantity: Size in base units; NaN when neither it nor a price is known.
        notional: Absolute value in the base currency: the larger of what is declared and quantity times price.
    """

    client_order_id: str
    symbol: str
    buys: bool
    quantity: float
    notional: float


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


class Batch(NamedTuple):
    """The orders of a check: those that can be judged, and what is wrong with the others."""

    count: int
    orders: tuple[Order, ...]
    complaints: tuple[str, ...]


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


UNKNOWN_ACCOUNT = Account({})
_NOTHING = Holding()


def read_batch(orders: Iterable[object], holdings: Mapping[str, Holding]) -> Batch:
    """Read a batch; the price of an order without one is the mark of its symbol, where that is held."""
    try:
        requests = tuple(orders)
    except TypeError:
        return Batch(0, (), (f"orders_invalid(value={shown(orders)})",))
    readable: list[Order] = []
    complaints: list[str] = []
    seen: set[str] = set()
    for place, request in enumerate(requests):
        wrong = list(_order_complaints(request, place, seen))
        if not wrong and isinstance(request, LiveOrderRequest):
            order = _order(request, holdings.get(request.symbol, _NOTHING).price)
            wrong = list(_notional_complaints(request, order))
            readable += [] if wrong else [order]
        complaints += wrong
    return Batch(len(requests), tuple(readable), tuple(complaints))


def read_account(snapshot: object) -> Account:
    """Read a snapshot; None is an account of which nothing is known."""
    if snapshot is None:
        return UNKNOWN_ACCOUNT
    if not isinstance(snapshot, LivePortfolioSnapshot):
        return Account(
            {}, snapshot_complaints=(f"snapshot_invalid(field='snapshot', value={shown(snapshot)})",)
        )
    wrong = [
        f"snapshot_invalid(field={field!r}, value={shown(getattr(snapshot, field))})"
        for field, sound in _SNAPSHOT_FIELDS.items()
        if not sound(getattr(snapshot, field))
    ]
    positions, complaints = _read_positions(snapshot.positions)
    return Account(
        holdings=_holdings(positions),
        realized=_sum_of_known(_if_given(p.realized_pnl) for p in positions),
        unrealized=_sum_of_known(p.open_result for p in positions),
        as_of=as_utc(snapshot.as_of) if isinstance(snapshot.as_of, datetime) else None,
        equity=_if_given(snapshot.equity),
        cash=_if_given(snapshot.cash),
        margin_used=_if_given(snapshot.margin_used),
        position_complaints=complaints,
        snapshot_complaints=tuple(wrong),
    )


def _read_positions(positions: object) -> tuple[list[LivePositionSnapshot], tuple[str, ...]]:
    if not _is_iterable(positions):
        return [], ()
    readable: list[LivePositionSnapshot] = []
    complaints: list[str] = []
    for place, position in enumerate(positions):  # type: ignore[arg-type]
        wrong = list(_position_complaints(position, place))
        readable += [] if wrong else [position]
        complaints += wrong
    return readable, tuple(complaints)


def _order_complaints(request: object, place: int, seen: set[str]) -> Iterator[str]:
    if not isinstance(request, LiveOrderRequest):
        yield f"order_invalid(place={place}, field='order', value={shown(request)})"
        return
    name = shown(request.client_order_id)
    for field, sound in _ORDER_FIELDS.items():
        if not sound(getattr(request, field)):
            yield f"order_invalid(client_order_id={name}, field={field!r}, value={shown(getattr(request, field))})"
    if not _absent_or(_positive)(_price_said(request)):
        yield f"order_invalid(client_order_id={name}, field='current_price', value={shown(_price_said(request))})"
    if _is_name(request.client_order_id):
        if request.client_order_id in seen:
            yield f"order_duplicate(client_order_id={name})"
        seen.add(request.client_order_id)


def _order(request: LiveOrderRequest, mark: float) -> Order:
    said = _price_said(request)
    price = mark if said is None else finite(said)
    declared = finite(request.notional) if request.notional else NAN
    quantity = finite(request.quantity) if request.quantity else declared / price
    amounts = [amount for amount in (declared, quantity * price) if not math.isnan(amount)]
    return Order(
        client_order_id=request.client_order_id,
        symbol=request.symbol,
        buys=SIDES[request.side.upper()],
        quantity=quantity,
        notional=max(amounts, default=NAN),
    )


def _notional_complaints(request: LiveOrderRequest, order: Order) -> Iterator[str]:
    if not _positive(order.notional):
        yield (
            f"order_notional_unknown(client_order_id={shown(request.client_order_id)}, "
            f"quantity={shown(request.quantity)}, notional={shown(request.notional)}, "
            f"current_price={shown(_price_said(request))})"
        )


def _price_said(request: LiveOrderRequest) -> Any:
    return request.extra.get("current_price") if isinstance(request.extra, Mapping) else None


def _position_complaints(position: object, place: int) -> Iterator[str]:
    if not isinstance(position, LivePositionSnapshot):
        yield f"position_invalid(place={place}, field='position', value={shown(position)})"
        return
    wrong = [field for field, sound in _POSITION_FIELDS.items() if not sound(getattr(position, field))]
    for field in wrong or _contradictions(position):
        value = shown(getattr(position, field))
        yield f"position_invalid(symbol={shown(position.symbol)}, field={field!r}, value={value})"


def _contradictions(position: LivePositionSnapshot) -> Iterator[str]:
    """Fields that are sound by themselves, but do not say what is held."""
    exposure, size = position.exposure, finite(position.size or 0.0)
    if not math.isfinite(exposure):
        yield "mark_price"
    elif exposure > 0 and not position.direction:
        yield "side"
    elif size < 0 and position.direction == 1:
        yield "size"


def _holdings(positions: Iterable[LivePositionSnapshot]) -> dict[str, Holding]:
    by_symbol: dict[str, list[LivePositionSnapshot]] = {}
    for position in positions:
        by_symbol.setdefault(position.symbol, []).append(position)
    return {symbol: _holding(together) for symbol, together in by_symbol.items()}


def _holding(positions: list[LivePositionSnapshot]) -> Holding:
    return Holding(
        size=total(position.signed_size for position in positions),
        net=total((position.direction or 0) * position.exposure for position in positions),
        gross=total(position.exposure for position in positions),
        price=max((finite(p.mark_price) for p in positions if p.mark_price is not None), default=NAN),
    )


def _sum_of_known(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return total(known) if known else None


def _if_given(value: object) -> float | None:
    return None if value is None else finite(value)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != "" and value == value.strip()


def _is_iterable(value: object) -> bool:
    try:
        iter(value)  # type: ignore[call-overload]
    except TypeError:
        return False
    return True


def _positive(value: object) -> bool:
    return finite(value) > 0


def _not_negative(value: object) -> bool:
    return finite(value) >= 0


def _is_finite(value: object) -> bool:
    return not math.isnan(finite(value))


def _absent_or(sound: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or sound(value)


def _one_of(names: Mapping[str, Any]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value.upper() in names


_ORDER_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "client_order_id": _is_name,
    "symbol": _is_name,
    "side": _one_of(SIDES),
    "quantity": _absent_or(_not_negative),
    "notional": _absent_or(_not_negative),
    "extra": _absent_or(lambda value: isinstance(value, Mapping)),
}
_POSITION_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "symbol": _is_name,
    "side": _absent_or(_one_of(DIRECTIONS)),
    "size": _absent_or(_is_finite),
    "entry_price": _absent_or(_not_negative),
    "mark_price": _absent_or(_positive),
    "notional": _absent_or(_not_negative),
    "unrealized_pnl": _absent_or(_is_finite),
    "realized_pnl": _absent_or(_is_finite),
    "leverage": _absent_or(_not_negative),
}
_SNAPSHOT_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "as_of": lambda value: isinstance(value, datetime),
    "positions": _is_iterable,
    "equity": _absent_or(_is_finite),
    "cash": _absent_or(_is_finite),
    "margin_used": _absent_or(_not_negative),
}
