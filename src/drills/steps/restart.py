"""`restart: true`: the trading process ends and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from drills.contracts import Step

if TYPE_CHECKING:
    from drills.world import World


class Restart(Step):
    """Put the monitor together anew; what the breaker has stored is still there, all else is forgotten."""

    name = "restart"
    Params = Literal[True]

    def apply(self, world: World, params: Literal[True]) -> None:  # noqa: ARG002 - there is nothing to say about it
        """Come back."""
        world.restart()

    def summary(self, params: Literal[True]) -> str:  # noqa: ARG002 - as above
        """What happens."""
        return "the monitor starts anew"
