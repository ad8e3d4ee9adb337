"""Feeds the compiled loop: columns and limits as arrays, and rows that are not plain one by one."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from live.compiling.whole import compiled
from live.contracts import Figure
from live.history.columns import requests
from live.history.kernel.book import Most
from live.history.kernel.loop import FOUND, LINE, Columns, judge
from live.history.kernel.rules import FIGURES, LEFT, PER, PLAIN, RULE, SENSES
from live.risk_limits.account import Holding
from live.risk_limits.ledger import Ledger
from live.risk_limits.room import Ceilings, standing
from live.risk_limits.severity import RiskCheckSeverity
from live.risk_limits.soundness import is_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from live.contracts import Formula
    from live.history.one_by_one import OneByOne, Verdict

_MOST = {pl.UInt8: 2**8, pl.UInt16: 2**16}
_PLAIN_ID = r"^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$"


class Verdicts(NamedTuple):
    """What was said of the rows that are not OK, in their order.

    Attributes:
        rows: Their numbers.
        severities: 1 WARNING, 2 BREACH.
        limits: Place of the limit in `names`.
        values: What was measured there.
        limit_values: By place in `names`.
        names: Of limits.
    """

    rows: Any
    severities: Any
    limits: Any
    values: Any
    limit_values: Any
    names: list[str]


def obstacle(one: OneByOne, orders: pl.DataFrame) -> str:
    """Why the compiled loop cannot judge such a frame under such limits; empty when it can."""
    unknown = [rule.rule.key for rule in one.rules if rule.rule.formula is None]
    both_ways = [symbol for symbol, line in one.ledger.lines.items() if line.held.gross != abs(line.held.net)]
    reasons = {
        "the limits are switched off": not one.config.enabled,
        f"limits without a formula are in force: {', '.join(unknown)}": unknown,
        "strategies have limits of their own": one.strategies.names,
        "the portfolio cannot be read, or its result is not known": not one.is_quiet,
        f"held both long and short: {', '.join(both_ways)}": both_ways,
        "the frame has a column 'last_price'": "last_price" in orders.columns,
    }
    return next((why for why, holds in reasons.items() if holds), "")


def judge_compiled(one: OneByOne, orders: pl.DataFrame, instant: Callable[[int], datetime]) -> Verdicts:
    """Judge all rows; those that are not plain go through `one`, on the same book."""
    book = _Book(one, orders)
    columns = Columns(book.numbers, *_columns(orders))
    most, rules = _most(one), _rules(one)
    count, places = orders.height, _Places(one)
    found = np.empty(count, FOUND)
    begin = hits = 0
    while True:
        done, hits = loop()(begin, hits, columns, book.lines, book.sums, most, rules, found)
        if done == count:
            break
        verdict = book.check(orders, done, instant(done), moved=done > begin)
        if verdict.limit:
            found[hits] = done, verdict.severity.value, places.of(verdict), verdict.value
            hits += 1
        begin = done + 1
    row, severity, limit, value = (np.ascontiguousarray(found[name][:hits]) for name in FOUND.names or ())
    return Verdicts(row, severity, limit, value, np.array(places.limit_values), places.names)


@cache
def loop() -> Any:
    """The loop, compiled for each type of columns when it comes."""
    return compiled(judge)


class _Places:
    """Numbers of limits: those of the rules first, then what else refuses an order."""

    def __init__(self, one: OneByOne) -> None:
        self.names = [rule.rule.name for rule in one.rules]
        self.limit_values = [float(rule.limit) for rule in one.rules]
        self._places = {name: place for place, name in enumerate(self.names)}

    def of(self, verdict: Verdict) -> int:
        if verdict.limit not in self._places:
            self._places[verdict.limit] = len(self.names)
            self.names.append(verdict.limit)
            self.limit_values.append(verdict.limit_value)
        return self._places[verdict.limit]


def _columns(orders: pl.DataFrame) -> tuple[Any, ...]:
    """The columns of a frame as arrays, but for the symbols."""
    sides, spelt = _codes(orders["side"])
    signs = [{"BUY": 1.0, "SELL": -1.0}.get(str(side).upper(), 0.0) for side in spelt]
    numbers = [_numbers(orders, name, needed=True) for name in ("quantity", "current_price")]
    numbers += [_numbers(orders, name, needed=False) for name in ("notional", "limit_price")]
    return tuple(map(_read_only, (sides, np.array(signs), _plain(orders), *numbers)))


def _plain(orders: pl.DataFrame) -> Any:
    """Whether each row is plain in its texts and flags; nothing where all are."""
    plain = np.ones(orders.height, np.bool_)
    for name in ("order_type", "strategy_key"):
        if name in orders.columns:
            codes, known = _codes(orders[name])
            plain &= np.array([value is None or is_name(value) for value in known])[codes]
    if "client_order_id" in orders.columns:
        ids = orders["client_order_id"]
        good = ids.cast(pl.String).str.contains(_PLAIN_ID).fill_null(value=False)
        plain &= good.to_numpy() if ids.dtype == pl.String else np.zeros(len(ids), np.bool_)
    if "short_sale" in orders.columns and orders.schema["short_sale"] != pl.Boolean:
        plain &= orders["short_sale"].is_null().to_numpy()
    return np.empty(0, np.bool_) if plain.all() else plain


def _numbers(orders: pl.DataFrame, name: str, *, needed: bool) -> Any:
    """A column; NaN where there is nothing, and what no order may have where it is no number."""
    if name not in orders.columns:
        return np.full(orders.height if needed else 0, math.nan)
    column = orders[name]
    if column.is_nan().any():
        column = column.fill_nan(-1.0)
    return column.to_numpy()


def _read_only(array: Any) -> Any:
    """One type for all, whoever owns the memory: the loop is compiled once."""
    array = array.view()
    array.flags.writeable = False
    return array


def _codes(column: pl.Series, narrow: Any = pl.UInt8) -> tuple[Any, list[Any]]:
    """The number of each value, the last one for null, and the values."""
    if not isinstance(column.dtype, (pl.Enum, pl.Categorical, pl.String)):
        return pl.zeros(len(column), narrow, eager=True).to_numpy(), [object()]
    if not isinstance(column.dtype, pl.Enum):
        values = column.unique().drop_nulls().cast(pl.String).sort()
        column = column.cast(pl.String).cast(pl.Enum(values))
    known = list(column.dtype.categories)  # type: ignore[attr-defined]  # an Enum has them
    codes = column.to_physical().cast(narrow if len(known) < _MOST[narrow] else pl.UInt32)
    return codes.fill_null(len(known)).to_numpy(), [*known, None]


class _Book:
    """What is held, as the loop takes it.

    Attributes:
        numbers: Number of the symbol of each order.
        lines: What is held of each symbol.
        sums: What that comes to.
    """

    def __init__(self, one: OneByOne, orders: pl.DataFrame) -> None:
        self._one = one
        codes, symbols = _codes(orders["symbol"], pl.UInt16)
        self._symbols = list(dict.fromkeys((*symbols, *one.ledger.lines)))
        self._places = {symbol: place for place, symbol in enumerate(self._symbols)}
        self.numbers, self.sums = _read_only(codes), np.zeros(5)
        scales = self._scales()
        self.lines = np.array([(scale, 0.0, 0.0, math.nan) for scale in scales], LINE)
        self._known = np.zeros(len(self._symbols), np.bool_)
        for symbol in one.ledger.lines:
            self._take(symbol)
        self._take_sums()

    def check(self, orders: pl.DataFrame, row: int, now: datetime, *, moved: bool) -> Verdict:
        """Judge a row the usual way, on the same book."""
        if moved:
            self._give()
        ((request, _),) = requests(orders.slice(row, 1), row)
        verdict = self._one.check(request, now)
        if verdict.severity is not RiskCheckSeverity.BREACH and request.symbol in self._places:
            self._take(request.symbol)
            self._take_sums()
        return verdict

    def _scales(self) -> list[float]:
        """Those of all symbols; of two that differ in their case only, neither is plain."""
        spelt = [symbol.casefold() if isinstance(symbol, str) else "" for symbol in self._symbols]
        times = Counter(spelt)
        return [
            self._scale(symbol) if times[spelling] == 1 else math.nan
            for symbol, spelling in zip(self._symbols, spelt, strict=True)
        ]

    def _scale(self, symbol: object) -> float:
        """Base currency per unit and price; NaN for a symbol whose orders are never plain."""
        market = self._one.market
        name = str(symbol)
        plain = is_name(symbol) and market.spelling(name) == name and not market.may_be_negative(name)
        return market.scale(name) if plain else math.nan

    def _take(self, symbol: str) -> None:
        place, held = self._places[symbol], self._one.ledger.holding(symbol)
        scale = math.nan if math.isnan(held.size) else self.lines[place]["scale"]
        self.lines[place] = scale, held.size, held.net, held.price
        self._known[place] = True

    def _take_sums(self) -> None:
        ledger = self._one.ledger
        self.sums[:] = (*ledger.sums.long, *ledger.sums.short, ledger.open_positions)

    def _give(self) -> None:
        """Let the usual way see what the compiled one has come to."""
        touched = np.flatnonzero(self._known | ~np.isnan(self.lines["mark"]))
        holdings = {}
        for place in touched:
            _, size, net, mark = self.lines[place].tolist()
            holdings[self._symbols[place]] = Holding(size, net, abs(net), mark)
        self._one.ledger = Ledger(holdings)


def _rules(one: OneByOne) -> Any:
    """The limits, a `RULE` each."""
    formulas = [rule.rule.formula for rule in one.rules]
    known = [formula for formula in formulas if formula is not None]
    return np.array([_rule(one, place, formula) for place, formula in enumerate(known)], RULE)


def _rule(one: OneByOne, place: int, formula: Formula) -> tuple[object, ...]:
    rule = one.rules[place]
    whole = getattr(one.situation.account, formula.per or formula.left_of or "equity")
    severity, value = _standing(one, place)
    return (
        FIGURES.index(formula.figure),
        PER if formula.per else LEFT if formula.left_of else PLAIN,
        formula.times,
        math.nan if whole is None else whole,
        SENSES.index(rule.rule.sense),
        rule.limit,
        math.nan if rule.warning is None else rule.warning,
        rule.rule.spares_exits,
        formula.spares_closing,
        severity,
        value,
    )


def _standing(one: OneByOne, place: int) -> tuple[int, float]:
    """Severity and value of a rule that no order changes."""
    rule = one.rules[place]
    if rule.rule.formula is None or rule.rule.formula.figure is not Figure.ACCOUNT:
        return 0, math.nan
    (detail,) = standing(rule, one.situation, one.began)
    return detail.severity.value, detail.current_value


def _most(one: OneByOne) -> Most:
    """What figures must stay below for no rule to be looked at; nothing is asked of the account's own."""
    ceilings = Ceilings(one.rules, one.situation, one.began)
    known = (float(ceilings.of[figure]) for figure in FIGURES if figure is not Figure.ACCOUNT)
    return Most(float(ceilings.least_quantity), *known)
