"""`halt: {symbol: ABC, lasts: 2h, reason: news}`, and `halt: {symbol: ABC, resumes: true}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drills.contracts import Step
from drills.durations import Duration
from drills.refusal import refusal

if TYPE_CHECKING:
    from drills.world import World


class HaltSpec(BaseModel):
    """What is halted and why, or what trades again."""

    model_config = ConfigDict(extra="forbid")

    symbol: str
    lasts: Duration | None = Field(None, description="Without it until it resumes, or a bar comes")
    reason: str = Field("", description="Why nothing trades; a halt needs one")
    resumes: bool = Field(default=False, description="The halt is over")

    @model_validator(mode="after")
    def _one_of_both(self) -> HaltSpec:
        if self.resumes and (self.lasts is not None or self.reason):
            raise refusal(
                "BAD_HALT", "what resumes has neither length nor reason; leave lasts and reason out"
            )
        if not self.resumes and not self.reason.strip():
            raise refusal("BAD_HALT", "a halt without a reason; write reason: <text>, or resumes: true")
        return self


class Halt(Step):
    """Tell the monitor that a series does not trade, or that it does again."""

    name = "halt"
    Params = HaltSpec

    def apply(self, world: World, params: HaltSpec) -> None:
        """From now on."""
        if params.resumes:
            world.monitor.resume(params.symbol)
            return
        until = None if params.lasts is None else world.clock.now() + params.lasts
        world.monitor.halt(params.symbol, until=until, reason=params.reason)

    def summary(self, params: HaltSpec) -> str:
        """Which symbol, and for how long."""
        if params.resumes:
            return f"{params.symbol} resumes"
        how_long = "" if params.lasts is None else f" for {params.lasts}"
        return f"{params.symbol}{how_long}: {params.reason}"
