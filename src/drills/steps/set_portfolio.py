"""`set_portfolio: {cash: 10000, positions: [...]}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Step
from drills.given import PortfolioSpec
from drills.words import counted

if TYPE_CHECKING:
    from drills.world import World


class SetPortfolio(Step):
    """Change what the account holds, without having it judged: the next order check builds on it."""

    name = "set_portfolio"
    Params = PortfolioSpec

    def apply(self, world: World, params: PortfolioSpec) -> None:
        """Hold this from now on."""
        world.hold(params)

    def summary(self, params: PortfolioSpec) -> str:
        """How many holdings."""
        return counted(len(params.positions), "position")
