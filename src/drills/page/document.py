"""A page in one file that needs nothing else: no request leaves it."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from drills.words import printable

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"


def document(title: str, body: str, *, charts: bool) -> str:
    """The whole page; Plotly is part of it only when there is a chart.

    Args:
        title: What it is called, also its first heading.
        body: What stands below, as HTML.
        charts: Whether there is a chart in it.
    """
    name, plotly = escape(printable(title)), _plotly() if charts else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>\n{_part('report.css')}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>{name}</h1>\n{body}</main>\n"
        f"{plotly}<script>\n{_part('report.js')}</script>\n</body>\n</html>\n"
    )


def _part(name: str) -> str:
    return files("drills.page").joinpath(name).read_text(encoding="utf-8")


def _plotly() -> str:
    from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]  # it ships no types

    return f"<script>\n{get_plotlyjs()}\n</script>\n"
