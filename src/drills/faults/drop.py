"""`fault: {BTC/EUR: {drop: true}}`, or `{drop: {share: 0.2}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from drills.contracts import SeriesFault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle


class DropParams(BaseModel):
    """How much is lost."""

    model_config = ConfigDict(extra="forbid", strict=True)

    share: float = Field(1.0, gt=0, le=1, description="Chance of each candle to be lost")


class Drop(SeriesFault):
    """Candles vanish: a stopped feed, or a lossy one."""

    name = "drop"
    Params = DropParams

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """Nothing, or the candle itself."""
        return [] if self.rng.random() < self.params.share else [candle]
