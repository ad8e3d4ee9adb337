"""A profit that research did not predict, or a loss that costs do not explain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.amounts import finite, told
from live.contracts import Finding, Watcher
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

CODE = "PNL_DIVERGENCE"


@dataclass(frozen=True, slots=True)
class PnlSample:
    """The result of one strategy over the same stretch of time, as predicted and as observed.

    Attributes:
        reference_pnl: What the research curve says, in the base currency.
        observed_pnl: What the account says, in the base currency.
        fees: Fees paid in that time, in the base currency; a rebate is negative.
        slippage: Cost of executing away from the reference price, in the base currency.
        strategy: What both numbers belong to.
    """

    reference_pnl: float | None = None
    observed_pnl: float | None = None
    fees: float | None = 0.0
    slippage: float | None = 0.0
    strategy: str = "portfolio"


@dataclass(frozen=True, slots=True)
class PnlDivergenceConfig:
    """`[live_watchers.pnl_divergence]`. The larger of the two tolerances counts.

    Attributes:
        tolerance_abs: Difference that needs no explanation, in the base currency.
        tolerance_pct: The same in percent of the reference.
    """

    tolerance_abs: float = 50.0
    tolerance_pct: float = 5.0

    def __post_init__(self) -> None:
        for name in ("tolerance_abs", "tolerance_pct"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} is {getattr(self, name)}; a tolerance is 0 or more")


class PnlDivergence(Watcher):
    """Raises one alert per strategy when its PnL parts from the reference by more than costs and tolerance.

    Costs explain at most their own amount, and only in their own direction: a result between the reference
    and the reference less fees and slippage is explained. A number that is not known explains nothing.
    """

    name = "pnl_divergence"
    codes = (CODE,)
    Sample: ClassVar[type[PnlSample]] = PnlSample
    Config: ClassVar[type[PnlDivergenceConfig]] = PnlDivergenceConfig
    config: PnlDivergenceConfig

    def __init__(self, config: PnlDivergenceConfig) -> None:
        """Begin with every strategy as predicted."""
        super().__init__(config)
        self._state: dict[str, str] = {}

    def on_sample(
        self,
        sample: PnlSample,
        now: datetime,  # noqa: ARG002 - a sample is judged by what it says, whenever it comes
    ) -> Iterable[Finding]:
        """Compare once; say so when the state of the strategy changes for the worse."""
        state, finding = self._judge(sample)
        before = self._state.get(sample.strategy, "")
        self._state[sample.strategy] = state
        return (finding,) if finding is not None and state != before else ()

    def _judge(self, sample: PnlSample) -> tuple[str, Finding | None]:
        unknown = [
            name for name in ("reference_pnl", "observed_pnl", "fees", "slippage") if not _known(sample, name)
        ]
        if unknown:
            values = ", ".join(f"{name} is {told(getattr(sample, name))}" for name in unknown)
            return "unknown", _finding(sample, f"PnL cannot be compared: {values}", {"unknown": unknown})
        reference, observed, fees, slippage = _numbers(sample)
        tolerance = max(self.config.tolerance_abs, self.config.tolerance_pct / 100 * abs(reference))
        unexplained = _outside(observed, reference, reference - fees - slippage)
        if abs(unexplained) <= tolerance:
            return "", None
        text = (
            f"observed PnL {observed:.2f}, reference {reference:.2f}, in the base currency; "
            f"{unexplained:+.2f} not explained by fees {fees:.2f} and slippage {slippage:.2f}, "
            f"tolerance {tolerance:.2f}"
        )
        return "diverged", _finding(sample, text, {"unexplained": unexplained, "tolerance": tolerance})


def _known(sample: PnlSample, name: str) -> bool:
    return not math.isnan(finite(getattr(sample, name)))


def _numbers(sample: PnlSample) -> tuple[float, float, float, float]:
    values = (sample.reference_pnl, sample.observed_pnl, sample.fees, sample.slippage)
    reference, observed, fees, slippage = map(finite, values)
    return reference, observed, fees, slippage


def _outside(value: float, one: float, other: float) -> float:
    """How far a value lies outside the interval between two others; signed, 0 within it."""
    low, high = min(one, other), max(one, other)
    return value - min(max(value, low), high)


def _finding(sample: PnlSample, text: str, facts: dict[str, object]) -> Finding:
    context = {
        "strategy": sample.strategy,
        "reference_pnl": sample.reference_pnl,
        "observed_pnl": sample.observed_pnl,
        "fees": sample.fees,
        "slippage": sample.slippage,
    }
    return Finding(
        CODE, AlertLevel.CRITICAL, sample.strategy, f"{sample.strategy}: {text}", {**context, **facts}
    )
