"""`check_candles`: what the guards would have said of candles of the past, in bounded memory."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import repeat
from typing import TYPE_CHECKING, Any

import polars as pl

from live.bars.machine import Machine
from live.bars.values import NAN, Bar
from live.bars.watch import STATUS, kinds_of, level_of, words_of
from live.config import LiveDataConfig
from live.config_errors import ConfigError, Problem, collect
from live.contracts import CandleKind
from live.history.ahead import ahead
from live.history.holes import Holes, instant
from live.history.others import OTHERS, with_others
from live.registry import GUARDS, nearest
from live.timetable import with_timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from live.bars.compiled import CompiledMachine
    from live.bars.machine import Event
    from live.candles import Series
    from live.history.frame import Way

PRICES = ("open", "high", "low", "close")
ROWS = 250_000
"""So many rows are in memory at once."""
FROM_ROWS = 50_000
"""From how many rows on compiling pays."""
SCHEMA: dict[str, Any] = {
    "ts": pl.Datetime("us", "UTC"),
    "at": pl.Datetime("us", "UTC"),
    "code": pl.String,
    "level": pl.String,
    "status": pl.String,
    "value": pl.Float64,
    "bound": pl.Float64,
    "message": pl.String,
}


def check_candles(
    candles: pl.DataFrame | pl.LazyFrame,
    series: Series,
    config: LiveDataConfig | None = None,
    *,
    others: Sequence[pl.DataFrame | pl.LazyFrame] = (),
    way: Way = "auto",
) -> pl.DataFrame:
    """Show candles of one series to every guard, in the order of their rows.

    Args:
        candles: `ts` (an instant, or milliseconds since 1970 UTC), `open`, `high`, `low`, `close` and, where
            the source knows it, `volume`. A lazy frame is read in parts and never whole.
        series: Symbol, length of a bar, and calendar.
        config: `[live_data]`; the defaults unless given.
        others: Candles that other feeds tell of the same market; they are held whole.
        way: `compiled` needs numba, `python` does not; both say the same to the last bit. `auto` compiles
            where it pays.

    Returns:
        One row for each thing that was said, by the instant of the bar that told: the bar that it is about,
        the bar that told, code, level, status (`raised`, `withdrawn`, `resolved`), value, bound, message.
        What only a clock finds (a feed that is silent now) is not among it.

    Raises:
        ConfigError: the columns or the way cannot be used, or rows have no instant.
    """
    settings = config or LiveDataConfig(guards={name: GUARDS[name].Config() for name in GUARDS})
    series = with_timetable(series, settings.halts)
    guards = [GUARDS[name](series, settings.guards[name]) for name in GUARDS]
    kinds = {guard.name: guard for guard in guards if isinstance(guard, CandleKind)}
    parts, columns = _numbers(candles, others)
    height = candles.height if isinstance(candles, pl.DataFrame) else ROWS
    machine = _machine(series, list(kinds.values()), settings, way, height, columns)
    (gap,) = [guard for guard in guards if guard.name == "gap"]
    rows: list[dict[str, Any]] = []
    for arrays, holes in ahead(_arrays(parts, Holes(gap))):  # type: ignore[arg-type]  # of that name
        rows += [_row(event, kinds[event.kind], series) for event in _events(machine, columns, arrays)]
        rows += holes
    return pl.DataFrame(rows, schema=SCHEMA).sort("at", maintain_order=True)


def _arrays(parts: Iterator[pl.DataFrame], holes: Holes) -> Iterator[tuple[list[Any], list[dict[str, Any]]]]:
    """Parts in their order: their columns as arrays, and where bars are missing.

    Raises:
        ConfigError: rows have no instant.
    """
    for part in parts:
        undated = part["ts"].is_nan().sum()
        if undated:
            raise ConfigError([Problem(("ts",), f"is no instant in {undated} rows; drop or mend them")])
        arrays = [column.to_numpy() for column in part.iter_columns()]
        yield arrays, holes.of(arrays[0])


def _machine(  # noqa: PLR0913, PLR0917 - all that decides
    series: Series,
    kinds: Sequence[CandleKind],
    config: LiveDataConfig,
    way: Way,
    rows: int,
    columns: Sequence[str],
) -> Machine | CompiledMachine:
    """The machine that is asked for, or that pays.

    Raises:
        ConfigError: it is to be compiled, and cannot be.
    """
    negative = config.may_be_negative(series.symbol)
    made, seconds = kinds_of(kinds), series.timeframe.total_seconds()
    if way == "compiled" or (way == "auto" and rows >= FROM_ROWS):
        why = "numba is not installed; install live-drills[compiled]"
        if find_spec("numba") is not None:
            from live.bars.compiled import CompiledMachine, NumbaError

            try:
                return CompiledMachine(made, seconds, may_be_negative=negative, columns=columns)
            except NumbaError as error:
                why = str(error).strip().partition("\n")[0]
        if way == "compiled":
            raise ConfigError([Problem((), f"cannot be judged the compiled way: {why}")])
    return Machine(made, seconds, may_be_negative=negative)


def _events(
    machine: Machine | CompiledMachine, columns: Sequence[str], arrays: Sequence[Any]
) -> Iterator[Event]:
    if not isinstance(machine, Machine):
        yield from machine.run(arrays)
        return
    known = dict(zip(columns, (array.tolist() for array in arrays), strict=True))
    for row in zip(*(known.get(name, repeat(NAN)) for name in Bar._fields), strict=False):
        yield from machine.push(Bar(*row))


def _columns(lazy: pl.LazyFrame) -> list[pl.Expr]:
    """What the machine needs, as numbers, in the order of the fields of `Bar`.

    Raises:
        ConfigError: columns that are missing, or are no numbers.
    """
    schema = lazy.collect_schema()
    problems = [
        Problem((name,), f"is no column; {nearest(name, schema.names())}")
        for name in ("ts", *PRICES)
        if name not in schema
    ]
    numeric = [name for name in (*PRICES, "volume") if name in schema]
    problems += [
        Problem((name,), f"holds {schema[name]}; expected numbers")
        for name in numeric
        if not schema[name].is_numeric()
    ]
    if "ts" in schema and not (isinstance(schema["ts"], pl.Datetime) or schema["ts"].is_integer()):
        problems.append(
            Problem(("ts",), f"holds {schema['ts']}; expected instants, or milliseconds since 1970")
        )
    if problems:
        raise ConfigError(problems)
    ts = pl.col("ts")
    micros = ts.dt.epoch("us") if isinstance(schema["ts"], pl.Datetime) else ts.cast(pl.Int64) * 1000
    nan = pl.lit(float("nan"))
    return [
        (micros.cast(pl.Float64) / 1e6).fill_null(nan).alias("ts"),
        *(pl.col(name).cast(pl.Float64).fill_null(nan) for name in numeric),
    ]


def _numbers(
    candles: pl.DataFrame | pl.LazyFrame, others: Sequence[pl.DataFrame | pl.LazyFrame]
) -> tuple[Iterator[pl.DataFrame], list[str]]:
    """The numbers of the bars, and of what other feeds told, in parts; and the names of the columns.

    A frame that is there already is cut, and not copied.

    Raises:
        ConfigError: columns that are missing, or are no numbers.
    """
    problems: list[Problem] = []
    with collect(problems):
        wanted = _columns(candles.lazy())
    feeds = list[pl.LazyFrame]()
    for number, other in enumerate(others):
        with collect(problems, "others", number):
            feeds.append(other.lazy().select(_columns(other.lazy())))
    if problems:
        raise ConfigError(problems)
    names = [one.meta.output_name() for one in wanted]
    if isinstance(candles, pl.DataFrame) and not feeds:
        return (part.select(wanted) for part in candles.iter_slices(ROWS)), names
    lazy = candles.lazy().select(wanted)
    if feeds:
        names += OTHERS
        lazy = with_others(lazy, feeds).select(names)
    return lazy.collect_batches(chunk_size=ROWS, maintain_order=True), names


def _row(event: Event, guard: CandleKind, series: Series) -> dict[str, Any]:
    return {
        "ts": instant(event.ts),
        "at": instant(event.at),
        "code": guard.codes[0],
        "level": level_of(guard, event).name,
        "status": STATUS[event.what],
        "value": event.value,
        "bound": event.bound,
        "message": f"{series.symbol}: {words_of(guard, event)}",
    }
