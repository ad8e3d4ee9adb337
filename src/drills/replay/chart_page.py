"""Histories with their alarms on one page that needs nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from drills.page.document import document
from drills.replay.chart import history_figure
from drills.replay.curves import CURVES
from drills.replay.power_chart import power_figures
from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from drills.replay.power import Point

TITLE = "Candle guards on histories"


@dataclass(frozen=True, slots=True)
class Section:
    """One history.

    Attributes:
        heading: File, bars, and alarms per 10,000.
        history: The bars.
        raised: Alarms, what matters most first.
        powers: Points of each curve; empty when no faults were placed.
        texts: Tables, as they are printed.
    """

    heading: str
    history: pl.DataFrame
    raised: pl.DataFrame
    powers: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    texts: Sequence[str] = ()

    def html(self, number: int) -> str:
        """Its figure, curves of found faults, and tables; the number of the section is part of names."""
        figure, note = history_figure(self.history, self.raised)
        small = power_figures(CURVES, self.powers) if self.powers else ()
        charts = [
            _figure(f"chart-{number}-{place}", one, f"found: {name}", "chart small")
            for place, (name, one) in enumerate(small, start=1)
        ]
        beside = f'<div class="side-by-side">\n{"".join(charts)}</div>\n' if charts else ""
        tables = "".join(f'<div class="wide"><pre>{_text(text)}</pre></div>\n' for text in self.texts)
        return (
            f'<details class="drill" id="history-{number}" open>\n'
            f"<summary><h2>{_text(self.heading)}</h2></summary>\n"
            f"{_figure(f'chart-{number}-0', figure, note, 'chart')}{beside}{tables}</details>\n"
        )


def page(sections: Sequence[Section]) -> str:
    """All histories, one below the other."""
    intro = (
        "<p>A marker is an alarm; hover tells of what. Drag to zoom in, double-click to see all again.</p>\n"
    )
    return document(
        TITLE, intro + "".join(one.html(number) for number, one in enumerate(sections, start=1)), charts=True
    )


def _text(value: object) -> str:
    return "\n".join(escape(printable(line)) for line in str(value).split("\n"))


def _figure(name: str, figure: dict[str, Any], note: str, kind: str) -> str:
    data = json.dumps(figure, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<figure><div class="{kind}" id="{name}" role="img" aria-label="{_text(note)}"></div>\n'
        f'<script type="application/json" id="{name}-data">{data}</script>\n'
        f"<figcaption>{_text(note)}</figcaption></figure>\n"
    )
