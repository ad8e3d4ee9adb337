"""What is traded: everything about an instrument that limits need and no price tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument, as `[live_risk.instruments."SYMBOL"]` describes it.

    Attributes:
        symbol: Its name in orders, holdings and prices: `BTC/EUR`.
        currency: What its price is counted in; empty for the base currency.
        tick: Smallest step of its price, in its currency; None when nobody says.
        lot: Smallest step of a quantity, in base units; None when nobody says.
        multiplier: Base units that one unit of quantity stands for: 1000 for a contract of 1,000 barrels.
        group: What it is counted with against concentration: a sector, an underlying.
        venue: Where it is traded.
        calendar: When it is traded: `24x7`, `fx_week`, or the code of an exchange such as `XNYS`; empty when
            nobody says.
        outstanding: Units in existence, in base units; None when nobody says.
        negative_price: Whether its price may be zero or below.
        shortable: Whether it may be sold short.
    """

    symbol: str
    currency: str = ""
    tick: float | None = None
    lot: float | None = None
    multiplier: float = 1.0
    group: str = ""
    venue: str = ""
    calendar: str = ""
    outstanding: float | None = None
    negative_price: bool = False
    shortable: bool = True
