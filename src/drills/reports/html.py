"""The results on one page that needs nothing else: `report.html`."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from drills.contracts import Report
from drills.page.sections import drill, overview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.run import DrillResult

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"


class Html(Report):
    """Verdicts, timelines, checks and charts in one file; it asks no other machine for anything."""

    name = "html"
    filename = "report.html"

    def render(self, results: Sequence[DrillResult]) -> str:
        """The whole page; Plotly is part of it only when there is a chart."""
        sections = "".join(drill(number, result) for number, result in enumerate(results, start=1))
        plotly = _plotly() if any(candles for one in results for candles in one.series.values()) else ""
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>Drill report</title>\n<style>\n{_part('report.css')}</style>\n</head>\n<body>\n"
            f"<main>\n<h1>Drill report</h1>\n{overview(results)}{sections}</main>\n"
            f"{plotly}<script>\n{_part('report.js')}</script>\n</body>\n</html>\n"
        )


def _part(name: str) -> str:
    return files("drills.page").joinpath(name).read_text(encoding="utf-8")


def _plotly() -> str:
    from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]  # it ships no types

    return f"<script>\n{get_plotlyjs()}\n</script>\n"
