"""`fault: {BTC/EUR: {set: {close: nan}}}`, or `{set: {high: 1.0}}`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import ConfigDict, model_validator

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle


class SetParams(ShareParams):
    """The values that every candle has; any number, `nan`, `inf` and negative ones included."""

    model_config = ConfigDict(strict=False)

    open: float | None = None
    high: float | None = None
    low: float | None = None
    close: float | None = None
    volume: float | None = None

    @model_validator(mode="after")
    def _something(self) -> SetParams:
        if not self.chosen:
            raise ValueError("sets nothing; write a value, such as close: nan")
        return self


class SetValues(SeriesFault):
    """Values are replaced by others, whatever they were; null stands for a value that is not there."""

    name = "set"
    Params = SetParams

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The candle with its values replaced."""
        return [replace(candle, **self.params.model_dump(include=self.params.chosen))]
