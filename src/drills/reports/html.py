"""The results on one page that needs nothing else: `report.html`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Report
from drills.page.document import document
from drills.page.sections import drill, overview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.run import DrillResult


class Html(Report):
    """Verdicts, timelines, checks and charts in one file; it asks no other machine for anything."""

    name = "html"
    filename = "report.html"

    def render(self, results: Sequence[DrillResult]) -> str:
        """The whole page; Plotly is part of it only when there is a chart."""
        sections = "".join(drill(number, result) for number, result in enumerate(results, start=1))
        charts = any(candles for one in results for candles in one.series.values())
        return document("Drill report", f"{overview(results)}{sections}", charts=charts)
