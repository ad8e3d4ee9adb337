"""The compiled loop: judges rows of plain orders by formulas, and stops at the first that is none.

Every operation on a number is the one that `live.risk_limits` makes, in its order, so that both come to the
same bits; `tests/unit/history/test_check_frame.py` holds them against each other. Sums over symbols are
kept in two floats whose sum is exact; where that could not be, the loop stops as well.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from live.contracts import Figure, Sense
from live.risk_limits.fills import SAME

OK, WARNING, BREACH = 0, 1, 2
PLAIN, PER, LEFT = 0, 1, 2
SENSES = (Sense.MAXIMUM, Sense.COUNT, Sense.LOSS, Sense.MINIMUM)
MAXIMUM, COUNT, LOSS, MINIMUM = range(4)
FIGURES = (
    Figure.ACCOUNT,
    Figure.NOTIONAL,
    Figure.QUANTITY,
    Figure.EXPOSURE,
    Figure.TOTAL,
    Figure.LONG,
    Figure.SHORT,
    Figure.NET,
    Figure.POSITIONS,
    Figure.BOUGHT,
)
ACCOUNT, NOTIONAL, QUANTITY, EXPOSURE, TOTAL, LONG, SHORT, NET, POSITIONS, BOUGHT = range(10)
_SLACK = 1e-14  # relative: more than a sum of a few floats can lose


@njit(cache=True, error_model="numpy", inline="always")
def _plus(high: float, low: float, value: float) -> tuple[float, float, bool]:
    """A sum in two floats and one more value, after Knuth; and whether nothing was lost."""
    raised = high + value
    part = raised - high
    lost = (high - (raised - part)) + (value - part)
    rest = low + lost
    return raised, rest, rest - low == lost and rest - lost == low


@njit(cache=True, error_model="numpy", inline="always")
def _beyond(sense: int, value: float, bound: float) -> bool:
    if sense == MAXIMUM:
        return value >= bound
    if sense == COUNT:
        return value > bound
    return -value >= bound if sense == LOSS else value < bound


@njit(cache=True, error_model="numpy")
def judge(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - a compiled loop is one function: calls and records cost more than a row
    begin: int,
    hits: int,
    symbols: Any,
    sides: Any,
    signs: Any,
    plain: Any,
    quantities: Any,
    prices: Any,
    declared: Any,
    limits: Any,
    scales: Any,
    sizes: Any,
    nets: Any,
    marks: Any,
    sums: Any,
    ceilings: Any,
    figures: Any,
    kinds: Any,
    times: Any,
    wholes: Any,
    senses: Any,
    limit_values: Any,
    warnings: Any,
    spares_exits: Any,
    spares_closing: Any,
    standing: Any,
    standing_values: Any,
    rows: Any,
    severities: Any,
    rules: Any,
    values: Any,
) -> tuple[int, int]:
    """Judge rows from `begin` on, and take what is admitted as filled.

    Args:
        begin: The first row.
        hits: How many rows so far are not OK.
        symbols: Number of the symbol of each row.
        sides: Number of the side of each row, as it is spelt.
        signs: By number of a side: 1 to buy, -1 to sell, 0 for what is none.
        plain: Whether each row is plain in all that is not looked at here; empty where all are.
        quantities: Units of each row.
        prices: Price that each row came with; NaN without one.
        declared: Notional that each row declares; NaN without one.
        limits: Limit price of each row; NaN without one.
        scales: Base currency per unit and price, by symbol; NaN for a symbol that is not plain.
        sizes: Units held by symbol; changed.
        nets: Signed value held by symbol; changed.
        marks: Last price by symbol, NaN where none is known; changed.
        sums: Value of all that is long, and of all that is short, two floats each, then the number of symbols
            held; changed.
        ceilings: What the figures must stay below for no rule to be looked at, and the least quantity.
        figures: By rule: what is counted.
        kinds: By rule: plain, a share of a whole, or what is left of one.
        times: By rule: factor of a share.
        wholes: By rule: the whole.
        senses: By rule.
        limit_values: By rule.
        warnings: By rule; NaN where there is none.
        spares_exits: By rule.
        spares_closing: By rule.
        standing: By rule: severity where it is the same for every order.
        standing_values: By rule: the value then.
        rows: The rows that are not OK; written, as the next three.
        severities: Of each of them.
        rules: The first rule that is that bad.
        values: The value of that rule.

    Returns:
        The first row that was not judged, the number of rows when all were; and how many are not OK.
    """
    count = len(symbols)
    long, long_low, short, short_low, positions = sums[0], sums[1], sums[2], sums[3], sums[4]
    most_notional, most_quantity, least_quantity = ceilings[NOTIONAL], ceilings[QUANTITY], ceilings[ACCOUNT]
    most_value, most_total, most_long = ceilings[EXPOSURE], ceilings[TOTAL], ceilings[LONG]
    most_short, most_net, most_open = ceilings[SHORT], ceilings[NET], ceilings[POSITIONS]
    most_bought = ceilings[BOUGHT]
    limited, said, partly = len(limits) == count, len(declared) == count, len(plain) == count
    done = count
    for row in range(begin, count):
        symbol, sign = np.uintp(symbols[row]), signs[np.uintp(sides[row])]  # no index from the end
        if sign == 0 or (partly and not plain[row]):
            done = row
            break
        quantity, price = quantities[row], prices[row]
        limit = limits[row] if limited else math.nan
        amount = declared[row] if said else math.nan
        scale, size, held = scales[symbol], sizes[symbol], nets[symbol]
        worth = price
        if limit == limit:  # noqa: PLR0124 - NaN is none
            if not 0.0 < limit < math.inf:
                done = row
                break
            if price != price:  # noqa: PLR0124 - NaN is none
                price, worth = limit, limit
                if marks[symbol] > limit:
                    worth = marks[symbol]
            elif limit > worth:
                worth = limit
        notional = quantity * (worth * scale)
        if amount == amount:  # noqa: PLR0124 - NaN is none
            if not 0.0 < amount < math.inf:
                done = row
                break
            notional = max(notional, amount)
        if not (0.0 < quantity < math.inf and 0.0 < price < math.inf and 0.0 < notional < math.inf):
            done = row
            break

        # what the symbol comes to
        reduces = quantity <= -sign * size * (1 + SAME)
        against, worth_held = -sign * size, -sign * held  # what is held on the other side
        worth_here = notional * (against / quantity)
        covered = worth_here if against > 0 and worth_here < worth_held * (1 - SAME) else worth_held
        moved = held if reduces else sign * (notional - covered)
        lowest, highest = min(held, moved), max(held, moved)
        before = abs(held)
        value = max(abs(highest), abs(lowest))

        # what the account comes to, on the safe side
        long_before, short_before = max(0.0, held), max(0.0, -held)
        long_with, short_with = max(0.0, highest), max(0.0, -lowest)
        gross, rest = long + short, long - short - held
        slack = _SLACK * (gross + before + value)
        opened, bought = positions + (value != 0) - (before != 0), 0.0 if reduces or sign < 0 else notional
        if not value < math.inf:
            done = row
            break

        if not (
            notional < most_notional
            and least_quantity <= quantity < most_quantity
            and value < most_value
            and gross - before + value + slack < most_total
            and long - long_before + long_with + slack < most_long
            and short - short_before + short_with + slack < most_short
            and max(abs(rest + lowest), abs(rest + highest)) + slack < most_net
            and opened < most_open
            and bought < most_bought
        ):
            # exactly
            total_1, total_2, exact_1 = _plus(long, long_low, short)
            total_1, total_2, exact_2 = _plus(total_1, total_2, short_low)
            total_before = total_1 + total_2
            total_1, total_2, exact_3 = _plus(total_1, total_2, -before)
            total_1, total_2, exact_4 = _plus(total_1, total_2, value)
            net_1, net_2, exact_5 = _plus(long, long_low, -short)
            net_1, net_2, exact_6 = _plus(net_1, net_2, -short_low)
            net_before = abs(net_1 + net_2)
            net_1, net_2, exact_7 = _plus(net_1, net_2, -held)
            low_1, low_2, exact_8 = _plus(net_1, net_2, lowest)
            high_1, high_2, exact_9 = _plus(net_1, net_2, highest)
            long_1, long_2, exact_10 = _plus(long, long_low, -long_before)
            long_1, long_2, exact_11 = _plus(long_1, long_2, long_with)
            short_1, short_2, exact_12 = _plus(short, short_low, -short_before)
            short_1, short_2, exact_13 = _plus(short_1, short_2, short_with)
            exact = (
                exact_1 and exact_2 and exact_3 and exact_4 and exact_5 and exact_6 and exact_7 and exact_8
            )
            if not (exact and exact_9 and exact_10 and exact_11 and exact_12 and exact_13):
                done = row
                break
            in_net = max(abs(low_1 + low_2), abs(high_1 + high_2))
            worst, found, shown, turns = OK, -1, math.nan, False
            other = abs(size)
            closes = sign * size < 0 and abs(quantity - other) <= SAME * max(quantity, other)
            for rule in range(len(figures)):
                figure, sense, measured, earlier = figures[rule], senses[rule], 0.0, math.nan
                if figure == ACCOUNT:
                    severity, measured = standing[rule], standing_values[rule]
                    if severity == BREACH and spares_exits[rule] and reduces:
                        severity = WARNING
                    if severity > worst:
                        worst, found, shown = severity, rule, measured
                    continue
                if figure == NOTIONAL:
                    measured = notional
                elif figure == QUANTITY:
                    if spares_closing[rule] and closes:
                        continue
                    measured = quantity
                elif figure == EXPOSURE:
                    measured, earlier = value, before
                elif figure == TOTAL:
                    measured, earlier = total_1 + total_2, total_before
                elif figure == LONG:
                    measured, earlier = long_1 + long_2, long + long_low
                elif figure == SHORT:
                    measured, earlier = short_1 + short_2, short + short_low
                elif figure == NET:
                    measured, earlier = in_net, net_before
                elif figure == POSITIONS:
                    measured, earlier = float(opened), float(positions)
                else:
                    measured = bought
                if kinds[rule] == PER:
                    whole = wholes[rule]
                    if whole > 0:
                        measured, earlier = times[rule] * measured / whole, times[rule] * earlier / whole
                    elif measured > earlier:
                        measured = math.nan
                    else:
                        turns = turns or (against > 0 and not reduces)
                        continue
                elif kinds[rule] == LEFT:
                    measured, earlier = wholes[rule] - measured, math.nan
                severity = OK
                if not abs(measured) < math.inf or _beyond(sense, measured, limit_values[rule]):
                    spared = (spares_exits[rule] and reduces) or measured <= earlier
                    turns = turns or (spared and against > 0 and not reduces)
                    severity = WARNING if spared else BREACH
                elif warnings[rule] == warnings[rule] and _beyond(sense, measured, warnings[rule]):
                    severity = WARNING
                if severity > worst:
                    worst, found, shown = severity, rule, measured

            if turns:  # what it opens is judged by itself, one row at a time
                done = row
                break
            if worst != OK:
                rows[hits], severities[hits], rules[hits], values[hits] = row, worst, found, shown
                hits += 1
            if worst == BREACH:
                continue

        # filled: what is closed leaves at the value at which it is held
        signed, worth = sign * quantity, sign * notional
        left = size + signed
        flips = size * left < 0
        after = (worth if flips else held) * (left / (signed if flips else size))
        if abs(left) <= SAME * abs(size):
            after = 0.0
        if not size * signed < 0:
            after = held + worth
        now = abs(after)
        exact = True
        if held > 0 or after > 0:
            long_1, long_2, exact_1 = _plus(long, long_low, -long_before)
            long, long_low, exact_2 = _plus(long_1, long_2, max(0.0, after))
            exact = exact_1 and exact_2
        if held < 0 or after < 0:
            short_1, short_2, exact_3 = _plus(short, short_low, -short_before)
            short, short_low, exact_4 = _plus(short_1, short_2, max(0.0, -after))
            exact = exact and exact_3 and exact_4
        positions += (now != 0) - (before != 0)
        sizes[symbol], nets[symbol], marks[symbol] = 0.0 if after == 0 else left, after, price
        if not exact:  # the row is judged; what comes after needs sums that are made anew
            done = row + 1
            break
    sums[0], sums[1], sums[2], sums[3], sums[4] = long, long_low, short, short_low, positions
    return done, hits
