"""Found faults over their size, as figures for Plotly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drills.replay.candle_summary import interval
from drills.replay.chart import COLOURS, LEGEND, SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from drills.replay.curves import Curve
    from drills.replay.power import Point


def power_figures(
    curves: Sequence[Curve], powers: Mapping[str, Sequence[Point]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """A figure for each group of curves, with its name; whiskers are the 95 % interval."""
    for group in dict.fromkeys(curve.group for curve in curves):
        some = [curve for curve in curves if curve.group == group and powers[curve.name]]
        if some:
            data = [_line(curve, powers[curve.name], place) for place, curve in enumerate(some)]
            yield group, {"data": data, "layout": _layout(some[0], several=len(some) > 1)}


def _layout(curve: Curve, *, several: bool) -> dict[str, Any]:
    ticks = {"tickvals": list(curve.sizes), "ticktext": [f"{size:g}" for size in curve.sizes]}
    return {
        "showlegend": several,
        "legend": LEGEND,
        "margin": {"l": 48, "b": 56},
        "xaxis": {"type": "log", "title": {"text": curve.unit, "standoff": 4}, "automargin": True, **ticks},
        "yaxis": {"range": [-4, 104], "ticksuffix": " %", "automargin": True},
    }


def _line(curve: Curve, points: Sequence[Point], place: int) -> dict[str, Any]:
    bounds = [interval(point.found, point.of) for point in points]
    shares = [point.found / point.of for point in points]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": curve.name,
        "x": [point.size for point in points],
        "y": [round(100 * share, 3) for share in shares],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [
                round(100 * (high - share), 3) for (_, high), share in zip(bounds, shares, strict=True)
            ],
            "arrayminus": [
                round(100 * (share - low), 3) for (low, _), share in zip(bounds, shares, strict=True)
            ],
            "thickness": 1,
        },
        "text": [f"{point.found} of {point.of}" for point in points],
        "hovertemplate": "%{x} " + curve.unit + ": %{text}<extra>" + curve.name + "</extra>",
        "line": {"color": COLOURS[place]},
        "marker": {"symbol": SYMBOLS[place], "size": 8},
    }
