"""Closing prices in compact notation: `30000+10x60 _x3 30600x20`.

The parts stand between spaces and follow each other in time, each on bars of its own:

    30000          one bar that closes at 30000
    30600x20       20 bars that close at 30600
    30000+10x60    60 bars: 30000, 30010, …, 30590
    30000-2.5x4    4 bars: 30000, 29997.5, 29995, 29992.5
    _              one bar that is missing
    _x3            3 bars that are missing

Numbers are written as in `30000`, `1.0523` or `1e-8`.
"""

from __future__ import annotations

import re

MAX_BARS = 1_000_000

_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?"
_PART = re.compile(rf"(?:(?P<gap>_)|(?P<value>{_NUMBER})(?P<step>[+-]{_NUMBER}(?=x))?)(?:x(?P<bars>[0-9]+))?")


class NotationError(ValueError):
    """A part that cannot be read.

    Attributes:
        column: Where in the text it begins, from 1.
    """

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column


def parse_closes(text: str) -> list[float | None]:
    """The closing price of every bar; None where a bar is missing.

    Raises:
        NotationError: a part cannot be read, or there are more than a million bars.
    """
    closes: list[float | None] = []
    for word in re.finditer(r"\S+", text):
        part = _PART.fullmatch(word[0])
        if part is None:
            raise NotationError(word.start() + 1, f"{word[0]!r} is no price; write 30000, 30000+10x60 or _x3")
        bars = 1 if part["bars"] is None else _bars(part["bars"], word.start() + 1)
        if len(closes) + bars > MAX_BARS:
            raise NotationError(word.start() + 1, f"more than {MAX_BARS} bars; play a file instead")
        closes += (
            [None] * bars if part["gap"] else _ramp(float(part["value"]), float(part["step"] or 0), bars)
        )
    if not any(close is not None for close in closes):
        raise NotationError(1, f"{text!r} holds no bar; write 30000, 30000+10x60 or _x3 30600x20")
    return closes


def _bars(digits: str, column: int) -> int:
    if len(digits) > len(str(MAX_BARS)):
        raise NotationError(column, f"more than {MAX_BARS} bars; play a file instead")
    if int(digits) == 0:
        raise NotationError(column, "0 bars; write x1 or more, or leave the part out")
    return int(digits)


def _ramp(value: float, step: float, bars: int) -> list[float | None]:
    return [value + number * step for number in range(bars)]
