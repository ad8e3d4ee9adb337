"""`breaker: {rearm: ACTIVE, role: risk_owner, reason: limits checked}`, and what else is done by hand."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drills.breaker_store import StoreMood
from drills.contracts import Step
from live.breaker import ACCOUNT, BreakerState, RearmRefusedError
from live.breaker.scopes import scope_named
from live.risk_limits import RiskCheckSeverity

if TYPE_CHECKING:
    from drills.world import World
    from live.breaker import TradingBreaker

ACTS = ("rearm", "override", "observe", "store")


class BreakerAct(BaseModel):
    """One thing that is done to the breaker, and by whom."""

    model_config = ConfigDict(extra="forbid")

    rearm: Literal["ACTIVE", "WARN", "REDUCE_ONLY"] | None = Field(
        None, description="Let trading in again, to this state"
    )
    override: Literal["ACTIVE", "WARN", "REDUCE_ONLY", "HALTED"] | None = Field(
        None, description="Put this state by hand; HALTED is the kill switch"
    )
    observe: Literal["OK", "WARNING", "BREACH"] | None = Field(
        None, description="How a check of this scope came out, as its owner tells the breaker"
    )
    store: StoreMood | None = Field(None, description="Whether its store works from now on")
    role: str = ""
    reason: str = ""
    scope: str = Field(ACCOUNT, description="`account`, or `strategy:NAME`")

    @model_validator(mode="after")
    def _one_act_on_one_scope(self) -> BreakerAct:
        acts = [name for name in ACTS if getattr(self, name) is not None]
        if len(acts) != 1:
            text = f"a breaker step does one of {', '.join(ACTS)}, not {' and '.join(acts) or 'nothing'}"
            raise ValueError(text)
        scope_named(self.scope)
        return self


class Breaker(Step):
    """Do something to the breaker by hand; what it refuses is seen by its alert."""

    name = "breaker"
    Params = BreakerAct

    def apply(self, world: World, params: BreakerAct) -> None:
        """Do it."""
        if world.monitor.breaker is None:
            text = "there is no breaker; write config: live_breaker: {enabled: true}"
            raise LookupError(text)
        if params.store is not None:
            world.breaker_store.mood = params.store
            return
        with suppress(RearmRefusedError):
            _act(world.monitor.breaker, params)

    def summary(self, params: BreakerAct) -> str:
        """What is done to which scope, and by whom."""
        act = next(f"{name} {getattr(params, name)}" for name in ACTS if getattr(params, name) is not None)
        about = "" if params.scope == ACCOUNT else f" {params.scope}"
        return f"{act}{about} by {params.role}" if params.role else f"{act}{about}"


def _act(breaker: TradingBreaker, params: BreakerAct) -> None:
    said = {"role": params.role, "reason": params.reason, "scope": params.scope}
    if params.rearm is not None:
        breaker.rearm(**said, to=BreakerState[params.rearm])
    elif params.override is not None:
        breaker.override(BreakerState[params.override], **said)
    elif params.observe is not None:
        strategy = scope_named(params.scope).partition(":")[2] or None
        breaker.observe(RiskCheckSeverity[params.observe], strategy=strategy)
