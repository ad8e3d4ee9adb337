"""What a replay of orders came to, for a person."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from drills.replay.tables import instant, side_by_side
from drills.words import printable
from live.contracts import Unit
from live.history.columns import KNOWN
from live.registry import RULES
from live.risk_limits.wording import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

_HEADINGS = ("limit", "blocked", "warned", "first row", "least value", "greatest value", "limit value")
_FIRST = ("at", "client_order_id", "symbol", "side", "quantity", "notional", "current_price")
_MOST_COLUMNS = 6


def summary(said: pl.DataFrame, most: int, currency: str) -> str:
    """How many orders passed, were warned of and blocked, by which limits, and the first that were blocked.

    Args:
        said: Orders with their verdicts.
        most: How many blocked orders are listed.
        currency: What money is counted in.
    """
    import polars as pl

    rows = said.with_row_index("row").filter(pl.col("severity") != "OK")
    blocked = rows.filter(~pl.col("allowed"))
    parts = [_heading(said, rows.height - blocked.height, blocked.height)]
    if rows.height:
        parts.append(side_by_side(_HEADINGS, _by_limit(rows, currency)))
    if blocked.height and most:
        shown = blocked.head(most)
        left = blocked.height - shown.height
        parts.append(side_by_side(*_orders(shown, currency)) + (f"\nand {left:,} more" if left else ""))
    return "\n\n".join(parts)


def _heading(said: pl.DataFrame, warned: int, blocked: int) -> str:
    count = said.height
    span = (
        f", {instant(said['at'][0])} to {instant(said['at'][-1])}" if "at" in said.columns and count else ""
    )
    passed = count - warned - blocked
    return f"{count:,} orders{span}: {passed:,} pass, {warned:,} pass with a warning, {blocked:,} blocked"


def _by_limit(rows: pl.DataFrame, currency: str) -> Iterable[Sequence[str]]:
    import polars as pl

    number = pl.col("value").fill_nan(None)
    groups = rows.group_by("limit").agg(
        (~pl.col("allowed")).sum().alias("blocked"),
        pl.col("allowed").sum().alias("warned"),
        pl.col("row").min(),
        number.min().alias("least"),
        number.max().alias("most"),
        pl.col("limit_value").first(),
    )
    for group in groups.sort("blocked", "warned", "limit", descending=[True, True, False]).iter_rows(
        named=True
    ):
        values = [_value(group["limit"], group[name], currency) for name in ("least", "most", "limit_value")]
        counts = [f"{group['blocked']:,}", f"{group['warned']:,}", f"{group['row']:,}"]
        yield [printable(group["limit"]), *counts, *values]


def _orders(rows: pl.DataFrame, currency: str) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    known = dict.fromkeys((*_FIRST, *KNOWN))
    names = [name for name in known if name in rows.columns][:_MOST_COLUMNS]
    cells = [
        [
            f"{row['row']:,}",
            *(_cell(row[name]) for name in names),
            printable(row["limit"]),
            _value(row["limit"], row["value"], currency),
            _value(row["limit"], row["limit_value"], currency),
        ]
        for row in rows.iter_rows(named=True)
    ]
    return ["row", *names, "limit", "value", "limit value"], cells


def _cell(value: object) -> str:
    if value is None:
        return ""
    return instant(value) if isinstance(value, datetime) else printable(str(value))


def _value(limit: str, value: float | None, currency: str) -> str:
    """A value with its unit; nothing for what is not known."""
    if value is None or not math.isfinite(value):
        return "unknown" if limit in RULES else ""
    rule = RULES[name] if (name := limit.partition("[")[0]) in RULES else None
    if rule is None:
        return f"{value:g}"
    unit = currency if rule.unit is Unit.MONEY else "" if rule.unit is Unit.COUNT else rule.unit
    return f"{written(rule.unit, value)[0]} {unit}".rstrip()
