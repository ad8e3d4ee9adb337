"""A chart of one price series: candles, alerts and faults on one time axis, as a Plotly figure.

The figure is plain data, and the same results give the same bytes. Long series are cut to what happened, or
joined into longer bars, so that a report stays small.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drills.history import History, Record
    from drills.run import DrillResult
    from live.candles import Candle

MOST_BARS = 1500
PRICES_UP_TO = 0.78  # of the height; above stand the lanes of alerts
MARKERS = {
    "changed": ("x", "#8250df"),
    "INFO": ("circle", "#0969da"),
    "WARNING": ("diamond", "#bf8700"),
    "CRITICAL": ("triangle-down", "#d1242f"),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure.

    Attributes:
        symbol: The series that it shows.
        note: What was left out or joined; empty when every bar is there.
        figure: Data and layout for Plotly.
    """

    symbol: str
    note: str
    figure: dict[str, Any]


def charts_of(result: DrillResult) -> list[Chart]:
    """A chart for every series that has candles, in the order of the symbols."""
    return [_chart(result, symbol) for symbol in sorted(result.series) if result.series[symbol]]


def _chart(result: DrillResult, symbol: str) -> Chart:
    story = _Story(result, symbol)
    bars, note = fewer_bars(result.series[symbol], story.instants())
    markers = story.markers()
    divide = PRICES_UP_TO if markers else 1
    layout = {
        "showlegend": False,
        "shapes": story.fault_shapes(bars[-1].ts),
        "xaxis": {"type": "date", "rangeslider": {"visible": False}},
        "yaxis": {"domain": [0, divide]},
        "yaxis2": {"domain": [divide, 1], "type": "category", "fixedrange": True},
    }
    return Chart(symbol, note, {"data": [_candles(bars), *markers], "layout": layout})


class _Story:
    """What happened around one series."""

    def __init__(self, result: DrillResult, symbol: str) -> None:
        self._start = result.scenario.start
        self._symbol = symbol
        history = result.history
        self._alerts = [one for one in history.of("alert") if _is_about(one, symbol, result.series)]
        self._faults = [one for one in history.of("fault") if one.data["target"] == symbol]
        self._changed = [one for one in history.of("candle") if one.data["symbol"] == symbol]
        self._end = _end_of(history)

    def instants(self) -> list[datetime]:
        """Everything that a reader of the chart wants to see."""
        return sorted(self._at(one.at_s) for one in (*self._alerts, *self._faults, *self._changed))

    def markers(self) -> list[dict[str, Any]]:
        """Lanes above the prices: candles that a fault changed, and the alerts of each level."""
        changed = [
            (datetime.fromisoformat(one.data["ts"]), printable(f"changed by {one.data['fault']}"))
            for one in self._changed
        ]
        lanes = {
            "changed": changed,
            **{level: self._raised(level) for level in ("INFO", "WARNING", "CRITICAL")},
        }
        return [_markers(lane, points) for lane, points in lanes.items() if points]

    def _raised(self, level: str) -> list[tuple[datetime, str]]:
        found = [alert for alert in self._alerts if alert.data["level"] == level]
        return [(self._at(alert.at_s), printable(alert.data["code"])) for alert in found]

    def fault_shapes(self, end: datetime) -> list[dict[str, Any]]:
        """A band for as long as each fault stood."""
        shapes = []
        begun: dict[tuple[str, str], datetime] = {}
        for record in self._faults:
            name = (record.data["fault"], record.data["where"])
            if record.data["phase"] == "begin":
                begun[name] = self._at(record.at_s)
            elif name in begun:
                shapes.append(_band(begun.pop(name), self._at(record.at_s)))
        last = max(end, self._at(self._end))
        return shapes + [_band(since, last) for since in begun.values()]

    def _at(self, at_s: float) -> datetime:
        return self._start + timedelta(seconds=at_s)


def _is_about(alert: Record, symbol: str, series: Iterable[str]) -> bool:
    """Whether an alert belongs on the chart of a symbol: it names it, or names no series at all."""
    subject = alert.data["context"].get("subject")
    return subject == symbol or subject not in series


def _end_of(history: History) -> float:
    return max((record.at_s for record in history), default=0.0)


def fewer_bars(candles: Sequence[Candle], instants: Sequence[datetime]) -> tuple[list[Candle], str]:
    """At most `MOST_BARS` bars: those around what happened, else longer ones.

    Args:
        candles: A series in the order of time.
        instants: What must be seen, in the order of time.

    Returns:
        The bars, and in words what was left out or joined.
    """
    if len(candles) <= MOST_BARS:
        return list(candles), ""
    times = [candle.ts for candle in candles]
    first, last = (_bar_at(times, instants[place]) if instants else place for place in (0, -1))
    if instants and last - first < MOST_BARS:
        begin = max(0, min(first - (MOST_BARS - (last - first)) // 2, len(candles) - MOST_BARS))
        shown = list(candles[begin : begin + MOST_BARS])
        return shown, f"{len(shown):,} of {len(candles):,} bars, around what happened"
    size = math.ceil(len(candles) / MOST_BARS)
    joined = [_joined(candles[place : place + size]) for place in range(0, len(candles), size)]
    return joined, f"{len(candles):,} bars, {size} joined into one"


def _bar_at(times: Sequence[datetime], instant: datetime) -> int:
    """Number of the bar that is open at an instant; the first one for anything before it."""
    return max(0, bisect_right(times, instant) - 1)


def _joined(candles: Sequence[Candle]) -> Candle:
    from live.candles import Candle

    first, last = candles[0], candles[-1]
    high = max((candle.high for candle in candles if math.isfinite(candle.high)), default=math.nan)
    low = min((candle.low for candle in candles if math.isfinite(candle.low)), default=math.nan)
    return Candle(first.symbol, first.ts, first.open, high, low, last.close)


def _candles(bars: Sequence[Candle]) -> dict[str, Any]:
    prices = {
        name: [_finite(getattr(bar, name)) for bar in bars] for name in ("open", "high", "low", "close")
    }
    return {
        "type": "candlestick",
        "name": "planned candles",
        "x": [bar.ts.isoformat() for bar in bars],
        **prices,
    }


def _finite(price: float) -> float | None:
    """A price that JSON can hold; a gap in the chart where it is none."""
    return price if math.isfinite(price) else None


def _markers(lane: str, points: Sequence[tuple[datetime, str]]) -> dict[str, Any]:
    shape, colour = MARKERS[lane]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": lane,
        "yaxis": "y2",
        "x": [at.isoformat() for at, _ in points],
        "y": [lane] * len(points),
        "text": [text for _, text in points],
        "hovertemplate": "%{text}<br>%{x}<extra></extra>",
        "marker": {"symbol": shape, "color": colour, "size": 11},
    }


def _band(since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": since.isoformat(),
        "x1": until.isoformat(),
        "y0": 0,
        "y1": 1,
        "fillcolor": "#8250df",
        "opacity": 0.15,
        "line": {"width": 0},
    }
