"""`check_orders: [{symbol: BTC/EUR, side: BUY, notional: 2000}]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Step
from drills.given import OrderSpec, orders_of
from drills.words import counted

if TYPE_CHECKING:
    from drills.world import World


class CheckOrders(Step):
    """Have a batch of orders judged, on top of the present portfolio."""

    name = "check_orders"
    Params = list[OrderSpec]

    def apply(self, world: World, params: list[OrderSpec]) -> None:
        """Judge the batch."""
        world.check_orders(orders_of(params))

    def summary(self, params: list[OrderSpec]) -> str:
        """How many orders, and the first of them."""
        first = f": {params[0].side} {params[0].symbol}" if params else ""
        return f"{counted(len(params), 'order')}{first}"
