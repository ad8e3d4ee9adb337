"""Reads a batch of orders that nobody has vouched for.

What cannot be judged is taken out and complained about, one coded line for each value: a breach, but never an
exception, and never less severity for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import NAN, finite
from live.orders import LiveOrderRequest
from live.risk_limits.soundness import absent_or, is_name, is_not_negative, is_one_of, is_positive
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from live.risk_limits.account import Holding

SIDES = {"BUY": True, "SELL": False}


class Order(NamedTuple):
    """An order that can be judged.

    Attributes:
        client_order_id: The caller's id.
        symbol: The instrument.
        buys: Whether it buys; it sells otherwise.
        quantity: Size in base units; NaN when neither it nor a price is known.
        notional: Absolute value in the base currency: the larger of declared and quantity times price.
    """

    client_order_id: str
    symbol: str
    buys: bool
    quantity: float
    notional: float


class Batch(NamedTuple):
    """The orders of a check.

    Attributes:
        size: How many were handed in.
        orders: Those that can be judged.
        complaints: What is wrong with the others, one line for each value.
        strategies: Who asks, each once; None for orders that name no strategy.
    """

    size: int
    orders: tuple[Order, ...]
    complaints: tuple[str, ...]
    strategies: tuple[str | None, ...] = ()


def read_batch(orders: object, holdings: Mapping[str, Holding]) -> Batch:
    """Read a batch; the price of an order without one is the mark of its symbol, where that is held."""
    try:
        requests: tuple[object, ...] = tuple(orders)  # type: ignore[arg-type]  # anything may come
    except Exception:  # noqa: BLE001 - whatever goes through them is foreign code
        return Batch(0, (), (f"orders_invalid(value={shown(orders)})",))
    readable: list[Order] = []
    complaints: list[str] = []
    seen = _Seen(set(), {symbol.casefold(): symbol for symbol in holdings})
    for place, request in enumerate(requests):
        outcome = _read(request, place, seen, holdings)
        if isinstance(outcome, Order):
            readable.append(outcome)
        else:
            complaints += outcome
    strategies = tuple(dict.fromkeys(map(_strategy, requests)))
    return Batch(len(requests), tuple(readable), tuple(complaints), strategies)


class _Seen(NamedTuple):
    """What came before: a second spelling of a symbol, in other cases, would have a limit of its own."""

    ids: set[str]
    symbols: dict[str, str]


def _read(request: object, place: int, seen: _Seen, holdings: Mapping[str, Holding]) -> Order | list[str]:
    """The order, or what is wrong with it."""
    if not isinstance(request, LiveOrderRequest):
        return [f"order_invalid(place={place}, field='order', value={shown(request)})"]
    wrong = list(_complaints(request, seen))
    if wrong:
        return wrong
    held = holdings.get(request.symbol)
    order = _order(request, NAN if held is None else held.price)
    return order if is_positive(order.notional) else [_without_notional(request)]


def _complaints(request: LiveOrderRequest, seen: _Seen) -> Iterator[str]:
    name = shown(request.client_order_id)
    for field, sound in _FIELDS.items():
        value = _price_in(request.extra) if field == "current_price" else getattr(request, field)
        if not sound(value):
            yield f"order_invalid(client_order_id={name}, field={field!r}, value={shown(value)})"
    if is_name(request.client_order_id):
        if request.client_order_id in seen.ids:
            yield f"order_duplicate(client_order_id={name})"
        seen.ids.add(request.client_order_id)
    if is_name(request.symbol):
        known = seen.symbols.setdefault(request.symbol.casefold(), request.symbol)
        if known != request.symbol:
            both = f"symbol={shown(request.symbol)}, known={shown(known)}"
            yield f"symbol_ambiguous(client_order_id={name}, {both})"


def _order(request: LiveOrderRequest, mark: float) -> Order:
    said = _price_in(request.extra)
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


def _without_notional(request: LiveOrderRequest) -> str:
    return (
        f"order_notional_unknown(client_order_id={shown(request.client_order_id)}, "
        f"quantity={shown(request.quantity)}, notional={shown(request.notional)}, "
        f"current_price={shown(_price_in(request.extra))})"
    )


def _strategy(request: object) -> str | None:
    key = request.strategy_key if isinstance(request, LiveOrderRequest) else None
    return key if is_name(key) else None


def _price_in(extra: object) -> Any:
    return extra.get("current_price") if isinstance(extra, Mapping) else None


_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "client_order_id": is_name,
    "symbol": is_name,
    "side": is_one_of(SIDES),
    "quantity": absent_or(is_not_negative),
    "notional": absent_or(is_not_negative),
    "extra": absent_or(lambda value: isinstance(value, Mapping)),
    "current_price": absent_or(is_positive),
}
