"""`check_frame`: what the limits would have said of a frame of orders."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import polars as pl

from live.clock import as_utc
from live.config_errors import ConfigError, Problem
from live.history.columns import requests, sound
from live.history.one_by_one import OneByOne
from live.risk_limits.severity import RiskCheckSeverity

if TYPE_CHECKING:
    from collections.abc import Callable

    from live.portfolio import LivePortfolioSnapshot
    from live.risk_limits import LiveRiskConfig

Way: TypeAlias = Literal["auto", "python", "compiled"]
SEVERITIES = pl.Enum([severity.name for severity in RiskCheckSeverity])
FROM_ROWS = 20_000
"""From how many rows on compiling pays."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def check_frame(
    orders: pl.DataFrame,
    config: LiveRiskConfig,
    portfolio: LivePortfolioSnapshot | None = None,
    *,
    way: Way = "auto",
) -> pl.DataFrame:
    """Judge orders of the past in their sequence, as if each had been checked alone at its instant.

    An order that is admitted has filled at once, in full, for its notional; one that is refused was not sent.
    The day's result, equity and cash stay what the portfolio says. The limits know no price but those of the
    orders and, where it is a column, `last_price`.

    Args:
        orders: One row an order: `symbol`, `side`, `quantity` or `notional`; and, where known,
            `current_price`, `limit_price`, `last_price`, `client_order_id`, `order_type`, `strategy_key`,
            `short_sale`, and `at`, its instant, by which rows are sorted. Other columns are left alone.
        config: The limits.
        portfolio: What was held before the first of them.
        way: `compiled` needs numba and limits that have a formula; `python` judges rows one by one, and is
            what the compiled way equals to the last bit; `auto` compiles where it can and pays.

    Returns:
        The frame with `allowed`, `severity`, and, unless all is OK, `limit` (the first that is that bad), its
        `value` (NaN when not known) and `limit_value`.

    Raises:
        ConfigError: the frame cannot be judged, or not the compiled way; all reasons at once.
    """
    frame = sound(orders)
    instant = _instants(frame, portfolio)
    one = OneByOne(config, portfolio, instant(0) if frame.height else _EPOCH)
    if _compiles(one, frame, way):
        return _with_compiled(orders, frame, one, instant)
    return _with_verdicts(orders, frame, one, instant)


def _compiles(one: OneByOne, frame: pl.DataFrame, way: Way) -> bool:
    if way == "python" or (way == "auto" and frame.height < FROM_ROWS):
        return False
    why = "numba is not installed; install live-drills[compiled]"
    if find_spec("numba") is not None:
        from live.history.compiled import obstacle

        why = obstacle(one, frame)
    if why and way == "compiled":
        raise ConfigError([Problem((), f"cannot be judged the compiled way: {why}")])
    return not why


def _with_compiled(
    orders: pl.DataFrame, frame: pl.DataFrame, one: OneByOne, instant: Callable[[int], datetime]
) -> pl.DataFrame:
    from live.history.compiled import judge_compiled

    said = judge_compiled(one, frame, instant)
    rows = pl.Series(said.rows)
    refused = rows.filter(pl.Series(said.severities == RiskCheckSeverity.BREACH.value))
    severities = pl.Series(SEVERITIES.categories).gather(said.severities)
    limits = pl.Series(said.names, dtype=pl.String).gather(said.limits)
    nothing = _Column(frame.height, rows)
    return orders.with_columns(
        _Column(frame.height, refused).of("allowed", pl.Boolean(), values=False, otherwise=True),
        nothing.of("severity", SEVERITIES, severities.cast(SEVERITIES), otherwise="OK"),
        nothing.of("limit", pl.String(), limits),
        nothing.of("value", pl.Float64(), pl.Series(said.values)),
        nothing.of("limit_value", pl.Float64(), pl.Series(said.limit_values[said.limits])),
    )


class _Column(NamedTuple):
    """A column that is the same in all rows but some.

    Attributes:
        height: How many rows there are.
        rows: Those that differ.
    """

    height: int
    rows: pl.Series

    def of(self, name: str, dtype: pl.DataType, values: Any, otherwise: Any = None) -> pl.Series:
        """The column, with `values` in the rows that differ."""
        column = pl.Series(name, [otherwise], dtype=dtype).new_from_index(0, self.height)
        return column.scatter(self.rows, values) if len(self.rows) else column


def _with_verdicts(
    orders: pl.DataFrame, frame: pl.DataFrame, one: OneByOne, instant: Callable[[int], datetime]
) -> pl.DataFrame:
    verdicts = []
    for row, (request, fields) in enumerate(requests(frame)):
        last = fields.get("last_price")
        if last is not None and isinstance(request.symbol, str):
            one.market.price_updated(request.symbol, last, instant(row))
        verdicts.append(one.check(request, instant(row)))
    ok = [verdict.severity is RiskCheckSeverity.OK for verdict in verdicts]
    pairs = list(zip(verdicts, ok, strict=True))
    return orders.with_columns(
        pl.Series("allowed", [one.severity is not RiskCheckSeverity.BREACH for one in verdicts], pl.Boolean),
        pl.Series("severity", [one.severity.name for one in verdicts], SEVERITIES),
        pl.Series("limit", [None if fine else one.limit for one, fine in pairs], pl.String),
        pl.Series("value", [None if fine else one.value for one, fine in pairs], pl.Float64),
        pl.Series("limit_value", [None if fine else one.limit_value for one, fine in pairs], pl.Float64),
    )


def _instants(frame: pl.DataFrame, portfolio: LivePortfolioSnapshot | None) -> Callable[[int], datetime]:
    """The instant of a row: its own, else that of the portfolio."""
    if "at" in frame.columns:
        at = frame["at"]
        return lambda row: as_utc(at[row])
    as_of = getattr(portfolio, "as_of", None)
    fixed = as_utc(as_of) if isinstance(as_of, datetime) else _EPOCH
    return lambda _row: fixed
