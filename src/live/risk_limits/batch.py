"""Reads a batch of orders that nobody has vouched for.

What cannot be judged is taken out and complained about, one coded line for each value: a breach, but never an
exception, and never less severity for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import NAN, finite, finite_or_none
from live.orders import LiveOrderRequest, strategy_name
from live.risk_limits.soundness import absent_or, is_name, is_not_negative, is_one_of, is_positive
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from live.risk_limits.account import Holding
    from live.risk_limits.market import Market

SIDES = {"BUY": True, "SELL": False}


class Order(NamedTuple):
    """An order that can be judged.

    Attributes:
        client_order_id: The caller's id.
        symbol: The instrument.
        buys: Whether it buys; it sells otherwise.
        quantity: Size in base units; NaN when neither it nor a price is known.
        notional: Absolute value in the base currency: the largest of what is declared and of quantity times
            each price that is known (its own, its limit, the newest, without own and newest the mark of what
            is held), with multiplier and rate.
        price: What it is expected to fill at, in the instrument's currency: its own price, else its limit,
            else the newest; NaN when none is known.
        limit_price: The worst price that it may fill at; NaN for an order without a limit.
        order_type: `MARKET`, `LIMIT`, … in upper case.
        strategy: The strategy that asks, as `strategy_name` has it; empty when nobody says.
        short_sale: Whether it is marked as a short sale; None when nobody says.
        own_price: The price that it came with; NaN when it came with none.
        unpriced: Whether the newest price is none, so that only the mark of what is held speaks for it: good
            enough to leave a holding of a known size, not to enter.
    """

    client_order_id: str
    symbol: str
    buys: bool
    quantity: float
    notional: float
    price: float = NAN
    limit_price: float = NAN
    order_type: str = "MARKET"
    strategy: str = ""
    short_sale: bool | None = None
    own_price: float = NAN
    unpriced: bool = False


class Unreadable(NamedTuple):
    """An order that cannot be judged.

    Attributes:
        client_order_id: The caller's id; empty when it is no name.
        complaints: What is wrong with it, one line for each value.
    """

    client_order_id: str
    complaints: tuple[str, ...]


class Batch(NamedTuple):
    """The orders of a check.

    Attributes:
        size: How many were handed in.
        outcomes: What became of each, in their order.
        complaints: What is wrong with those that cannot be judged, one line for each value.
    """

    size: int
    outcomes: tuple[Order | Unreadable, ...]
    complaints: tuple[str, ...]
    strategies: tuple[str | None, ...] = ()

    @property
    def orders(self) -> tuple[Order, ...]:
        """Those that can be judged."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Order))


def read_batch(orders: object, holdings: Mapping[str, Holding], market: Market) -> Batch:
    """Read a batch; an order without a price takes the newest one, else the mark of what is held."""
    try:
        requests: tuple[object, ...] = tuple(orders)  # type: ignore[arg-type]  # anything may come
    except Exception:  # noqa: BLE001 - whatever goes through them is foreign code
        return Batch(0, (), (f"orders_invalid(value={shown(orders)})",))
    seen = _Seen(set(), {symbol.casefold(): symbol for symbol in holdings}, holdings, market)
    outcomes = tuple(_read(request, place, seen) for place, request in enumerate(requests))
    wrong = (outcome for outcome in outcomes if isinstance(outcome, Unreadable))
    return Batch(len(requests), outcomes, tuple(line for one in wrong for line in one.complaints))


class _Seen(NamedTuple):
    """What came before: a second spelling of a symbol, in other cases, would have a limit of its own."""

    ids: set[str]
    symbols: dict[str, str]
    holdings: Mapping[str, Holding]
    market: Market


def _read(request: object, place: int, seen: _Seen) -> Order | Unreadable:
    """The order, or what is wrong with it."""
    if not isinstance(request, LiveOrderRequest):
        return Unreadable("", (f"order_invalid(place={place}, field='order', value={shown(request)})",))
    name = request.client_order_id if is_name(request.client_order_id) else ""
    wrong = tuple(_complaints(request, seen))
    if wrong:
        return Unreadable(name, wrong)
    scale = seen.market.scale(request.symbol)
    if math.isnan(scale):
        return Unreadable(name, (_without_rate(request, seen.market),))
    order = _order(request, _Prices.of(request, seen), scale)
    return order if _is_valued(order, seen.market) else Unreadable(name, (_without_notional(request),))


def _is_valued(order: Order, market: Market) -> bool:
    worthless = order.notional == 0 and market.instrument(order.symbol).negative_price
    return worthless or is_positive(order.notional)


def _complaints(request: LiveOrderRequest, seen: _Seen) -> Iterator[str]:
    name = shown(request.client_order_id)
    for field, sound in _FIELDS.items():
        value = getattr(request, field)
        if not sound(value):
            yield f"order_invalid(client_order_id={name}, field={field!r}, value={shown(value)})"
    if is_name(request.client_order_id):
        if request.client_order_id in seen.ids:
            yield f"order_duplicate(client_order_id={name})"
        seen.ids.add(request.client_order_id)
    if not is_name(request.symbol):
        return
    for field, value in (("current_price", _price_in(request.extra)), ("limit_price", request.limit_price)):
        if value is not None and not seen.market.is_price(request.symbol, value):
            yield f"order_invalid(client_order_id={name}, field={field!r}, value={shown(value)})"
    spelling = seen.market.spelling(request.symbol)
    known = seen.symbols.setdefault(request.symbol.casefold(), spelling)
    if known != request.symbol:
        both = f"symbol={shown(request.symbol)}, known={shown(known)}"
        yield f"symbol_ambiguous(client_order_id={name}, {both})"


class _Prices(NamedTuple):
    """The prices that an order can be valued at, in the instrument's currency; None when not given."""

    own: float | None
    limit: float | None
    newest: float | None
    mark: float | None

    @classmethod
    def of(cls, request: LiveOrderRequest, seen: _Seen) -> _Prices:
        held, quote = seen.holdings.get(request.symbol), seen.market.quote(request.symbol)
        mark = NAN if held is None else held.price
        return cls(
            own=finite_or_none(_price_in(request.extra)),
            limit=finite_or_none(request.limit_price),
            newest=None if quote is None else quote.last,
            mark=None if math.isnan(mark) else mark,
        )

    @property
    def is_by_mark_alone(self) -> bool:
        """Whether the newest price is none, and of all others the mark is sound."""
        sound = self.own is None and not math.isnan(self.limit or 0.0) and self.mark is not None
        return sound and self.newest is not None and math.isnan(self.newest)

    @property
    def said(self) -> list[float]:
        """What counts, the expected one first: a mark only where nothing newer is known.

        A limit is no news of the market: a sale may fill far above it.
        """
        mark = self.mark if self.own is None and self.newest is None else None
        return [price for price in (self.own, self.limit, self.newest, mark) if price is not None]


def _order(request: LiveOrderRequest, prices: _Prices, scale: float) -> Order:
    unpriced = prices.is_by_mark_alone and bool(request.quantity)
    said = prices._replace(newest=None).said if unpriced else prices.said
    price = said[0] if said else NAN
    declared = finite(request.notional) if request.notional else NAN
    worth = max((abs(each) for each in said), default=NAN) * scale
    quantity = finite(request.quantity) if request.quantity else _quotient(declared, worth)
    spoilt = any(map(math.isnan, said))  # a price that came in and is none: the order cannot be valued
    amounts = [amount for amount in (declared, quantity * worth) if not math.isnan(amount)]
    return Order(
        client_order_id=request.client_order_id,
        symbol=request.symbol,
        buys=SIDES[request.side.upper()],
        quantity=quantity,
        notional=NAN if spoilt else max(amounts, default=NAN),
        price=price,
        limit_price=NAN if prices.limit is None else prices.limit,
        order_type=request.order_type.upper(),
        strategy=strategy_name(request.strategy_key),
        short_sale=request.short_sale,
        own_price=NAN if prices.own is None else prices.own,
        unpriced=unpriced,
    )


def _quotient(declared: float, worth: float) -> float:
    quantity = declared / worth if worth else NAN
    return quantity if 0 < quantity < math.inf else NAN


def _without_rate(request: LiveOrderRequest, market: Market) -> str:
    name, currency = shown(request.client_order_id), market.instrument(request.symbol).currency
    return f"fx_rate_unknown(client_order_id={name}, currency={shown(currency)})"


def unpriced(order: Order) -> str:
    """What is wrong with an order that enters although the newest price is none, as a coded line."""
    return f"order_notional_unknown(client_order_id={shown(order.client_order_id)}, newest_price=nan)"


def _without_notional(request: LiveOrderRequest) -> str:
    return (
        f"order_notional_unknown(client_order_id={shown(request.client_order_id)}, "
        f"quantity={shown(request.quantity)}, notional={shown(request.notional)}, "
        f"current_price={shown(_price_in(request.extra))})"
    )


def _price_in(extra: object) -> Any:
    return extra.get("current_price") if isinstance(extra, Mapping) else None


_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "client_order_id": is_name,
    "symbol": is_name,
    "side": is_one_of(SIDES),
    "quantity": absent_or(is_not_negative),
    "notional": absent_or(is_not_negative),
    "extra": absent_or(lambda value: isinstance(value, Mapping)),
    "order_type": is_name,
    "strategy_key": absent_or(is_name),
    "short_sale": absent_or(lambda value: isinstance(value, bool)),
}
