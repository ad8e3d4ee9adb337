"""`fault: {BTC/EUR: {drop: true}}`, or `{drop: {share: 0.2}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle


class Drop(SeriesFault):
    """Candles vanish: a stopped feed, or a lossy one."""

    name = "drop"
    Params = ShareParams

    def transform(self, candle: Candle) -> Iterable[Candle]:  # noqa: ARG002 - whatever it is
        """Nothing."""
        return []
