"""`evaluate_portfolio: {equity: 10000, positions: [...]}`, or `evaluate_portfolio: given`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from drills.contracts import Step
from drills.given import PortfolioSpec
from drills.words import counted

if TYPE_CHECKING:
    from drills.world import World


class EvaluatePortfolio(Step):
    """Have a snapshot judged; `given` judges the present portfolio again, as of now."""

    name = "evaluate_portfolio"
    Params = PortfolioSpec | Literal["given"]

    def apply(self, world: World, params: PortfolioSpec | Literal["given"]) -> None:
        """Judge the snapshot; it is the present portfolio from now on."""
        spec = world.given_portfolio if params == "given" else params
        if spec is None:
            text = "there is no given portfolio; write one under given: portfolio:"
            raise LookupError(text)
        world.evaluate_portfolio(spec)

    def summary(self, params: PortfolioSpec | Literal["given"]) -> str:
        """How many holdings."""
        return "the given portfolio" if params == "given" else counted(len(params.positions), "position")
