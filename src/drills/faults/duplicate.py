"""`fault: {BTC/EUR: {duplicate: true}}`, or `{duplicate: {times: 3}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle


class DuplicateParams(ShareParams):
    """How often a candle comes."""

    times: int = Field(2, ge=2, le=100, description="How often each candle comes")


class Duplicate(SeriesFault):
    """Every candle comes more than once."""

    name = "duplicate"
    Params = DuplicateParams

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The candle and its copies."""
        return [candle] * self.params.times
