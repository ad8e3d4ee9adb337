"""How much of a price series a fault befalls: the same key for every fault."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ShareParams(BaseModel):
    """What the parameters of every fault of a series hold."""

    model_config = ConfigDict(extra="forbid", strict=True)

    share: float = Field(1.0, gt=0, le=1, description="Chance of each candle to be befallen")

    @property
    def chosen(self) -> set[str]:
        """Which keys were written, beside the share."""
        return self.model_fields_set - {"share"}
