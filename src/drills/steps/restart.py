"""`restart: true`: the trading process ends and comes back; `restart: {state: unreadable}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from drills.contracts import Step
from drills.state_store import StateMood

if TYPE_CHECKING:
    from drills.world import World


class RestartSpec(BaseModel):
    """What the next process finds."""

    model_config = ConfigDict(extra="forbid")

    state: StateMood


class Restart(Step):
    """Put the monitor together anew; what breaker and guards have stored is there, all else is forgotten."""

    name = "restart"
    Params = Literal[True] | RestartSpec

    def apply(self, world: World, params: Literal[True] | RestartSpec) -> None:
        """Come back."""
        world.restart("sound" if params is True else params.state)

    def summary(self, params: Literal[True] | RestartSpec) -> str:
        """What happens."""
        what = "" if params is True else f", what the guards have kept is {params.state}"
        return f"the monitor starts anew{what}"
