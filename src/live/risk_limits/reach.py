"""How far an account can reach at most: upper bounds that no order at rest and no netting can exceed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from live.amounts import total

if TYPE_CHECKING:
    from live.risk_limits.ledger import Ledger, Line


class Reach(NamedTuple):
    """What all symbols come to at most, in the base currency; an order adds its notional to each at most.

    Attributes:
        total: Absolute value.
        long: Value of all that is long.
        short: Value of all that is short, a positive number.
        net: Difference between long and short.
        bought: Value of the purchases that open or raise a long holding.
    """

    total: float
    long: float
    short: float
    net: float
    bought: float


def reach_of(ledger: Ledger) -> Reach:
    """The reach of all that is held and rests."""
    lines = ledger.lines.values()
    nets = [line.held.net for line in lines]
    buys, sells = total(line.buys.notional for line in lines), total(line.sells.notional for line in lines)
    return Reach(
        total=total(reach_of_symbol(line) for line in lines),
        long=total(max(0.0, net) for net in nets) + buys,
        short=total(max(0.0, -net) for net in nets) + sells,
        net=abs(total(nets)) + max(buys, sells),
        bought=buys,
    )


def reach_of_symbol(line: Line) -> float:
    """The absolute value that one symbol comes to at most.

    Orders at rest count although they may reduce: one more order, and together they may not.
    """
    return line.held.gross + max(line.buys.notional, line.sells.notional)
