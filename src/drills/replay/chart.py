"""A history with its alarms as a figure for Plotly: plain data, the same bytes for the same history."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from drills.replay.chart_bars import drawn_bars
from drills.words import printable
from live.registry import GUARDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

PRICES = ("open", "high", "low", "close")
MOST_MARKERS = 5_000
"""Of more alarms than that, those that lie farthest beyond their bound are drawn."""
SYMBOLS = ("triangle-down", "diamond", "square", "cross", "x", "star", "hexagon", "bowtie")
COLOURS = ("#e5534b", "#bf8700", "#2f81f7", "#a371f7", "#2da44e", "#db6d28", "#d05fa1", "#1b9aaa", "#8b949e")
BAND = "rgba(110,130,155,0.28)"
LEGEND = {"orientation": "h", "traceorder": "normal", "y": 1.02, "yanchor": "bottom", "x": 0}
_CROWD = 500
"""From so many alarms of one code on, markers are small."""
_SPREADS = 3.0
"""The axis reaches so many times as far as all but a thousandth of prices on each side do, at most."""


def history_figure(history: pl.DataFrame, raised: pl.DataFrame) -> tuple[dict[str, Any], str]:
    """Candles, a marker at every alarm, and in words what was joined or left out.

    Args:
        history: `ts`, `open`, `high`, `low`, `close`.
        raised: Alarms as `check_candles` gives them, what matters most first.
    """
    import polars as pl

    number = [pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in PRICES]
    bars = history.select(pl.col("ts").dt.cast_time_unit("us"), *number)
    shown = _placed(bars, raised.head(MOST_MARKERS))
    drawn = drawn_bars(bars, shown["row"])
    low, high, cut = _reach(bars)
    notes = [drawn.note, *([cut] if cut else [])]
    if raised.height > MOST_MARKERS:
        notes.append(
            f"{MOST_MARKERS:,} of {raised.height:,} alarms are marked, the farthest beyond their bound"
        )
    data = [] if drawn.stretches is None else list(_band(drawn.stretches))
    data += [_candles(drawn.candles), *_markers(shown, low, high)]
    layout = {
        "showlegend": True,
        "legend": LEGEND,
        "margin": {"l": 48},
        "hovermode": "closest",
        "xaxis": {"type": "date", "rangeslider": {"visible": False}},
        "yaxis": {"automargin": True, **({} if low is None else {"range": [low, high]})},
    }
    return {"data": data, "layout": layout}, "; ".join(notes)


def _placed(bars: pl.DataFrame, raised: pl.DataFrame) -> pl.DataFrame:
    """Alarms with the row and the price that they stand at: of their bar, or of the newest one before it."""
    import polars as pl

    rows = bars.with_row_index("row").with_columns(
        pl.max_horizontal(*PRICES).forward_fill().backward_fill().alias("price")
    )
    known = rows.filter(pl.col("ts").is_not_null()).select("ts", "row", "price").sort("ts", "row")
    asked = raised.with_row_index("order").sort("ts", "order")
    joined = asked.join_asof(known, on="ts", strategy="backward", check_sortedness=False)
    first = (
        known.head(1).row(0)[1:] if known.height else (0, None)
    )  # an alarm about a moment before the first bar
    return joined.with_columns(pl.col("row").fill_null(first[0]), pl.col("price").fill_null(first[1]))


def _reach(bars: pl.DataFrame) -> tuple[float | None, float | None, str]:
    """How far the axis reaches: to all prices, or a false one far away would flatten the rest."""
    low, high = bars["low"], bars["high"]
    least, most = low.min(), high.max()
    if not isinstance(least, float) or not isinstance(most, float):
        return None, None, ""
    bottom, top = float(low.quantile(0.001) or 0.0), float(high.quantile(0.999) or 0.0)
    room = max(top - bottom, abs(top) * 1e-6)
    begin, end = max(least, bottom - _SPREADS * room), min(most, top + _SPREADS * room)
    cut = "" if (begin, end) == (least, most) else "prices beyond the axis are marked at its edge"
    pad = 0.06 * max(end - begin, room)
    return begin - pad, end + pad, cut


def _times(column: pl.Series) -> list[str]:
    return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.3f").to_list()


def _band(stretches: pl.DataFrame) -> Iterator[dict[str, Any]]:
    times = _times(stretches["ts"])
    for name in ("low", "high"):
        fill = {"fill": "tonexty", "fillcolor": BAND} if name == "high" else {}
        yield {
            "type": "scatter",
            "mode": "lines",
            "name": "range",
            "x": times,
            "y": stretches[name].to_list(),
            "line": {"width": 1, "color": "#8b949e"},
            "hoverinfo": "skip",
            "showlegend": name == "high",
            **fill,
        }


def _candles(bars: pl.DataFrame) -> dict[str, Any]:
    return {
        "type": "candlestick",
        "name": "candles",
        "x": _times(bars["ts"]),
        **{name: bars[name].to_list() for name in PRICES},
        "increasing": {"line": {"color": "#2da44e", "width": 1}},
        "decreasing": {"line": {"color": "#e5534b", "width": 1}},
    }


def _markers(shown: pl.DataFrame, low: float | None, high: float | None) -> Iterator[dict[str, Any]]:
    """A trace for each code; the same code looks the same on every chart."""
    import polars as pl

    known = sorted({code for name in GUARDS for code in GUARDS[name].codes})
    inner = 0.0 if low is None or high is None else 0.02 * (high - low)
    for code in sorted(set(shown["code"])):
        some = shown.filter(pl.col("code") == code)
        place = known.index(code) if code in known else len(known)
        price = some["price"].fill_null(0.0)
        where = price if low is None or high is None else price.clip(low + inner, high - inner)
        yield {
            "type": "scatter",
            "mode": "markers",
            "name": f"{code} ({some.height:,})",
            "x": _times(some["ts"]),
            "y": where.to_list(),
            "text": [escape(printable(message)) for message in some["message"]],
            "customdata": [
                [_written(value), _written(bound)] for value, bound in some.select("value", "bound").rows()
            ],
            "hovertemplate": f"<b>{escape(code)}</b><br>%{{x}}<br>%{{text}}<br>value %{{customdata[0]}}, "
            "bound %{customdata[1]}<extra></extra>",
            "marker": {
                "symbol": SYMBOLS[place % len(SYMBOLS)],
                "color": COLOURS[place % len(COLOURS)],
                "size": 11 if some.height < _CROWD else 6,
                "line": {"width": 1 if some.height < _CROWD else 0, "color": "#ffffff"},
            },
        }


def _written(number: float) -> str:
    return f"{number:.6g}"
