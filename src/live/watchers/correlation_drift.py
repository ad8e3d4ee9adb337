"""Two instruments that no longer move as they did when the strategy was designed."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.amounts import finite_or_none, told, total
from live.contracts import Finding, Watcher
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

CODE = "CORRELATION_DRIFT"


@dataclass(frozen=True, slots=True)
class ReturnPair:
    """Returns of two instruments over the same bar.

    Attributes:
        first: One instrument.
        second: The other one.
        first_return: Return of the first, a ratio: 0.01 is one percent.
        second_return: Return of the second.
    """

    first: str
    second: str
    first_return: float | None = None
    second_return: float | None = None


@dataclass(frozen=True, slots=True)
class CorrelationDriftConfig:
    """`[live_watchers.correlation_drift]`.

    Attributes:
        expected: Correlation that the strategy was designed for, -1 to 1.
        tolerance: How far the observed one may be away; drift begins at this distance.
        recovered_at: Share of the tolerance within which a drift is over.
        window_samples: How many samples the observed correlation looks back; nothing is judged before.
    """

    expected: float = 0.8
    tolerance: float = 0.4
    recovered_at: float = 0.75
    window_samples: int = 30

    def __post_init__(self) -> None:
        if not -1 <= self.expected <= 1:
            raise ValueError(f"expected is {self.expected}; a correlation lies between -1 and 1")
        if not (self.tolerance > 0 and 0 < self.recovered_at <= 1):
            text = f"tolerance is {self.tolerance}, recovered_at {self.recovered_at}"
            raise ValueError(f"{text}; the first must be above 0, the second above 0 and up to 1")
        if self.window_samples < 3:  # noqa: PLR2004 - two points always correlate perfectly
            raise ValueError(
                f"window_samples is {self.window_samples}; a correlation needs 3 samples or more"
            )


class _Pair:
    """The last returns of two instruments, and whether they have drifted."""

    def __init__(self, samples: int) -> None:
        self.window: deque[tuple[float, float]] = deque(maxlen=samples)
        self.state = ""

    @property
    def full(self) -> bool:
        return len(self.window) == self.window.maxlen

    def correlation(self) -> float:
        """Pearson's coefficient of the window; NaN when one did not move, or moved beyond all numbers."""
        mean_x, mean_y = (total(column) / len(self.window) for column in zip(*self.window, strict=True))
        x, y = [x - mean_x for x, _ in self.window], [y - mean_y for _, y in self.window]
        spread = math.sqrt(total(a * a for a in x) * total(b * b for b in y))
        return total(a * b for a, b in zip(x, y, strict=True)) / spread if spread > 0 else math.nan


class CorrelationDrift(Watcher):
    """Raises one alert per pair when the correlation leaves its band; ready again once it is well inside.

    A return that is no number is an alert as well, and so is a window in which one of the two did not move.
    """

    name = "correlation_drift"
    codes = (CODE,)
    Sample: ClassVar[type[ReturnPair]] = ReturnPair
    Config: ClassVar[type[CorrelationDriftConfig]] = CorrelationDriftConfig
    config: CorrelationDriftConfig

    def __init__(self, config: CorrelationDriftConfig) -> None:
        """Begin with every pair as expected."""
        super().__init__(config)
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def on_sample(
        self,
        sample: ReturnPair,
        now: datetime,  # noqa: ARG002 - a sample is judged by what it says, whenever it comes
    ) -> Iterable[Finding]:
        """Move the window by one sample; say so when the state of the pair changes for the worse."""
        key = (sample.first, sample.second)
        pair = self._pairs.setdefault(key, _Pair(self.config.window_samples))
        before = pair.state
        finding = self._judge(sample, pair)
        return (finding,) if finding is not None and pair.state != before else ()

    def _judge(self, sample: ReturnPair, pair: _Pair) -> Finding | None:
        x, y = finite_or_none(sample.first_return), finite_or_none(sample.second_return)
        if x is None or y is None or math.isnan(x + y):
            pair.state = "unknown"
            returns = f"{told(sample.first_return)} and {told(sample.second_return)}"
            return _finding(sample, f"correlation cannot be computed: returns {returns}", {})
        pair.window.append((x, y))
        return self._compare(sample, pair) if pair.full else None

    def _compare(self, sample: ReturnPair, pair: _Pair) -> Finding | None:
        config, observed = self.config, pair.correlation()
        facts = {"observed": observed, "expected": config.expected, "tolerance": config.tolerance}
        if math.isnan(observed):
            pair.state = "unknown"
            text = f"correlation cannot be computed: no movement in {config.window_samples} samples"
            return _finding(sample, text, facts)
        distance = abs(observed - config.expected)
        band = config.tolerance * (config.recovered_at if pair.state == "drifted" else 1.0)
        if distance < band:
            pair.state = ""
            return None
        pair.state = "drifted"
        text = (
            f"correlation {observed:+.2f} over {config.window_samples} samples, expected "
            f"{config.expected:+.2f}; distance {distance:.2f}, tolerance {config.tolerance:.2f}"
        )
        return _finding(sample, text, facts)


def _finding(sample: ReturnPair, text: str, facts: Mapping[str, object]) -> Finding:
    subject = f"{sample.first}~{sample.second}"
    context = {"first": sample.first, "second": sample.second, **facts}
    return Finding(CODE, AlertLevel.WARNING, subject, f"{subject}: {text}", context)
