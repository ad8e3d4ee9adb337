"""What is known of the market: instruments, prices as they come in, and rates into the base currency."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from live.amounts import NAN, finite, finite_or_none
from live.clock import instant
from live.instruments import Instrument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Quote(NamedTuple):
    """The newest price of an instrument, in its currency; NaN for what is not known or is no number.

    Attributes:
        last: Price of the last trade.
        at: When it was made, UTC; None when that is no instant.
        bid: Best bid.
        ask: Best ask.
        previous_close: Official close of the session before.
    """

    last: float
    at: datetime | None
    bid: float = NAN
    ask: float = NAN
    previous_close: float = NAN

    @property
    def mid(self) -> float:
        """The price halfway between bid and ask; NaN when one of them is not known."""
        return (self.bid + self.ask) / 2


class Market:
    """Instruments, prices and rates. A price or a rate that is no number makes what it was unknown.

    Attributes:
        version: Grows with every rate that comes in: what was worked out with another one is out of date.
    """

    def __init__(self, base_currency: str) -> None:
        """Know nothing but what money is counted in."""
        self.version = 0
        self._base = base_currency
        self._instruments: dict[str, Instrument] = {}
        self._spellings: dict[str, str] = {}
        self._rates = {base_currency: 1.0}
        self._known_rates: dict[str, float] = {}
        self._told_rates: set[str] = {base_currency}
        self._quotes: dict[str, Quote] = {}
        self._terms: dict[str, tuple[float, float]] = {}

    def describe(self, instruments: Mapping[str, Instrument], fx_rates: Mapping[str, float]) -> None:
        """Know these instruments, and rates until others come in: the worth of one unit of a currency."""
        self._instruments = dict(instruments)
        self._spellings = {symbol.casefold(): symbol for symbol in instruments}
        self._rates |= {name: rate for name, rate in fx_rates.items() if name not in self._told_rates}
        self._known_rates |= {name: rate for name, rate in self._rates.items() if rate > 0}
        self._changed()

    def price_updated(  # noqa: PLR0913 - a quote has these parts; all but the first three by name
        self,
        symbol: str,
        price: object,
        at: object,
        *,
        bid: object = None,
        ask: object = None,
        previous_close: object = None,
    ) -> None:
        """Take note of a price; what was said of the previous close holds until it is said anew."""
        known = self._quotes.get(symbol)
        close = NAN if known is None else known.previous_close
        self._terms.pop(symbol, None)
        self._quotes[symbol] = Quote(
            last=self._sound(symbol, price),
            at=instant(at),
            bid=self._sound(symbol, bid),
            ask=self._sound(symbol, ask),
            previous_close=close if previous_close is None else self._sound(symbol, previous_close),
        )

    def fx_updated(self, currency: str, rate: object) -> float:
        """Take note of what one unit of a currency is worth in the base currency.

        Returns:
            By how much amounts in that currency have changed since the last rate that was known; 1.0 where
            that cannot be said.
        """
        if currency == self._base:
            return 1.0
        number = finite(rate)
        self._told_rates.add(currency)
        self._changed()
        if not number > 0:
            self._rates[currency] = NAN
            return 1.0
        before = self._known_rates.get(currency, number)
        self._rates[currency] = self._known_rates[currency] = number
        return number / before

    def is_in(self, symbol: str, currency: str) -> bool:
        """Whether the price of an instrument is counted in a currency."""
        return (self.instrument(symbol).currency or self._base) == currency

    def instrument(self, symbol: str) -> Instrument:
        """What is known of an instrument; one that nobody has described has every default."""
        return self._instruments.get(symbol) or Instrument(symbol)

    def is_described(self, symbol: str) -> bool:
        """Whether the configuration describes the instrument."""
        return symbol in self._instruments

    def spelling(self, symbol: str) -> str:
        """The name itself, unless the configuration describes it in other cases only: that one."""
        return symbol if symbol in self._instruments else self._spellings.get(symbol.casefold(), symbol)

    def quote(self, symbol: str) -> Quote | None:
        """The newest price; None when none has come in."""
        return self._quotes.get(symbol)

    def scale(self, symbol: str) -> float:
        """Base currency per unit of quantity and unit of price: multiplier times rate; NaN without a rate."""
        described = self._instruments.get(symbol)
        if described is None:
            return 1.0
        return described.multiplier * self._rates.get(described.currency or self._base, NAN)

    def terms(self, symbol: str) -> tuple[float, float]:
        """Size of the newest price, below every number when none has come in, and the scale; kept.

        The scale is NaN where the instrument is described in other cases only.
        """
        known = self._terms.get(symbol)
        if known is None:
            quote = self._quotes.get(symbol)
            last = -math.inf if quote is None else abs(quote.last)
            scale = self.scale(symbol) if self.spelling(symbol) == symbol else NAN
            known = self._terms[symbol] = last, scale
        return known

    def may_be_negative(self, symbol: str) -> bool:
        """Whether the price of the instrument may be zero or below."""
        described = self._instruments.get(symbol)
        return described is not None and described.negative_price

    def is_price(self, symbol: str, price: object) -> bool:
        """Whether it can be a price of the instrument: above zero, unless its price may be negative."""
        return self._sound(symbol, price) == finite(price)

    def _changed(self) -> None:
        self.version += 1
        self._terms.clear()

    def _sound(self, symbol: str, price: object) -> float:
        number = finite_or_none(price)
        if number is None or not (number > 0 or self.may_be_negative(symbol)):
            return NAN
        return number
